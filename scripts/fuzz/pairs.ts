import { makeArrayCase } from './arrays';
import { makeEvent } from './events';
import { write } from './json';
import { noEvent, spoilEvent, spoilPattern } from './mutations';
import { makePattern } from './patterns';
import { makeTheme } from './theme';
import { Random } from '../random';

export interface FuzzPair {
  readonly pattern: string;
  readonly event: string;
}

/** The pair of that number: any pair can be made again without those before it. */
export function makePair(seed: number, index: number): FuzzPair {
  const random = new Random('pair', seed, index);
  if (random.chance(0.15)) {
    const { pattern, event } = makeArrayCase(random);
    return { pattern: write(pattern), event: write(event) };
  }
  const theme = makeTheme(random);
  const pattern = makePattern(random, theme);
  const event = makeEvent(pattern, random, theme);
  const odd = () => (random.chance(0.15) ? random : undefined);
  const kind = random.next();
  if (kind < 0.12) return { pattern: spoilPattern(pattern, random, theme), event: write(event, odd()) };
  const text = write(pattern, odd());
  if (kind < 0.18) return { pattern: text, event: random.chance(0.05) ? noEvent(random) : spoilEvent(event, random) };
  return { pattern: text, event: write(event, odd()) };
}
