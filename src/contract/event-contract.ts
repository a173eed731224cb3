import { existsSync, readdirSync, statSync } from 'fs';
import { join } from 'path';
import { Token } from 'aws-cdk-lib';
import { anchorsIn, type SchemaAdvice } from './check-schema';
import { compileSchema } from './compile-schema';
import { detailIn, EventSchema } from './event-schema';
import { decoded, escape, isObject, valueAt } from './json';
import { requireObject } from './object-schema';
import { readJson } from './read-json';
import { BackboneError, shown } from '../internal/errors';
import * as limits from '../internal/limits';

/** Of files that are no contracts, in a message. */
const MOST_NAMED = 10;

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
 * What `EventContract.fromOpenApi` can be told.
 */
export interface OpenApiContractsOptions {
  /**
   * Who answers for the events whose schemas have no `x-event-backbone-owner`: the name of a member of the topology.
   *
   * @default - nobody is named
   */
  readonly owner?: string;
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
   * The contracts in a directory, in the order of their paths: each a JSON file with `source`, `detailType`, `schema`, which is
   * a schema or the path of one, and if you like `owner` and `description`; or a schema that names its event with
   * `x-amazon-events-source` and `x-amazon-events-detail-type`; or an OpenAPI document with such schemas, as the schema
   * registry exports it.
   *
   * Other JSON files are left alone, such as schemas that contracts take. One with some fields of a contract and not all, or with
   * one that a contract has not, is refused. So is a directory without any contract.
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
    const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
    const contracts = files.filter((file) => file.endsWith('.json')).flatMap((file) => contractsIn(join(path, file)));
    if (contracts.length > 0) return contracts;
    const others = files.filter((file) => statSync(join(path, file), { throwIfNoEntry: false })?.isFile()).map(shown);
    const more = others.length > MOST_NAMED ? ` and ${others.length - MOST_NAMED} more` : '';
    const passedOver = others.length > 0 ? `; passed over: ${others.slice(0, MOST_NAMED).join(', ')}${more}` : '';
    throw new BackboneError(
      'ContractsMissing',
      `${path}: holds no contracts${passedOver}: a contract is a file *.json with ${NEEDED.join(', ')}`,
    );
  }

  /**
   * The contracts in an OpenAPI document: one for each schema under `components.schemas` that names its event with
   * `x-amazon-events-source` and `x-amazon-events-detail-type`, as the schema registry of EventBridge exports them. A document
   * without any is refused. Where the schema is called `AWSEvent`, the description of the document is that of the contract.
   *
   * @param path the file, relative to the directory in which the process was started
   * @param options who answers for the events
   */
  public static fromOpenApi(path: string, options: OpenApiContractsOptions = {}): EventContract[] {
    const document = readJson(path);
    const schemas = document?.components?.schemas;
    if (!isObject(schemas)) {
      throw new BackboneError(
        'SchemaInvalid',
        `${path}/components/schemas: ${shown(schemas)} is no object of schemas: pass an OpenAPI document`,
      );
    }
    const contracts = contractsInOpenApi(document, path, options.owner);
    if (contracts.length > 0) return contracts;
    const names = Object.keys(schemas).map(shown).join(', ') || '(there is none)';
    throw new BackboneError(
      'ContractInvalid',
      `${path}/components/schemas: none of ${names} has ${ANNOTATIONS.join(' and ')}: annotate the schemas of events, or pass EventSchema.fromOpenApi to an EventContract`,
    );
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
  public readonly _advice: Array<Pick<SchemaAdvice, 'id' | 'message' | 'isFatal'>>;

  constructor(props: EventContractProps) {
    requireEventSchema(props);
    const { source, detailType, schema } = props;
    this.source = source;
    this.detailType = detailType;
    this.schema = schema;
    this.owner = props.owner;
    this.description = props.description;
    this.schemaName = `${source}@${detailType}`;
    checkFields(props, `contract ${this.schemaName}`);
    const { advice, faultySample } = compileSchema(schema);
    this._advice = advice.map(({ place, message, ...rest }) => ({
      ...rest,
      message: `${schema._origin}${place}: ${message}`,
    }));
    requireObject(schema);
    if (faultySample === undefined) return;
    throw new BackboneError(
      'SchemaExampleInvalid',
      `${schema._origin}${faultySample.place}: ${faultySample.message}: mend the example, or the schema`,
    );
  }
}

/** By what it has: it may come from another copy of this library. */
function requireEventSchema(props: EventContractProps | undefined): void {
  const { source, detailType, schema } = props ?? {};
  if (typeof schema?._origin === 'string') return;
  // Schemas of libraries can be circular, which has no text.
  const given = isObject(schema) ? `with ${shown(Object.keys(schema))}` : shown(schema);
  throw new BackboneError(
    'ContractInvalid',
    `${props ? `contract ${source}@${detailType}` : 'new EventContract()'}: schema ${given} is not an EventSchema: make one with EventSchema.fromInline or EventSchema.fromFile, of a library such as Zod with EventSchema.fromStandardSchema`,
  );
}

function checkFields(
  { source, detailType, owner, description }: Omit<EventContractProps, 'schema'>,
  place: string,
): void {
  for (const [field, value] of Object.entries({ source, detailType, owner, description })) {
    if (!Token.isUnresolved(value)) continue;
    throw new BackboneError(
      'ContractInvalid',
      `${place}: ${field} ${shown(value)} is known at deployment only, and a contract is written into files at synthesis: write it out`,
    );
  }
  checkName('source', source, limits.SOURCE_LENGTH, place);
  checkName('detailType', detailType, limits.DETAIL_TYPE_LENGTH, place);
  if (source.startsWith('aws.')) {
    throw new BackboneError(
      'ContractInvalid',
      `${place}: source ${shown(source)} is of AWS, which alone puts such events: take another source`,
    );
  }
  if (owner !== undefined && !(typeof owner === 'string' && OWNER.test(owner))) {
    throw new BackboneError(
      'ContractInvalid',
      `${place}: owner ${shown(owner)} is not the name of a member: a letter, then letters, digits and hyphens`,
    );
  }
  if (description !== undefined && typeof description !== 'string') {
    throw new BackboneError('ContractInvalid', `${place}: description ${shown(description)} is not a text`);
  }
}

