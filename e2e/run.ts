/**
 * Deploys the e-commerce shop with the real CDK CLI into empty accounts of an emulator, publishes events with the
 * examples' own code, and compares what arrives with what the pattern engine says of the deployed rules, and with what
 * the shop is meant to do. Then changes the backbone, compares again, destroys it, and stops the emulator.
 */
import { join } from 'path';
import { CreateQueueCommand, DeleteQueueCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { clientsOf, type Endpoint } from './accounts';
import { Arrivals } from './arrivals';
import { Cdk } from './cdk';
import { compare, endInShort, isFine, table, type Row } from './compare';
import { deployedStacks, leftIn } from './deployed';
import { LOCALEMU, type Emulator } from './emulator';
import { publishBy, type Published, type Publisher } from './events';
import { judge, rulesOf, waysFrom, type Rule, type Way } from './expected';
import { Failure } from './failure';
import { FAULTS, FORGOTTEN_RULES, IGNORED_UPDATES, faultOf } from './faults';
import { deleteForgottenRules } from './forgotten-rules';
import { deviations, intended, logOf, seenAt, type Member, type Places } from './intended';
import { endToEnd, say, step } from './on-emulator';
import { sleep } from './processes';
import { LEAVER, MEMBERS, NEWCOMER, Shop, TEAMS, topology } from './shop';

const HUB = topology.hub.account;
const ACCOUNTS = new Map([...MEMBERS, NEWCOMER].map(({ name, account }) => [name, account]));
/** An account that trusts nobody. */
const STRANGER = '666666666666';
const ARRIVAL_SECONDS = 30;
/** How long to wait for what must not arrive. */
const SETTLE_SECONDS = 3;
const RUN_MINUTES = 15;

const rows: Row[] = [];

/** The whole run on a started emulator. */
class ShopRun {
  private readonly shop: Shop;
  private readonly cdk: Cdk;
  /** What is deployed, the hub's first. */
  private assemblies: string[] = [];
  private rules: Rule[] = [];
  /** Who is on the backbone, as the topology says that was deployed last. */
  private members = MEMBERS;
  /** Of all events that the run put. */
  private readonly ids = new Set<string>();
  private readonly ignored = new Set<string>();

  constructor(
    private readonly emulator: Emulator,
    private readonly endpoint: Endpoint,
    private readonly directory: string,
  ) {
    this.cdk = this.cdkOf(HUB);
    this.shop = new Shop(this.cdk, directory, (line) => say(`  ${line}`));
  }

  public async run(): Promise<void> {
    await this.withoutTrust();
    await this.bootstrap();
    await this.firstDeployment();
    await this.exchange('what arrives', TEAMS, []);
    await this.brokenTarget();
    await this.joinAndLeave();
    const teams = [...TEAMS, NEWCOMER.name];
    await this.exchange(`what arrives after ${NEWCOMER.name} joined and ${LEAVER} left`, teams, [LEAVER]);
    await this.retire();
    await this.destroy();
  }

  private cdkOf(account: string): Cdk {
    return new Cdk(account, this.endpoint, join(this.directory, 'cdk'));
  }

  private async withoutTrust(): Promise<void> {
    step(`without trust: account ${STRANGER} is bootstrapped for itself alone`);
    await this.cdkOf(STRANGER).bootstrap();
    for (const role of ['deploy', 'file-publishing', 'lookup']) {
      const refusal = await this.assume(HUB, STRANGER, role);
      if (refusal !== undefined) {
        say(`  the hub cannot assume the ${role} role there: ${refusal}`);
        continue;
      }
      throw new Failure(
        `the ${role} role of ${STRANGER} to refuse the hub`,
        'it was assumed',
        'the emulator does not look at trust: do not rely on it',
      );
    }
  }

  /** Why one account cannot assume a bootstrap's role of another; undefined if it can. */
  private async assume(from: string, account: string, role: string): Promise<string | undefined> {
    const RoleArn = `arn:aws:iam::${account}:role/cdk-hnb659fds-${role}-role-${account}-${this.endpoint.region}`;
    const { sts } = clientsOf(from, this.endpoint);
    try {
      await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'e2e' }));
      return undefined;
    } catch (error) {
      if ((error as Error).name === 'AccessDenied') return 'AccessDenied';
      throw error;
    }
  }

  private async bootstrap(): Promise<void> {
    step(`bootstrapping the hub and ${ACCOUNTS.size} members, which trust the hub`);
    await this.cdk.bootstrap();
    for (const account of ACCOUNTS.values()) {
      await this.cdkOf(account).bootstrap(HUB);
      const refusal = await this.assume(HUB, account, 'deploy');
      if (refusal === undefined) continue;
      throw new Failure(
        `${account} to let the hub deploy`,
        refusal,
        'see the options of "cdk bootstrap" in e2e/cdk.ts',
      );
    }
    const [one, other] = [...ACCOUNTS.values()];
    if ((await this.assume(one, other, 'deploy')) === undefined) {
      throw new Failure(
        `${other} to trust the hub alone`,
        `${one} assumed its role`,
        'do not rely on the emulator here',
      );
    }
    say('  the hub can assume the deploy role of each; one member that of another cannot');
  }

  private async firstDeployment(): Promise<void> {
    step('synthesizing the apps of the hub, order, delivery and loyalty; left out of the templates:');
    this.assemblies = await this.shop.fromExample();
    step('deploying them with the credentials of the hub');
    await this.requireEmpty('before the first deployment');
    for (const assembly of this.assemblies) await this.cdk.deploy(assembly);
    await this.checkDeployed();
  }

  /** Everything is complete, and the rules are those of the stacks. */
  private async checkDeployed(): Promise<void> {
    const stacks = await this.stacks();
    for (const { name, account, template } of stacks) {
      say(`  ${name} in ${account}: ${Object.keys(template.Resources ?? {}).length} resources, complete`);
    }
    const before = this.rules;
    this.rules = rulesOf(stacks);
    for (const rule of await deleteForgottenRules(this.rules, before, this.endpoint)) {
      say(`  fault: ${FORGOTTEN_RULES.name}: ${rule.arn} was removed from its stack and is still there; deleted now`);
    }
    this.checkUpdates();
  }

  /** What the emulator only says to have updated must be on the list. */
  private checkUpdates(): void {
    for (const { type, id } of this.emulator.ignoredUpdates()) {
      if (!IGNORED_UPDATES.types.includes(type)) {
        throw new Failure(
          `the emulator to update ${id} (${type})`,
          'it says so, and has not',
          'what arrives now proves nothing: change it otherwise, or add the type to the list in e2e/faults.ts',
        );
      }
      if (!this.ignored.has(id)) say(`  fault: ${IGNORED_UPDATES.name}: ${id} (${type}) is as before`);
      this.ignored.add(id);
    }
  }

  private async stacks() {
    return (await Promise.all(this.assemblies.map((assembly) => deployedStacks(assembly, this.endpoint)))).flat();
  }

  private get places(): Places {
    return { name: topology.name, hub: HUB, region: topology.hub.region, members: this.members };
  }

  /** Ways of the deployed rules, and what arrives on them. */
  private async watch() {
    const { rules, places } = this;
    const ways = waysFrom(topology.globalBusArn, rules);
    // Whatever is deployed is looked at, whether a way leads there or not; and the logs, whatever is deployed.
    const logs = [logOf(places), ...places.members.map((member) => logOf(places, member))];
    const targets = rules
      .flatMap((rule) => rule.targets.map(({ arn }) => arn))
      .filter((arn) => !/:event-bus\//.test(arn));
    const deadLetters = rules.flatMap((rule) => rule.targets.flatMap(({ deadLetters: arn }) => arn ?? []));
    const unreached = rules
      .filter(({ bus }) => bus !== topology.globalBusArn && !ways.some((way) => way.rules.at(-1)?.bus === bus))
      .map((rule) => ({ bus: rule.bus, ends: rule.targets.map(({ arn }) => arn) }));
    const arrivals = new Arrivals([...new Set([...logs, ...targets, ...deadLetters])], this.endpoint);
    await arrivals.look();
    return { ways, arrivals, deadLetters: [...new Set(deadLetters)], unreached };
  }

  /**
   * Every team and the hub publish; what arrives is compared with what the engine says, and with what is meant.
   *
   * @param unreached the members to whose buses no rule may lead
   */
  private async exchange(title: string, teams: string[], unreached: string[]): Promise<void> {
    step(`publishing with the code of the examples; ${title}`);
    const watched = await this.watch();
    const { ways, arrivals } = watched;
    requireUnreached(
      watched.unreached.map(({ bus }) => bus),
      unreached,
    );
    const published = await this.story(ways, arrivals);
    for (const [i, team] of teams.filter((name) => !['order', 'delivery'].includes(name)).entries()) {
      published.push(await this.signUp({ name: team, account: ACCOUNTS.get(team)! }, i + 1));
    }
    published.push(await this.signUp({ name: 'the hub', account: HUB }, 100));
    await this.judge(published, ways, watched);
    for (const { bus, ends } of watched.unreached) {
      this.requireNothing(published, ends, arrivals, `no rule leads to ${bus.split('/').at(-1)}`);
    }
    requireEmptyQueues(watched.deadLetters, arrivals, 'every target is there');
  }

  /** An order, its delivery, and the order's new state: each follows from the event before, as it arrived. */
  private async story(ways: Way[], arrivals: Arrivals): Promise<Published[]> {
    const order = { name: 'order', account: ACCOUNTS.get('order')! };
    const delivery = { name: 'delivery', account: ACCOUNTS.get('delivery')! };
    const request = { body: JSON.stringify({ items: [{ sku: 'A1', quantity: 1 }] }) };
    const created = await this.publish(order, 'ecommerce/order/handlers/create-order', request);
    const atDelivery = await this.consume(created, delivery.account, ways, arrivals);
    const delivered = await this.publish(delivery, 'ecommerce/delivery/handlers/on-order-created', atDelivery);
    const atOrder = await this.consume(delivered, order.account, ways, arrivals);
    const updated = await this.publish(order, 'ecommerce/order/handlers/on-delivery-updated', atOrder);
    return [created, delivered, updated];
  }

  private signUp(publisher: Omit<Publisher, 'globalBus'>, customerId: number): Promise<Published> {
    return this.publish(publisher, 'signup/handlers/sign-up', { plan: 'basic', customerId });
  }

  private async publish(publisher: Omit<Publisher, 'globalBus'>, handler: string, input: object): Promise<Published> {
    const globalBus = topology.globalBusArn;
    const published = await publishBy({ ...publisher, globalBus }, `${handler}.ts`, input, this.endpoint);
    this.ids.add(published.event.id);
    return published;
  }

  /** The event as the queue of a team receives it. */
  private async consume({ event }: Published, account: string, ways: Way[], arrivals: Arrivals): Promise<object> {
    const queues = ways.filter(({ end }) => end.startsWith('arn:aws:sqs:') && end.split(':')[4] === account);
    const way = queues.find((one) => judge(one, event).arrives);
    const found = () => arrivals.at(way?.end ?? '').find((arrival) => arrival.event.id === event.id)?.event;
    if (way && (await arrivals.until(() => found() !== undefined, ARRIVAL_SECONDS))) return found()!;
    throw new Failure(
      `${event['detail-type']} in a queue of ${account} within ${ARRIVAL_SECONDS} s`,
      way ? `nothing in ${endInShort(way.end)}` : 'no rule that takes it there',
      'compare the deployed rules with the topology',
    );
  }

  /** @param broken the way whose queue is not there */
  private async judge(
    published: Published[],
    ways: Way[],
    { arrivals, deadLetters }: Awaited<ReturnType<ShopRun['watch']>>,
    broken?: Way,
  ): Promise<void> {
    const missing = () =>
      published.flatMap(({ event }) =>
        ways.filter((way) => judge(way, event).arrives && arrivals.count(way.end, event.id) === 0),
      );
    await arrivals.until(() => missing().length === 0, ARRIVAL_SECONDS);
    await sleep(SETTLE_SECONDS * 1000);
    await arrivals.look();
    const judged = compare(this.withTimes(published, arrivals), ways, arrivals);
    say(`\n${table(judged, HUB)}\n`);
    rows.push(...judged);
    const wrong = judged.filter((row) => !isFine(row, HUB));
    say(`  ${judged.length - wrong.length} of ${judged.length} as the engine says, known faults apart`);
    this.requireIntended(published, arrivals, deadLetters, broken);
    this.requireNoStrangers(arrivals);
    if (wrong.length === 0) return;
    throw new Failure(
      'every event to arrive where the engine says, and nowhere else',
      `${wrong.length} differences, marked DIFFERENT in the table`,
      'find out who is right; a fault of the emulator goes on the list in e2e/faults.ts, with its reason',
    );
  }

  /** The rules may agree with the emulator, and still not be those that the shop should have. */
  private requireIntended(published: Published[], arrivals: Arrivals, deadLetters: string[], broken?: Way): void {
    const wrong = published.flatMap(({ by, event }) => {
      const { queues, ...expected } = intended(this.members, event);
      const without = this.members.find(({ account }) => account === broken?.end.split(':')[4])?.name;
      const ends = arrivals.endsOf(event.id).filter((end) => !deadLetters.includes(end));
      return deviations(
        { ...expected, queues: queues.filter((name) => name !== without) },
        seenAt(this.places, ends),
      ).map((deviation) => `${event['detail-type']} of ${by} is ${deviation}`);
    });
    if (wrong.length > 0) {
      throw new Failure(
        'every event with all that it is meant for, and nobody else (e2e/intended.ts)',
        wrong.join('; '),
        'look at the rules that the library makes of the topology',
      );
    }
    say(`  ${published.length} of ${published.length} events with whom they are meant for`);
  }

  private requireNoStrangers(arrivals: Arrivals): void {
    const strangers = arrivals.strangers(this.ids);
    if (strangers.length === 0) return;
    throw new Failure(
      'no event but those that were put',
      strangers.map(({ end, event }) => `${event['detail-type']} (${event.id}) in ${endInShort(end)}`).join(', '),
      'find out who makes it',
    );
  }

  /** Events with their times, where the global bus logged them. */
  private withTimes(published: Published[], arrivals: Arrivals): Published[] {
    const log = arrivals.at(logOf(this.places));
    return published.map(({ by, event }) => {
      const time = log.find((arrival) => arrival.event.id === event.id)?.event.time;
      return { by, event: { ...event, time } };
    });
  }

  private requireNothing(published: Published[], ends: string[], arrivals: Arrivals, because: string): void {
    for (const end of ends) {
      const found = published.filter(({ event }) => arrivals.count(end, event.id) > 0);
      if (found.length === 0) continue;
      throw new Failure(
        `nothing in ${endInShort(end)}: ${because}`,
        found.map(({ event }) => event['detail-type']).join(', '),
        'look at the attributes of the message, or at the rules of that bus',
      );
    }
    say(`  nothing arrived in ${ends.map(endInShort).join(', ')}: ${because}`);
  }

  /** The queue of a subscription is deleted: what it should get must be in the dead-letter queue. */
  private async brokenTarget(): Promise<void> {
    const watched = await this.watch();
    const { ways, arrivals } = watched;
    const account = ACCOUNTS.get('loyalty')!;
    const broken = ways.find(({ end }) => end.startsWith('arn:aws:sqs:') && end.split(':')[4] === account);
    if (broken?.deadLetters === undefined) {
      throw new Failure('a subscription of loyalty with a dead-letter queue', 'none', 'look at its stack');
    }
    step(`a broken target: ${endInShort(broken.end)} is deleted`);
    const { sqs } = clientsOf(account, this.endpoint);
    const QueueName = broken.end.split(':').at(-1);
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    const request = { body: JSON.stringify({ items: [{ sku: 'B2', quantity: 2 }] }) };
    const order = { name: 'order', account: ACCOUNTS.get('order')! };
    const published = await this.publish(order, 'ecommerce/order/handlers/create-order', request);
    const redirected = ways.map((way) => (way === broken ? { ...way, end: broken.deadLetters! } : way));
    await this.judge([published], redirected, watched, broken);
    this.requireAttributes(broken, published, arrivals);
    const others = watched.deadLetters.filter((arn) => arn !== broken.deadLetters);
    requireEmptyQueues(others, arrivals, 'one target alone is broken');
    // Its stack could not be destroyed without it.
    await sqs.send(new CreateQueueCommand({ QueueName }));
  }

  /** A dead letter says which rule could not reach which target, and why. */
  private requireAttributes(way: Way, { event }: Published, arrivals: Arrivals): void {
    const letter = arrivals.at(way.deadLetters!).find((arrival) => arrival.event.id === event.id);
    const attributes = letter?.attributes ?? {};
    const rule = way.rules.at(-1)!;
    const expected = { RULE_ARN: rule.arn, TARGET_ARN: way.end, ERROR_CODE: 'NO_RESOURCE' };
    for (const [what, value] of Object.entries(expected)) {
      const seen = attributes[what] ?? 'absent';
      const difference = { what, expected: value, seen, buses: way.rules.length };
      const fault = seen === value ? undefined : faultOf(difference, HUB);
      say(`  ${what} of the dead letter: ${seen}${fault ? ` (fault: ${fault.name})` : ''}`);
      if (seen === value || fault) continue;
      throw new Failure(`${what} of the dead letter to be ${value}`, seen, 'a fault of the emulator goes on its list');
    }
  }

  /** A member is added and another one loses its route, by one update. */
  private async joinAndLeave(): Promise<void> {
    const change = (member: Member) => (member.name === LEAVER ? { ...member, state: 'leaving' } : member);
    this.members = [...this.members.map(change), NEWCOMER];
    step(`an update: ${NEWCOMER.name} joins, ${LEAVER} is leaving; left out of the templates:`);
    const hub = await this.shop.hubWith('second', this.members);
    const newcomer = await this.shop.newcomer('second', this.members);
    step('deploying the app of the hub again, and that of the newcomer');
    await this.cdk.deploy(hub);
    await this.cdk.deploy(newcomer);
    this.assemblies = [hub, ...this.assemblies.slice(1), newcomer];
    await this.checkDeployed();
  }

  /** The second half of leaving: the member's stacks go, then the member leaves the topology. */
  private async retire(): Promise<void> {
    step(`retiring ${LEAVER}: its stacks are destroyed, and it leaves the topology`);
    const [hub, order, delivery, loyalty, newcomer] = this.assemblies;
    await this.cdk.destroy(loyalty);
    await this.cdk.destroy(hub, [`Shop/Backbone/Member-${LEAVER}`]);
    const left = await leftIn(ACCOUNTS.get(LEAVER)!, this.endpoint);
    if (left.length > 0) throw new Failure(`nothing of ${LEAVER} to be left`, left.join(', '), 'see its stacks');
    this.members = this.members.filter(({ name }) => name !== LEAVER);
    const third = await this.shop.hubWith('third', this.members);
    await this.cdk.deploy(third);
    this.assemblies = [third, order, delivery, newcomer];
    await this.checkDeployed();
  }

  private async destroy(): Promise<void> {
    step('destroying everything, the hub last');
    for (const assembly of [...this.assemblies].reverse()) await this.cdk.destroy(assembly);
    await this.requireEmpty('after everything was destroyed');
    say('  no stack, bus, log group or queue of the shop is left in any account');
  }

  private async requireEmpty(when: string): Promise<void> {
    for (const account of [HUB, ...ACCOUNTS.values()]) {
      const left = await leftIn(account, this.endpoint);
      if (left.length > 0) throw new Failure(`account ${account} to be empty ${when}`, left.join(', '), 'see these');
    }
  }
}

