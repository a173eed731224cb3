import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { liveCheck } from '../../live-check/live-check';
import { namesOf } from '../../live-check/names';
import { LockLevel } from '../../src';

const props = { hubAccount: '111111111111', memberAccount: '222222222222', region: 'eu-west-1' };

describe.each(Object.values(LockLevel))('the live check of level %s', (level) => {
  const stacks = () => {
    const app = new App();
    liveCheck(app, { ...props, level });
    return app.synth().stacksRecursively;
  };

  test('synthesizes the four stacks that it deploys', () => {
    expect(stacks().map(({ hierarchicalId }) => hierarchicalId)).toEqual(
      expect.arrayContaining(['Backbone/Hub', 'Backbone/Member-member', 'Service', 'Backbone/Routes']),
    );
  });

  test('makes what it looks for, under the names that it looks for', () => {
    const names = namesOf(level);
    const found = JSON.stringify(stacks().map(({ template }) => template));
    for (const name of [names.globalBus, names.localBus, names.ownBus, names.hubQueue, names.memberQueue]) {
      expect(found).toContain(`"${name}"`);
    }
    expect(found).toContain(`"QueueName":"${names.deadLetters}"`);
    expect(found).toContain(`"ArchiveName":"${names.globalBus}"`);
    expect(found).toContain(`"LogGroupName":"${names.boundLogGroup}"`);
  });
});

test('the policy of the local bus is that of the level', () => {
  const count = (level: LockLevel) => {
    const app = new App();
    liveCheck(app, { ...props, level });
    const stack = app.node.findAll().find(({ node }) => node.path === 'Backbone/Member-member') as Stack;
    return Object.keys(Template.fromStack(stack).findResources('AWS::Events::EventBusPolicy')).length;
  };
  expect([LockLevel.ACCOUNT, LockLevel.ROLE, LockLevel.STRICT].map(count)).toEqual([1, 1, 3]);
});
