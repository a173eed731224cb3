import { Token } from 'aws-cdk-lib';
import { RESERVED_MEMBER_NAMES, TopologyNames } from './topology-names';
import {
  BusOwner,
  DeliveryMode,
  LockLevel,
  MemberState,
  type TopologyHub,
  type TopologyMember,
  type TopologyProps,
} from './topology-props';
import { partitionOf } from '../internal/arns';
import { BackboneError, shown, type ErrorCode } from '../internal/errors';
import { parseResolved } from '../internal/event-pattern';
import { ACCOUNT, ORGANIZATION_ID, ORGANIZATION_PATH } from '../internal/forms';
import * as limits from '../internal/limits';
import { INVALID_PREFIX, SOURCE_PREFIX, VALID_PREFIX } from '../internal/source-prefixes';
import { InvalidEventPatternError } from '../pattern/errors';

const NAME = /^[A-Za-z][A-Za-z0-9-]*$/;
const REGION = /^[a-z]{2,6}(-[a-z]+)+-\d{1,2}$/;
const EVENT_BUS_NAME = /^[A-Za-z0-9_.-]+$/;
const ROLE_NAME = /^[\w+=,.@-]+$/;
const ROLE_PATH = /^\/(?:[\x21-\x7e]+\/)?$/;

interface Fault {
  readonly pointer: string;
  readonly code: ErrorCode;
  readonly text: string;
}

/** Fields by struct, so that a misspelt one is named instead of ignored. */
const FIELDS = {
  topology: ['name', 'hub', 'members', 'organizationId', 'organizationPaths', 'delivery', 'lockLevel', 'rolePath'],
  hub: [
    'account',
    'region',
    'eventBusName',
    'existingEventBus',
    'publishedEventBusName',
    'forwardingRoleName',
    'republisherRoleName',
  ],
  member: ['name', 'account', 'region', 'state', 'sources', 'filter', 'busOwner', 'eventBusName', 'lockLevel'],
  filter: ['sources', 'detailTypes', 'pattern'],
  delivery: ['mode', 'validPrefix', 'invalidPrefix'],
};

/**
 * Refuses a topology that cannot work, with every fault at once: where (a JSON pointer), what stands there, what is
 * allowed, and what to do.
 *
 * @param origin the file that the topology comes from, or "topology"
 */
export function validateTopology(topology: unknown, origin: string): asserts topology is TopologyProps {
  const check = new TopologyCheck();
  check.topology(withoutSchema(topology));
  const [first] = check.faults;
  if (first === undefined) return;
  const lines = check.faults.map((f) => `${origin}#${f.pointer}: ${f.text}`);
  const text = lines.length === 1 ? lines[0] : `${lines.length} faults:\n- ${lines.join('\n- ')}\n`;
  throw new BackboneError(first.code, text);
}

class TopologyCheck {
  public readonly faults: Fault[] = [];

  public topology(t: unknown) {
    if (!this.struct('', t, 'topology')) return;
    this.name('/name', t.name, 'TopologyNameInvalid');
    if (t.hub === undefined) {
      this.fault(
        '/hub',
        'TopologyFieldMissing',
        'is missing: give the account and Region of the global bus, as { "account": "111111111111", "region": "eu-west-1" }',
      );
    } else {
      this.hub(t.hub);
    }
    this.text(
      '/organizationId',
      t.organizationId,
      ORGANIZATION_ID,
      'TopologyOrganizationInvalid',
      'an organisation id such as "o-abc1234567"',
    );
    this.list('/organizationPaths', t.organizationPaths, (pointer, path) => {
      this.text(
        pointer,
        path,
        ORGANIZATION_PATH,
        'TopologyOrganizationInvalid',
        'an organisation path ending in "/" or "/*", such as "o-abc1234567/r-ab12/ou-ab12-11111111/*"',
      );
      if (known(path) && known(t.organizationId) && !path.startsWith(`${t.organizationId}/`)) {
        this.fault(
          pointer,
          'TopologyOrganizationInvalid',
          `${shown(path)} is not in the organisation ${t.organizationId}: both must hold, so nobody could publish; give paths of one organisation`,
        );
      }
    });
    this.choice('/lockLevel', t.lockLevel, LockLevel);
    this.text(
      '/rolePath',
      t.rolePath,
      ROLE_PATH,
      'TopologyRolePathInvalid',
      'a path that begins and ends with "/", such as "/backbone/"',
    );
    if (t.delivery !== undefined) this.delivery(t.delivery);

    const members = t.members;
    if (!Array.isArray(members)) {
      this.fault(
        '/members',
        members === undefined ? 'TopologyFieldMissing' : 'TopologyFieldInvalid',
        `${members === undefined ? 'is missing' : `${shown(members)} is not a list`}: give a list of members, which may be empty`,
      );
    } else {
      members.forEach((member, i) => this.member(`/members/${i}`, member));
    }
    // What follows looks at several fields together, and is worth saying only where each is right by itself.
    if (this.faults.length > 0) return;
    const props = t as unknown as TopologyProps;
    this.regions(props);
    this.distinctMembers(props.members);
    this.reservedSources(props);
    this.sharedAccounts(props.members);
    this.lengths(props);
  }

