import { canonical, escape } from './json';
import { type NormalSchema, type SchemaSource } from './normalise';
import {
  type Alternatives,
  type Bound,
  compareBounds,
  fieldOf,
  Fields,
  isAnything,
  isForbidden,
  itemAt,
  type Limit,
  type Node,
  nodeOf,
  Side,
  type View,
} from './schema-view';
import { shown } from '../internal/shown';

/** In which way a schema breaks with the one before it. */
export type BreakingKind = 'removed' | 'renamed' | 'retyped' | 'required' | 'narrowed' | 'widened' | 'unclear';

/** One change after which an event of yesterday, or a consumer of yesterday, no longer fits. */
export interface BreakingChange {
  readonly kind: BreakingKind;
  /** The field of the event's detail, as a JSON pointer with `*` for every element or key; empty for the detail itself. */
  readonly field: string;
  /** Where the new schema says it, as a JSON pointer into its document. */
  readonly place: string;
  readonly message: string;
}

/**
 * What in a new schema breaks with the old one. None if every event of the new one is one of the old, and no event of the
 * old one is refused unless it happens to have a field that only the new one describes.
 *
 * Where that cannot be told, it counts as breaking.
 */
export function breakingChanges(before: SchemaSource, after: SchemaSource): BreakingChange[] {
  const [old, now] = [new Side(before), new Side(after)];
  if (old.textOf(old.root) === now.textOf(now.root)) return [];
  if (old.isDynamic || now.isDynamic) {
    const message = unclear('the schema, of which parts refer to each other dynamically,');
    return [{ kind: 'unclear', field: '', place: now.placeOf(now.root) ?? '', message }];
  }
  return new Comparison(old, now, { left: MOST_WORK, same: new Map() }).run([old.root], [now.root]);
}

/**
 * What new fields are: `open` no break, `here` a break in this object (others see which fields were described),
 * `exact` a break everywhere, for schemas that stand where more would mean less.
 */
type Mode = 'open' | 'here' | 'exact';

interface Context {
  readonly mode: Mode;
  /** The fields of which the old schema says something, here or in what is combined with this. */
  readonly known: Fields;
  readonly field: string;
  /** What of the field this is about; empty for its value. */
  readonly about: string;
  /** Where the new schema around this one stands. */
  readonly place: string;
  /** The pairs around this one: a recursive schema comes back to them. */
  readonly around: readonly string[];
}

const START: Context = { mode: 'open', known: new Fields(), field: '', about: '', place: '', around: [] };

/** What each name of a field is. */
const NAME = { type: 'string' };

/** Many fields may be of one type: the changes of a pair are told for so many of them. */
const MOST_VISITS = 20;
/** So much work is done before a comparison is given up. */
const MOST_WORK = 20_000;

/** What all comparisons of two schemas share. */
interface Shared {
  /** How much work may still be done. */
  left: number;
  /** Pairs of which it is certain whether something changed. */
  readonly same: Map<string, boolean>;
}

class Comparison {
  private readonly changes: BreakingChange[] = [];
  private readonly pending: Array<() => void> = [];
  private readonly visits = new Map<string, number>();

  /** @param assumed for a trial, of which only counts whether there are changes: pairs that the trials around it look at */
  constructor(
    private readonly old: Side,
    private readonly now: Side,
    private readonly shared: Shared,
    private readonly assumed?: ReadonlySet<string>,
  ) {}

  /** Shallow fields come first: a change is told by the shortest way to it. */
  public run(before: Node, after: Node, context?: Context): BreakingChange[] {
    if (context === undefined) this.inside(before, after, START, '');
    else this.compare(before, after, context);
    for (let next = this.pending.shift(); next && !this.isDecided; next = this.pending.shift()) next();
    return this.changes;
  }

  private get isDecided(): boolean {
    return this.assumed !== undefined && this.changes.length > 0;
  }

