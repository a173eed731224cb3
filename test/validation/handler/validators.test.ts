import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { EventSchema } from '../../../src';
import { compileSchema } from '../../../src/contract/compile-schema';
import { ValidationTimeout } from '../../../src/validation/handler/judge';
import { validatorsIn } from '../../../src/validation/handler/validators';

const directory = mkdtempSync(join(tmpdir(), 'validators-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Compiled schemas as they stand in the asset. */
function asset(schema: { [key: string]: any }) {
  const { code, hash } = compileSchema(EventSchema.fromInline(schema));
  mkdirSync(join(directory, 'schemas'), { recursive: true });
  writeFileSync(join(directory, 'schemas', `${hash}.js`), code);
  copyFileSync(join(__dirname, '../../../assets/republisher/rt.js'), join(directory, 'rt.js'));
  return { name: 'x', hash };
}

test('a compiled schema tells every violation, without values', () => {
  const contract = asset({
    required: ['at'],
    additionalProperties: false,
    properties: { at: { type: 'string', format: 'date-time', minLength: 30 }, tags: { uniqueItems: true } },
  });
  const validate = validatorsIn(directory)(contract);
  expect(validate({ at: '2026-11-21T10:00:00.000000001Z', tags: [1, 2] })).toEqual([]);
  expect(validate({ at: 'secret', tags: [1, 1], 'me@example.com': 1 })).toEqual([
    { path: '', keyword: 'additionalProperties', message: 'must NOT have additional properties' },
    { path: '/at', keyword: 'minLength', message: 'must NOT have fewer than 30 characters' },
    { path: '/at', keyword: 'format', message: 'must match format "date-time"' },
    { path: '/tags', keyword: 'uniqueItems', message: expect.stringContaining('duplicate') },
  ]);
});

describe('a compiled schema says what Ajv says', () => {
  const odd = 'schemaPath:"a",params:{"b":1},"\'\\ {}';
  const price = { type: 'number', exclusiveMinimum: 0, multipleOf: 0.01 };
  test.each<[string, { [key: string]: any }, unknown[]]>([
    [
      'with names that look like code',
      { required: [odd], properties: { [odd]: { const: odd } } },
      [{}, { [odd]: odd }, { [odd]: 1 }],
    ],
    [
      'with listed values',
      { properties: { a: { enum: [odd, { params: { a: 1 } }, null] } } },
      [{ a: odd }, { a: 1 }, { a: null }],
    ],
    [
      'with patterns',
      { patternProperties: { '^"{2}': { pattern: '^[{"}]+\\\\$' } } },
      [{ '""': '{' }, { '""': '"}\\' }],
    ],
    [
      'with bounds',
      { properties: { a: price, b: { minLength: 2, maxLength: 3 } } },
      [
        { a: -1, b: 'a' },
        { a: 0.001, b: 'abcd' },
      ],
    ],
    [
      'with dependencies',
      { dependentRequired: { a: ['b', odd] }, dependentSchemas: { b: false } },
      [{ a: 1 }, { b: 1 }],
    ],
    [
      'with conditions',
      { if: { required: ['a'] }, then: { required: ['b'] }, else: { required: ['c'] } },
      [{ a: 1 }, {}],
    ],
    [
      'with alternatives',
      { oneOf: [{ required: ['a'] }, { required: ['b'] }], not: { required: ['c'] } },
      [{}, { a: 1, b: 1, c: 1 }],
    ],
    [
      'with lists',
      { properties: { a: { contains: { const: 1 }, maxContains: 1, uniqueItems: true, minItems: 3 } } },
      [{ a: [1, 1] }, { a: [] }],
    ],
    [
      'with names',
      { propertyNames: { maxLength: 1 }, minProperties: 1, maxProperties: 2 },
      [{}, { aa: 1 }, { a: 1, b: 1, c: 1 }],
    ],
    ['that is closed', { allOf: [{ properties: { a: {} } }], unevaluatedProperties: false }, [{ a: 1 }, { b: 1 }]],
    [
      'that is recursive',
      { properties: { a: { $ref: '#' }, b: { type: ['string', 'null'] } } },
      [{ a: { a: { b: 1 } } }, { a: 1 }],
    ],
    ['with formats', { properties: { a: { format: 'uuid' }, b: { format: 'date-time' } } }, [{ a: 'x', b: 'y' }]],
  ])('%s', (_, schema, values) => {
    const validate = validatorsIn(directory)(asset(schema));
    const { validate: original, code } = compileSchema(EventSchema.fromInline(schema));
    const violations = values.map((value) =>
      original(value).map(({ instancePath: path, keyword, message }) => ({ path, keyword, message })),
    );
    expect(values.map(validate)).toEqual(violations);
    expect(violations.flat()).not.toEqual([]);
    expect(code.replace(/"(?:[^"\\]|\\.)*"/g, '""')).not.toMatch(/schemaPath|params/);
  });
});

test('a pattern that explodes is stopped, and the next event is looked at', () => {
  const validate = validatorsIn(directory, 50)(asset({ properties: { a: { pattern: '^(a+)+$' } } }));
  const before = Date.now();
  expect(() => validate({ a: `${'a'.repeat(40)}!` })).toThrow(ValidationTimeout);
  // Without a stop this takes hours.
  expect(Date.now() - before).toBeLessThan(10_000);
  expect(validate({ a: 'aaa' })).toEqual([]);
  expect(validate({ a: 'b' })).toHaveLength(1);
});

describe('a machine that is slow', () => {
  /** A validator that gets no processor for some looks. */
  const sleeping = (looks: number) => {
    const hash = `sleeping-${looks}`;
    const sleep = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10000)';
    const code = `let looks = 0; module.exports = () => { if (looks++ < ${looks}) ${sleep}; return true; };`;
    writeFileSync(join(directory, 'schemas', `${hash}.js`), code);
    return validatorsIn(directory, 50)({ name: 'x', hash });
  };

  test('is waited for', () => {
    expect(sleeping(1)({})).toEqual([]);
  });

  test('is no fault of the event', () => {
    const validate = sleeping(2);
    expect(() => validate({})).toThrow(/a validator had the processor for \d+ of \d+ ms/);
    expect(validate({})).toEqual([]);
  });
});

test('a schema is loaded when an event first needs it, and fails then if it is not there', () => {
  const validatorOf = validatorsIn(directory);
  expect(() => validatorOf({ name: 'x', hash: 'missing' })).toThrow('missing.js');
  const contract = asset({ type: 'object' });
  expect(validatorOf(contract)).toBe(validatorOf(contract));
});

describe('several at once', () => {
  const short = () => asset({ properties: { a: { maxLength: 3 } } });
  const explosive = () => asset({ properties: { a: { pattern: '^(a+)+$' } } });

  test('it is told which fit', () => {
    const [one, other] = [short(), explosive()];
    const { fit } = validatorsIn(directory);

    const checks = [
      { contract: one, detail: { a: 'abc' } },
      { contract: one, detail: { a: 'abcd' } },
      { contract: other, detail: { a: 'aaa' } },
    ];

    expect(fit(checks)).toEqual([true, false, true]);
    expect(fit([])).toEqual([]);
  });

  test('where one takes too long, or is not there, nobody knows of any', () => {
    const { fit } = validatorsIn(directory, 50);
    const fitting = { contract: short(), detail: {} };

    expect(fit([fitting, { contract: explosive(), detail: { a: `${'a'.repeat(40)}!` } }])).toEqual([false, false]);
    expect(fit([fitting, { contract: { name: 'x', hash: 'missing' }, detail: {} }])).toEqual([false, false]);
    expect(fit([fitting])).toEqual([true]);
  });
});
