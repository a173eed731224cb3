import { DIALECTS, RandomSchemas, ROUNDS } from './random-schemas';
import { Random } from '../../scripts/random';
import { EventSchema } from '../../src';
import { breakingChanges } from '../../src/contract/compatibility';
import { compileSchema } from '../../src/contract/compile-schema';
import type { SchemaDialect } from '../../src/contract/event-schema';

const inline = (schema: unknown) => EventSchema._in(schema, 'the schema');

/** What breaks, as `field kind: message`. */
const broken = (before: unknown, after: unknown) =>
  breakingChanges(inline(before), inline(after)).map(({ field, kind, message }) =>
    `${field} ${kind}: ${message}`.trim(),
  );

const object = (properties: object, rest: object = {}) => ({ type: 'object', properties, ...rest });
const text = { type: 'string' };
const number = { type: 'number' };
const draft = (year: keyof typeof DIALECTS, schema: object) => ({ ...DIALECTS[year], ...schema });

describe('is no break', () => {
  test.each<[string, unknown, unknown]>([
    ['a new optional field', object({ a: text }), object({ a: text, b: number })],
    [
      'a new optional field, deep down',
      object({ a: { items: object({}) } }),
      object({ a: { items: object({ b: text }) } }),
    ],
    ['a new optional object with required fields', object({}), object({ a: object({ b: text }, { required: ['b'] }) })],
    [
      'a new field like those that were allowed',
      object({}, { additionalProperties: text }),
      object({ a: text }, { additionalProperties: text }),
    ],
    [
      'a new field in an alternative',
      { anyOf: [object({ a: text }), { type: 'array' }] },
      { anyOf: [object({ a: text, b: text }), { type: 'array' }] },
    ],
    [
      'a new field in one of several kinds that a value tells apart',
      { oneOf: ['x', 'y'].map((kind) => object({ kind: { const: kind } }, { required: ['kind'] })) },
      {
        oneOf: [
          object({ kind: { const: 'x' }, more: text }, { required: ['kind'] }),
          object({ kind: { const: 'y' } }, { required: ['kind'] }),
        ],
      },
    ],
    [
      'a new field beside an alternative that allows no others',
      object({}, { anyOf: [{ additionalProperties: false }, { required: ['y'] }] }),
      object({ b: number }, { anyOf: [{ additionalProperties: false }, { required: ['y'] }] }),
    ],
    [
      'a new field of which no pattern elsewhere says anything',
      object({}, { anyOf: [{ patternProperties: { '^c': text } }, { required: ['y'] }] }),
      object({ b: number }, { anyOf: [{ patternProperties: { '^c': text } }, { required: ['y'] }] }),
    ],
    [
      'other words',
      { ...object({ a: text }), title: 'A' },
      { ...object({ a: { ...text, default: 'x' } }), description: 'B', examples: [{}] },
    ],
    [
      'another order',
      object({ a: text, b: number }, { required: ['a', 'b'] }),
      { required: ['b', 'a'], properties: { b: number, a: text }, type: 'object' },
    ],
    [
      'another order of values and alternatives',
      { anyOf: [{ enum: [1, 2] }, object({})] },
      { anyOf: [object({}), { enum: [2, 1] }] },
    ],
    [
      'a reference instead of what it refers to',
      object({ a: text }),
      object({ a: { $ref: '#/$defs/t' } }, { $defs: { t: text } }),
    ],
    [
      'another name of a part',
      object({ a: { $ref: '#/$defs/t' } }, { $defs: { t: text } }),
      object({ a: { $ref: '#/$defs/u' } }, { $defs: { u: text } }),
    ],
    [
      'the same recursion, one step unrolled',
      { $ref: '#/$defs/t', $defs: { t: object({ child: { $ref: '#/$defs/t' } }) } },
      object({ child: { $ref: '#/$defs/t' } }, { $defs: { t: object({ child: { $ref: '#/$defs/t' } }) } }),
    ],
    [
      'a field that moved into a part',
      object({ a: text, b: number }, { required: ['a'] }),
      { allOf: [object({ a: text }, { required: ['a'] }), object({ b: number })] },
    ],
    ['one value, said in another way', object({ a: { const: 'x' } }), object({ a: { enum: ['x'], type: 'string' } })],
    [
      'one more way to say "or null"',
      object({ a: { type: ['string', 'null'] } }),
      object({ a: { anyOf: [text, { type: 'null' }] } }),
    ],
    ['the one value of null', { type: 'null' }, { const: null }],
    ['the values that a boolean has', { type: 'boolean' }, { enum: [true, false] }],
    [
      '"or null" by its value',
      object({ a: { anyOf: [text, { const: null }] } }),
      object({ a: { type: ['string', 'null'] } }),
    ],
    ['integers beside all numbers', { anyOf: [{ type: 'integer' }, number] }, number],
    [
      'bounds that all listed values keep',
      { enum: ['x', 'yy', 3] },
      { enum: ['x', 'yy', 3], minLength: 1, maxLength: 2, pattern: '^[xy]', minimum: 3 },
    ],
    [
      'OpenAPI\'s way to say "or null"',
      object({ a: { type: ['string', 'null'] } }),
      draft('openapi-3.0', object({ a: { ...text, nullable: true } })),
    ],
    [
      'an exclusive bound of draft 04',
      { type: 'number', exclusiveMinimum: 0 },
      draft('draft-04', { type: 'number', minimum: 0, exclusiveMinimum: true }),
    ],
    [
      'the same bound of an integer',
      { type: 'integer', exclusiveMinimum: 0, maximum: 9.5 },
      { type: 'integer', minimum: 1, exclusiveMaximum: 10 },
    ],
    [
      'a tuple in words of 2020-12',
      draft('draft-07', { items: [text], additionalItems: false }),
      { prefixItems: [text], items: false },
    ],
    [
      'dependencies in words of 2019-09',
      draft('draft-07', { dependencies: { a: ['b'], c: object({ d: text }) } }),
      { dependentRequired: { a: ['b'] }, dependentSchemas: { c: object({ d: text }) } },
    ],
    [
      'keywords that say nothing',
      object({ a: text }),
      object(
        { a: { ...text, minLength: 0, minimum: 3, items: {} } },
        { required: [], minProperties: 0, additionalProperties: true, uniqueItems: false },
      ),
    ],
    ['names of fields that are texts', object({}), object({}, { propertyNames: text })],
    ['a part that nobody refers to', object({}), object({}, { $defs: { unused: text } })],
    [
      'a schema in an OpenAPI document',
      { type: 'string', maxLength: 3 },
      draft('draft-07', { maxLength: 3, type: ['string'], $id: 'x' }),
    ],
  ])('%s', (_, before, after) => {
    expect(broken(before, after)).toEqual([]);
  });
});

