import type { AnythingButMatcher, Matcher } from './model';

/** Longer values are cut in texts for people. */
const SHOWN_CHARACTERS = 60;

/** JSON text of a value, cut where it is long. */
export function shortened(text: string, isString: boolean): string {
  const cut = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  return isString ? JSON.stringify(cut) : cut;
}

/** What a matcher asks of a value, in words that go on from "it should be". */
export function inWords(matcher: Matcher): string {
  switch (matcher.operator) {
    case 'exactly':
      return shortened(matcher.value, true);
    case 'prefix':
      return `a string beginning with ${shortened(matcher.value, true)}${matcher.ignoreCase ? ' in any letter case' : ''}`;
    case 'suffix':
      return `a string ending with ${shortened(matcher.value, true)}${matcher.ignoreCase ? ' in any letter case' : ''}`;
    case 'equals-ignore-case':
      return `${shortened(matcher.value, true)} in any letter case`;
    case 'wildcard':
      return `a string like ${shortened(matcher.value, true)}`;
    case 'number':
      return `the number ${shortened(matcher.text, false)}`;
    case 'numeric':
      return `a number ${matcher.text.replace(/ (?=[<>])/, ' and ')}`;
    case 'cidr':
      return `an IP address in ${matcher.text}`;
    case 'address':
      return `the IP address ${matcher.text}`;
    case 'exists':
      return matcher.present ? 'present' : 'absent';
    case 'anything-but':
      return `anything but ${listed(matcher)}`;
    case 'unknown':
      return 'what only the deployment knows';
    default:
      return matcher.operator;
  }
}

function listed({ but }: AnythingButMatcher): string {
  const words = but.map((matcher) => (matcher.operator === 'number' ? matcher.text : inWords(matcher)));
  return joinWords(words, 'or');
}

/** `a, b or c`; what is more than eight is counted. */
export function joinWords(words: string[], conjunction: 'and' | 'or'): string {
  const shown = words.length > 8 ? [...words.slice(0, 7), `${words.length - 7} more`] : words;
  if (shown.length < 2) return shown.join('');
  return `${shown.slice(0, -1).join(', ')} ${conjunction} ${shown[shown.length - 1]}`;
}