  private hub(hub: unknown) {
    if (!this.struct('/hub', hub, 'hub')) return;
    this.account('/hub/account', hub.account);
    this.region('/hub/region', hub.region, true);
    this.eventBusName('/hub/eventBusName', hub.eventBusName);
    this.eventBusName('/hub/publishedEventBusName', hub.publishedEventBusName);
    for (const field of ['forwardingRoleName', 'republisherRoleName']) {
      this.text(
        `/hub/${field}`,
        hub[field],
        ROLE_NAME,
        'TopologyRoleNameInvalid',
        'a role name of letters, digits and +=,.@_-',
      );
    }
    if (hub.existingEventBus !== undefined && typeof hub.existingEventBus !== 'boolean') {
      this.fault(
        '/hub/existingEventBus',
        'TopologyFieldInvalid',
        `${shown(hub.existingEventBus)} is not true or false`,
      );
    }
    if (hub.existingEventBus === true && hub.eventBusName === undefined) {
      this.fault(
        '/hub/eventBusName',
        'TopologyFieldMissing',
        'is missing: with "existingEventBus" the name of that bus must stand here',
      );
    }
  }

  private delivery(delivery: unknown) {
    if (!this.struct('/delivery', delivery, 'delivery')) return;
    this.choice('/delivery/mode', delivery.mode, DeliveryMode);
    this.text(
      '/delivery/validPrefix',
      delivery.validPrefix,
      SOURCE_PREFIX,
      'TopologyPrefixInvalid',
      'letters and digits ending in one dot, such as "valid."',
    );
    this.text(
      '/delivery/invalidPrefix',
      delivery.invalidPrefix,
      SOURCE_PREFIX,
      'TopologyPrefixInvalid',
      'letters and digits ending in one dot, such as "invalid."',
    );
    for (const field of ['validPrefix', 'invalidPrefix']) {
      if (delivery[field] === 'aws.') {
        this.fault(
          `/delivery/${field}`,
          'TopologyPrefixInvalid',
          '"aws." belongs to AWS services: choose another prefix',
        );
      }
    }
    if ((delivery.validPrefix ?? VALID_PREFIX) === (delivery.invalidPrefix ?? INVALID_PREFIX)) {
      this.fault(
        '/delivery/invalidPrefix',
        'TopologyPrefixInvalid',
        `${shown(delivery.invalidPrefix ?? INVALID_PREFIX)} is the prefix of valid events too: choose two different ones`,
      );
    }
  }

  private member(at: string, member: unknown) {
    if (!this.struct(at, member, 'member')) return;
    this.name(`${at}/name`, member.name, 'TopologyMemberNameInvalid');
    if (known(member.name) && RESERVED_MEMBER_NAMES.includes(member.name.toLowerCase())) {
      this.fault(
        `${at}/name`,
        'TopologyMemberNameInvalid',
        `${shown(member.name)} is taken by the bus of the hub with that name: choose another`,
      );
    }
    this.account(`${at}/account`, member.account);
    this.region(`${at}/region`, member.region, false);
    this.choice(`${at}/state`, member.state, MemberState);
    this.choice(`${at}/busOwner`, member.busOwner, BusOwner);
    this.choice(`${at}/lockLevel`, member.lockLevel, LockLevel);
    this.eventBusName(`${at}/eventBusName`, member.eventBusName);
    this.list(`${at}/sources`, member.sources, (pointer, source) => this.ownSource(pointer, source));
    if (member.filter !== undefined && this.struct(`${at}/filter`, member.filter, 'filter')) {
      const { sources, detailTypes, pattern } = member.filter;
      this.list(`${at}/filter/sources`, sources, (pointer, value) => this.filled(pointer, value));
      this.list(`${at}/filter/detailTypes`, detailTypes, (pointer, value) => this.filled(pointer, value));
      if (pattern !== undefined && !isObject(pattern)) {
        this.fault(
          `${at}/filter/pattern`,
          'TopologyFieldInvalid',
          `${shown(pattern)} is not an event pattern: write an object such as { "detail": { "urgent": [true] } }`,
        );
      } else if (pattern !== undefined) {
        this.pattern(`${at}/filter/pattern`, pattern);
      }
    }
  }