  private compare(before: Node, after: Node, context: Context): void {
    if (this.isDecided || this.areIdentical(before, after)) return;
    const old = this.old.view(before);
    const now = this.now.view(after);
    const isSeen = old.isSeenByOthers || now.isSeenByOthers || old.values !== undefined;
    const mode = isSeen && context.mode === 'open' ? 'here' : context.mode;
    const place = now.members.map(this.now.placeOf).find((at) => at !== undefined) ?? context.place;
    const inner = { ...context, mode, place };
    const key = keyOf(old, now, inner);
    const visits = this.visits.get(key) ?? 0;
    this.visits.set(key, visits + 1);
    if (this.assumed ? visits > 0 || this.assumed.has(key) : visits >= MOST_VISITS) return;
    if (context.around.includes(key)) return;
    if (this.shared.left-- > 0) this.views(old, now, { ...inner, around: [...context.around, key] });
    else this.changes.push({ kind: 'unclear', field: context.field, place, message: unclear('too much') });
  }

  /** A schema for a part of the value: what others look at ends here. */
  private inside(before: Node, after: Node, context: Context, path: string): void {
    const mode = context.mode === 'exact' ? 'exact' : 'open';
    const known = this.old.fieldsIn(before);
    const inner: Context = { ...context, mode, known, field: `${context.field}${path}` };
    this.pending.push(() => this.compare(before, after, inner));
  }

  /** Whether nothing changed, told apart from what is reported. */
  private fits(before: Node, after: Node, { mode, known }: Context): boolean {
    const context = { ...START, mode, known };
    const key = keyOf(this.old.view(before), this.now.view(after), context);
    const verdict = this.shared.same.get(key);
    if (verdict !== undefined) return verdict;
    const assumed = new Set([...(this.assumed ?? []), ...(this.assumed ? this.visits.keys() : [])]);
    const trial = new Comparison(this.old, this.now, this.shared, assumed);
    const isSame = trial.run(before, after, context).length === 0;
    // What was assumed may turn out wrong yet; then this trial finds a change too.
    if (isSame && this.assumed) for (const visited of trial.visits.keys()) this.visits.set(visited, 1);
    if (!isSame || !this.assumed) this.shared.same.set(key, isSame);
    return isSame;
  }

  /** Whether two schemas accept the same values. */
  private same(before: Node, after: Node): boolean {
    return this.fits(before, after, { ...START, mode: 'exact' });
  }

  private areIdentical(before: Node, after: Node): boolean {
    const texts = before.map((schema) => this.old.textOf(schema)).join();
    if (texts !== after.map((schema) => this.now.textOf(schema)).join()) return false;
    if (!texts.includes('"$ref":')) return true;
    const { definitions } = this.old;
    // The roots differ, so what refers to them does.
    return definitions === this.now.definitions && ![texts, definitions].some((text) => text.includes('"$ref":"#"'));
  }

  private views(old: View, now: View, context: Context): void {
    const changes = new Changes(this.changes, context);
    if (old.isNever || now.isNever) {
      if (!now.isNever) changes.add('widened', 'was not allowed at all');
      if (!old.isNever) changes.add('narrowed', 'is not allowed any more');
      return;
    }
    const common = this.types(old, now, changes);
    if (common.size === 0) return;
    listedValues(old, now, changes);
    if (common.has('string') || common.has('integer') || common.has('fraction')) {
      allOf('format', old.formats, now.formats, changes);
    }
    if (common.has('integer') || common.has('fraction')) allOf('multipleOf', old.multiples, now.multiples, changes);
    // Where values are listed, bounds have refused theirs already.
    if (!old.values && !now.values) scalars(old, now, common, changes);
    if (common.has('array')) this.arrays(old, now, context, changes);
    if (common.has('object')) this.objects(old, now, context, changes);
    this.combinations(old, now, context, changes);
  }

  /** The types that both may have. */
  private types(old: View, now: View, changes: Changes): Set<string> {
    const common = new Set([...old.types].filter((type) => now.types.has(type)));
    const isNarrower = common.size < old.types.size;
    const isWider = common.size < now.types.size;
    const message = `type was ${typeNames(old.types)}, is ${typeNames(now.types)}`;
    // Where values are listed, their change is told instead.
    if (common.size === 0 || (isNarrower && isWider && !now.values)) changes.add('retyped', message);
    else if (isWider && !now.values) changes.add('widened', message);
    else if (isNarrower && !now.values) changes.add('narrowed', message);
    return common;
  }

