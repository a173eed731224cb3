import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { withoutSchema } from '../../../e2e/validator/broken-asset';

const ASSET = 'a'.repeat(64);
const TEMPLATE = 'b'.repeat(64);
const OTHER = 'c'.repeat(64);
const NAME = 'cwi.servicea@NEW_WIDGET';
let directory: string;
let copy: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'broken-'));
  copy = join(directory, 'copy');
  const schemas = join(directory, 'first', `asset.${ASSET}`, 'schemas');
  mkdirSync(schemas, { recursive: true });
  writeFileSync(join(schemas, '0123.js'), '');
  writeFileSync(join(schemas, '4567.js'), '');
  const contracts = {
    'cwi.servicea': { NEW_WIDGET: { name: NAME, hash: '0123' } },
    'cwi.hub': { TEXT_CHECKED: { name: 'cwi.hub@TEXT_CHECKED', hash: '4567' } },
  };
  write(`asset.${ASSET}/manifest.json`, { contracts });
  write('manifest.json', { url: `s3://assets/${TEMPLATE}.json`, other: `s3://assets/${OTHER}.json` });
  write('hub.assets.json', { files: { [ASSET]: { source: { path: `asset.${ASSET}` } }, [TEMPLATE]: {} } });
  write('routes.assets.json', { files: { [OTHER]: {} } });
  write('hub.template.json', { S3Key: `${ASSET}.zip` });
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

const write = (file: string, content: object) => writeFileSync(join(directory, 'first', file), JSON.stringify(content));
const text = (file: string) => readFileSync(join(copy, file), 'utf8');
const broken = (name = NAME) => withoutSchema(join(directory, 'first'), copy, name);

test('the file of the schema is gone, and no other', () => {
  broken();
  const [asset] = readdirSync(copy).filter((file) => file.startsWith('asset.'));
  expect(readdirSync(join(copy, asset, 'schemas'))).toEqual(['4567.js']);
  expect(existsSync(join(copy, asset, 'manifest.json'))).toBe(true);
});

test('what is changed has another hash everywhere, and is published', () => {
  broken();
  const [, asset] = /"([0-9a-f]{64})\.zip"/.exec(text('hub.template.json').replace('S3Key', ''))!;
  expect(asset).not.toBe(ASSET);
  expect(existsSync(join(copy, `asset.${asset}`))).toBe(true);
  const { files } = JSON.parse(text('hub.assets.json'));
  expect(Object.keys(files)).toHaveLength(2);
  expect(files[asset].source.path).toBe(`asset.${asset}`);
  const [template] = Object.keys(files).filter((hash) => hash !== asset);
  expect(template).not.toBe(TEMPLATE);
  expect(JSON.parse(text('manifest.json')).url).toBe(`s3://assets/${template}.json`);
});

test('all else keeps its hash, and the first assembly is as it was', () => {
  broken();
  expect(JSON.parse(text('manifest.json')).other).toBe(`s3://assets/${OTHER}.json`);
  expect(text('routes.assets.json')).toContain(OTHER);
  expect(readdirSync(join(directory, 'first', `asset.${ASSET}`, 'schemas'))).toHaveLength(2);
});

test('fails where no asset has the schema', () => {
  expect(() => broken('cwi.servicea@OTHER')).toThrow('an asset with the schema cwi.servicea@OTHER');
});