  private pattern(at: string, pattern: Record<string, unknown>) {
    try {
      parseResolved(pattern);
    } catch (error) {
      if (!(error instanceof InvalidEventPatternError)) throw error;
      this.fault(`${at}${error.path}`, 'TopologyFieldInvalid', `${error.problem}. ${error.remedy}`);
    }
  }

  private ownSource(pointer: string, source: unknown) {
    this.filled(pointer, source);
    if (!known(source)) return;
    if (source.includes('*')) {
      this.fault(
        pointer,
        'TopologySourceInvalid',
        `${shown(source)} has a wildcard: list each source literally, since the exclusion of a member's own events compares them so`,
      );
    }
    if (source.startsWith('aws.')) {
      this.fault(
        pointer,
        'TopologySourceInvalid',
        `${shown(source)} begins with "aws.", which EventBridge refuses from anybody but AWS services: choose another source`,
      );
    }
  }

  private regions(t: TopologyProps) {
    const hubRegion = t.hub.region;
    t.members.forEach((member, i) => {
      const region = member.region;
      if (region === undefined || !known(region) || !known(hubRegion) || region === hubRegion) return;
      const [from, to] = [partitionOf(hubRegion), partitionOf(region)];
      // A Region newer than the CDK's list is in a partition that only its deployment knows.
      if (Token.isUnresolved(from) || Token.isUnresolved(to)) return;
      if (from !== to) {
        this.fault(
          `/members/${i}/region`,
          'TopologyRegionInvalid',
          `${shown(region)} is in partition ${to}, the hub's ${hubRegion} in ${from}: events cannot cross; run a backbone in each partition`,
        );
      } else if (from !== 'aws') {
        this.fault(
          `/members/${i}/region`,
          'TopologyRegionInvalid',
          `${shown(region)} is not the hub's ${hubRegion}: in partition ${from} events cannot go to another Region; run a backbone in each Region`,
        );
      }
    });
  }

  /** A source that its owner may not send. */
  private reservedSources(t: TopologyProps) {
    const prefixes = [t.delivery?.validPrefix ?? VALID_PREFIX, t.delivery?.invalidPrefix ?? INVALID_PREFIX];
    t.members.forEach((member, i) => {
      for (const list of ['sources', 'filter/sources']) {
        const sources = list === 'sources' ? member.sources : member.filter?.sources;
        sources?.forEach((source, s) => {
          const prefix = prefixes.find((p) => source.startsWith(p));
          if (prefix === undefined) return;
          this.fault(
            `/members/${i}/${list}/${s}`,
            'TopologySourceInvalid',
            list === 'sources'
              ? `${shown(source)} begins with ${shown(prefix)}, which no producer may send: choose another source, or other prefixes in /delivery`
              : `${shown(source)} begins with ${shown(prefix)}, which is put before sources where they are validated: name the source as its producer does`,
          );
        });
      }
    });
  }

  private distinctMembers(members: TopologyMember[]) {
    const seen = new Map<string, number>();
    members.forEach((member, i) => {
      // Construct ids are made of it, without hyphens.
      const key = member.name.toLowerCase().replace(/-/g, '');
      const first = seen.get(key);
      if (first !== undefined) {
        this.fault(
          `/members/${i}/name`,
          'TopologyMemberDuplicate',
          `${shown(member.name)} is the name of /members/${first} too: names differ in more than case and hyphens`,
        );
      } else {
        seen.set(key, i);
      }
    });
  }