  private arrays(old: View, now: View, context: Context, changes: Changes): void {
    limits('minItems', 'maxItems', old, now, changes);
    if (now.uniqueItems && !old.uniqueItems) changes.add('narrowed', 'uniqueItems is new');
    if (old.uniqueItems && !now.uniqueItems) changes.add('widened', 'uniqueItems is gone');
    const positions = Math.max(old.positions, now.positions);
    for (let i = 0; i < positions; i++) {
      this.inside(itemAt(old, i), itemAt(now, i), context, `/${i}`);
    }
    this.inside(itemAt(old, positions), itemAt(now, positions), context, '/*');
    this.pairs(
      'contains',
      old.contains,
      now.contains,
      changes,
      (a, b) => this.same([a.schema], [b.schema]) && a.min === b.min && a.max === b.max,
    );
    this.pairs('unevaluatedItems', old.otherItems, now.otherItems, changes, (a, b) => this.same([a], [b]));
  }

  private objects(old: View, now: View, context: Context, changes: Changes): void {
    limits('minProperties', 'maxProperties', old, now, changes);
    const renamed = this.properties(old, now, context, changes);
    for (const name of union(old.required, now.required)) {
      if (renamed.has(name)) continue;
      if (!old.required.has(name)) {
        changes.at(name).add('required', 'was optional');
      } else if (!now.required.has(name) && !(old.names.has(name) && !now.names.has(name))) {
        changes.at(name).add('widened', 'is no longer required');
      }
    }
    // Fields that neither names.
    for (const key of union(old.others.keys(), now.others.keys())) {
      const [before, after] = [old.others.get(key) ?? [], now.others.get(key) ?? []];
      if (isAnything(before) && isForbidden(after)) {
        changes.add('narrowed', 'fields that are not described were allowed, and are refused now');
      } else if (isForbidden(before) && isAnything(after)) {
        changes.add('widened', 'fields that are not described were refused, and are allowed now');
      } else {
        this.inside(before, after, context, '/*');
      }
    }
    for (const pattern of union(old.byPattern.keys(), now.byPattern.keys())) {
      const [before, after] = [old.byPattern.get(pattern), now.byPattern.get(pattern)];
      const fields = `fields that match ${shown(pattern)}`;
      if (after === undefined) changes.add('removed', `${fields} are described no more`);
      else if (before === undefined) changes.add('narrowed', `${fields} are described now`);
      else this.inside(before, after, context, '/*');
    }
    const aboutNames: Context = { ...context, mode: 'exact', about: 'names of fields: ' };
    this.compare([NAME, ...old.nameRules], [NAME, ...now.nameRules], aboutNames);
    for (const name of union(old.needs.keys(), now.needs.keys())) {
      const [before, after] = [old, now].map((view) => view.needs.get(name) ?? new Set<string>());
      for (const needed of union(before, after)) {
        if (!before.has(needed)) changes.at(needed).add('required', `is required now beside ${shown(name)}`);
        if (!after.has(needed)) changes.at(needed).add('widened', `is no longer required beside ${shown(name)}`);
      }
    }
    for (const name of union(old.implied.keys(), now.implied.keys())) {
      const [before, after] = [old.implied.get(name) ?? [], now.implied.get(name) ?? []];
      this.compare(before, after, context);
    }
    this.pairs('unevaluatedProperties', old.otherFields, now.otherFields, changes, (a, b) => this.same([a], [b]));
  }

  /** The properties that either names; gives the names that renamed ones have now. */
  private properties(old: View, now: View, context: Context, changes: Changes): Set<string> {
    const gone = [...old.names].filter((name) => !now.names.has(name));
    const added = [...now.names].filter((name) => !old.names.has(name));
    const renamed = new Map<string, string>();
    for (const name of gone) {
      const schema = fieldOf(old, name);
      const candidate = added.find(
        (other) =>
          ![...renamed.values()].includes(other) &&
          !isAnything(schema) &&
          old.required.has(name) === now.required.has(other) &&
          this.same(schema, fieldOf(now, other)),
      );
      if (candidate !== undefined) renamed.set(name, candidate);
      const was = `was ${typeNames(this.old.view(schema).types)}`;
      if (candidate === undefined) changes.at(name).add('removed', was);
      else changes.at(name).add('renamed', `${was}; is it ${shown(`/${escape(candidate)}`)} now?`);
    }
    for (const name of added) {
      const [before, after] = [fieldOf(old, name), fieldOf(now, name)];
      const field = changes.at(
        name,
        after.map(this.now.placeOf).find((at) => at !== undefined),
      );
      const isNever = this.now.isNever(after);
      if (isForbidden(before) && !isNever) {
        field.add('widened', 'is new, and the schema allowed no fields but those that it described');
      } else if (isForbidden(before)) {
        continue;
      } else if (isNever) {
        field.add('narrowed', 'is not allowed any more');
      } else if (context.mode !== 'open') {
        field.add('widened', 'is new, where another part of the schema hangs on which fields are described');
      } else if (!isAnything(before) || context.known.has(name)) {
        this.inside(before, after, context, `/${escape(name)}`);
      }
    }
    for (const name of old.names) {
      if (!now.names.has(name)) continue;
      this.inside(fieldOf(old, name), fieldOf(now, name), context, `/${escape(name)}`);
    }
    return new Set([...renamed.keys(), ...renamed.values()]);
  }

