/** What is wrong with a pattern, as a name that stays the same between versions. */
export type EventPatternErrorCode =
  | 'NotJson'
  | 'NotAnObject'
  | 'NotAList'
  | 'EmptyObject'
  | 'EmptyList'
  | 'WrongCondition'
  | 'UnknownOperator'
  | 'OneOperatorOnly'
  | 'WrongOperand'
  | 'WrongNumber'
  | 'WrongAddress'
  | 'WrongWildcard'
  | 'WildcardTooComplex'
  | 'WrongOr'
  | 'TooManyBranches'
  | 'TooManyFields'
  | 'TooLong'
  | 'TooDeep'
  | 'Circular';

/** A place in a text: characters are UTF-16 code units; line and column count from 1. */
export interface TextPosition {
  /** Characters before the place. */
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

export interface EventPatternFault {
  /** What is wrong, for programs. */
  readonly code: EventPatternErrorCode;
  /** Where in the pattern, as a JSON pointer: `/detail/total/0/numeric`; empty for the pattern as a whole. */
  readonly path: string;
  /** The wrong value and why it is wrong. */
  readonly problem: string;
  /** What is allowed there, or how to mend it. */
  readonly remedy: string;
  /** Where in the text, when the pattern was given as text. */
  readonly position?: TextPosition;
  /** The name of the rule whose pattern it is, where several were given. */
  readonly rule?: string;
}

/** EventBridge would refuse this pattern. */
export class InvalidEventPatternError extends Error {
  /** What is wrong, for programs. */
  public readonly code: EventPatternErrorCode;
  /** Where in the pattern, as a JSON pointer: `/detail/total/0/numeric`; empty for the pattern as a whole. */
  public readonly path: string;
  /** The wrong value and why it is wrong. */
  public readonly problem: string;
  /** What is allowed there, or how to mend it. */
  public readonly remedy: string;
  /** Where in the text, when the pattern was given as text. */
  public readonly position?: TextPosition;
  /** The name of the rule whose pattern it is, where several were given. */
  public readonly rule?: string;

  constructor(fault: EventPatternFault) {
    const where = [
      ...(fault.path === '' ? [] : [fault.path]),
      ...(fault.position ? [`line ${fault.position.line}, column ${fault.position.column}`] : []),
    ];
    const whose = fault.rule === undefined ? '' : ` of rule ${quoted(fault.rule)}`;
    super(
      `event pattern${whose}${where.length ? ` at ${where.join(', ')}` : ''}: ${fault.problem}. ${fault.remedy} [${fault.code}]`,
    );
    this.name = 'InvalidEventPatternError';
    this.code = fault.code;
    this.path = fault.path;
    this.problem = fault.problem;
    this.remedy = fault.remedy;
    this.position = fault.position;
    this.rule = fault.rule;
  }
}

/** The event is no JSON object that EventBridge could read. */
export class InvalidEventError extends Error {
  /** What is wrong. */
  public readonly problem: string;
  /** Where in the text of the event, when it was given as text. */
  public readonly position?: TextPosition;

  constructor(problem: string, position?: TextPosition) {
    super(`event${position ? ` at line ${position.line}, column ${position.column}` : ''}: ${problem}`);
    this.name = 'InvalidEventError';
    this.problem = problem;
    this.position = position;
  }
}

/** The line and column of a place in a text. */
export function positionIn(text: string, offset: number): TextPosition {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return { offset, line, column: offset - lineStart + 1 };
}

/** A text as messages show it: cut where it is long. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
