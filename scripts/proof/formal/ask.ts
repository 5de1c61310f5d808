import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { ProofError } from "../engine/errors.ts";
import type { Answer } from "./check.ts";
import type { Claim, Verdict } from "./claims.ts";

/**
 * Time limit, several times that of the slowest proof on an idle machine. A longer search would not
 * succeed.
 */
export const TIME_LIMIT_SECONDS = 120;

/** Engines of the checker: bounded model checking, and constrained Horn clauses. */
export const ENGINES = ["bmc", "chc"] as const;
export type Engine = (typeof ENGINES)[number];

/** A claim and its verdict. */
export interface Judged {
  readonly claim: Claim;
  readonly verdict: Verdict;
  readonly seconds: number;
  /**
   * Number of checks in the claim: assertions, and arithmetic that must not overflow. Zero after a
   * timeout.
   */
  readonly checks: number;
  /** A counterexample, if the claim is refuted. */
  readonly counterexample?: string;
}

/**
 * Asks the model checker about a claim, in a separate process.
 * @throws ProofError if the claim does not compile.
 */
export async function judge(claim: Claim, engine: Engine = "bmc", limitSeconds = TIME_LIMIT_SECONDS): Promise<Judged> {
  const begin = performance.now();
  const args = [claim.source, claim.contract, engine];
  const checker = fork(join(import.meta.dirname, "check.ts"), args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  let answer: Answer | undefined;
  checker.once("message", (message) => (answer = message as Answer));
  const timer = setTimeout(() => checker.kill("SIGKILL"), limitSeconds * 1_000);
  const [code] = (await once(checker, "exit")) as [number | null];
  clearTimeout(timer);
  if (answer === undefined && code !== null) throw new ProofError(`${claim.contract} could not be checked: see above.`);
  const seconds = (performance.now() - begin) / 1_000;
  return answer === undefined ? { claim, verdict: "unknown", seconds, checks: 0 } : judged(claim, answer, seconds);
}

function judged(claim: Claim, { proved, refuted, unknown, isVacuous }: Answer, seconds: number): Judged {
  const checks = proved + refuted.length + unknown;
  const [counterexample] = refuted;
  if (counterexample !== undefined) return { claim, verdict: "refuted", seconds, checks, counterexample };
  if (isVacuous) return { claim, verdict: "vacuous", seconds, checks };
  // A claim without checks proves nothing.
  return { claim, verdict: unknown === 0 && proved > 0 ? "proved" : "unknown", seconds, checks };
}
