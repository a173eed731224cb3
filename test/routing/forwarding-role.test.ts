import { App, Aws, CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import { ForwardingRole } from '../../src';

const HUB = { account: '111111111111', region: 'eu-west-1' };
const busArn = (name: string) => `arn:aws:events:eu-west-1:333333333333:event-bus/${name}`;
const LONGEST = (i: number) => `${'n'.repeat(252)}${String(i).padStart(4, '0')}`;

function given(env = HUB, name = 'acme-global') {
  const stack = new Stack(new App(), 'Stack', { env });
  const eventBus = events.EventBus.fromEventBusArn(
    stack,
    'Bus',
    `arn:aws:events:${env.region}:${env.account}:event-bus/${name}`,
  );
  return { stack, eventBus };
}

/** The documents of the managed policies, as they are sent to IAM. */
function documents(stack: Stack): { Statement: { Action: string; Effect: string; Resource: string | string[] }[] }[] {
  const policies = Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy');
  return Object.values(policies).map((policy) => policy.Properties.PolicyDocument);
}

const resources = (stack: Stack) => documents(stack).flatMap((d) => d.Statement.flatMap((s) => s.Resource));

describe('trust', () => {
  test('is given to the rules of the bus alone', () => {
    // GIVEN
    const { stack, eventBus } = given();

    // WHEN
    new ForwardingRole(stack, 'Role', { eventBuses: [eventBus] });

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: 'sts:AssumeRole',
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': '111111111111' },
              ArnLike: { 'aws:SourceArn': ['arn:aws:events:eu-west-1:111111111111:rule/acme-global/*'] },
            },
          },
        ],
      },
    });
  });

  test('names every bus that was given', () => {
    // GIVEN
    const { stack, eventBus } = given();
    const second = events.EventBus.fromEventBusName(stack, 'Second', 'acme-published');

    // WHEN
    new ForwardingRole(stack, 'Role', { eventBuses: [eventBus, second] });

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Condition: Match.objectLike({
              ArnLike: {
                'aws:SourceArn': [
                  'arn:aws:events:eu-west-1:111111111111:rule/acme-global/*',
                  'arn:aws:events:eu-west-1:111111111111:rule/acme-published/*',
                ],
              },
            }),
          }),
        ],
      },
    });
  });

  test('takes the partition of the Region', () => {
    // GIVEN
    const { stack, eventBus } = given({ account: '111111111111', region: 'cn-north-1' });

    // WHEN
    new ForwardingRole(stack, 'Role', { eventBuses: [eventBus] });

    // THEN
    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Role'))).toContain(
      'arn:aws-cn:events:cn-north-1:111111111111:rule/acme-global/*',
    );
  });
});

describe('name and path', () => {
  test('are left to CloudFormation by default', () => {
    const { stack, eventBus } = given();
    new ForwardingRole(stack, 'Role', { eventBuses: [eventBus] });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      RoleName: Match.absent(),
      Path: Match.absent(),
    });
  });

  test('are as given', () => {
    const { stack, eventBus } = given();
    new ForwardingRole(stack, 'Role', { eventBuses: [eventBus], roleName: 'n'.repeat(64), path: '/backbone/' });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'n'.repeat(64),
      Path: '/backbone/',
    });
  });

  test('may be known at deployment only', () => {
    const { stack, eventBus } = given();
    const parameter = new CfnParameter(stack, 'Name');
    new ForwardingRole(stack, 'Role', { eventBuses: [eventBus], roleName: parameter.valueAsString });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { RoleName: { Ref: 'Name' } });
  });

  test('fails where the name is too long', () => {
    const { stack, eventBus } = given();
    expect(() => new ForwardingRole(stack, 'Role', { eventBuses: [eventBus], roleName: 'n'.repeat(65) })).toThrow(
      /of 65 characters, 64 at most.*\(RoleNameTooLong\)$/,
    );
  });
});

describe('destinations', () => {
  test('are none at first', () => {
    const { stack, eventBus } = given();
    new ForwardingRole(stack, 'Role', { eventBuses: [eventBus] });
    expect(documents(stack)).toEqual([]);
  });

  test('are named one by one, each once', () => {
    // GIVEN
    const { stack, eventBus } = given();
    const role = new ForwardingRole(stack, 'Role', { eventBuses: [eventBus] });

    // WHEN
    role.addDestination(busArn('acme-order'));
    role.addDestination(busArn('acme-delivery'));
    role.addDestination(busArn('acme-order'));

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Roles: [{ Ref: Match.stringLikeRegexp('^Role') }],
      PolicyDocument: {
        Statement: [
          { Action: 'events:PutEvents', Effect: 'Allow', Resource: [busArn('acme-order'), busArn('acme-delivery')] },
        ],
      },
    });
  });

  test.each<[string, (i: number) => string, number]>([
    ['short names', (i) => `acme-${i}`, 290],
    ['the longest names', LONGEST, 180],
  ])('with %s are split over policies that IAM takes', (_, name, count) => {
    // GIVEN
    const { stack, eventBus } = given();
    const role = new ForwardingRole(stack, 'Role', { eventBuses: [eventBus] });
    const arns = Array.from({ length: count }, (__, i) => busArn(name(i)));

    // WHEN
    arns.forEach((arn) => role.addDestination(arn));
    role.addDestination(arns[0]);

    // THEN
    expect(resources(stack).sort()).toEqual([...arns].sort());
    const sizes = documents(stack).map((document) => JSON.stringify(document).length);
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(6144);
    // Not split more than needed: another bus would not have fitted, but for a small reserve.
    const room = busArn(name(0)).length + 100;
    expect(sizes.slice(0, -1).filter((size) => size + room < 6144)).toEqual([]);
  });

  test('that are known at deployment only count as much as the longest', () => {
    // GIVEN
    const { stack, eventBus } = given();
    const role = new ForwardingRole(stack, 'Role', { eventBuses: [eventBus] });

    // WHEN
    for (let i = 0; i < 20; i++) role.addDestination(`arn:aws:events:eu-west-1:${Aws.ACCOUNT_ID}:event-bus/acme-${i}`);

    // THEN
    expect(documents(stack).length).toBe(2);
    expect(resources(stack)).toHaveLength(20);
  });

  describe('beyond ten policies', () => {
    const fill = (policies: number) => {
      const { stack, eventBus } = given();
      const role = new ForwardingRole(stack, 'Role', { eventBuses: [eventBus] });
      for (let i = 0; documents0(role) < policies; i++) role.addDestination(busArn(LONGEST(i)));
      return stack;
    };
    const documents0 = (role: ForwardingRole) =>
      role.node.children.filter(({ node }) => node.id.startsWith('Destinations')).length;
    const warning = Match.stringLikeRegexp('11 managed policies.*cdk-event-backbone:ForwardingRole.overQuota');

    test('ten raise no warning', () => {
      expect(Annotations.fromStack(fill(10)).findWarning('*', Match.anyValue())).toEqual([]);
    });

    test('eleven raise a warning', () => {
      Annotations.fromStack(fill(11)).hasWarning('/Stack/Role', warning);
    });
  });
});

test('an existing role is used as it is', () => {
  // GIVEN
  const arn = 'arn:aws:iam::111111111111:role/forwarder';

  // WHEN
  const role = ForwardingRole.fromRoleArn(arn);
  role.addDestination(busArn('acme-order'));

  // THEN
  expect(role.roleArn).toBe(arn);
});
