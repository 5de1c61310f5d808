import { availableParallelism } from "node:os";

import { ProofError } from "../engine/errors.ts";
import { readCount, readOptions } from "../engine/usage.ts";
import { OPERATORS, type Operator } from "./mutant.ts";

export const USAGE = `Changes the contracts in one small place at a time and runs the Solidity tests: each change should make one fail.
The results are kept in scripts/proof/mutation/results.jsonl. Tried are mutants without one, or whose source has changed since; what
survived, if any contract or test has changed; and what ran out of time. A run may be interrupted; the next one goes on.

npm run proof:mutation -- [options]

  --files PATTERN   sources to change, e.g. "contracts/libraries/L*.sol"; may be repeated
                    (default: the market, the factory and the libraries that they use)
  --only OPERATOR   kinds of change: ${OPERATORS.join(", ")}; may be repeated
  --sample N        N of the mutants, chosen by --seed
  --seed TEXT       (default: 1)
  --processes N     (default: one a core)
  --listed          tries those too that accepted.json lists as equivalent: is the list right?
  --fresh           tries all again, whatever their results
  --json            the results, for machines
  --help

Fails if less than 95% of the mutants die, or if one survives that accepted.json gives no reason for.
`;

export interface MutationOptions {
  readonly files: readonly string[];
  readonly only: readonly Operator[];
  readonly sample: number | undefined;
  readonly seed: string;
  readonly processes: number;
  readonly listed: boolean;
  readonly fresh: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

/**
 * Reads the command line.
 * @throws ProofError if it can't be understood.
 */
export function parseOptions(args: readonly string[]): MutationOptions {
  const values = readOptions(args, {
    files: { type: "string", multiple: true },
    only: { type: "string", multiple: true },
    sample: { type: "string" },
    seed: { type: "string" },
    processes: { type: "string" },
    listed: { type: "boolean" },
    fresh: { type: "boolean" },
    json: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  });
  return {
    files: values.files ?? [],
    only: (values.only ?? []).map(operator),
    sample: values.sample === undefined ? undefined : readCount("sample", values.sample),
    seed: values.seed ?? "1",
    processes: values.processes === undefined ? availableParallelism() : readCount("processes", values.processes),
    listed: values.listed ?? false,
    fresh: values.fresh ?? false,
    json: values.json ?? false,
    help: values.help ?? false,
  };
}

function operator(name: string): Operator {
  const found = OPERATORS.find((known) => known === name);
  if (found === undefined) throw new ProofError(`--only is ${JSON.stringify(name)}: one of ${OPERATORS.join(", ")}.`);
  return found;
}
