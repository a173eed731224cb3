import { NOT_KNOWN, type Context } from './context';
import { literal, withWildcards, type Text } from './wildcards';

/**
 * What stands in the place of a text with policy variables: `no value` equals nothing, `unknown` may equal anything.
 */
export type Expanded = Text | 'no value' | 'unknown';

const VARIABLE = /(\$\{[^}]*\})/;

/**
 * Replaces `${aws:PrincipalAccount}` and its like. What a variable brings is plain text: its stars match themselves.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function expand(text: string, context: Context, wildcards: boolean): Expanded {
  if (!text.includes('$')) return unexpanded(text, wildcards);
  const parts = text.split(VARIABLE).map((part) => {
    const name = VARIABLE.test(part) ? part.slice(2, -1) : undefined;
    if (name === undefined) return wildcards ? withWildcards(part) : literal(part);
    return valueOf(name, context);
  });
  if (parts.includes('no value')) return 'no value';
  return parts.includes('unknown') ? 'unknown' : (parts as Text[]).flat();
}

/** A text of a policy of the older version, in which `${…}` is nothing special. */
export const unexpanded = (text: string, wildcards: boolean): Text => (wildcards ? withWildcards(text) : literal(text));

function valueOf(variable: string, context: Context): Expanded {
  // ${*}, ${?} and ${$} are these characters themselves.
  if (/^[*?$]$/.test(variable)) return literal(variable);
  const [, key, fallback] = /^([^,]*)(?:,\s*'(.*)')?$/.exec(variable) ?? [];
  const value = key === undefined ? NOT_KNOWN : context.get(key);
  // A key with several values is not allowed as a variable; what comes of it is not documented.
  if (value === NOT_KNOWN || (value !== undefined && typeof value !== 'string')) return 'unknown';
  if (value !== undefined) return literal(value);
  return fallback === undefined ? 'no value' : literal(fallback);
}
