import { readFileSync } from 'fs';
import { join } from 'path';
import { App } from 'aws-cdk-lib';
import { apps, EXAMPLES, WITHOUT_BUNDLING } from './apps';
import type { BackboneMember } from '../../src';
import { EventFlow, type Outcome } from '../backbone/event-flow';

const [HUB, A, B] = ['111111111111', '222222222222', '333333333333'];

/** What the README says to publish, on the bus of service A. */
const [PUBLISHED] = JSON.parse(
  /put-events --entries '(.*)'$/m.exec(readFileSync(join(EXAMPLES, 'widgets/README.md'), 'utf8'))![1],
);

let flow: EventFlow;
beforeAll(() => {
  const app = new App({ context: WITHOUT_BUNDLING });
  apps.widgets(app);
  // What comes to a bus is seen, whether a rule of the example takes it or not.
  for (const service of ['ServiceA', 'ServiceB', 'ServiceC']) {
    const { node } = app.node.findChild('Widgets').node.findChild(service);
    (node.findChild('Backbone') as BackboneMember).captureLogs(`At${service}`);
  }
  flow = new EventFlow(app);
});

const widget = (changes: object = {}) => ({
  version: '0',
  id: 'e1',
  account: A,
  region: 'eu-west-1',
  source: PUBLISHED.Source,
  'detail-type': PUBLISHED.DetailType,
  time: '2026-11-21T10:00:00Z',
  resources: [],
  detail: JSON.parse(PUBLISHED.Detail),
  ...changes,
});

/** By whom an event is received under which sources, the log of the global bus aside. */
const receivers = ({ received: { GlobalBusCatchAllLog: _, ...others } }: Outcome) =>
  Object.fromEntries(
    Object.entries(others).map(([rule, events]) => [
      rule.replace('BackboneLocalBus', ''),
      events.map(({ source }) => source),
    ]),
  );

describe('a valid widget', () => {
  test.each([
    ['forwarded from the bus of service A', `${A}/${PUBLISHED.EventBusName}`],
    ['published on the global bus', `${HUB}/widgets-global`],
  ])('%s comes to services B and C as valid, once, and not back to A', (_, bus) => {
    const outcome = flow.put(bus, widget());

    expect(outcome.verdicts).toMatchObject([{ errors: [] }]);
    expect(outcome.verdicts[0].quarantined).toBeUndefined();
    expect(outcome.dropped).toEqual([]);
    const once = ['valid.cwi.servicea'];
    expect(receivers(outcome)).toEqual({ AtServiceB: once, NewWidgets: once, AtServiceC: once, History: once });
    const [{ detail, time }] = outcome.received.BackboneLocalBusNewWidgets;
    expect(detail).toMatchObject({ widget_id: 'abc123', metadata: { origin: { account: A } } });
    expect(time).toBe('2026-11-21T10:00:00Z');
  });

  test.each([
    ['as it is', {}],
    ['with a stamp', { metadata: { origin: { account: A, source: PUBLISHED.Source } } }],
  ])('that the republisher has not seen comes to nobody as valid, %s', (_, stamp) => {
    const raw = widget({ source: 'valid.cwi.servicea', detail: { widget_id: 'abc123', ...stamp } });

    expect(receivers(flow.put(`${HUB}/widgets-global`, raw))).toEqual({});
    expect(receivers(flow.put(`${A}/warehouse`, raw))).toEqual({});
  });
});

describe('an invalid widget', () => {
  test.each([
    ['without what it must have', {}, { path: '', message: "must have required property 'widget_id'" }],
    ['with an id of another form', { widget_id: '7' }, { path: '/widget_id', keyword: 'pattern' }],
  ])('%s waits in quarantine, and service A alone is told why', (_, detail, error) => {
    const outcome = flow.put(`${A}/warehouse`, widget({ detail }));

    expect(outcome.verdicts).toMatchObject([{ quarantined: 'SCHEMA_INVALID', errors: [error] }]);
    const once = ['invalid.cwi.servicea'];
    expect(receivers(outcome)).toEqual({ AtServiceA: once, Invalid: once });
    expect(outcome.received.BackboneLocalBusInvalid[0].detail.data).toMatchObject({
      reason: 'SCHEMA_INVALID',
      contract: 'cwi.servicea@NEW_WIDGET',
      errors: [error],
    });
  });

  test('of service A by its source, and put there by service B, is told to B alone', () => {
    const outcome = flow.put(`${HUB}/widgets-global`, widget({ account: B }));

    expect(outcome.verdicts).toMatchObject([{ quarantined: 'SOURCE_NOT_OWNED' }]);
    expect(receivers(outcome)).toEqual({ AtServiceB: ['invalid.cwi.servicea'] });
  });
});

test('what the hub does not know stays on the bus of service A', () => {
  expect(flow.put(`${A}/warehouse`, widget({ 'detail-type': 'WIDGET_MOVED' }))).toMatchObject({
    received: {},
    verdicts: [],
  });
});

test('every widget is in the log of the hub, as it came and as it was judged', () => {
  const sources = (detail?: object) =>
    flow.put(`${A}/warehouse`, widget(detail && { detail })).received.GlobalBusCatchAllLog.map(({ source }) => source);

  expect(sources()).toEqual(['cwi.servicea', 'valid.cwi.servicea']);
  expect(sources({})).toEqual(['cwi.servicea', 'invalid.cwi.servicea']);
});