/** A bus that has rules, and to which none leads, is a route that is missing; but for members that have none. */
function requireUnreached(buses: string[], members: string[]): void {
  const seen = [...new Set(buses.map((bus) => bus.split('/').at(-1)!))].sort();
  const expected = members.map((name) => `${topology.name}-${name}`).sort();
  if (JSON.stringify(seen) === JSON.stringify(expected)) return;
  throw new Failure(
    `a rule to lead to every local bus${expected.length > 0 ? ` but ${expected.join(', ')}` : ''}`,
    `none leads to ${seen.join(', ') || '(all have one)'}`,
    'look at the rules of the global bus',
  );
}

function requireEmptyQueues(queues: string[], arrivals: Arrivals, because: string): void {
  for (const end of queues) {
    const found = arrivals.at(end);
    if (found.length === 0) continue;
    throw new Failure(
      `nothing in ${endInShort(end)}: ${because}`,
      found.map(({ event, attributes }) => `${event['detail-type']} ${JSON.stringify(attributes)}`).join(', '),
      'look at the attributes of the message',
    );
  }
  say(`  nothing arrived in ${queues.map(endInShort).join(', ')}: ${because}`);
}

function showFaults(): void {
  say(`\nThe emulator's faults on the list (e2e/faults.ts):`);
  for (const { name, reason } of [...FAULTS, FORGOTTEN_RULES, IGNORED_UPDATES]) say(`  ${name}: ${reason}`);
}

endToEnd({
  product: LOCALEMU,
  account: HUB,
  region: topology.hub.region,
  minutes: RUN_MINUTES,
  async work(emulator, endpoint, directory) {
    await new ShopRun(emulator, endpoint, directory).run();
    showFaults();
    return `${rows.length} verdicts compared.`;
  },
});
