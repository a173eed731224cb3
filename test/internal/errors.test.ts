import { App, CfnParameter, Lazy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { BackboneError, errorText } from '../../src/internal/errors';

test('a message names what deploy-time values refer to, since their own text is another in each run', () => {
  const stack = new Stack(new App(), 'Stack');
  const bus = new events.EventBus(stack, 'Bus', { eventBusName: 'orders' });
  const name = new CfnParameter(stack, 'Name').valueAsString;
  const lazy = Lazy.string({ produce: () => 'x' });
  const message = `${bus.eventBusName}, ${name} and ${lazy} are wrong`;
  const text = 'Stack/Bus, Stack/Name and a deploy-time value are wrong (EventBusMissing)';
  expect(new BackboneError('EventBusMissing', message, bus).message).toBe(`[Stack/Bus] ${text}`);
  expect(errorText('EventBusMissing', message)).toBe(text);
  expect(errorText('EventBusMissing', 'as it is')).toBe('as it is (EventBusMissing)');
});