describe('breaks', () => {
  test.each<[string, unknown, unknown, string[]]>([
    ['a field that is gone', object({ a: text, b: number }), object({ b: number }), ['/a removed: was string']],
    ['a required field that is gone', object({ a: text }, { required: ['a'] }), object({}), ['/a removed: was string']],
    [
      'a field that is gone where no others are allowed',
      object({ a: text }, { additionalProperties: false }),
      object({}, { additionalProperties: false }),
      ['/a removed: was string'],
    ],
    [
      'a field with another name',
      object({ a: { enum: [1] }, c: text }),
      object({ b: { enum: [1] }, c: text }),
      ['/a renamed: was integer; is it "/b" now?'],
    ],
    [
      'a required field with another name',
      object({ a: text }, { required: ['a'] }),
      object({ b: text }, { required: ['b'] }),
      ['/a renamed: was string; is it "/b" now?'],
    ],
    ['a field with another name and type', object({ a: text }), object({ b: number }), ['/a removed: was string']],
    ['another type', object({ a: text }), object({ a: number }), ['/a retyped: type was string, is number']],
    [
      'one of two types is another',
      { type: ['string', 'null'] },
      { type: ['number', 'null'] },
      ['retyped: type was null or string, is null or number'],
    ],
    [
      'a type more',
      object({ a: text }),
      object({ a: { type: ['string', 'null'] } }),
      ['/a widened: type was string, is null or string'],
    ],
    ['a wider type', { type: 'integer' }, { type: 'number' }, ['widened: type was integer, is number']],
    ['no type', text, {}, ['widened: type was string, is anything']],
    ['a type less', { type: ['string', 'null'] }, text, ['narrowed: type was null or string, is string']],
    [
      'all types but numbers with fractions',
      {},
      { type: ['null', 'boolean', 'object', 'array', 'string', 'integer'] },
      ['narrowed: type was anything, is array or boolean or integer or null or object or string'],
    ],
    ['a narrower type', number, { type: 'integer' }, ['narrowed: type was number, is integer']],
    [
      'a field that is required now',
      object({ a: text }),
      object({ a: text }, { required: ['a'] }),
      ['/a required: was optional'],
    ],
    [
      'a new field that is required',
      object({}),
      object({ a: text }, { required: ['a'] }),
      ['/a required: was optional'],
    ],
    [
      'a field that is required no more',
      object({ a: text }, { required: ['a'] }),
      object({ a: text }),
      ['/a widened: is no longer required'],
    ],
    [
      'a type for a field that was required without one',
      object({}, { required: ['a'] }),
      object({ a: text }, { required: ['a'] }),
      ['/a narrowed: type was anything, is string'],
    ],
    ['a value less', { enum: ['x', 'y'] }, { enum: ['x'] }, ['narrowed: can no longer be "y"']],
    ['a value more', { enum: ['x'] }, { enum: ['x', 'y', null] }, ['widened: can now be "y", null as well']],
    ['values only', text, { enum: ['x'] }, ['narrowed: was string, is one of "x"']],
    ['any value', { const: 'x' }, text, ['widened: was one of "x", is string']],
    [
      'a higher minimum',
      { type: 'number', minimum: 0 },
      { type: 'number', minimum: 1 },
      ['narrowed: minimum was 0, is 1'],
    ],
    [
      'a lower minimum',
      { type: 'number', minimum: 0 },
      { type: 'number', minimum: -1 },
      ['widened: minimum was 0, is -1'],
    ],
    [
      'an exclusive minimum',
      { type: 'number', minimum: 0 },
      { type: 'number', exclusiveMinimum: 0 },
      ['narrowed: minimum was 0, is exclusive 0'],
    ],
    ['a minimum', number, { type: 'number', minimum: 0 }, ['narrowed: minimum was none, is 0']],
    ['no maximum', { type: 'number', maximum: 9 }, number, ['widened: maximum was 9, is none']],
    [
      'a lower maximum',
      { type: 'number', maximum: 9 },
      { type: 'number', maximum: 8 },
      ['narrowed: maximum was 9, is 8'],
    ],
    [
      'another factor',
      { type: 'number', multipleOf: 2 },
      { type: 'number', multipleOf: 4 },
      ['narrowed: multipleOf was 2, is 4'],
    ],
    [
      'shorter texts',
      { type: 'string', maxLength: 9 },
      { type: 'string', maxLength: 8, minLength: 1 },
      ['narrowed: minLength was none, is 1', 'narrowed: maxLength was 9, is 8'],
    ],
    ['longer texts', { type: 'string', maxLength: 9 }, text, ['widened: maxLength was 9, is none']],
    ['a pattern', text, { type: 'string', pattern: '^x' }, ['narrowed: pattern was none, is "^x"']],
    [
      'another pattern',
      { type: 'string', pattern: '^x' },
      { type: 'string', pattern: '^y' },
      ['narrowed: pattern was "^x", is "^y"'],
    ],
    ['no pattern', { type: 'string', pattern: '^x' }, text, ['widened: pattern was "^x", is none']],
    ['a format', text, { type: 'string', format: 'uuid' }, ['narrowed: format was none, is "uuid"']],
    ['no format', { type: 'string', format: 'uuid' }, text, ['widened: format was "uuid", is none']],
    [
      'fewer elements',
      { type: 'array', maxItems: 3 },
      { type: 'array', maxItems: 2, uniqueItems: true },
      ['narrowed: maxItems was 3, is 2', 'narrowed: uniqueItems is new'],
    ],
    [
      'other elements',
      object({ a: { type: 'array', items: object({ b: text }) } }),
      object({ a: { type: 'array', items: object({ b: number }) } }),
      ['/a/*/b retyped: type was string, is number'],
    ],
    [
      'another position of a tuple',
      { prefixItems: [text, text] },
      { prefixItems: [text, number] },
      ['/1 retyped: type was string, is number'],
    ],
    [
      'one more position of a tuple',
      { prefixItems: [text] },
      { prefixItems: [text, text] },
      ['/1 narrowed: type was anything, is string'],
    ],
    [
      'other elements contained',
      { contains: text },
      { contains: number },
      [
        'unclear: "contains" was changed: whether events of before and after fit cannot be told, so it counts as breaking',
      ],
    ],
    [
      'a schema that allows no others',
      object({ a: text }),
      object({ a: text }, { additionalProperties: false }),
      ['narrowed: fields that are not described were allowed, and are refused now'],
    ],
    [
      'a schema that allows others now',
      object({ a: text }, { additionalProperties: false }),
      object({ a: text }),
      ['widened: fields that are not described were refused, and are allowed now'],
    ],
    [
      'a new field where no others were allowed',
      object({ a: text }, { additionalProperties: false }),
      object({ a: text, b: text }, { additionalProperties: false }),
      ['/b widened: is new, and the schema allowed no fields but those that it described'],
    ],
    [
      'a new field unlike those that were allowed',
      object({}, { additionalProperties: text }),
      object({ a: number }, { additionalProperties: text }),
      ['/a retyped: type was string, is number'],
    ],
    [
      'a new field, of which an alternative says something without its name',
      object({}, { anyOf: [{ additionalProperties: text }, { required: ['y'] }] }),
      object({ b: number }, { anyOf: [{ additionalProperties: text }, { required: ['y'] }] }),
      ['/b narrowed: type was anything, is number'],
    ],
    [
      'a new field, of which an alternative says something by its pattern',
      object({}, { anyOf: [{ patternProperties: { '^b': text } }, { required: ['y'] }] }),
      object({ b: number }, { anyOf: [{ patternProperties: { '^b': text } }, { required: ['y'] }] }),
      ['/b narrowed: type was anything, is number'],
    ],
    [
      'a new field, of which a condition says something without its name',
      object({}, { if: { required: ['y'] }, then: { additionalProperties: text } }),
      object({ b: number }, { if: { required: ['y'] }, then: { additionalProperties: text } }),
      ['/b narrowed: type was anything, is number'],
    ],
    [
      'a new field, of which an alternative says something as left over',
      object({}, { anyOf: [{ unevaluatedProperties: text }, { required: ['y'] }] }),
      object({ b: number }, { anyOf: [{ unevaluatedProperties: text }, { required: ['y'] }] }),
      ['/b narrowed: type was anything, is number'],
    ],
    [
      'a new field in an alternative, of which the whole says something without its name',
      object({}, { additionalProperties: text, anyOf: [object({}), { required: ['y'] }] }),
      object({}, { additionalProperties: text, anyOf: [object({ b: number }), { required: ['y'] }] }),
      ['/b narrowed: type was anything, is number'],
    ],
    [
      'a new field in a condition, of which the whole says something by its pattern',
      object({}, { patternProperties: { '^b': text }, if: { required: ['y'] }, then: object({}) }),
      object({}, { patternProperties: { '^b': text }, if: { required: ['y'] }, then: object({ b: number }) }),
      ['/b narrowed: type was anything, is number'],
    ],
    [
      'other fields of another type',
      object({}, { additionalProperties: text }),
      object({}, { additionalProperties: number }),
      ['/* retyped: type was string, is number'],
    ],
    ['a field that is forbidden now', object({}), object({ a: false }), ['/a narrowed: is not allowed any more']],
    [
      'fields by pattern',
      object({}),
      object({}, { patternProperties: { '^x': text } }),
      ['narrowed: fields that match "^x" are described now'],
    ],
    [
      'no fields by pattern',
      object({}, { patternProperties: { '^x': text } }),
      object({}),
      ['removed: fields that match "^x" are described no more'],
    ],
    [
      'other fields by pattern',
      object({}, { patternProperties: { '^x': text } }),
      object({}, { patternProperties: { '^x': number } }),
      ['/* retyped: type was string, is number'],
    ],
    [
      'fewer fields',
      object({}, { maxProperties: 3 }),
      object({}, { maxProperties: 2 }),
      ['narrowed: maxProperties was 3, is 2'],
    ],
    [
      'names of fields',
      object({}, { propertyNames: { maxLength: 3 } }),
      object({}, { propertyNames: { maxLength: 2 } }),
      ['narrowed: names of fields: maxLength was 3, is 2'],
    ],
    [
      'a rule for the names of fields, deep down',
      object({ a: object({}) }),
      object({ a: object({}, { propertyNames: { type: 'string', enum: ['x'] } }) }),
      ['/a narrowed: names of fields: was string, is one of "x"'],
    ],
    [
      'a length that one of the listed values has not',
      { enum: ['x', 'yy', 3] },
      { enum: ['x', 'yy', 3], minLength: 2 },
      ['narrowed: can no longer be "x"'],
    ],
    [
      'bounds that let a listed value pass again',
      { enum: [1, 2, 'x'], minimum: 2, pattern: '^y' },
      { enum: [1, 2, 'x'], exclusiveMinimum: 1, maxLength: 1 },
      ['widened: can now be "x" as well'],
    ],
    [
      'values instead of lengths',
      { type: 'string', minLength: 1 },
      { enum: ['x'] },
      ['narrowed: was string, is one of "x"'],
    ],
    [
      'a field that another requires',
      object({}, { dependentRequired: { a: ['b'] } }),
      object({}, { dependentRequired: { a: ['c'] } }),
      ['/b widened: is no longer required beside "a"', '/c required: is required now beside "a"'],
    ],
    [
      'what a field implies',
      object({}, { dependentSchemas: { a: object({ b: text }) } }),
      object({}, { dependentSchemas: { a: object({ b: number }) } }),
      ['/b retyped: type was string, is number'],
    ],
    [
      'an alternative more',
      { anyOf: [object({ b: text }), { type: 'array', items: text }] },
      { anyOf: [object({ b: text }), object({ a: { const: 'x' } }), { type: 'array', items: text }] },
      ['widened: another alternative: {"a":"x"}'],
    ],
    [
      'an alternative less, named by its value',
      { oneOf: ['x', 'y'].map((kind) => object({ kind: { const: kind } }, { required: ['kind'] })) },
      {
        oneOf: ['x']
          .map((kind) => object({ kind: { const: kind } }, { required: ['kind'] }))
          .concat(object({ kind: { const: 'z' } }, { required: ['kind'] })),
      },
      ['/kind narrowed: can no longer be "y"', '/kind widened: can now be "z" as well'],
    ],
    [
      'an alternative that changed',
      { anyOf: [object({ a: text }), { type: 'array', items: object({}) }] },
      { anyOf: [object({ a: number }), { type: 'array', items: object({}) }] },
      ['/a retyped: type was string, is number'],
    ],
    [
      'alternatives that may hold together',
      { oneOf: [object({ a: text }), object({ b: text })] },
      { oneOf: [object({ a: text, c: text }), object({ b: text })] },
      ['unclear: "oneOf" was changed: whether events of before and after fit cannot be told, so it counts as breaking'],
    ],
    [
      'what must not hold',
      { not: object({ a: text }, { required: ['a'] }) },
      { not: object({ a: text, b: text }, { required: ['a'] }) },
      ['unclear: "not" was changed: whether events of before and after fit cannot be told, so it counts as breaking'],
    ],
    [
      'what must not hold, deep down',
      { not: object({ a: object({}, { required: ['b'] }) }, { required: ['a'] }) },
      { not: object({ a: object({ c: text }, { required: ['b'] }) }, { required: ['a'] }) },
      ['unclear: "not" was changed: whether events of before and after fit cannot be told, so it counts as breaking'],
    ],
    [
      'a condition',
      { if: object({ a: text }), then: object({ b: text }) },
      { if: object({ a: number }), then: object({ b: text }) },
      ['unclear: "if" was changed: whether events of before and after fit cannot be told, so it counts as breaking'],
    ],
    [
      'what follows from a condition',
      { if: object({ a: text }), then: object({ b: text }) },
      { if: object({ a: text }), then: object({ b: number }) },
      ['/b retyped: type was string, is number'],
    ],
    ['a new condition', {}, { if: object({ a: text }), then: object({ b: text }) }, ['narrowed: "if" is new']],
    [
      'a new field where others are refused by what is left over',
      object({ a: text }, { unevaluatedProperties: false }),
      object({ a: text, b: text }, { unevaluatedProperties: false }),
      ['/b widened: is new, where another part of the schema hangs on which fields are described'],
    ],
    [
      'a reference elsewhere',
      object({ a: { $ref: '#/$defs/t' } }, { $defs: { t: text } }),
      object({ a: { $ref: '#/$defs/t' } }, { $defs: { t: number } }),
      ['/a retyped: type was string, is number'],
    ],
    [
      'a change in what several fields refer to, told for each',
      object({ a: { $ref: '#/$defs/t' }, b: { $ref: '#/$defs/t' } }, { $defs: { t: text } }),
      object({ a: { $ref: '#/$defs/t' }, b: { $ref: '#/$defs/t' } }, { $defs: { t: number } }),
      ['/a retyped: type was string, is number', '/b retyped: type was string, is number'],
    ],
    [
      'a change in a recursive schema, told once',
      object({ children: { type: 'array', items: { $ref: '#' } }, name: text }),
      object({ children: { type: 'array', items: { $ref: '#' } }, name: number }),
      ['/name retyped: type was string, is number'],
    ],
    [
      'a change of a recursive schema that is referred to in a negation',
      object({ name: text, other: { not: { $ref: '#' } } }),
      object({ name: text, more: text, other: { not: { $ref: '#' } } }),
      [
        '/other unclear: "not" was changed: whether events of before and after fit cannot be told, so it counts as breaking',
      ],
    ],
    ['a schema for nothing', text, false, ['narrowed: is not allowed any more']],
    ['a schema for something', false, text, ['widened: was not allowed at all']],
    [
      'dynamic references',
      object({ a: { $dynamicRef: '#x' } }, { $dynamicAnchor: 'x' }),
      object({ a: { $dynamicRef: '#x' } }, { $dynamicAnchor: 'x', minProperties: 1 }),
      [
        'unclear: the schema, of which parts refer to each other dynamically, was changed: whether events of before and after fit cannot be told, so it counts as breaking',
      ],
    ],
    ['a name that needs escaping', object({ 'a/b': text }), object({}), ['/a~1b removed: was string']],
  ])('%s', (_, before, after, changes) => {
    expect(broken(before, after)).toEqual(changes);
  });
});

