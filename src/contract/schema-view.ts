import { canonical, decoded, valueAt } from './json';
import { DYNAMIC, isEmpty, normalised, type NormalSchema, type SchemaSource, typeOf } from './normalise';

/** Schemas that must all hold; none of them allows everything. */
export type Node = NormalSchema[];

export interface Bound {
  readonly value: number;
  readonly exclusive: boolean;
}

/** Below 0 if the second is tighter. */
export function compareBounds(a: Bound | undefined, b: Bound | undefined, sign: 1 | -1): number {
  if (!a || !b) return (a ? 1 : 0) - (b ? 1 : 0);
  if (a.value !== b.value) return sign * (a.value - b.value);
  return Number(a.exclusive) - Number(b.exclusive);
}

export type Limit = 'minLength' | 'maxLength' | 'minItems' | 'maxItems' | 'minProperties' | 'maxProperties';

export interface Alternatives {
  readonly branches: NormalSchema[];
  /** "oneOf" that cannot be shown to be the same as "anyOf". */
  readonly isOne: boolean;
}

/** One of the schemas that must hold; what it refers to stands beside it. */
export type Member = { readonly [keyword: string]: any };

/** The fields of an object of which something is said, by their names or without. */
export class Fields {
  /** Another for other fields. */
  public readonly key: string;

  /** @param hasOthers whether something is said of all that are not described */
  constructor(
    private readonly names: ReadonlySet<string> = new Set(),
    private readonly patterns: ReadonlySet<string> = new Set(),
    private readonly hasOthers: boolean = false,
  ) {
    this.key = JSON.stringify([[...names].sort(), [...patterns].sort(), hasOthers]);
  }

  public has(name: string): boolean {
    return this.hasOthers || this.names.has(name) || [...this.patterns].some((pattern) => isMatch(pattern, name));
  }
}

/** All that some schemas say together about a value, in parts that can be compared one by one. */
export interface View {
  /** Another for other schemas. */
  readonly key: string;
  readonly isNever: boolean;
  /** Whether a keyword hangs on which fields others describe. */
  readonly isSeenByOthers: boolean;
  readonly types: Set<string>;
  /** Those that are listed, without what bounds, lengths and patterns refuse. */
  readonly values?: unknown[];
  readonly members: Member[];
  readonly formats: Set<unknown>;
  readonly patterns: Set<string>;
  readonly multiples: Set<unknown>;
  readonly lower?: Bound;
  readonly upper?: Bound;
  readonly limits: Map<Limit, number>;
  readonly uniqueItems: boolean;
  /** How many positions of an array have schemas of their own. */
  readonly positions: number;
  readonly contains: Array<{ schema: NormalSchema; min: number; max?: number }>;
  readonly otherItems: NormalSchema[];
  /** The properties that are described. */
  readonly names: Set<string>;
  readonly required: Set<string>;
  readonly byPattern: Map<string, Node>;
  /** `additionalProperties`, by the patterns beside them. */
  readonly others: Map<string, Node>;
  readonly nameRules: Node;
  readonly needs: Map<string, Set<string>>;
  readonly implied: Map<string, Node>;
  readonly otherFields: NormalSchema[];
  readonly not: NormalSchema[];
  readonly conditions: Array<{ if: NormalSchema; then?: NormalSchema; else?: NormalSchema }>;
  readonly alternatives: Alternatives[];
}

/** The old schema or the new one. */
export class Side {
  public readonly root: NormalSchema;
  public readonly placeOf: (part: unknown) => string | undefined;
  private readonly ids = new Map<Member, number>();
  private readonly texts = new Map<NormalSchema, string>();

  constructor(source: SchemaSource) {
    const { schema, placeOf } = normalised(source);
    this.root = schema;
    this.placeOf = placeOf;
  }

  /** What hangs on the whole document, or on where a validator came from. */
  public get isDynamic(): boolean {
    return DYNAMIC.some((keyword) => this.textOf(this.root).includes(`"${keyword}":`));
  }

  /** What references lead to, as text. */
  public get definitions(): string {
    return this.root === false || this.root.$defs === undefined ? '' : this.textOf(this.root.$defs);
  }

  public textOf(schema: NormalSchema): string {
    const known = this.texts.get(schema) ?? canonical(schema);
    this.texts.set(schema, known);
    return known;
  }

  public idOf(member: Member): number {
    const known = this.ids.get(member) ?? this.ids.size;
    this.ids.set(member, known);
    return known;
  }

  /** All schemas that must hold, with references followed; undefined if one of them is `false`. */
  public members(node: Node): Member[] | undefined {
    const seen = new Set<Member>();
    const visit = (schema: NormalSchema): boolean => {
      if (schema === false) return false;
      if (seen.has(schema)) return true;
      seen.add(schema);
      const target = schema.$ref === undefined ? [] : [this.target(schema.$ref)];
      return [...target, ...(schema.allOf ?? [])].every(visit);
    };
    return node.every(visit) ? [...seen].filter(saysSomething) : undefined;
  }

