import { type EventSchema } from './event-schema';
import { escape, isObject, valueAt } from './json';
import { isSafePattern } from './pattern-safety';
import { NAMED_SCHEMAS, SCHEMAS } from './schema-keywords';
import { type View, fieldOf, isForbidden, type Node, Side } from './schema-view';
import { BackboneError, shown } from '../internal/errors';

/** What a schema says that is surely not meant, or that nobody checks: where in its document, what, and the remedy. */
export interface SchemaAdvice {
  readonly id: 'formatUnknown' | 'patternExplosive' | 'metadataClosed';
  readonly place: string;
  readonly message: string;
}

/** What a schema holds, besides what it says. */
export interface CheckedSchema {
  readonly advice: SchemaAdvice[];
  /** Where its parts stand that are in none of the others: the schema itself, and what it refers to elsewhere. */
  readonly roots: string[];
  /** Where the parts stand that references lead to; undefined where a reference leads to all, or goes by another name. */
  readonly targets?: ReadonlySet<string>;
  /** Where samples of it or of parts stand, by where these parts stand. */
  readonly samples: Map<string, string[]>;
}

/** Refuses references that lead nowhere or out of the document, and patterns that are none, and advises on the rest. */
export function checkSchema(schema: EventSchema, formats: ReadonlySet<string>): CheckedSchema {
  return new Check(schema, formats).run();
}

class Check implements CheckedSchema {
  public readonly advice: SchemaAdvice[] = [];
  public readonly roots: string[] = [];
  public targets?: Set<string> = new Set();
  public readonly samples = new Map<string, string[]>();
  private readonly seen = new Set<string>();
  private readonly pending: string[] = [];
  private anchors?: Set<string>;

  constructor(
    private readonly schema: EventSchema,
    private readonly formats: ReadonlySet<string>,
  ) {}

  public run(): CheckedSchema {
    const { _document, _pointer } = this.schema;
    this.pending.push(_pointer);
    for (let at = this.pending.shift(); at !== undefined; at = this.pending.shift()) {
      if (this.seen.has(at)) continue;
      this.roots.push(at);
      this.visit(valueAt(_document, at), at, '');
    }
    return this;
  }

  /** @param base where the nearest schema with an id stands, in which references hold */
  private visit(value: unknown, at: string, base: string): void {
    if (!isObject(value) || this.seen.has(at)) return;
    this.seen.add(at);
    const inner = at !== '' && idOf(value) !== undefined ? at : base;
    for (const [key, inside] of Object.entries(value)) {
      const place = `${at}/${escape(key)}`;
      if (key === 'nullable' && value.type === undefined) {
        const remedy = 'write "type" beside it, or "anyOf" with an alternative for null';
        throw this.fault(place, `${shown(inside)} stands without "type", which it needs: ${remedy}`);
      }
      if (key === '$ref' && typeof inside === 'string') this.checkReference(inside, place, inner);
      if (key === 'format' && typeof inside === 'string') this.checkFormat(inside, place);
      if (key === 'pattern' && typeof inside === 'string') this.checkPattern(inside, place);
      if (this.isSample(key, inside)) this.samples.set(at, samplesAt(key, inside, place));
      if (SCHEMAS.has(key)) this.visitAll(inside, place, inner);
      if (!NAMED_SCHEMAS.has(key) || !isObject(inside)) continue;
      for (const [name, named] of Object.entries(inside)) {
        const namedAt = `${place}/${escape(name)}`;
        if (key === 'patternProperties') this.checkPattern(name, namedAt);
        this.visit(named, namedAt, inner);
      }
    }
  }

  private visitAll(value: unknown, at: string, base: string): void {
    if (Array.isArray(value)) value.forEach((item, i) => this.visit(item, `${at}/${i}`, base));
    else this.visit(value, at, base);
  }

  private checkReference(ref: string, place: string, base: string): void {
    if (!ref.startsWith('#')) {
      throw this.fault(
        place,
        `${shown(ref)} leads out of the document: copy what it points to into "$defs", and refer to that`,
      );
    }
    const target = [base, ''].map((from) => this.targetOf(ref, from)).find((found) => found !== undefined);
    if (target !== undefined) {
      this.pending.push(target);
      if (target !== '') this.targets?.add(target);
      else this.targets = undefined;
      return;
    }
    if (this.anchorsInDocument().has(ref.slice(1))) {
      this.targets = undefined;
      return;
    }
    throw this.fault(
      place,
      `${shown(ref)} points to nothing in the document: write down what it refers to, or refer to something that is there`,
    );
  }

  private targetOf(ref: string, base: string): string | undefined {
    const pointer = `${base}${decoded(ref.slice(1))}`;
    const isPointer = ref === '#' || ref.startsWith('#/');
    return isPointer && valueAt(this.schema._document, pointer) !== undefined ? pointer : undefined;
  }

