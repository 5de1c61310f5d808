import { hash } from "node:crypto";

import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

/** A stream of numbers that look random and are the same for the same seed. */
export interface Random {
  /** The next number, evenly spread over [0, 1), with 53 bits. */
  next(): number;
  /**
   * The next whole number, evenly spread over 0 ... below - 1, without a bias.
   * @param below a whole number from 1 to 2^53 - 1.
   * @throws RangeError if it is not.
   */
  nextInteger(below: number): number;
  /** A new order of the items; leaves the given array as it is. */
  shuffled<T>(items: readonly T[]): T[];
  /**
   * A stream of its own for one purpose: drawing more from it does not shift what the others give.
   */
  fork(purpose: string): Random;
}

/**
 * Makes a stream from a seed. Good enough for statistics, not for secrets.
 * @param seed any text, or a number, which is the same as its decimal text.
 */
export function randomFrom(seed: string | number): Random {
  return stream([String(seed)]);
}

/**
 * The stream of a seed and of the purposes for which it has been forked: the generator
 * xoroshiro128+, in a state of 128 bits that is the beginning of their SHA-256. Two seeds share a
 * stream with a probability of 2^-128; a state of fewer bits gives the same stream to many of a
 * million seeds.
 */
function stream(path: readonly string[]): Random {
  // As JSON, no two paths have the same text.
  const digest = hash("sha256", JSON.stringify(path), "buffer");
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => digest.readInt32BE(offset)));

  function nextInteger(below: number): number {
    if (!Number.isSafeInteger(below) || below < 1) {
      throw new RangeError(`A random number is to be below ${below}. Give a whole number from 1 to 2^53 - 1.`);
    }
    return uniformInt(generator, 0, below - 1);
  }

  function shuffled<T>(items: readonly T[]): T[] {
    const left = [...items];
    // Each place gets one of the items that no place has got yet: what is drawn makes room for the
    // last of them.
    return items.map(() => {
      const index = nextInteger(left.length);
      const drawn = left[index] as T;
      left[index] = left[left.length - 1] as T;
      left.pop();
      return drawn;
    });
  }

  return {
    next: () => uniformFloat64(generator),
    nextInteger,
    shuffled,
    fork: (purpose) => stream([...path, purpose]),
  };
}
