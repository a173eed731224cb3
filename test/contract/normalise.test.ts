import { DIALECTS, RandomSchemas, ROUNDS } from './random-schemas';
import { Random } from '../../scripts/random';
import { EventSchema } from '../../src';
import { compileSchema } from '../../src/contract/compile-schema';
import type { SchemaDialect } from '../../src/contract/event-schema';
import { normalised, settled } from '../../src/contract/normalise';

const of = (schema: unknown, pointer?: string) => EventSchema._in(schema, 'the schema', pointer);

describe('a schema is written in one way', () => {
  test.each<[string, unknown, unknown]>([
    [
      'without words',
      { title: 'x', description: 'x', default: 1, examples: [1], $comment: 'x', type: 'string' },
      { type: 'string' },
    ],
    [
      'without what says nothing',
      { type: 'string', minLength: 0, minimum: 1, items: {}, allOf: [{}] },
      { type: 'string' },
    ],
    [
      'with bounds of 2020-12',
      { ...DIALECTS['draft-04'], minimum: 1, exclusiveMinimum: true, maximum: 3, exclusiveMaximum: false },
      { exclusiveMinimum: 1, maximum: 3 },
    ],
    [
      'with the tighter of two bounds',
      { minimum: 2, exclusiveMinimum: 1, maximum: 2, exclusiveMaximum: 2 },
      { minimum: 2, exclusiveMaximum: 2 },
    ],
    [
      'with null as a type',
      { ...DIALECTS['openapi-3.0'], type: 'string', nullable: true },
      { type: ['null', 'string'] },
    ],
    ['with values in order, of the type, once', { enum: ['b', 1, 'a'], type: 'string' }, { enum: ['a', 'b'] }],
    ['with a value as a list', { const: { b: 1, a: 2 } }, { enum: [{ a: 2, b: 1 }] }],
    [
      'with alternatives by type as one',
      { anyOf: [{ type: 'string', minLength: 1 }, { type: 'null' }] },
      { type: ['null', 'string'], minLength: 1 },
    ],
    [
      'with alternatives of values as one',
      { oneOf: [{ enum: ['a'] }, { const: 'b' }, { type: 'null' }] },
      { enum: ['a', 'b', null] },
    ],
    ['with null, where it is the only value, as a type', { type: ['null', 'string'], enum: [null] }, { type: 'null' }],
    ['with the values of a boolean as a type', { enum: [true, false] }, { type: 'boolean' }],
    ['with the values of a boolean, and null, as types', { enum: [true, null, false] }, { type: ['boolean', 'null'] }],
    [
      'with types of few values as types',
      { oneOf: [{ type: 'boolean' }, { const: null }] },
      { type: ['boolean', 'null'] },
    ],
    [
      'with alternatives of values as one, all of a type among them',
      { anyOf: [{ type: 'boolean' }, { const: 'a' }] },
      { enum: ['a', false, true] },
    ],
    [
      'with numbers without integers beside',
      { anyOf: [{ type: 'integer', minimum: 1 }, { type: 'number' }, { type: 'null' }] },
      { type: ['null', 'number'] },
    ],
    [
      'with integers beside some numbers only, or that are none of both',
      {
        properties: {
          a: { anyOf: [{ type: 'integer' }, { type: 'number', minimum: 1 }] },
          b: { oneOf: [{ type: 'integer' }, { type: 'number' }] },
        },
      },
      {
        properties: {
          a: { anyOf: [{ type: 'integer' }, { type: 'number', minimum: 1 }] },
          b: { oneOf: [{ type: 'integer' }, { type: 'number' }] },
        },
      },
    ],
    [
      'with alternatives as they are where one value is of two',
      { oneOf: [{ enum: ['a', 'b'] }, { const: 'b' }] },
      { oneOf: [{ enum: ['a', 'b'] }, { enum: ['b'] }] },
    ],
    ['with a part that is the whole', { allOf: [{ anyOf: [{ type: 'string' }] }], title: 'x' }, { type: 'string' }],
    [
      'with tuples of 2020-12',
      { ...DIALECTS['draft-07'], items: [{ type: 'string' }], additionalItems: false },
      { prefixItems: [{ type: 'string' }], items: false },
    ],
    [
      'with its own parts only',
      {
        $ref: '#/$defs/a',
        $defs: {
          a: { properties: { b: { $ref: '#/$defs/b' }, a: { $ref: '#/$defs/a' } } },
          b: { type: 'null' },
          c: {},
        },
      },
      { properties: { a: { $ref: '#' }, b: { $ref: '#/$defs/b' } }, $defs: { b: { type: 'null' } } },
    ],
    [
      'with parts that anchors name in a field that has the name of a keyword',
      { properties: { a: { $ref: '#x' }, default: { $anchor: 'x', type: 'null' } } },
      {
        properties: { a: { $ref: '#/$defs/default' }, default: { type: 'null' } },
        $defs: { default: { type: 'null' } },
      },
    ],
    [
      'with parts that anchors name',
      { properties: { a: { $ref: '#x' } }, $defs: { a: { $anchor: 'x', type: 'null' } } },
      { properties: { a: { $ref: '#/$defs/a' } }, $defs: { a: { type: 'null' } } },
    ],
    [
      'with parts that stand below an id',
      {
        properties: { a: { $ref: '#/$defs/a' } },
        $defs: { a: { $id: 'x', items: { $ref: '#/$defs/b' }, $defs: { b: { type: 'null' } } } },
      },
      { properties: { a: { $ref: '#/$defs/a' } }, $defs: { a: { items: { $ref: '#/$defs/b' } }, b: { type: 'null' } } },
    ],
    ['as `false` where nothing fits', { allOf: [{ enum: ['a'], type: 'number' }] }, false],
    ['as `{}` where everything fits', true, {}],
  ])('%s', (_, schema, written) => {
    expect(settled(of(schema))).toEqual(written);
  });

  test('with other names for parts of one name', () => {
    const document = {
      properties: { a: { $ref: '#/$defs/x' }, b: { $ref: '#/definitions/x' } },
      $defs: { x: { type: 'string' } },
      definitions: { x: { type: 'number' } },
    };
    expect(settled(of(document))).toEqual({
      properties: { a: { $ref: '#/$defs/x' }, b: { $ref: '#/$defs/x-2' } },
      $defs: { x: { type: 'string' }, 'x-2': { type: 'number' } },
    });
  });

  test('in which data stays as it is', () => {
    const data = { $ref: '#/nowhere', minimum: 1, type: 'none' };
    expect(settled(of({ properties: { title: { const: data } } }))).toEqual({
      properties: { title: { enum: [data] } },
    });
  });

  test('keeping words and extensions where they are asked for', () => {
    const words = { title: 'A', description: 'B', 'x-team': 'C', examples: ['D'], default: 'E' };
    const schema = { properties: { a: { ...words, type: 'string' }, b: { ...DIALECTS['openapi-3.0'], example: 'F' } } };
    expect(normalised(of(schema), true).schema).toMatchObject({ properties: { a: words, b: { examples: ['F'] } } });
  });

  test('and every part knows where it came from', () => {
    const document = {
      components: {
        schemas: {
          'A b': { properties: { c: { $ref: '#/components/schemas/D~1e' } } },
          'D/e': { items: { type: 'string' } },
        },
      },
    };
    const { schema, placeOf } = normalised(of(document, '/components/schemas/A b'));
    expect(schema).toEqual({
      properties: { c: { $ref: '#/$defs/D~1e' } },
      $defs: { 'D/e': { items: { type: 'string' } } },
    });
    const { properties, $defs } = schema as any;
    expect([schema, properties.c, $defs['D/e'].items].map(placeOf)).toEqual([
      '/components/schemas/A b',
      '/components/schemas/A b/properties/c',
      '/components/schemas/D~1e/items',
    ]);
  });
});

describe('accepts what it accepted before, by the validator, on random schemas and values', () => {
  test.each(Object.keys(DIALECTS) as SchemaDialect[])('%s', (dialect) => {
    const seen = { accepted: 0, refused: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      const random = new Random('normalise', dialect, round);
      const schemas = new RandomSchemas(random, dialect);
      const document = schemas.document();
      const schema = of(document);
      Object.defineProperty(schema, '_dialect', { value: dialect });
      const written = settled(schema);
      const [before, after] = [compileSchema(schema), compileSchema(of(written))];
      expect(settled(of(written))).toEqual(written);
      for (let i = 0; i < 30; i++) {
        const value = schemas.value(document, document);
        const isValid = before.validate(value).length === 0;
        seen[isValid ? 'accepted' : 'refused'] += 1;
        const about = { round, document, written, value };
        expect({ ...about, isValid: after.validate(value).length === 0 }).toEqual({ ...about, isValid });
      }
    }
    expect(seen.accepted).toBeGreaterThan(ROUNDS * 4);
    expect(seen.refused).toBeGreaterThan(ROUNDS * 4);
  });
});