  private target(ref: string): NormalSchema {
    return valueAt(this.root, decoded(ref.slice(1))) as NormalSchema;
  }

  public view(node: Node): View {
    const members = this.members(node);
    const key =
      members
        ?.map((member) => this.idOf(member))
        .sort((a, b) => a - b)
        .join('+') ?? 'never';
    return viewOf(key, members ?? [], members === undefined);
  }

  /** The fields of an object of which anything is said, in alternatives and conditions too. */
  public fieldsIn(node: Node): Fields {
    const names = new Set<string>();
    const patterns = new Set<string>();
    let hasOthers = false;
    const seen = new Set<Member>();
    const visit = (member: Member): void => {
      if (seen.has(member)) return;
      seen.add(member);
      const { properties = {}, required = [], dependentRequired = {}, dependentSchemas = {} } = member;
      const all = [properties, dependentRequired, dependentSchemas].flatMap(Object.keys);
      for (const name of [...all, ...required, ...Object.values(dependentRequired).flat()]) names.add(name);
      patternsOf(member).forEach((pattern) => patterns.add(pattern));
      const { additionalProperties: others, unevaluatedProperties: rest } = member;
      hasOthers ||= [others, rest].some((schema) => schema && !isEmpty(schema));
      const { not, if: condition, then, else: otherwise, anyOf = [], oneOf = [] } = member;
      for (const part of [not, condition, then, otherwise, ...anyOf, ...oneOf, ...Object.values(dependentSchemas)]) {
        if (part !== undefined) this.members([part as NormalSchema])?.forEach(visit);
      }
    };
    this.members(node)?.forEach(visit);
    return new Fields(names, patterns, hasOthers);
  }

  public isNever(node: Node): boolean {
    return this.view(node).isNever;
  }

  /** Whether no event can be of both: they differ by type, or by a value that both require. */
  public areDisjoint(a: Node, b: Node, depth: number = 3): boolean {
    const [left, right] = [this.view(a), this.view(b)];
    if (left.isNever || right.isNever) return true;
    const common = [...left.types].filter((type) => right.types.has(type));
    if (common.length === 0) return true;
    if (left.values && right.values) {
      const texts = new Set(left.values.map(canonical));
      return !right.values.some((value) => texts.has(canonical(value)));
    }
    if (depth === 0 || common.length > 1 || common[0] !== 'object') return false;
    const both = [...left.required].filter((name) => right.required.has(name));
    return both.some((name) => this.areDisjoint(fieldOf(left, name), fieldOf(right, name), depth - 1));
  }
}

type Scalars = Pick<View, 'lower' | 'upper' | 'limits' | 'patterns'>;

function viewOf(key: string, members: Member[], isFalse: boolean): View {
  const types = typesIn(members);
  const all = (keyword: string): any[] =>
    members.map((member) => member[keyword]).filter((value) => value !== undefined);
  const isWhole = types.has('integer') && !types.has('fraction');
  const lower = boundIn(members, 'minimum', 'exclusiveMinimum', 1, isWhole);
  const upper = boundIn(members, 'maximum', 'exclusiveMaximum', -1, isWhole);
  const limits = limitsIn(all);
  const patterns = new Set<string>(all('pattern'));
  const values = valuesIn(members, types)?.filter((value) => isWithin(value, { lower, upper, limits, patterns }));
  const otherItems = all('unevaluatedItems');
  const otherFields = all('unevaluatedProperties');
  return {
    key,
    isNever: isFalse || types.size === 0 || values?.length === 0,
    isSeenByOthers: otherItems.length > 0 || otherFields.length > 0,
    types,
    values,
    members,
    formats: new Set(all('format')),
    patterns,
    multiples: new Set(all('multipleOf').filter((factor) => !(isWhole && factor === 1))),
    lower,
    upper,
    limits,
    uniqueItems: all('uniqueItems').length > 0,
    positions: Math.max(0, ...all('prefixItems').map((items) => items.length)),
    contains: members
      .filter((member) => member.contains !== undefined)
      .map((member) => ({ schema: member.contains, min: member.minContains ?? 1, max: member.maxContains })),
    otherItems,
    names: new Set(all('properties').flatMap(Object.keys)),
    required: new Set(all('required').flat()),
    byPattern: grouped(all('patternProperties').flatMap(Object.entries)),
    others: grouped(
      members
        .filter((member) => member.additionalProperties !== undefined && !isEmpty(member.additionalProperties))
        .map((member) => [patternsOf(member).sort().join(' '), member.additionalProperties]),
    ),
    nameRules: all('propertyNames'),
    needs: needsIn(all('dependentRequired')),
    implied: grouped(all('dependentSchemas').flatMap(Object.entries)),
    otherFields,
    not: all('not'),
    conditions: members.filter((member) => member.if !== undefined) as View['conditions'],
    alternatives: [
      ...all('anyOf').map((branches) => ({ branches, isOne: false })),
      ...all('oneOf').map((branches) => ({ branches, isOne: true })),
    ],
  };
}

