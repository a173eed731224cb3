import { readFileSync } from 'fs';
import { join } from 'path';
import { EventContract, EventSchema } from 'cdk-event-backbone';
import { CHECKED, WIDGETS, type Stage } from './names';

const WIDGET = join(WIDGETS, 'contracts/new-widget.json');

/** A pattern that takes seconds for a text of thirty letters, and one that takes the same texts, and more, at once. */
const PATTERNS = { first: '^(a+)+$', corrected: '^[a!]+$' };

/** The contract of the example, which later knows widgets with four digits, and one whose pattern explodes, at first. */
export function contractsOf(stage: Stage): EventContract[] {
  const widget = JSON.parse(readFileSync(WIDGET, 'utf8'));
  const { widget_id: id } = widget.schema.properties;
  if (stage === 'corrected') id.pattern = id.pattern.replace('{3}$', '{3,4}$');
  return [
    new EventContract({ ...widget, schema: EventSchema.fromInline(widget.schema) }),
    new EventContract({
      ...CHECKED,
      schema: EventSchema.fromInline({
        type: 'object',
        required: ['text'],
        properties: { text: { type: 'string', pattern: PATTERNS[stage] } },
      }),
    }),
  ];
}
