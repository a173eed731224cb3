import { otherSet, WIDER_PRINCIPALS, WIDER_RESOURCES, widerConditions } from './wider-values';
import type { SynthesizedStack } from '../../../src/testing/cloud-assembly';

/** One change that weakens or breaks one policy of the templates. */
export interface PolicyEdit {
  readonly stack: string;
  readonly logicalId: string;
  /** What it changes, such as `acme-hub/GlobalBusPolicyOrganization Organization: without StringEquals aws:PrincipalOrgID`. */
  readonly name: string;
  /** The stacks, the change made. */
  apply(stacks: SynthesizedStack[]): SynthesizedStack[];
}

/** Where in a resource statements are. */
interface Place {
  readonly path: string[];
  /** What its statements are called by, beside their number. */
  readonly label?: string;
  /** Policies of identities widen by their resource, others belong to one. */
  readonly identity?: boolean;
}

const PLACES: Record<string, (properties: any) => Place[]> = {
  'AWS::Events::EventBusPolicy': () => [{ path: ['Statement'] }],
  'AWS::IAM::ManagedPolicy': () => [{ path: ['PolicyDocument', 'Statement'], identity: true }],
  'AWS::IAM::Policy': () => [{ path: ['PolicyDocument', 'Statement'], identity: true }],
  'AWS::IAM::Role': ({ Policies = [] }) => [
    { path: ['AssumeRolePolicyDocument', 'Statement'], label: 'trust ' },
    ...Policies.map(({ PolicyName }: any, i: number) => ({
      path: ['Policies', String(i), 'PolicyDocument', 'Statement'],
      label: `${PolicyName} `,
      identity: true,
    })),
  ],
  'AWS::KMS::Key': () => [{ path: ['KeyPolicy', 'Statement'] }],
  'AWS::Lambda::Permission': () => [],
  'AWS::Logs::LogGroup': () => [{ path: ['ResourcePolicyDocument', 'Statement'] }],
  'AWS::S3::BucketPolicy': () => [{ path: ['PolicyDocument', 'Statement'] }],
  'AWS::SQS::QueuePolicy': () => [{ path: ['PolicyDocument', 'Statement'] }],
};

/** Types of policies that have no edits here: their presence in a template is an error. */
const OTHER_POLICIES = /Policy|Permission$/;

/**
 * Every single change: a statement gone, a condition gone, one of several values gone, an element or one of its values
 * widened, a set operator made the other.
 */
export function policyEdits(stacks: SynthesizedStack[]): PolicyEdit[] {
  return stacks.flatMap((stack, index) =>
    Object.entries(stack.template.Resources ?? {}).flatMap(([id, { Type, Properties }]) => {
      const places = PLACES[Type];
      if (places === undefined) {
        if (OTHER_POLICIES.test(Type)) throw new Error(`${stack.name}/${id}: no edits for ${Type}`);
        return [];
      }
      const label = `${stack.name}/${id.replace(/[0-9A-F]{8}$/, '')}`;
      const edits =
        Type === 'AWS::Lambda::Permission'
          ? permissionChanges(Properties)
          : places(Properties).flatMap((place) => documentChanges(at(Properties, place.path), place));
      return edits.map(({ what, change }) => ({
        stack: stack.name,
        logicalId: id,
        name: `${label} ${what}`,
        apply: (all: SynthesizedStack[]) => {
          const copy = structuredClone(all[index]);
          change(copy.template.Resources![id].Properties!);
          return [...all.slice(0, index), copy, ...all.slice(index + 1)];
        },
      }));
    }),
  );
}

interface Change {
  readonly what: string;
  change(properties: Record<string, any>): void;
}

const at = (value: any, path: string[]): any => path.reduce((inner, key) => inner?.[key], value);

function documentChanges(statements: any, { path, label: prefix = '', identity = false }: Place): Change[] {
  if (statements === undefined) return [];
  const list: any[] = [statements].flat();
  return list.flatMap((statement, i) => {
    const here = Array.isArray(statements) ? [...path, String(i)] : path;
    const label = `${prefix}${statement.Sid ?? i + 1}`;
    return [
      { what: `${label}: gone`, change: (p) => remove(p, here) },
      ...statementChanges(statement, here, identity).map(({ what, change }) => ({ what: `${label}: ${what}`, change })),
    ];
  });
}