const saysSomething = (member: Member): boolean =>
  Object.keys(member).some((keyword) => !['$ref', 'allOf', '$defs'].includes(keyword));

/** All types, with the numbers that are no integers apart. */
const ATOMS = ['null', 'boolean', 'object', 'array', 'string', 'integer', 'fraction'];

const atomsOf = (type: string): string[] => (type === 'number' ? ['integer', 'fraction'] : [type]);

const atomOf = (value: unknown): string => {
  const type = typeOf(value);
  return type === 'number' ? 'fraction' : type;
};

function typesIn(members: Member[]): Set<string> {
  const lists = members.flatMap((member) => [
    ...(member.type === undefined ? [] : [[member.type].flat().flatMap(atomsOf)]),
    ...(member.enum === undefined ? [] : [member.enum.map(atomOf)]),
  ]);
  return new Set(ATOMS.filter((atom) => lists.every((list) => list.includes(atom))));
}

function valuesIn(members: Member[], types: Set<string>): unknown[] | undefined {
  const lists = members.filter((member) => member.enum !== undefined).map((member) => member.enum as unknown[]);
  if (lists.length === 0) return undefined;
  const texts = lists.map((list) => list.map(canonical));
  return lists[0].filter((value) => types.has(atomOf(value)) && texts.every((list) => list.includes(canonical(value))));
}

function isWithin(value: unknown, { lower, upper, limits, patterns }: Scalars): boolean {
  if (typeof value === 'number') {
    const isAbove = !lower || value > lower.value || (value === lower.value && !lower.exclusive);
    return isAbove && (!upper || value < upper.value || (value === upper.value && !upper.exclusive));
  }
  if (typeof value !== 'string') return true;
  const { length } = [...value];
  const { minLength = 0, maxLength = Infinity } = Object.fromEntries(limits);
  return length >= minLength && length <= maxLength && [...patterns].every((pattern) => isMatch(pattern, value));
}

function boundIn(
  members: Member[],
  name: string,
  exclusive: string,
  sign: 1 | -1,
  isWhole: boolean,
): Bound | undefined {
  const bounds = members.flatMap((member): Bound[] => [
    ...(member[name] === undefined ? [] : [{ value: member[name], exclusive: false }]),
    ...(member[exclusive] === undefined ? [] : [{ value: member[exclusive], exclusive: true }]),
  ]);
  const [tightest] = bounds.sort((a, b) => -compareBounds(a, b, sign));
  if (tightest === undefined || !isWhole) return tightest;
  const { value } = tightest;
  const isInclusive = !tightest.exclusive || !Number.isInteger(value);
  const whole = sign === 1 ? Math.ceil(value) : Math.floor(value);
  return { value: isInclusive ? whole : value + sign, exclusive: false };
}

function limitsIn(all: (keyword: string) => number[]): Map<Limit, number> {
  const least = (['minLength', 'minItems', 'minProperties'] as const).map(
    (name) => [name, Math.max(...all(name))] as const,
  );
  const most = (['maxLength', 'maxItems', 'maxProperties'] as const).map(
    (name) => [name, Math.min(...all(name))] as const,
  );
  return new Map([...least, ...most].filter(([, value]) => Number.isFinite(value)));
}

function grouped(entries: Array<[string, any]>): Map<string, Node> {
  const groups = new Map<string, Node>();
  for (const [key, schema] of entries) groups.set(key, [...(groups.get(key) ?? []), schema]);
  return groups;
}

function needsIn(maps: Array<Record<string, string[]>>): Map<string, Set<string>> {
  const needs = new Map<string, Set<string>>();
  for (const [key, names] of maps.flatMap((map) => Object.entries(map))) {
    needs.set(key, new Set([...(needs.get(key) ?? []), ...names]));
  }
  return needs;
}

const isMatch = (pattern: string, text: string): boolean => new RegExp(pattern, 'u').test(text);

const patternsOf = (member: Member): string[] => Object.keys(member.patternProperties ?? {});

/** What a field must be, in an object of which all members hold. */
export function fieldOf({ members }: View, name: string): Node {
  return members.flatMap((member) => {
    const own = Object.hasOwn(member.properties ?? {}, name) ? [member.properties[name]] : [];
    const matching = patternsOf(member).filter((pattern) => isMatch(pattern, name));
    const schemas = [...own, ...matching.map((pattern) => member.patternProperties[pattern])];
    return schemas.length > 0 ? schemas : nodeOf(member.additionalProperties);
  });
}

/** What an element must be, in an array of which all members hold. */
export function itemAt({ members }: View, i: number): Node {
  return members.flatMap((member) =>
    nodeOf(i < (member.prefixItems?.length ?? 0) ? member.prefixItems[i] : member.items),
  );
}

export const nodeOf = (schema: NormalSchema | undefined): Node =>
  schema === undefined || isEmpty(schema) ? [] : [schema];

export const isAnything = (node: Node): boolean => node.every(isEmpty);

export const isForbidden = (node: Node): boolean => node.includes(false);
