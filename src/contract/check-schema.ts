import { type EventSchema } from './event-schema';
import { decoded, escape, isObject, valueAt } from './json';
import { isSafePattern } from './pattern-safety';
import { IN_PLACE, NAMED_SCHEMAS, OTHERS, SCHEMAS } from './schema-keywords';
import { BackboneError, shown } from '../internal/errors';

/** What a schema says that is surely not meant, or that nobody checks: where in its document, what, and the remedy. */
export interface SchemaAdvice {
  readonly id:
    'Contract.formatUnknown' | 'Contract.keywordUnknown' | 'Contract.patternExplosive' | 'Contract.metadataClosed';
  readonly place: string;
  readonly message: string;
  /** Whether a republisher would refuse every event. */
  readonly isFatal?: boolean;
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

/** A step to a schema that the same value must keep to: by a reference, where that stands, or into a part. */
interface Step {
  readonly to: string;
  readonly reference?: { readonly ref: string; readonly place: string };
}

/** Refuses references that lead nowhere, in circles or out of the document, and patterns that are none, and advises on the rest. */
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
  private readonly steps = new Map<string, Step[]>();
  /** Where schemas stand that references can name, by `#` and their names. */
  private readonly named = new Map<string, string>();
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
    this.refuseCircles();
    return this;
  }

  /** @param base where the nearest schema with an id stands, in which references hold */
  private visit(value: unknown, at: string, base: string): void {
    if (!isObject(value) || this.seen.has(at)) return;
    this.seen.add(at);
    const inner = at !== '' && idOf(value) !== undefined ? at : base;
    const steps: Step[] = [];
    this.steps.set(at, steps);
    for (const name of namesOf(value)) this.named.set(`#${name}`, at);
    for (const [key, inside] of Object.entries(value)) {
      const place = `${at}/${escape(key)}`;
      if (key === 'nullable' && value.type === undefined) {
        const remedy =
          inside === false ? 'leave it out' : 'write "type" beside it, or "anyOf" with an alternative for null';
        throw this.fault(place, `${shown(inside)} stands without "type", which it needs: ${remedy}`);
      }
      this.checkKeyword(key, at, place);
      if (key === '$ref' && typeof inside === 'string') {
        steps.push({ to: this.checkReference(inside, place, inner), reference: { ref: inside, place } });
      }
      if (/^\$(dynamic|recursive)Ref$/.test(key) && typeof inside === 'string') {
        steps.push(this.dynamicStep(key, inside, place, inner));
      }
      if (IN_PLACE.has(key)) steps.push(...placesIn(inside, place, key).map((to) => ({ to })));
      if (key === 'format' && typeof inside === 'string') this.checkFormat(inside, place);
      if (key === 'pattern' && typeof inside === 'string') this.checkPattern(inside, place);
      if (this.isSample(key, inside)) this.addSamples(at, samplesAt(key, inside, place));
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

  private addSamples(at: string, places: string[]): void {
    this.samples.set(at, [...(this.samples.get(at) ?? []), ...places]);
  }

  /** A document around the schema has keys of its own. */
  private checkKeyword(key: string, at: string, place: string): void {
    const isAround = at === '' && this.schema._pointer !== '';
    const isKnown = key.startsWith('x-') || SCHEMAS.has(key) || NAMED_SCHEMAS.has(key) || OTHERS.has(key);
    if (isAround || isKnown) return;
    const message = `${shown(key)} is a keyword of no draft and not of OpenAPI, so nothing checks it: mend its spelling, move a field below "properties", or let a note begin with "x-"`;
    this.advice.push({ id: 'Contract.keywordUnknown', place, message });
  }

  private refuseCircles(): void {
    const done = new Set<string>();
    const above = new Set<string>();
    const visit = (at: string, last: Step['reference']): void => {
      if (done.has(at)) return;
      above.add(at);
      for (const { to: given, reference = last } of this.steps.get(at) ?? []) {
        const to = this.named.get(given) ?? given;
        if (!above.has(to)) {
          visit(to, reference);
        } else if (reference) {
          throw this.fault(
            reference.place,
            `${shown(reference.ref)} leads back to where it stands, so that a check would never end: refer to another schema, or from below "properties" or "items"`,
          );
        }
      }
      above.delete(at);
      done.add(at);
    };
    for (const at of this.steps.keys()) visit(at, undefined);
  }

  /** Where the schema stands that a reference leads to, or the reference if it goes by a name. */
  private checkReference(ref: string, place: string, base: string): string {
    if (!ref.startsWith('#')) {
      throw this.fault(
        place,
        `${shown(ref)} does not begin with "#", and neither other files nor ids are followed: write where in this document it leads, such as "#/$defs/money", and copy it there if it stands elsewhere`,
      );
    }
    const target = [base, ''].map((from) => this.targetOf(ref, from)).find((found) => found !== undefined);
    if (target !== undefined) {
      this.pending.push(target);
      if (target !== '') this.targets?.add(target);
      else this.targets = undefined;
      return target;
    }
    if (this.anchorsInDocument().has(decoded(ref.slice(1)))) {
      this.targets = undefined;
      return decoded(ref);
    }
    throw this.fault(
      place,
      `${shown(ref)} points to nothing in the document: write down what it refers to, or refer to something that is there`,
    );
  }

  /** Ajv takes a dynamic reference to another part, or to nothing, for one to the schema that it stands in. */
  private dynamicStep(key: string, ref: string, place: string, base: string): Step {
    const { _document, _pointer } = this.schema;
    const isNamed = ({ $dynamicAnchor, $recursiveAnchor }: any): boolean =>
      key === '$dynamicRef' ? ref === `#${$dynamicAnchor}` : ref === '#' && $recursiveAnchor === true;
    if ([_pointer, base || _pointer].every((at) => isNamed(valueAt(_document, at)))) {
      return { to: _pointer, reference: { ref, place } };
    }
    throw this.fault(
      place,
      `${shown(ref)} leads to no anchor of the schema itself, and dynamic references are followed nowhere else: write "$ref"`,
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
    this.advice.push({ id: 'Contract.formatUnknown', place, message });
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
    this.advice.push({ id: 'Contract.patternExplosive', place, message });
  }

  private isSample(key: string, value: unknown): boolean {
    return key === 'examples' ? Array.isArray(value) : key === 'example' && isOpenApi(this.schema._document);
  }

  private fault(place: string, message: string): BackboneError {
    return new BackboneError('SchemaInvalid', `${this.schema._origin}${place}: ${message}`);
  }
}

const isOpenApi = (document: any): boolean => typeof document?.openapi === 'string';

/** Where the schemas of a keyword stand: one, a list of them, or, of what hangs on other fields, some by name. */
function placesIn(value: unknown, place: string, key: string): string[] {
  const isMany = Array.isArray(value) || NAMED_SCHEMAS.has(key);
  return isMany ? Object.keys(Object(value)).map((name) => `${place}/${escape(name)}`) : [place];
}

const samplesAt = (key: string, value: unknown, place: string): string[] =>
  key === 'examples' ? (value as unknown[]).map((_, i) => `${place}/${i}`) : [place];

function idOf({ $id, id }: Record<string, unknown>): string | undefined {
  const given = $id ?? id;
  return typeof given === 'string' && !given.startsWith('#') ? given : undefined;
}

/** The names by which references could call parts of a value. */
export function anchorsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return [...namesOf(value as Record<string, unknown>), ...Object.values(value).flatMap(anchorsIn)];
}

function namesOf({ $anchor, $dynamicAnchor, $id, id }: Record<string, unknown>): string[] {
  const ids = [$id, id].filter((given) => typeof given === 'string' && given.startsWith('#')) as string[];
  const names = [$anchor, $dynamicAnchor, ...ids.map((given) => given.slice(1))];
  return names.filter((name) => typeof name === 'string');
}