test('the place is that in the document of the new schema, wherever it is referred to', () => {
  const document = (type: string) => ({
    components: { schemas: { Order: object({ total: { $ref: '#/components/schemas/Money' } }), Money: { type } } },
  });
  const order = (type: string) => EventSchema._in(document(type), 'api.json', '/components/schemas/Order');
  expect(breakingChanges(order('string'), order('number'))).toMatchObject([
    { field: '/total', place: '/components/schemas/Money', kind: 'retyped' },
  ]);
});

test('a comparison of large recursive schemas ends', () => {
  const parts = (leaf: object) =>
    Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [
        `p${i}`,
        {
          anyOf: [
            object({
              leaf,
              ...Object.fromEntries([1, 2, 3].map((n) => [`x${n}`, { $ref: `#/$defs/p${(i * n + n) % 40}` }])),
            }),
            { type: 'array', items: { $ref: `#/$defs/p${(i + 7) % 40}` } },
          ],
        },
      ]),
    );
  const schema = (leaf: object) => ({ $ref: '#/$defs/p0', $defs: parts(leaf) });
  expect(broken(schema(text), schema(number))).toContain('/leaf retyped: type was string, is number');
});

/** A document of a dialect, even where it cannot say so itself. */
function ofDialect(document: unknown, dialect: SchemaDialect): EventSchema {
  const schema = inline(document);
  Object.defineProperty(schema, '_dialect', { value: dialect });
  return schema;
}