  /** In a shared account only the source tells whose event it is. */
  private sharedAccounts(members: TopologyMember[]) {
    const byAccount = new Map<string, number[]>();
    members.forEach((member, i) => byAccount.set(member.account, [...(byAccount.get(member.account) ?? []), i]));
    for (const [account, indexes] of byAccount) {
      if (indexes.length < 2) continue;
      const names = indexes.map((i) => members[i].name).join(', ');
      const owner = new Map<string, number>();
      for (const i of indexes) {
        const sources = members[i].sources ?? [];
        if (sources.length === 0) {
          this.fault(
            `/members/${i}/sources`,
            'TopologySharedAccountWithoutSources',
            `is missing: ${names} share account ${account}, where only the source tells whose event it is; list the sources of ${members[i].name}`,
          );
        }
        sources.forEach((source, s) => {
          const other = owner.get(source);
          if (other !== undefined && other !== i) {
            this.fault(
              `/members/${i}/sources/${s}`,
              'TopologySourceInvalid',
              `${shown(source)} belongs to ${members[other].name} in the same account too: give each its own, or neither receives the other's events`,
            );
          } else {
            owner.set(source, i);
          }
        });
      }
    }
  }

  private lengths(t: TopologyProps) {
    const names = new TopologyNames(t);
    // Where a name was given, the derived one is not to blame.
    const hub = (field: keyof TopologyHub) => (t.hub[field] === undefined ? '/name' : `/hub/${field}`);
    this.length(hub('eventBusName'), 'the global bus', names.globalBus, limits.EVENT_BUS_NAME_LENGTH);
    this.length(hub('publishedEventBusName'), 'the published bus', names.publishedBus, limits.EVENT_BUS_NAME_LENGTH);
    this.length(hub('forwardingRoleName'), 'the forwarding role', names.forwardingRole, limits.ROLE_NAME_LENGTH);
    const isPlain = (t.delivery?.mode ?? DeliveryMode.PLAIN) === DeliveryMode.PLAIN;
    if (!isPlain || t.hub.republisherRoleName !== undefined) {
      this.length(hub('republisherRoleName'), "the republisher's role", names.republisherRole, limits.ROLE_NAME_LENGTH);
    }
    this.length('/name', "the fan-out rules' dead-letter queue", names.fanOutDeadLetterQueue, limits.QUEUE_NAME_LENGTH);
    this.length('/rolePath', 'the role path', t.rolePath ?? '/', limits.ROLE_PATH_LENGTH);
    t.members.forEach((member, i) => {
      const named = member.eventBusName === undefined ? 'name' : 'eventBusName';
      this.length(`/members/${i}/${named}`, 'the local bus', names.localBus(member), limits.EVENT_BUS_NAME_LENGTH);
      this.length(`/members/${i}/name`, 'the fan-out rule', names.fanOutRule(member), limits.RULE_NAME_LENGTH);
      this.length(`/members/${i}/name`, 'the stack', names.memberStack(member), limits.STACK_NAME_LENGTH);
    });
    if (names.republisherRole === names.forwardingRole) {
      this.fault(
        '/hub/republisherRoleName',
        'TopologyRoleNameInvalid',
        `${shown(names.republisherRole)} is the name of the forwarding role: give the republisher its own`,
      );
    }
    const buses = new Map([[names.globalBus, '/hub/eventBusName']]);
    const published = names.publishedBus;
    if (buses.has(published)) {
      this.fault(
        '/hub/publishedEventBusName',
        'TopologyEventBusDuplicate',
        `${shown(published)} is the name of the global bus: give the second bus its own`,
      );
    }
    buses.set(published, '/hub/publishedEventBusName');
    // Buses meet only inside one account and Region.
    const place = (m: TopologyMember) => `${m.account} ${m.region ?? t.hub.region} `;
    const taken = new Map([...buses].map(([name, at]) => [`${t.hub.account} ${t.hub.region} ${name}`, at]));
    t.members.forEach((member, i) => {
      const key = place(member) + names.localBus(member);
      const other = taken.get(key);
      if (other !== undefined) {
        this.fault(
          `/members/${i}/eventBusName`,
          'TopologyEventBusDuplicate',
          `${shown(names.localBus(member))} is the bus of ${other} in the same account and Region: a member needs a bus of its own`,
        );
      }
      taken.set(key, `/members/${i}`);
    });
  }

  private length(pointer: string, what: string, name: string, most: number) {
    if (Token.isUnresolved(name) || name.length <= most) return;
    this.fault(
      pointer,
      'TopologyNameTooLong',
      `makes ${what} ${shown(name)} of ${name.length} characters, ${most} at most: shorten it by ${name.length - most}`,
    );
  }

  private name(pointer: string, value: unknown, code: ErrorCode) {
    const allowed = 'a letter, then letters, digits and hyphens';
    if (value === undefined) return this.fault(pointer, 'TopologyFieldMissing', `is missing: give ${allowed}`);
    if (Token.isUnresolved(value)) {
      return this.fault(
        pointer,
        code,
        `is a deploy-time value, and names of stacks are made of it: write it out, ${allowed}`,
      );
    }
    this.text(pointer, value, NAME, code, allowed);
  }

