import { faultOf, type Condition } from './conditions';
import { arnParts, isGeneratedName, isPlaceholder, PLACEHOLDER, unknownResult } from '../placeholders';

/** Where a statement stands. */
export interface Origin {
  /** The name of the stack. */
  readonly stack: string;
  readonly logicalId: string;
}

/** Whom `Principal` or `NotPrincipal` names. */
export interface StatementPrincipal {
  readonly everybody: boolean;
  /** Accounts, named by id or by their root. */
  readonly accounts: readonly string[];
  /** Roles, sessions and users. */
  readonly arns: readonly string[];
  readonly services: readonly string[];
  /** Whether it names identities of other kinds, too: whom these stand for is not judged here. */
  readonly unjudged: boolean;
}

/** A list of texts, or all but those. */
export interface Selection {
  readonly of: readonly string[];
  readonly negated: boolean;
}

export interface Statement {
  readonly origin: Origin;
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  /** Not in policies of identities. */
  readonly principal?: StatementPrincipal & { readonly negated: boolean };
  readonly actions: Selection;
  /** Not in trust policies. */
  readonly resources?: Selection;
  readonly conditions: readonly Condition[];
  /** Whether `${…}` is a variable: in policies of the newer version. */
  readonly variables: boolean;
}

/** The statements of a document, and whether there may be others that the template does not tell. */
export interface PolicyDocument {
  readonly statements: readonly Statement[];
  readonly complete: boolean;
}

/** What a document is attached to, which decides what its statements must say. */
export type PolicyKind = 'identity' | 'resource' | 'trust';

/**
 * Reads a policy document in which intrinsic functions are resolved.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parsePolicyDocument(value: unknown, kind: PolicyKind, origin: Origin): PolicyDocument {
  const document = typeof value === 'string' ? fromJson(value, origin) : value;
  if (isPlaceholder(document)) return { statements: [], complete: false };
  if (!isObject(document)) throw fault(origin, `the policy is ${shown(document)}, not an object`);
  checkElements(document, ['Version', 'Id', 'Statement'], 'the policy', origin);
  const { Version: version } = document;
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17') {
    throw fault(origin, `Version is ${shown(version)}, not "2012-10-17" or "2008-10-17"`);
  }
  if (isPlaceholder(document.Statement)) return { statements: [], complete: false };
  const statements = [document.Statement].flat();
  const known = statements.filter((statement) => !isPlaceholder(statement) && !hasOpaqueElement(statement));
  return {
    statements: known.map((statement) => parseStatement(statement, kind, origin, version === '2012-10-17')),
    complete: known.length === statements.length,
  };
}

/** Reads one statement. */
export function parseStatement(value: unknown, kind: PolicyKind, origin: Origin, variables = true): Statement {
  if (!isObject(value)) throw fault(origin, `a statement is ${shown(value)}, not an object`);
  const where = value.Sid === undefined ? 'a statement' : `statement ${shown(value.Sid)}`;
  checkElements(value, ELEMENTS, where, origin);
  const { Effect: effect, Condition: conditions = {} } = value;
  if (effect !== 'Allow' && effect !== 'Deny') {
    throw fault(origin, `Effect of ${where} is ${shown(effect)}, not "Allow" or "Deny"`);
  }
  const parse = new StatementParser(value, where, origin);
  return {
    origin,
    ...(value.Sid !== undefined && { sid: String(value.Sid) }),
    effect,
    ...parse.principal(kind),
    actions: parse.selection('Action')!,
    resources: kind === 'trust' && !parse.has('Resource') ? undefined : parse.resources(kind),
    conditions: parse.conditions(conditions),
    variables,
  };
}

const ELEMENTS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];

class StatementParser {
  constructor(
    private readonly statement: Record<string, unknown>,
    private readonly where: string,
    private readonly origin: Origin,
  ) {}

  public has(element: string): boolean {
    return this.statement[element] !== undefined || this.statement[`Not${element}`] !== undefined;
  }

  public resources(kind: PolicyKind): Selection {
    const { of, negated } = this.selection('Resource');
    const wrong = of.find((name) => /^arn:[^:]*:[^:<>$]*[*?][^:]*(:|$)/.test(name));
    if (wrong !== undefined) {
      throw this.fault(`has a wildcard in the service of ${shown(wrong)}, which IAM does not take`);
    }
    return { of: kind === 'identity' ? of.map(completed) : of, negated };
  }

  /** An element, or its opposite: one of them must be there. */
  public selection(element: 'Action' | 'Resource'): Selection {
    const negated = this.either(element);
    const name = negated ? `Not${element}` : element;
    return { of: this.texts(this.statement[name], name), negated };
  }

  public principal(kind: PolicyKind): Pick<Statement, 'principal'> {
    if (kind === 'identity') {
      if (this.has('Principal')) throw this.fault('names a principal, and the policy belongs to an identity');
      return {};
    }
    const negated = this.either('Principal');
    if (negated && this.statement.Effect === 'Allow') {
      throw this.fault('has NotPrincipal with Allow, which IAM does not support');
    }
    return { principal: { ...this.named(this.statement[negated ? 'NotPrincipal' : 'Principal']), negated } };
  }

  public conditions(block: unknown): Condition[] {
    if (!isObject(block)) throw this.fault(`has a Condition that is ${shown(block)}, not an object`);
    return Object.entries(block).flatMap(([operator, keys]) => {
      if (!isObject(keys)) throw this.fault(`has ${shown(keys)} under ${operator}, not an object of keys`);
      return Object.entries(keys).map(([key, values]) => this.condition(operator, key, values));
    });
  }

