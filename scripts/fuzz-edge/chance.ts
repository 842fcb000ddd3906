import { createRandom } from '../../src/cli/drill/create-random.ts';

/** Chance that repeats itself: the same seed and case give the same requests. */
export interface Chance {
  /** A whole number from `low` up to and without `high`. */
  whole(low: number, high: number): number;
  /** One of a list that is not empty. */
  pick<Item>(items: readonly Item[]): Item;
  /** True as often as the probability says. */
  maybe(probability: number): boolean;
  bytes(length: number): Buffer;
  /** Hexadecimal digits. */
  hex(digits: number): string;
}

const GOLDEN = 0x9e3779b1; // spreads neighbouring cases over all seeds

/** Makes the chance of one case of a run. */
export function createChance(seed: number, at: number): Chance {
  const random = createRandom((Math.imul(seed, GOLDEN) ^ Math.imul(at + 1, 0x85ebca6b)) >>> 0);
  const whole = (low: number, high: number): number => low + Math.floor(random() * (high - low));
  return {
    whole,
    pick(items) {
      const [first] = items.slice(whole(0, items.length));
      if (first === undefined) throw new RangeError('expected a list that is not empty');
      return first;
    },
    maybe: (probability) => random() < probability,
    bytes: (length) => Buffer.from(Array.from({ length }, () => whole(0, 256))),
    hex: (digits) => Array.from({ length: digits }, () => whole(0, 16).toString(16)).join(''),
  };
}