  /** All names that a reference could have: whoever looks for one is rare. */
  private anchorsInDocument(): Set<string> {
    this.anchors ??= new Set(anchorsIn(this.schema._document));
    return this.anchors;
  }

  private checkFormat(format: string, place: string): void {
    if (this.formats.has(format)) return;
    const known = [...this.formats].sort().join(', ');
    const message = `the format ${shown(format)} is not known, so nothing checks it: use "pattern", or one of ${known}`;
    this.advice.push({ id: 'formatUnknown', place, message });
  }

  private checkPattern(pattern: string, place: string): void {
    try {
      new RegExp(pattern, 'u');
    } catch (error) {
      const why = (error as Error).message.replace(/^.*: /, '');
      throw this.fault(
        place,
        `${shown(pattern)} is not a regular expression: ${why}: write one of JavaScript, which are read with the flag "u"`,
      );
    }
    if (isSafePattern(pattern)) return;
    const message = `${shown(pattern)} can take seconds on a text made for that: do not repeat what repeats already, and let alternatives, and repetitions that follow each other, take different letters`;
    this.advice.push({ id: 'patternExplosive', place, message });
  }

  private isSample(key: string, value: unknown): boolean {
    return key === 'examples' ? Array.isArray(value) : key === 'example' && isOpenApi(this.schema._document);
  }

  private fault(place: string, message: string): BackboneError {
    return new BackboneError('SchemaInvalid', `${this.schema._origin}${place}: ${message}`);
  }
}

const isOpenApi = (document: any): boolean => typeof document?.openapi === 'string';

const samplesAt = (key: string, value: unknown, place: string): string[] =>
  key === 'examples' ? (value as unknown[]).map((_, i) => `${place}/${i}`) : [place];

function idOf({ $id, id }: Record<string, unknown>): string | undefined {
  const given = $id ?? id;
  return typeof given === 'string' && !given.startsWith('#') ? given : undefined;
}

function anchorsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { $anchor, $dynamicAnchor, $id, id } = value as Record<string, unknown>;
  const ids = [$id, id].filter((given) => typeof given === 'string' && given.startsWith('#')) as string[];
  const own = [$anchor, $dynamicAnchor, ...ids.map((given) => given.slice(1))];
  return [...own.filter((name) => typeof name === 'string'), ...Object.values(value).flatMap(anchorsIn)];
}

/** Of a pointer in a reference. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The republisher adds `metadata.origin`: where a schema would refuse that, its own events no longer keep to it. */
export function adviceOnStamp(schema: EventSchema): SchemaAdvice[] {
  // To look closer takes as long as all else.
  if (!/"(additionalProperties|unevaluatedProperties)":|"metadata":false/.test(JSON.stringify(schema._document))) {
    return [];
  }
  const side = new Side(schema);
  if (side.isDynamic) return [];
  const refused = refusing(side, [side.root], 'metadata', 0);
  if (refused !== undefined) {
    const message =
      'would refuse "metadata", to which the republisher adds "origin": leave the object open, or describe "metadata"';
    return [{ id: 'metadataClosed', place: refused, message }];
  }
  const closed = refusing(side, fieldOf(side.view([side.root]), 'metadata'), 'origin', 0);
  if (closed === undefined) return [];
  const message =
    'would refuse "origin", which the republisher adds to "metadata": leave the object open, or describe "origin"';
  return [{ id: 'metadataClosed', place: closed, message }];
}

/** Alternatives of alternatives: a schema can lead back to itself. */
const MOST_DEPTH = 3;

/** Where a schema stands that refuses a field, whatever else an object has. */
function refusing(side: Side, node: Node, name: string, depth: number): string | undefined {
  const view = side.view(node);
  if (view.isNever) return undefined;
  const members = view.members.find((member) => isForbidden(fieldOf({ ...view, members: [member] }, name)));
  const closed = members ?? (isUnevaluated(side, node, view, name) ? view.members.find(isClosedToOthers) : undefined);
  if (closed !== undefined) return side.placeOf(closed) ?? '';
  if (depth === MOST_DEPTH) return undefined;
  for (const { branches } of view.alternatives) {
    const places = branches.map((branch) => refusing(side, [branch], name, depth + 1));
    if (places.every((place) => place !== undefined)) return places[0];
  }
  return undefined;
}

const isClosedToOthers = ({ unevaluatedProperties }: View['members'][number]): boolean =>
  unevaluatedProperties === false;

const isUnevaluated = (side: Side, node: Node, view: View, name: string): boolean =>
  view.otherFields.includes(false) && !side.fieldsIn(node).has(name) && fieldOf(view, name).length === 0;
