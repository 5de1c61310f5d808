import { baseBuild, readBase } from "../engine/base.ts";
import { ProofError } from "../engine/errors.ts";
import { Progress } from "../engine/progress.ts";
import { Project } from "../engine/project.ts";
import { runCommand } from "../engine/usage.ts";
import { readAccepted } from "./accepted.ts";
import { Journal } from "./journal.ts";
import type { Mutant } from "./mutant.ts";
import { parseOptions, USAGE } from "./options.ts";
import { tryAll } from "./pool.ts";
import { passes, renderScore, scoreOf } from "./score.ts";
import { selectMutants } from "./targets.ts";
import { baselineFailure } from "./try.ts";

await runCommand(async () => {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(USAGE);
    return true;
  }
  const project = new Project();
  const progress = new Progress(process.stderr);
  const mutants = selectMutants(project, options);
  const accepted = readAccepted();
  const journal = Journal.of(project);
  const results = options.fresh ? [] : journal.read(mutants);
  const isDone = (mutant: Mutant): boolean => results.some(({ mutant: { id } }) => id === mutant.id);
  if (!options.listed) {
    const equivalent = new Set(accepted.filter((known) => known.equivalent).map(({ id }) => id));
    const listed = mutants.filter((mutant) => equivalent.has(mutant.id) && !isDone(mutant));
    results.push(...listed.map((mutant) => ({ mutant, outcome: { status: "listed" } as const })));
  }
  const pending = mutants.filter((mutant) => !isDone(mutant));
  if (pending.length > 0) {
    const base = baseBuild(project, (what) => {
      progress.say(what);
    });
    progress.say("running the tests on the unchanged code");
    const failure = await baselineFailure(project, readBase(base));
    if (failure)
      throw new ProofError(`The test ${failure.suite}.${failure.test} fails on the unchanged code: ${failure.reason}`);
    const survivors = (): number => results.filter(({ outcome }) => outcome.status === "survived").length;
    await tryAll(pending, base, options.processes, (result) => {
      journal.note(result);
      results.push(result);
      const { file, line } = result.mutant;
      progress.say(`${results.length} of ${mutants.length}, ${survivors()} survived; ${file}:${line}`);
    });
  }
  progress.end();

  const order = new Map(mutants.map(({ id }, index) => [id, index]));
  results.sort((a, b) => (order.get(a.mutant.id) ?? 0) - (order.get(b.mutant.id) ?? 0));
  const isWhole = options.only.length === 0 && options.sample === undefined;
  if (isWhole) journal.tidy(mutants);
  const complete = new Set(isWhole ? mutants.map(({ file }) => file) : []);
  const score = scoreOf(results, accepted, complete);
  const json = { score: { ...score, accepted: score.accepted.length, unexplained: score.unexplained.length }, results };
  process.stdout.write(options.json ? `${JSON.stringify(json)}\n` : `${renderScore(results, accepted, complete)}\n`);
  return passes(score);
});
