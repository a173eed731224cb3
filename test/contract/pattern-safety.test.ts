import { isSafePattern } from '../../src/contract/pattern-safety';

/** Each takes half a second at least on a text made for that, some of them minutes. */
describe('is not safe', () => {
  test.each([
    // Bounded repetitions of each other.
    '^(\\w{1,15}\\s?){1,8}$',
    '^(a?a?a?){10}$',
    '^(a{1,19}){1,19}$',
    '^([A-Za-z0-9]{1,10}[-_ ]?){1,10}$',
    '^([a-z]{1,15}){2,9}!$',
    '^x((ab){1,9}c?){1,9}$',
    '^((a|b|ab){4}){9}$',
    '^((a{1,19}){1,19}){1,19}$',
    '^((a|a|a)!|(b{1,15}c?){1,8})$',
    '^(?=(a{1,19}){1,19}$)a',
    // `^` does not stand for the start here.
    '[^b]*[^b]*b',
    '[\\^a]*a*b',
    '\\^?a*a*b',
    'a*a*b|^c',
    '(^c|a*a*b)',
    '(?:^c)?a*a*b',
    // What a match can fail by after its last letter.
    '^a*a*a*(?=b)',
    '^a*a*a*(?!a|$)',
    '^a*a*a*\\b',
    '^a*a*a*(?:\\b$)',
    // What is looked for beside.
    '^(?=a*a*a*b)a',
    '(?=a*a*b)a',
    // Letters of one script.
    '^(\\p{Script=Hangul}+)+$',
    '^(\\p{Script=Thai}+)+$',
    '^(\\p{Script=Thai}|\\p{L})+$',
    '^([\\p{Script=Thai}x]|[\\p{Script=Thai}y])+$',
  ])('%s', (pattern) => {
    expect(isSafePattern(pattern)).toBe(false);
  });
});

describe('is safe', () => {
  test.each([
    '^((25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1?\\d?\\d)$',
    '^([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}$',
    '^(([0-9a-fA-F]{1,4}:){1,7}:|([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,5}(:[0-9a-fA-F]{1,4}){1,2})$',
    '^(?!-)[a-z0-9-]{1,63}(?<!-)(\\.(?!-)[a-z0-9-]{1,63}(?<!-))*$',
    '^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$',
    '^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.){1,8}[a-z]{2,63}$',
    '^[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\\.){1,8}[A-Za-z]{2,63}$',
    '^[\\w.!#$%&*+/=?^`{|}~-]+@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$',
    '^\\p{L}{1,50}( \\p{L}{1,50}){0,5}$',
    '^(\\d{1,3},?){1,5}$',
    '^((\\+|00)\\d{1,3}[ -]?)?(\\d{1,4}[ -]?){2,5}\\d$',
    '^\\+?(\\d{1,3})?[-. ]?\\(?\\d{1,4}\\)?([-. ]?\\d{1,4}){1,4}$',
    '^[A-Z]{2,4}-\\d{1,6}(,[A-Z]{2,4}-\\d{1,6}){0,19}$',
    '^([A-Z0-9]{1,12}[-_]){1,10}[A-Z0-9]{1,12}$',
    '^(?=.*\\d.*\\d)(?=.*[A-Z])(?=.*[^\\w]).{8,64}$',
    '^(?=.{1,64}$)[a-z]+(?:-[a-z]+)*$',
    '^(0|[1-9]\\d*)(\\.(0|[1-9]\\d*)){2}(-[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?(\\+[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?$',
    '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$',
    '^\\s*\\S+(\\s+\\S+)*\\s*$',
    '^a*a*a*',
    '^(?!b)a*a*a*',
    '^a*a*a*($|b?)',
    '^a*a*b|^c',
    '(?:^a*|^b)a*c$',
    '^(?=a*a*a*)b',
    '^\\p{Script=Hangul}+( \\p{Script=Hangul}+)*$',
    '^(\\p{Script=Thai}|\\p{Script=Hangul}+\\d)*$',
    '^[\\p{Script=Thai}]*[]*$',
    '^(a?){8}$',
    '^(?:[a-zA-Z]{1,20}[ -]?){1,4}$',
    '^[a-zA-Z0-9]{1,30}(?:[ _-]?[a-zA-Z0-9]{1,30}){0,3}$',
    '^P(?!$)(\\d+Y)?(\\d+M)?(\\d+W)?(\\d+D)?(T(?=\\d)(\\d+H)?(\\d+M)?(\\d+S)?)?$',
  ])('%s', (pattern) => {
    expect(isSafePattern(pattern)).toBe(true);
  });
});

describe('large patterns come to a verdict', () => {
  test.each([
    ['^(\\p{L}{1,60}[ -]){0,12}\\p{L}{1,61}$', true],
    [`^(${'[a-z]?[0-9]?'.repeat(21)};){1,9}$`, false],
    ['^(a?;){201}$', true],
  ])('%s', (pattern, isSafe) => {
    expect(isSafePattern(pattern)).toBe(isSafe);
  });
});
