import { seedWords } from "./seed-words.ts";

/** A stream of numbers that look random and are the same for the same seed. */
export interface Random {
  /** The next number, evenly spread over [0, 1), with 53 bits. */
  next(): number;
  /** The next whole number, evenly spread over 0 ... below - 1. */
  nextInteger(below: number): number;
  /** A new order of the items; leaves the given array as it is. */
  shuffled<T>(items: readonly T[]): T[];
  /** A stream of its own for one purpose: drawing more from it does not shift what the others give. */
  fork(purpose: string): Random;
}

/** Rounds that mix the seed into the whole state before the first number is given out. */
const WARM_UP_ROUNDS = 15;

/**
 * Makes a stream from a seed: the generator sfc32 (Chris Doty-Humphrey's "small fast counting", from PractRand), 128
 * bits of state of which 32 are a counter, so that no seed leads into a short cycle. Good enough for statistics, not
 * for secrets.
 * @param seed any text, or a number, which is the same as its decimal text.
 */
export function randomFrom(seed: string | number): Random {
  let [a, b, c] = seedWords(String(seed));
  let counter = 1;

  function nextWord(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  function next(): number {
    const high = nextWord() >>> 5;
    const low = nextWord() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  function nextInteger(below: number): number {
    return Math.floor(next() * below);
  }

  function shuffled<T>(items: readonly T[]): T[] {
    // Each item gets a number to be sorted by. Equal numbers, one case in 2^53, keep their order, so the result is
    // still determined.
    const keyed = items.map((item) => ({ item, key: next() }));
    return keyed.sort((left, right) => left.key - right.key).map(({ item }) => item);
  }

  for (let round = 0; round < WARM_UP_ROUNDS; round++) nextWord();
  return { next, nextInteger, shuffled, fork: (purpose) => randomFrom(`${seed}/${purpose}`) };
}
