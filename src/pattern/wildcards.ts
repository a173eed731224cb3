/** A fault in the text of a wildcard, for the message of whoever reads the pattern. */
export interface WildcardFault {
  readonly problem: string;
  /** Characters before the fault. */
  readonly at: number;
}

/** The texts between the stars, escapes undone: one more than there are stars. */
export function wildcardParts(text: string): string[] | WildcardFault {
  const parts: string[] = [];
  let part = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '*') {
      if (text[at + 1] === '*') return { problem: 'two stars in a row', at };
      parts.push(part);
      part = '';
    } else if (char === '\\') {
      const escaped = text[++at];
      if (escaped !== '*' && escaped !== '\\') {
        return { problem: 'a backslash before neither "*" nor "\\"', at: at - 1 };
      }
      part += escaped;
    } else {
      part += char;
    }
  }
  parts.push(part);
  return parts;
}