  /** What combines schemas about the same value. */
  private combinations(old: View, now: View, context: Context, changes: Changes): void {
    this.pairs('not', old.not, now.not, changes, (a, b) => this.same([a], [b]));
    const conditions = matched(old.conditions, now.conditions, (a, b) => this.same([a.if], [b.if]));
    for (const [before, after] of conditions.pairs) {
      this.compare(nodeOf(before.then), nodeOf(after.then), context);
      this.compare(nodeOf(before.else), nodeOf(after.else), context);
    }
    leftOver('if', conditions.before, conditions.after, changes);
    const isSame = (a: Alternatives, b: Alternatives) =>
      a.isOne === b.isOne &&
      a.branches.length === b.branches.length &&
      matched(a.branches, b.branches, (x, y) => this.same([x], [y])).before.length === 0;
    const { before, after } = matched(old.alternatives, now.alternatives, isSame);
    if (before.length !== after.length) leftOver('anyOf" or "oneOf', before, after, changes);
    else before.forEach((group, i) => this.alternatives(group, after[i], context, changes));
  }

  private alternatives(before: Alternatives, after: Alternatives, context: Context, changes: Changes): void {
    // Of alternatives that may hold together, "oneOf" refuses an event as soon as a second one takes it.
    if (this.mayOverlap(before, this.old) || this.mayOverlap(after, this.now)) {
      return changes.add('unclear', unclear('"oneOf"'));
    }
    const { before: gone, after: added } = matched(before.branches, after.branches, (a, b) =>
      this.fits([a], [b], context),
    );
    for (let i = 0; i < Math.max(gone.length, added.length); i++) {
      if (gone[i] === undefined) changes.add('widened', `another alternative: ${shown(brief(added[i]))}`);
      else if (added[i] === undefined) changes.add('narrowed', `an alternative is gone: ${shown(brief(gone[i]))}`);
      else this.compare([gone[i]], [added[i]], context);
    }
  }

  private mayOverlap({ branches, isOne }: Alternatives, side: Side): boolean {
    return isOne && branches.some((a, i) => branches.slice(i + 1).some((b) => !side.areDisjoint([a], [b])));
  }

  private pairs<T>(keyword: string, old: T[], now: T[], changes: Changes, same: (a: T, b: T) => boolean): void {
    const { before, after } = matched(old, now, same);
    leftOver(keyword, before, after, changes);
  }
}

const keyOf = (old: View, now: View, { mode, known }: Context): string =>
  JSON.stringify([old.key, now.key, mode, known.key]);

const unclear = (what: string): string =>
  `${what} was changed: whether events of before and after fit cannot be told, so it counts as breaking`;

/** What can be paired off; the rest in order. */
function matched<T>(
  old: T[],
  now: T[],
  same: (a: T, b: T) => boolean,
): { pairs: Array<[T, T]>; before: T[]; after: T[] } {
  const after = [...now];
  const pairs: Array<[T, T]> = [];
  const before = old.filter((item) => {
    const i = after.findIndex((other) => same(item, other));
    if (i < 0) return true;
    pairs.push([item, ...after.splice(i, 1)] as [T, T]);
    return false;
  });
  return { pairs, before, after };
}

function leftOver(keyword: string, before: unknown[], after: unknown[], changes: Changes): void {
  if (before.length > 0 && after.length > 0) changes.add('unclear', unclear(`"${keyword}"`));
  else if (after.length > 0) changes.add('narrowed', `"${keyword}" is new`);
  else if (before.length > 0) changes.add('widened', `"${keyword}" is gone`);
}

