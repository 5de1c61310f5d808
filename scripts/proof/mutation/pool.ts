import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { ProofError } from "../engine/errors.ts";
import type { Mutant } from "./mutant.ts";
import type { Outcome } from "./try.ts";
import type { Reply, Task } from "./worker.ts";

/** Time limit of a mutant, several times the time of a survivor. It ends endless loops. */
const TIME_LIMIT = 900_000;
/** Mutants per process: the compiler never frees memory. */
const TASKS_PER_PROCESS = 150;

/** A mutant and its outcome. */
export interface Result {
  readonly mutant: Mutant;
  readonly outcome: Outcome;
}

/** Tries mutants in several processes. `onResult` is called with each result as it comes. */
export async function tryAll(
  mutants: readonly Mutant[],
  base: string,
  processes: number,
  onResult: (result: Result) => void,
): Promise<void> {
  const pending = [...mutants];
  const learned = new Learned();
  const serve = async (): Promise<void> => {
    let worker: ChildProcess | undefined;
    let tasks = 0;
    try {
      for (let mutant = pending.shift(); mutant !== undefined; mutant = pending.shift()) {
        worker ??= await start(base);
        const outcome = await ask(worker, { mutant, first: learned.first(mutant.file) });
        learned.note(mutant.file, outcome);
        onResult({ mutant, outcome });
        tasks += 1;
        if (outcome.status === "timeout" || tasks % TASKS_PER_PROCESS === 0) {
          worker.kill("SIGKILL");
          worker = undefined;
        }
      }
    } catch (error) {
      pending.length = 0;
      throw error;
    } finally {
      worker?.kill("SIGKILL");
    }
  };
  await Promise.all(Array.from({ length: Math.min(processes, mutants.length) }, serve));
}

async function start(base: string): Promise<ChildProcess> {
  const worker = fork(join(import.meta.dirname, "worker.ts"), [base], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  await once(worker, "message");
  return worker;
}

async function ask(worker: ChildProcess, task: Task): Promise<Outcome> {
  const ended = new AbortController();
  const { signal } = ended;
  const { promise, resolve } = Promise.withResolvers<Reply | "late" | "died">();
  const timer = setTimeout(resolve, TIME_LIMIT, "late");
  once(worker, "message", { signal }).then(
    ([reply]) => {
      resolve(reply as Reply);
    },
    () => undefined,
  );
  once(worker, "exit", { signal }).then(
    () => {
      resolve("died");
    },
    () => undefined,
  );
  worker.send(task);
  const answer = await promise;
  clearTimeout(timer);
  ended.abort();
  if (answer === "late") return { status: "timeout" };
  if (answer === "died") throw new ProofError(`The test runner ended at the mutant ${task.mutant.id}`);
  if ("error" in answer) throw new ProofError(`${task.mutant.id}: ${answer.error}`);
  return answer.outcome;
}

/** The suites that have killed mutants of a source so far. */
class Learned {
  readonly #kills = new Map<string, Map<string, number>>();

  note(file: string, outcome: Outcome): void {
    if (outcome.status !== "killed") return;
    const kills = this.#kills.get(file) ?? new Map<string, number>();
    this.#kills.set(file, kills.set(outcome.suite, (kills.get(outcome.suite) ?? 0) + 1));
  }

  first(file: string): string[] {
    const kills = [...(this.#kills.get(file) ?? [])].sort(([, a], [, b]) => b - a);
    return kills.slice(0, 4).map(([suite]) => suite);
  }
}
