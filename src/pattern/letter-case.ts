/**
 * Letter case as EventBridge ignores it: each UTF-16 code unit of the pattern by itself stands for its lower-case and
 * its upper-case form. So "ß" stands for "ß" and "SS", and the two halves of a character beyond U+FFFF, which are no
 * characters by themselves, for a question mark each.
 */

/** What each code unit of the pattern stands for: one text, or two. */
export function caseForms(text: string): string[][] {
  const forms: string[][] = [];
  for (let at = 0; at < text.length; at++) {
    const unit = text[at];
    if (unit >= '\ud800' && unit <= '\udfff') {
      forms.push(['?']);
    } else {
      const lower = unit.toLowerCase();
      const upper = unit.toUpperCase();
      forms.push(lower === upper ? [lower] : [lower, upper]);
    }
  }
  return forms;
}

/** For each code unit, once asked for: what `folded` answers. */
const FOLDED = new Uint16Array(0x10000);

/**
 * A code unit that is the same for all which differ in letter case alone. Units that share it need not be equal, as the
 * rules above are narrower.
 */
export function folded(unit: number): number {
  const known = FOLDED[unit];
  if (known !== 0 || unit === 0) return known;
  const letter = String.fromCharCode(unit).toUpperCase().toLowerCase();
  FOLDED[unit] = letter.length === 1 ? letter.charCodeAt(0) : unit;
  return FOLDED[unit];
}
