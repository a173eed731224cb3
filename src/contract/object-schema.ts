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
  const place = side.isDynamic ? undefined : takingNoObject(side, [side.root]);
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
  !['$ref', 'enum', 'const', 'allOf', 'anyOf', 'oneOf', 'not'].some((key) => key in schema);

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
    { id: 'Contract.metadataClosed', place, message, ...(isFatal && { isFatal }) },
  ];
  const refused = refusing(side, [side.root], 'metadata', violations);
  if (refused !== undefined) {
    return told(
      refused,
      'would refuse "metadata", to which the republisher adds "origin": leave the object open, with room for a field more, or describe "metadata"',
    );
  }
  const inRoot = (find: (metadata: Node, view: View) => string | undefined) =>
    everywhere(side, [side.root], (view) => find(fieldOf(view, 'metadata'), view));
  const other = inRoot((metadata) => takingNoObject(side, metadata));
  if (other !== undefined) {
    const isFatal = inRoot((_, { required }) => (required.has('metadata') ? 'metadata' : undefined)) !== undefined;
    const why = `takes no object, and the republisher adds "origin" to "metadata"${isFatal ? ', which is required' : ''}`;
    return told(other, `${why}: let "metadata" be an object, or call this field otherwise`, isFatal);
  }
  const closed = inRoot((metadata) => refusing(side, metadata, 'origin', violations));
  if (closed !== undefined) {
    return told(
      closed,
      'would refuse "origin", which the republisher adds to "metadata": leave the object open, with room for a field more, or describe "origin"',
    );
  }
  const unlike = inRoot((metadata) => {
    const origin = side.members(fieldOf(side.view(metadata), 'origin')) ?? [];
    const found = origin.find((member) => violations(member, STAMP).some(isOfShape));
    return found && (side.placeOf(found) ?? '');
  });
  if (unlike === undefined) return [];
  return told(
    unlike,
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
const takingNoObject = (side: Side, node: Node): string | undefined =>
  everywhere(side, node, (view) => {
    if (!isNoObject(side, view)) return undefined;
    const { members } = view;
    return side.placeOf(members.find((member) => isNoObject(side, side.view([member]))) ?? members[0]) ?? '';
  });

const isNoObject = (side: Side, { isNever, types, values, not }: View): boolean =>
  isNever ||
  !types.has('object') ||
  values?.some(isObject) === false ||
  not.some((part) => takesAllObjects(side, part));

function takesAllObjects(side: Side, schema: NormalSchema): boolean {
  const { members, isNever, types } = side.view([schema]);
  const isOfTypes = members.every((member) =>
    Object.keys(member).every((key) => ['type', '$ref', 'allOf', '$defs'].includes(key)),
  );
  return !isNever && types.has('object') && isOfTypes;
}

/** Where a schema stands that refuses a field, whatever else an object has, or if it has all that is described. */
const refusing = (side: Side, whole: Node, name: string, violations: Violations): string | undefined =>
  everywhere(side, whole, (view, node) => {
    if (view.isNever) return undefined;
    const member = view.members.find(
      (candidate) =>
        isForbidden(fieldOf({ ...view, members: [candidate] }, name)) ||
        isFull(view, candidate, name) ||
        (candidate.propertyNames !== undefined && violations(candidate.propertyNames, name).length > 0),
    );
    const closed = member ?? (isUnevaluated(side, node, view, name) ? view.members.find(isClosedToOthers) : undefined);
    return closed && (side.placeOf(closed) ?? '');
  });

/** What is found in a schema, or in the first of its alternatives if something is found in all of them. */
function everywhere(
  side: Side,
  node: Node,
  find: (view: View, node: Node) => string | undefined,
  depth = 0,
): string | undefined {
  const view = side.view(node);
  const found = find(view, node);
  if (found !== undefined || depth === MOST_DEPTH) return found;
  for (const { branches } of view.alternatives) {
    const places = branches.map((branch) => everywhere(side, [branch], find, depth + 1));
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
