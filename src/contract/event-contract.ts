import { existsSync, readdirSync, statSync } from 'fs';
import { join } from 'path';
import { type SchemaAdvice } from './check-schema';
import { compileSchema } from './compile-schema';
import { EventSchema } from './event-schema';
import { isObject, valueAt } from './json';
import { readJson } from './read-json';
import { BackboneError, shown } from '../internal/errors';
import * as limits from '../internal/limits';

const OWNER = /^[A-Za-z][A-Za-z0-9-]*$/;

/**
 * Properties of an `EventContract`.
 */
export interface EventContractProps {
  /**
   * The source of the event, literally, such as `order.service`.
   */
  readonly source: string;

  /**
   * The detail-type of the event, such as `Order.Created`.
   */
  readonly detailType: string;

  /**
   * The schema of its `detail`.
   */
  readonly schema: EventSchema;

  /**
   * Who answers for the event: the name of a member of the topology, a letter and then letters, digits and hyphens.
   *
   * @default - nobody is named
   */
  readonly owner?: string;

  /**
   * What the event means.
   *
   * @default - no description
   */
  readonly description?: string;
}

/**
 * An event, written down once: where it comes from, what it is, what it holds, and who answers for it.
 *
 * @example
 *
 * new EventContract({
 *   source: 'order.service',
 *   detailType: 'Order.Created',
 *   owner: 'order',
 *   schema: EventSchema.fromFile('contracts/order-created.schema.json'),
 * });
 */
export class EventContract {
  /**
   * The contracts in a directory, in the order of their paths: each a JSON file with `source`, `detailType`, `owner` and `schema`, which is
   * a schema or the path of one; or a schema that names its event with `x-amazon-events-source` and
   * `x-amazon-events-detail-type`; or an OpenAPI document as the schema registry exports it.
   *
   * @param path the directory, relative to the one in which the process was started
   */
  public static fromDirectory(path: string): EventContract[] {
    if (!existsSync(path) || !statSync(path).isDirectory()) {
      throw new BackboneError(
        'SchemaFileUnreadable',
        `${path}: is not a directory; paths are relative to ${process.cwd()}`,
      );
    }
    const files = readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.json'))
      .sort();
    return files.flatMap((file) => contractIn(join(path, file)) ?? []);
  }

  /**
   * The source of the event.
   */
  public readonly source: string;

  /**
   * The detail-type of the event.
   */
  public readonly detailType: string;

  /**
   * Who answers for the event, if somebody is named.
   */
  public readonly owner?: string;

  /**
   * What the event means, if that is said.
   */
  public readonly description?: string;

  /**
   * The schema of its `detail`.
   */
  public readonly schema: EventSchema;

  /**
   * Its name, `source@detailType`, in lock files and messages; the schema registry has it without spaces.
   */
  public readonly schemaName: string;

  /** @internal */
  public readonly _advice: SchemaAdvice[];

  constructor(props: EventContractProps) {
    const { source, detailType, schema } = props;
    this.source = source;
    this.detailType = detailType;
    this.schema = schema;
    this.owner = props.owner;
    this.description = props.description;
    this.schemaName = `${source}@${detailType}`;
    checkName('source', source, limits.SOURCE_LENGTH, schema);
    checkName('detailType', detailType, limits.DETAIL_TYPE_LENGTH, schema);
    if (source.startsWith('aws.')) {
      throw new BackboneError(
        'ContractInvalid',
        `${schema._origin}: source ${shown(source)} is of AWS, which alone puts such events: take another source`,
      );
    }
    checkOwner(props);
    const { advice, validate } = compileSchema(schema);
    this._advice = advice;
    this.checkExamples(validate);
  }

  /** What a schema gives as an example must be one. */
  private checkExamples(validate: (value: unknown) => Array<{ instancePath: string; message?: string }>): void {
    const { _document, _pointer, _origin } = this.schema;
    const examples = valueAt(_document, `${_pointer}/examples`);
    if (!Array.isArray(examples)) return;
    examples.forEach((example, i) => {
      const [violation] = validate(example);
      if (violation === undefined) return;
      throw new BackboneError(
        'SchemaExampleInvalid',
        `${_origin}${_pointer}/examples/${i}${violation.instancePath}: ${violation.message}: mend the example, or the schema`,
      );
    });
  }
}

function checkName(field: 'source' | 'detailType', value: unknown, most: number, { _origin }: EventSchema): void {
  if (typeof value === 'string' && value !== '' && value.length <= most && !value.includes('*')) return;
  throw new BackboneError(
    'ContractInvalid',
    `${_origin}: ${field} ${shown(value)} is not a text of 1 to ${most} characters without a star`,
  );
}

function checkOwner({ owner, description, schema: { _origin } }: EventContractProps): void {
  if (owner !== undefined && !(typeof owner === 'string' && OWNER.test(owner))) {
    throw new BackboneError(
      'ContractInvalid',
      `${_origin}: owner ${shown(owner)} is not the name of a member: a letter, then letters, digits and hyphens`,
    );
  }
  if (description !== undefined && typeof description !== 'string') {
    throw new BackboneError('ContractInvalid', `${_origin}: description ${shown(description)} is not a text`);
  }
}

function contractIn(path: string): EventContract | undefined {
  const json = readJson(path);
  if (isObject(json) && 'source' in json && 'schema' in json) {
    const { source, detailType, owner, description, schema } = json;
    return new EventContract({
      source,
      detailType,
      owner,
      description,
      schema: typeof schema === 'string' ? EventSchema.fromFile(join(path, '..', schema)) : schemaIn(json, path),
    });
  }
  const openApi = isObject(json?.components?.schemas);
  const annotated = openApi ? json.components.schemas.AWSEvent : json;
  const source = annotated?.['x-amazon-events-source'];
  const detailType = annotated?.['x-amazon-events-detail-type'];
  // A schema that a contract beside it takes.
  if (source === undefined && detailType === undefined) return undefined;
  const schema = openApi ? EventSchema._inOpenApi(json, path) : EventSchema._in(json, path, detailIn(annotated));
  return new EventContract({ source, detailType, owner: annotated['x-event-backbone-owner'], schema });
}

/** The schema inside of a contract: a document of its own, unless what it refers to stands beside it. */
function schemaIn(contract: any, path: string): EventSchema {
  const isPart = '$defs' in contract || 'definitions' in contract || JSON.stringify(contract).includes('"#/schema');
  return isPart ? EventSchema._in(contract, path, '/schema') : EventSchema._in(contract.schema, `${path}/schema`);
}

/** Of a schema of the whole event, as the schema registry exports it, the detail is taken. */
function detailIn({ properties }: any): string {
  return isObject(properties?.detail) && isObject(properties['detail-type']) ? '/properties/detail' : '';
}
