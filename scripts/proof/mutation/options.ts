import { availableParallelism } from "node:os";

import { ProofError } from "../engine/errors.ts";
import { readCount, readOptions } from "../engine/usage.ts";
import { OPERATORS, type Operator } from "./mutant.ts";

export const USAGE = `Makes one small change of the contracts at a time and runs the Solidity tests: each change should
make a test fail. Results are stored in scripts/proof/mutation/results.jsonl. A run tries mutants
without a result, mutants of changed sources, survivors after a change of any contract or test, and
timeouts. A run may be interrupted; the next one continues.

npm run proof:mutation -- [options]

  --files PATTERN   sources to change, e.g. "contracts/libraries/L*.sol"; may be repeated
                    (default: the market, the factory and the libraries that they use)
  --only OPERATOR   kinds of change: ${OPERATORS.join(", ")}; may be repeated
  --sample N        only N of the mutants, chosen by --seed
  --seed TEXT       (default: 1)
  --processes N     (default: one per core)
  --listed          also try mutants listed as equivalent in accepted.json, to check the list
  --fresh           try all again, whatever their results
  --json            print the results as JSON
  --help            print this text

Fails if less than 95% of the mutants are killed, or if a survivor has no reason in accepted.json.
`;

/** Options of a mutation run. */
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
 * Parses the command line.
 * @throws ProofError if it is invalid.
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
  if (found === undefined)
    throw new ProofError(`--only is ${JSON.stringify(name)}: give one of ${OPERATORS.join(", ")}.`);
  return found;
}