  private condition(operator: string, key: string, given: unknown): Condition {
    const condition = { operator, key, values: this.texts(given, `${operator} of ${key}`) };
    const wrong = faultOf(condition);
    if (wrong !== undefined) throw this.fault(`is wrong: ${wrong}`);
    return condition;
  }

  private either(element: string): boolean {
    const [plain, negated] = [this.statement[element], this.statement[`Not${element}`]];
    if ((plain === undefined) !== (negated === undefined)) return negated !== undefined;
    throw this.fault(`needs ${element} or Not${element}, one of them`);
  }

  private named(value: unknown): StatementPrincipal {
    if (value === '*') return { ...NOBODY, everybody: true };
    if (isPlaceholder(value)) return { ...NOBODY, arns: [value] };
    if (!isObject(value)) throw this.fault(`has a principal that is ${shown(value)}, not "*" or an object`);
    const kinds = Object.keys(value);
    const other = kinds.find((name) => !['AWS', 'Service', ...UNJUDGED_KINDS].includes(name));
    if (other !== undefined) {
      throw this.fault(`names a principal of the kind ${shown(other)}, which IAM does not know`);
    }
    if (kinds.length === 0) throw this.fault('names nobody as its principal');
    const aws = value.AWS === undefined ? [] : this.texts(value.AWS, 'Principal.AWS');
    const services = value.Service === undefined ? [] : this.texts(value.Service, 'Principal.Service');
    for (const name of aws) this.checkPrincipal(name);
    for (const name of services) this.checkWildcards(name);
    return {
      everybody: aws.includes('*'),
      accounts: aws.flatMap((name) => accountOf(name) ?? []),
      arns: aws.filter((name) => name !== '*' && accountOf(name) === undefined && !UNIQUE_ID.test(name)),
      services,
      unjudged: kinds.some((name) => UNJUDGED_KINDS.includes(name)) || aws.some((name) => UNIQUE_ID.test(name)),
    };
  }

  private checkPrincipal(name: string): void {
    if (name === '*') return;
    this.checkWildcards(name);
    if (accountOf(name) !== undefined || PLACEHOLDER.test(name) || UNIQUE_ID.test(name)) return;
    if (/^arn:[^:]+:(iam|sts)::\d{12}:(role|user|assumed-role|federated-user)\/.+$/.test(name)) return;
    // The identity of a distribution of CloudFront, which is nobody else.
    if (/^arn:[^:]+:iam::cloudfront:user\/.+$/.test(name)) return;
    throw this.fault(`names ${shown(name)}, which is no account, role, session or user`);
  }

  private checkWildcards(name: string): void {
    if (!/[*?]/.test(name)) return;
    throw this.fault(`has a wildcard in the principal ${shown(name)}, which IAM does not take`);
  }

  /** One text or a list of them. Numbers and truth values are written as text. */
  private texts(value: unknown, what: string): string[] {
    const list = [value].flat();
    const isText = (item: unknown) => ['string', 'number', 'boolean'].includes(typeof item);
    if (list.length > 0 && list.every(isText)) return list.map(String);
    throw this.fault(`has ${shown(value)} as its ${what}, not a text or a list of texts`);
  }

  private fault(what: string): Error {
    return fault(this.origin, `${this.where} ${what}`);
  }
}

const NOBODY: StatementPrincipal = { everybody: false, accounts: [], arns: [], services: [], unjudged: false };

const UNJUDGED_KINDS = ['Federated', 'CanonicalUser'];

/** The id that IAM gives to a role or user, and shows when that is gone. */
const UNIQUE_ID = /^A[A-Z]{3}[A-Z0-9]{12,}$/;

/**
 * In a policy of an identity the parts that an ARN lacks are any.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
function completed(resource: string): string {
  const missing = 6 - arnParts(resource).length;
  if (!resource.startsWith('arn:') || missing <= 0) return resource;
  // A placeholder may hold some of the missing parts.
  const open = resource.match(/<[^<>]*>/g)?.some((each) => !isGeneratedName(each));
  return open ? `${resource}${unknownResult('rest')}` : `${resource}${':*'.repeat(missing)}`;
}

/** Twelve digits, or the root of an account. */
const accountOf = (principal: string): string | undefined =>
  /^(\d{12})$/.exec(principal)?.[1] ?? /^arn:[^:]+:iam::(\d{12}|<[^<>]*>):root$/.exec(principal)?.[1];

function fromJson(text: string, origin: Origin): unknown {
  if (isPlaceholder(text)) return text;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw fault(origin, `the policy is not JSON: ${(error as Error).message}`);
  }
}

/** Whether it is open what a statement is at all: its effect, or which conditions it has. */
function hasOpaqueElement(statement: unknown): boolean {
  if (!isObject(statement)) return false;
  const { Effect, Condition: conditions } = statement;
  const blocks = isObject(conditions) ? Object.values(conditions) : [];
  return (
    isPlaceholder(Effect) ||
    isPlaceholder(conditions) ||
    blocks.some((block) => isPlaceholder(block) || (isObject(block) && Object.values(block).some(mayBeNothing)))
  );
}

/** `Fn::If` may give no value, and then there is no such key. */
const mayBeNothing = (value: unknown) => [value].flat().every((item) => item === '<Fn::If>');

function checkElements(value: object, allowed: string[], where: string, origin: Origin): void {
  const unknown = Object.keys(value).find((name) => !allowed.includes(name));
  if (unknown !== undefined) throw fault(origin, `${where} has ${shown(unknown)}, which IAM does not know`);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown) => JSON.stringify(value) ?? 'undefined';

const fault = ({ stack, logicalId }: Origin, what: string) => new Error(`${stack}/${logicalId}: ${what}`);