function statementChanges(statement: any, here: string[], identity: boolean): Change[] {
  const deny = statement.Effect === 'Deny';
  const set = (element: string, value: unknown) => (p: any) => void (at(p, here)[element] = value);
  const widened = [
    ...(statement.Principal !== undefined && statement.Principal !== '*' && statement.Principal.AWS !== '*'
      ? [{ what: 'for every principal', change: set('Principal', '*') }]
      : []),
    ...(identity ? [{ what: 'on every resource', change: set('Resource', '*') }] : []),
    // A Deny of more actions than it needs is no hole.
    ...(deny || statement.Action === 'kms:*' ? [] : [{ what: 'for every action', change: set('Action', '*') }]),
  ];
  return [
    ...widened,
    ...(identity && statement.Resource !== '*'
      ? wider(statement.Resource, [...here, 'Resource'], WIDER_RESOURCES)
      : []),
    ...Object.entries<any>(statement.Principal ?? {}).flatMap(([kind, names]) =>
      deny || names === '*' || statement.Principal === '*'
        ? []
        : wider(names, [...here, 'Principal', kind], WIDER_PRINCIPALS[kind]),
    ),
    ...shorter(statement.Action, [...here, 'Action']),
    ...(identity ? shorter(statement.Resource, [...here, 'Resource']) : []),
    ...Object.entries<any>(statement.Principal === '*' ? {} : (statement.Principal ?? {})).flatMap(([kind, names]) =>
      shorter(names, [...here, 'Principal', kind]),
    ),
    ...Object.entries<any>(statement.Condition ?? {}).flatMap(([operator, keys]) =>
      Object.entries<any>(keys).flatMap(([key, values]) => [
        { what: `without ${operator} ${key}`, change: (p: any) => remove(p, [...here, 'Condition', operator, key]) },
        ...shorter(values, [...here, 'Condition', operator, key]),
        ...wider(values, [...here, 'Condition', operator, key], widerConditions(statement.Effect, operator, key)),
        ...setChanges([...here, 'Condition'], operator, key),
      ]),
    ),
  ];
}

const nameOf = (path: string[]) =>
  path.slice(path.findIndex((part) => /^(Action|Resource|Principal|Condition)$/.test(part))).join(' ');

/** One of several values gone at a time. */
function shorter(values: unknown, path: string[]): Change[] {
  if (!Array.isArray(values) || values.length < 2) return [];
  return values.map((value, i) => ({
    what: `${nameOf(path)} without ${JSON.stringify(value)}`,
    change: (p) => remove(p, [...path, String(i)]),
  }));
}

/** A value that says more. */
function wider(
  values: unknown,
  path: string[],
  widenings: Record<string, (values: any[]) => any[] | undefined>,
): Change[] {
  return Object.entries(widenings).flatMap(([what, widen]) => {
    const changed = widen([values].flat());
    if (changed === undefined) return [];
    return [
      { what: `${nameOf(path)}: ${what}`, change: (p) => void (at(p, path.slice(0, -1))[path.at(-1)!] = changed) },
    ];
  });
}

function setChanges(path: string[], operator: string, key: string): Change[] {
  const other = otherSet(operator);
  if (other === undefined) return [];
  const change = (p: any) => {
    const conditions = at(p, path);
    conditions[other] = { ...conditions[other], [key]: conditions[operator][key] };
    delete conditions[operator][key];
  };
  return [{ what: `${key} ${other} instead of ${operator}`, change }];
}

function permissionChanges(properties: any): Change[] {
  return [
    { what: 'gone', change: (p) => void (p.Principal = 'nobody.amazonaws.com') },
    { what: 'for every principal', change: (p) => void (p.Principal = '*') },
    { what: 'for every action', change: (p) => void (p.Action = 'lambda:*') },
    ...['SourceArn', 'SourceAccount']
      .filter((name) => properties[name] !== undefined)
      .map((name) => ({ what: `without ${name}`, change: (p: any) => void delete p[name] })),
  ];
}

/** Takes out a property, or an element of a list. A statement that stands alone is made one that is about nothing. */
function remove(properties: any, path: string[]): void {
  const last = path.at(-1)!;
  const parent = at(properties, path.slice(0, -1));
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (last === 'Statement') Object.assign(parent.Statement, { Action: 'nothing:AtAll' });
  else delete parent[last];
}