  private account(pointer: string, value: unknown) {
    if (value === undefined) {
      return this.fault(pointer, 'TopologyFieldMissing', 'is missing: give the 12 digits of the account as a string');
    }
    if (typeof value === 'number') {
      const text = String(value).padStart(12, '0');
      return this.fault(
        pointer,
        'TopologyAccountInvalid',
        `${value} is a number, which loses leading zeros and never matches an event: write ${ACCOUNT.test(text) ? `"${text}"` : 'the 12 digits as a string'}`,
      );
    }
    this.text(
      pointer,
      value,
      ACCOUNT,
      'TopologyAccountInvalid',
      'a 12-digit account id as a string, such as "123456789012"',
    );
  }

  private region(pointer: string, value: unknown, required: boolean) {
    if (value === undefined) {
      if (required) {
        this.fault(
          pointer,
          'TopologyFieldMissing',
          'is missing: name the Region of the global bus, such as "eu-west-1"',
        );
      }
      return;
    }
    this.text(pointer, value, REGION, 'TopologyRegionInvalid', 'a Region such as "eu-west-1"');
  }

  private eventBusName(pointer: string, value: unknown) {
    if (value === 'default') {
      return this.fault(
        pointer,
        'TopologyEventBusNameInvalid',
        '"default" is the bus of the AWS services: name a custom bus',
      );
    }
    this.text(
      pointer,
      value,
      EVENT_BUS_NAME,
      'TopologyEventBusNameInvalid',
      'a bus name of letters, digits, dots, hyphens and underscores',
    );
  }

  /** A string of a given form. Tokens are unknown, never invalid. */
  private text(pointer: string, value: unknown, form: RegExp, code: ErrorCode, allowed: string) {
    if (value === undefined) return;
    if (typeof value !== 'string' || (!Token.isUnresolved(value) && !form.test(value))) {
      this.fault(pointer, code, `${shown(value)} is not ${allowed}`);
    }
  }

  private filled(pointer: string, value: unknown) {
    if (typeof value !== 'string' || value === '') {
      this.fault(pointer, 'TopologyFieldInvalid', `${shown(value)} is not a string with at least one character`);
    }
  }

  private choice(pointer: string, value: unknown, choices: Record<string, string>) {
    const allowed = Object.values(choices);
    if (value !== undefined && !allowed.includes(value as string)) {
      this.fault(
        pointer,
        'TopologyFieldInvalid',
        `${shown(value)} is not one of ${allowed.map((c) => `"${c}"`).join(', ')}`,
      );
    }
  }

  private list(pointer: string, value: unknown, each: (pointer: string, item: unknown) => void) {
    if (value === undefined) return;
    if (!Array.isArray(value) || value.length === 0) {
      return this.fault(
        pointer,
        'TopologyFieldInvalid',
        `${shown(value)} is not a list with at least one entry: leave the field out instead`,
      );
    }
    value.forEach((item, i) => {
      each(`${pointer}/${i}`, item);
      if (value.indexOf(item) !== i) {
        this.fault(`${pointer}/${i}`, 'TopologyFieldInvalid', `${shown(item)} stands in the list twice`);
      }
    });
  }

  private struct(pointer: string, value: unknown, kind: keyof typeof FIELDS): value is Record<string, unknown> {
    if (!isObject(value)) {
      this.fault(pointer, 'TopologyFieldInvalid', `${shown(value)} is not an object`);
      return false;
    }
    for (const field of Object.keys(value)) {
      if (!FIELDS[kind].includes(field)) {
        this.fault(
          `${pointer}/${field.replace(/~/g, '~0').replace(/\//g, '~1')}`,
          'TopologyFieldUnknown',
          `is not a field here: allowed are ${FIELDS[kind].join(', ')}`,
        );
      }
    }
    return true;
  }

  private fault(pointer: string, code: ErrorCode, text: string) {
    this.faults.push({ pointer, code, text });
  }
}

/** `$schema` is for editors; a topology that comes from a JSON file brings it along. */
function withoutSchema(topology: unknown): unknown {
  if (!isObject(topology)) return topology;
  const { $schema: _, ...rest } = topology;
  return rest;
}

function isObject(value: unknown): value is Record<string, any> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function known(value: unknown): value is string {
  return typeof value === 'string' && !Token.isUnresolved(value);
}
