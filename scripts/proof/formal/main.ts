import { availableParallelism } from "node:os";

import { ProofError } from "../engine/errors.ts";
import { Progress } from "../engine/progress.ts";
import { Project } from "../engine/project.ts";
import { readOptions, runCommand } from "../engine/usage.ts";
import { renderTable } from "../../../src/report/table.ts";
import { ENGINES, judge, TIME_LIMIT_SECONDS, type Engine, type Judged } from "./ask.ts";
import { readClaims, wordsOf, type Claim } from "./claims.ts";

const USAGE = `Asks the compiler's model checker (SMTChecker, z3) about each claim under test/formal, for all
inputs in the stated ranges. OpenZeppelin's Math is replaced by the model in
test/formal/MathModel.sol.

npm run proof:formal -- [options]

  --only TEXT    only claims whose name contains TEXT
  --engine NAME  bmc (bounded, default) or chc, which takes longer and leaves some claims unanswered
  --json         print the verdicts as JSON
  --help         print this text

A claim takes some seconds, at most ${TIME_LIMIT_SECONDS}; all claims take some minutes. Fails if a
verdict is not as expected: no proof of a true claim, or no counterexample to a false one.
`;

await runCommand(async () => {
  const options = readOptions(process.argv.slice(2), {
    only: { type: "string" },
    engine: { type: "string", default: "bmc" },
    json: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  });
  if (options.help) {
    process.stdout.write(USAGE);
    return true;
  }
  const claims = readClaims(new Project()).filter(({ contract }) => contract.includes(options.only ?? ""));
  if (claims.length === 0) throw new ProofError(`No claim has ${options.only ?? ""} in its name.`);
  const engine = ENGINES.find((name) => name === options.engine);
  if (engine === undefined) {
    throw new ProofError(`--engine is ${JSON.stringify(options.engine)}: give ${ENGINES.join(" or ")}.`);
  }
  const results = await judgeAll(claims, engine, new Progress(process.stderr));
  process.stdout.write(options.json ? `${JSON.stringify(results)}\n` : `${render(results)}\n`);
  return results.every(isAsExpected);
});

async function judgeAll(claims: readonly Claim[], engine: Engine, progress: Progress): Promise<Judged[]> {
  const results = new Map<Claim, Judged>();
  const pending = [...claims];
  const serve = async (): Promise<void> => {
    for (let claim = pending.shift(); claim !== undefined; claim = pending.shift()) {
      results.set(claim, await judge(claim, engine));
      progress.say(`${results.size} of ${claims.length} claims`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, serve));
  progress.end();
  return claims.flatMap((claim) => results.get(claim) ?? []);
}

function isAsExpected({ claim, verdict }: Judged): boolean {
  return verdict === claim.expected;
}

function render(results: readonly Judged[]): string {
  const rows = results.map((result) => {
    const { claim, verdict, checks, seconds } = result;
    const note = isAsExpected(result) ? (claim.note ?? "") : `expected: ${claim.expected}`;
    return [wordsOf(claim), verdict, String(checks), seconds.toFixed(1), note];
  });
  const right = { align: "right" } as const;
  const columns = [
    { title: "claim" },
    { title: "answer" },
    { title: "checks", ...right },
    { title: "seconds", ...right },
  ];
  const refuted = results.filter((result) => result.verdict === "refuted" && !isAsExpected(result));
  return [
    renderTable([...columns, { title: "" }], rows),
    ...refuted.map(({ claim, counterexample }) => `\n${claim.contract}: ${counterexample ?? ""}`),
  ].join("\n");
}