describe('what is called no break is none, by the validator, on random schemas and values', () => {
  const accepts = (schema: EventSchema) => {
    const { validate } = compileSchema(schema);
    return (value: unknown) => validate(value).length === 0;
  };

  test.each(Object.keys(DIALECTS) as SchemaDialect[])('%s', (dialect) => {
    const seen = { compatible: 0, breaking: 0, accepted: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      const random = new Random('compatibility', dialect, round);
      const schemas = new RandomSchemas(random, dialect);
      const before = schemas.document();
      const after = random.chance(0.9) ? schemas.mutated(before) : schemas.document();
      const [old, now] = [ofDialect(before, dialect), ofDialect(after, dialect)];
      let isOld, isNow: (value: unknown) => boolean;
      try {
        [isOld, isNow] = [accepts(old), accepts(now)];
      } catch {
        continue;
      }
      const changes = breakingChanges(old, now);
      seen[changes.length === 0 ? 'compatible' : 'breaking'] += 1;
      if (changes.length > 0) continue;
      for (let i = 0; i < 30; i++) {
        // Every event of the new schema is one of the old.
        const value = schemas.value(random.chance(0.5) ? before : after, i % 2 === 0 ? before : after);
        // And every event of the old one, with fields only that it knew, is one of the new.
        const known = schemas.value(before, before, true);
        const pair = { round, before, after };
        expect({ ...pair, value, isOld: isOld(value) || !isNow(value) }).toEqual({ ...pair, value, isOld: true });
        expect({ ...pair, known, isNow: isNow(known) || !isOld(known) }).toEqual({ ...pair, known, isNow: true });
        if (isOld(known)) seen.accepted += 1;
      }
    }
    expect(seen.compatible).toBeGreaterThan(ROUNDS / 6);
    expect(seen.breaking).toBeGreaterThan(ROUNDS / 6);
    expect(seen.accepted).toBeGreaterThan(ROUNDS);
  });
});
