import { join } from 'path';

/** The directory of the example. */
export const WIDGETS = join(__dirname, '../../examples/widgets');
export const TOPOLOGY = join(WIDGETS, 'topology.json');

/** Before and after the schemas are corrected. */
export type Stage = 'first' | 'corrected';

/** The event of the example. */
export const WIDGET = { source: 'cwi.servicea', detailType: 'NEW_WIDGET' };
/** An event of the hub's own account; no member owns its source. */
export const CHECKED = { source: 'cwi.hub', detailType: 'TEXT_CHECKED' };
