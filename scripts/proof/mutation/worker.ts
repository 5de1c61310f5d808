/**
 * A process that tries mutants. The parent process ends it if it hangs. Argument: the file of the
 * base build.
 */
import { readBase } from "../engine/base.ts";
import { Project } from "../engine/project.ts";
import type { Mutant } from "./mutant.ts";
import { Trial, type Outcome } from "./try.ts";

/** A mutant to try. */
export interface Task {
  readonly mutant: Mutant;
  readonly first: readonly string[];
}

/** Answer to a task. */
export type Reply = { readonly outcome: Outcome } | { readonly error: string };

const trial = new Trial(new Project(), readBase(process.argv[2] ?? ""));

async function reply({ mutant, first }: Task): Promise<Reply> {
  try {
    return { outcome: await trial.run(mutant, first) };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

process.on("message", (task: Task) => {
  void reply(task).then((answer) => process.send?.(answer));
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
