import { constants, existsSync } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { loadPrices } from "../../src/lab/scenario/price-file.ts";
import type { Progress } from "../../src/lab/simulation/progress.ts";
import { compileContracts } from "../command/compile.ts";
import { failureMessage } from "../command/failure.ts";
import { checkNode } from "../command/node-version.ts";
import { terminalProgress, type Terminal } from "../command/terminal-progress.ts";
import { UsageError } from "../command/words.ts";
import { parseOptions } from "./options.ts";
import { RpcServer } from "./rpc-server.ts";
import { USAGE } from "./usage.ts";

/** Where the command writes to. */
export interface Streams {
  /** What it is there for: addresses and accounts, then a line for each interval. */
  readonly stdout: Pick<Terminal, "write">;
  /** Progress and failures. */
  readonly stderr: Terminal;
}

/** Milliseconds in which a step that is under way may end when the command is told to stop. */
const PATIENCE = 2_000;

/**
 * The devnet's command: returns when it is told to stop, or has failed.
 * @param args words of the command line after the program.
 * @param stop tells it to stop.
 * @returns the exit code: 0 if it was told to stop, whenever that was; 1 for a failure, which has
 * been reported then.
 */
export async function devnet(args: readonly string[], streams: Streams, stop: AbortSignal): Promise<number> {
  const work = run(args, streams, stop).then(
    () => 0,
    (error: unknown) => {
      if (stop.aborted) return 0;
      streams.stderr.write(`${failureMessage(error)}\n`);
      return 1;
    },
  );
  const stopped = new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    stop.addEventListener("abort", () => {
      resolve();
    });
  });
  await Promise.race([work, stopped]);
  return Promise.race([work, sleep(PATIENCE, 0)]);
}

async function run(args: readonly string[], { stdout, stderr }: Streams, stop: AbortSignal): Promise<void> {
  const options = parseOptions(args);
  if (options.help) {
    stdout.write(USAGE);
    return;
  }
  checkNode("devnet");
  const path = await loadPrices(options.prices);
  await checkWritable(options.book);
  const server = await RpcServer.listen(options.port);
  try {
    // Compiled and loaded only now: it takes seconds or minutes, which neither the help nor a wrong
    // option should cost.
    await compileContracts(stderr, stop);
    const compiled = performance.now();
    const { startDevnet } = await import("./start.ts");
    const { live } = await import("./live.ts");
    const devnet = await startDevnet(options, path, server, endingWith(stop, terminalProgress(stderr)));
    stop.throwIfAborted();
    const startSeconds = (performance.now() - compiled) / 1_000;
    await live(devnet, { ...options, startSeconds }, { stdout, stderr }, stop);
  } finally {
    await server.close();
  }
}

/** Makes sure of the address book before it takes half a minute to have something for it. */
async function checkWritable(book: string): Promise<void> {
  try {
    const folder = dirname(book);
    await mkdir(folder, { recursive: true });
    await access(existsSync(book) ? book : folder, constants.W_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `--book is ${JSON.stringify(book)}, which can't be written (${reason})`,
      "Give the name of a file in a folder that you may write to.",
    );
  }
}

/** A progress at whose next step the work ends, once that is asked for. */
function endingWith(stop: AbortSignal, progress: Progress): Progress {
  return {
    begin(...args) {
      stop.throwIfAborted();
      progress.begin(...args);
    },
    step(...args) {
      stop.throwIfAborted();
      progress.step(...args);
    },
  };
}
