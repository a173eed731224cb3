import { type SchemaAdvice } from './check-schema';
import { type EventSchema } from './event-schema';
import { isObject, valueAt } from './json';
import { type NormalSchema } from './normalise';
import { type View, fieldOf, isForbidden, type Node, Side } from './schema-view';
import { BackboneError } from '../internal/errors';

/** How a value breaks a part of a normalised schema, of which the root is given too. */
export type ViolationsIn = (root: NormalSchema, part: NormalSchema, value: unknown) => ReturnType<Violations>;

type Violations = (part: NormalSchema, value: unknown) => Array<{ instancePath: string; keyword: string }>;

/** Refuses a schema that no detail can keep to, since each is an object. */
export function requireObject(schema: EventSchema): void {
  const { _document, _origin, _pointer } = schema;
  if (isPlain(valueAt(_document, _pointer))) return;
  const side = new Side(schema);
  const place = side.isDynamic ? undefined : takingNoObject(side, [side.root], 0);
  if (place === undefined) return;
  throw new BackboneError(
    'SchemaInvalid',
    `${_origin}${place || _pointer}: takes no object, and the detail of an event is one: describe it with "type": "object" and "properties"`,
  );
}

/** Whether to look closer, which takes as long as to compile, would find nothing. */
const isPlain = (schema: unknown): boolean =>
  isObject(schema) &&
  [undefined, 'object'].includes(schema.type) &&
  !['$ref', 'enum', 'const', 'allOf', 'anyOf', 'oneOf'].some((key) => key in schema);

/** Of keywords that could leave no room for the stamp. */
const MAY_REFUSE =
  /"(metadata|additionalProperties|unevaluatedProperties|patternProperties|propertyNames|maxProperties)":/;

/** What the republisher writes. */
const STAMP = {
  id: '3f0a6f0c-2b5e-4a0e-9d59-0d1f7c1f0a11',
  account: '111122223333',
  region: 'eu-west-1',
  source: 'order.service',
  time: '2026-01-31T12:00:00Z',
};

/** The republisher adds `metadata.origin`: where a schema would refuse that, its own events no longer keep to it. */
export function adviceOnStamp(schema: EventSchema, violationsIn: ViolationsIn): SchemaAdvice[] {
  if (!MAY_REFUSE.test(JSON.stringify(schema._document))) return [];
  const side = new Side(schema);
  if (side.isDynamic) return [];
  const violations: Violations = (part, value) => violationsIn(side.root, part, value);
  const told = (place: string, message: string, isFatal?: boolean): SchemaAdvice[] => [
    { id: 'metadataClosed', place, message, ...(isFatal && { isFatal }) },
  ];
  const refused = refusing(side, [side.root], 'metadata', violations, 0);
  if (refused !== undefined) {
    return told(
      refused,
      'would refuse "metadata", to which the republisher adds "origin": leave the object open, with room for a field more, or describe "metadata"',
    );
  }
  const root = side.view([side.root]);
  const metadata = fieldOf(root, 'metadata');
  const other = takingNoObject(side, metadata, 0);
  if (other !== undefined) {
    const isFatal = root.required.has('metadata');
    const why = `takes no object, and the republisher adds "origin" to "metadata"${isFatal ? ', which is required' : ''}`;
    return told(other, `${why}: let "metadata" be an object, or call this field otherwise`, isFatal);
  }
  const closed = refusing(side, metadata, 'origin', violations, 0);
  if (closed !== undefined) {
    return told(
      closed,
      'would refuse "origin", which the republisher adds to "metadata": leave the object open, with room for a field more, or describe "origin"',
    );
  }
  const origin = side.members(fieldOf(side.view(metadata), 'origin')) ?? [];
  const unlike = origin.find((member) => violations(member, STAMP).some(isOfShape));
  if (unlike === undefined) return [];
  return told(
    side.placeOf(unlike) ?? '',
    `refuses what the republisher writes into "metadata.origin", an object with the texts ${Object.keys(STAMP).join(', ')}: describe it so, or leave it out`,
  );
}

const SHAPE = /^(type|required|(additional|unevaluated|max|min)Properties|propertyNames|false schema)$/;

/** Which texts the stamp has, nobody knows. */
const isOfShape = ({ instancePath, keyword }: { instancePath: string; keyword: string }): boolean =>
  SHAPE.test(keyword) || (instancePath === '' && keyword === 'enum');

/** Alternatives of alternatives: a schema can lead back to itself. */
const MOST_DEPTH = 3;

/** Where a schema stands that takes no object. */
function takingNoObject(side: Side, node: Node, depth: number): string | undefined {
  const view = side.view(node);
  if (isNoObject(view)) {
    const { members } = view;
    return side.placeOf(members.find((member) => isNoObject(side.view([member]))) ?? members[0]) ?? '';
  }
  return inAll(view, depth, (branch) => takingNoObject(side, [branch], depth + 1));
}

const isNoObject = ({ isNever, types, values }: View): boolean =>
  isNever || !types.has('object') || values?.some(isObject) === false;

/** Where a schema stands that refuses a field, whatever else an object has, or if it has all that is described. */
function refusing(side: Side, node: Node, name: string, violations: Violations, depth: number): string | undefined {
  const view = side.view(node);
  if (view.isNever) return undefined;
  const members = view.members.find(
    (member) =>
      isForbidden(fieldOf({ ...view, members: [member] }, name)) ||
      isFull(view, member, name) ||
      (member.propertyNames !== undefined && violations(member.propertyNames, name).length > 0),
  );
  const closed = members ?? (isUnevaluated(side, node, view, name) ? view.members.find(isClosedToOthers) : undefined);
  if (closed !== undefined) return side.placeOf(closed) ?? '';
  return inAll(view, depth, (branch) => refusing(side, [branch], name, violations, depth + 1));
}

/** Where the first alternative stands, if the same is to be said of all. */
function inAll(
  { alternatives }: View,
  depth: number,
  placeIn: (branch: NormalSchema) => string | undefined,
): string | undefined {
  if (depth === MOST_DEPTH) return undefined;
  for (const { branches } of alternatives) {
    const places = branches.map(placeIn);
    if (places.every((place) => place !== undefined)) return places[0];
  }
  return undefined;
}

function isFull({ names, required }: View, { maxProperties }: View['members'][number], name: string): boolean {
  if (maxProperties === undefined || required.has(name)) return false;
  const others = [...new Set([...names, ...required])].filter((other) => other !== name);
  return maxProperties <= Math.max(1, others.length);
}

const isClosedToOthers = ({ unevaluatedProperties }: View['members'][number]): boolean =>
  unevaluatedProperties === false;

const isUnevaluated = (side: Side, node: Node, view: View, name: string): boolean =>
  view.otherFields.includes(false) && !side.fieldsIn(node).has(name) && fieldOf(view, name).length === 0;
