import { randomFrom, type Random } from "../../src/lab/population/random.ts";

const { FUZZ, FUZZ_SEED } = process.env;

/**
 * Whether a session must have come to all that there is: those of usual length do by the seed that
 * they have.
 */
export const reachesAll = FUZZ === "deep" || (FUZZ === undefined && FUZZ_SEED === undefined);

/**
 * How many steps or cases a test has: a tenth of the usual in `npm run test:unit`, more in
 * `npm run test:deep`.
 */
export function effort(usual: number, deep: number): number {
  if (FUZZ === "deep") return deep;
  return FUZZ === "unit" ? Math.ceil(usual / 10) : usual;
}

/** The time that a test may take, in milliseconds: without a limit in `npm run test:deep`. */
export function timeLimit(usual: number): number {
  return FUZZ === "deep" ? 0 : usual;
}

/** The random numbers of a test: always the same, unless FUZZ_SEED asks for others. */
export function randomOf(test: string): Random {
  return randomFrom(FUZZ_SEED === undefined ? test : `${FUZZ_SEED}/${test}`);
}
