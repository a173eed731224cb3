import { join } from 'path';
import { EventContract } from 'cdk-event-backbone';

/** The events of the widget system, as all teams share them. */
export const CONTRACTS = EventContract.fromDirectory(join(__dirname, 'contracts'));

export const NEW_WIDGET = CONTRACTS.find(({ detailType }) => detailType === 'NEW_WIDGET')!;