function checkName(field: 'source' | 'detailType', value: unknown, most: number, place: string): void {
  if (typeof value === 'string' && value !== '' && value.length <= most && !value.includes('*')) return;
  throw new BackboneError(
    'ContractInvalid',
    `${place}: ${field} ${shown(value)} is not a text of 1 to ${most} characters without a star`,
  );
}

const ANNOTATIONS = ['x-amazon-events-source', 'x-amazon-events-detail-type'];

/** What a contract file has, what it may have, and what stands beside for schemas and editors. */
const NEEDED = ['source', 'detailType', 'schema'];
const OPTIONAL = ['owner', 'description', '$defs', 'definitions'];
const BESIDE = /^(\$schema|\$comment|x-.*)$/;

function contractsIn(path: string): EventContract[] {
  const json = readJson(path);
  if (!isObject(json)) return [];
  if (isObject(json.components?.schemas)) return contractsInOpenApi(json, path);
  if ([...NEEDED, 'owner'].some((field) => field in json)) return [contractIn(json, path)];
  // Others are schemas that a contract beside them takes.
  return isAnnotated(json, path) ? [annotatedContract(json, path, EventSchema._in(json, path, detailIn(json)))] : [];
}

function contractIn(json: Record<string, any>, path: string): EventContract {
  const allowed = `a contract has ${NEEDED.join(', ')}, and if you like ${OPTIONAL.join(', ')}`;
  const unknown = Object.keys(json).find((field) => ![...NEEDED, ...OPTIONAL].includes(field) && !BESIDE.test(field));
  if (unknown !== undefined) {
    throw new BackboneError(
      'ContractInvalid',
      `${path}/${escape(unknown)}: ${shown(json[unknown])} stands in a field that a contract has not: ${allowed}`,
    );
  }
  const missing = NEEDED.filter((field) => !(field in json));
  if (missing.length > 0) {
    throw new BackboneError(
      'ContractInvalid',
      `${path}: ${shown(json)} has no ${missing.join(', ')}: ${allowed}. What is no contract goes into another directory`,
    );
  }
  const { source, detailType, owner, description, schema } = json;
  checkFields({ source, detailType, owner, description }, path);
  return new EventContract({
    source,
    detailType,
    owner,
    description,
    schema: typeof schema === 'string' ? schemaBeside(path, schema) : schemaIn(json, path),
  });
}

function contractsInOpenApi(document: any, path: string, owner?: string): EventContract[] {
  const schemas = Object.entries<any>(document.components.schemas);
  return schemas
    .filter(([name, schema]) => isAnnotated(schema, `${path}/components/schemas/${escape(name)}`))
    .map(([name, schema]) => {
      // That of one event describes it; that of many describes them all.
      const description = name === 'AWSEvent' ? document.info?.description : undefined;
      return annotatedContract(schema, path, EventSchema._inOpenApi(document, path, name), { owner, description });
    });
}

function isAnnotated(schema: any, place: string): boolean {
  const [found, missing] = [true, false].map((isThere) =>
    ANNOTATIONS.filter((name) => (schema?.[name] !== undefined) === isThere),
  );
  if (found.length === 1) {
    throw new BackboneError('ContractInvalid', `${place}: has ${found[0]} and no ${missing[0]}: write both, or none`);
  }
  return missing.length === 0;
}

function annotatedContract(
  annotated: any,
  path: string,
  schema: EventSchema,
  { owner, description }: Pick<EventContractProps, 'owner' | 'description'> = {},
): EventContract {
  const [source, detailType] = ANNOTATIONS.map((name) => annotated[name]);
  const props = { source, detailType, owner: annotated['x-event-backbone-owner'] ?? owner, description };
  checkFields(props, `${path}${schema._pointer}`);
  return new EventContract({ ...props, schema });
}

function schemaBeside(path: string, named: string): EventSchema {
  const file = join(path, '..', named);
  return EventSchema._in(readJson(file, `${path}/schema: `), file);
}

/** The schema inside of a contract: a document of its own, unless it refers to what stands beside it. */
function schemaIn({ $schema, ...contract }: any, path: string): EventSchema {
  const { schema } = contract;
  const refs = refsIn(schema);
  const isPart = refs.some((ref) => !leadsInto(schema, ref) && leadsInto(contract, ref));
  if (!isPart) return EventSchema._in(schema, `${path}/schema`);
  if (refsIn([schema, contract.$defs, contract.definitions]).includes('#')) {
    throw new BackboneError(
      'SchemaInvalid',
      `${path}: "#" leads to the contract, which is no schema, where a schema refers to what stands beside it: write "#/schema"`,
    );
  }
  return EventSchema._in(contract, path, '/schema');
}

const refsIn = (value: unknown): string[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([key, inner]) =>
        key === '$ref' && typeof inner === 'string' ? [inner] : refsIn(inner),
      );

function leadsInto(document: unknown, ref: string): boolean {
  const place = decoded(ref.slice(1));
  if (ref.startsWith('#/')) return valueAt(document, place) !== undefined;
  return ref.startsWith('#') && anchorsIn(document).includes(place);
}