/** Changes at one field. */
class Changes {
  constructor(
    private readonly list: BreakingChange[],
    private readonly where: Pick<Context, 'field' | 'about' | 'place'>,
  ) {}

  public add(kind: BreakingKind, message: string): void {
    const { field, about, place } = this.where;
    this.list.push({ kind, field, place, message: `${about}${message}` });
  }

  public at(name: string, place: string = this.where.place): Changes {
    return new Changes(this.list, { ...this.where, field: `${this.where.field}/${escape(name)}`, place });
  }
}

// Values

function listedValues(old: View, now: View, changes: Changes): void {
  if (!old.values && !now.values) return;
  const texts = (list: unknown[]) => list.map(canonical);
  if (!now.values) {
    return changes.add('widened', `was one of ${some(texts(old.values!))}, is ${typeNames(now.types)}`);
  }
  if (!old.values) {
    return changes.add('narrowed', `was ${typeNames(old.types)}, is one of ${some(texts(now.values))}`);
  }
  const [before, after] = [texts(old.values), texts(now.values)];
  const gone = before.filter((text) => !after.includes(text));
  const added = after.filter((text) => !before.includes(text));
  if (gone.length > 0) changes.add('narrowed', `can no longer be ${some(gone)}`);
  if (added.length > 0) changes.add('widened', `can now be ${some(added)} as well`);
}

const some = (texts: string[]): string => (texts.length > 5 ? `${texts.slice(0, 5).join(', ')}, …` : texts.join(', '));

function scalars(old: View, now: View, types: ReadonlySet<string>, changes: Changes): void {
  if (types.has('integer') || types.has('fraction')) {
    bound('minimum', old.lower, now.lower, 1, changes);
    bound('maximum', old.upper, now.upper, -1, changes);
  }
  if (types.has('string')) {
    limits('minLength', 'maxLength', old, now, changes);
    allOf('pattern', old.patterns, now.patterns, changes);
  }
}

function bound(name: string, old: Bound | undefined, now: Bound | undefined, sign: 1 | -1, changes: Changes): void {
  const order = compareBounds(old, now, sign);
  if (order === 0) return;
  const text = (limit?: Bound) => (limit ? `${limit.exclusive ? 'exclusive ' : ''}${limit.value}` : 'none');
  changes.add(order < 0 ? 'narrowed' : 'widened', `${name} was ${text(old)}, is ${text(now)}`);
}

function limits(least: Limit, most: Limit, old: View, now: View, changes: Changes): void {
  const texts = (value?: number) => value ?? 'none';
  for (const [name, sign] of [
    [least, 1],
    [most, -1],
  ] as const) {
    const [before, after] = [old.limits.get(name), now.limits.get(name)];
    if (before === after) continue;
    const isTighter = before === undefined || (after !== undefined && sign * (after - before) > 0);
    changes.add(isTighter ? 'narrowed' : 'widened', `${name} was ${texts(before)}, is ${texts(after)}`);
  }
}

/** A keyword of which all given values must hold. */
function allOf(name: string, old: Set<unknown>, now: Set<unknown>, changes: Changes): void {
  const gone = [...old].filter((value) => !now.has(value));
  const added = [...now].filter((value) => !old.has(value));
  const text = (list: unknown[]) => list.map(shown).join(' and ') || 'none';
  if (gone.length === 0 && added.length === 0) return;
  changes.add(added.length > 0 ? 'narrowed' : 'widened', `${name} was ${text(gone)}, is ${text(added)}`);
}

function typeNames(atoms: Set<string>): string {
  if (atoms.size === 7) return 'anything';
  const isNumber = atoms.has('integer') && atoms.has('fraction');
  const names = [...atoms].filter((atom) => atom !== 'fraction' && !(isNumber && atom === 'integer'));
  return [...names, ...(isNumber ? ['number'] : [])].sort().join(' or ') || 'nothing';
}

function union<T>(a: Iterable<T>, b: Iterable<T>): T[] {
  return [...new Set([...a, ...b])];
}

/** A schema in few words: its discriminating values, if it has some. */
function brief(schema: NormalSchema): unknown {
  if (schema === false) return false;
  const fixed = Object.entries<any>(schema.properties ?? {}).filter(([, { enum: only }]) => only?.length === 1);
  if (fixed.length > 0) return Object.fromEntries(fixed.map(([name, property]) => [name, property.enum[0]]));
  return schema;
}
