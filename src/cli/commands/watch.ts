import { setTimeout as sleep } from "node:timers/promises";

import { readAccount, type AccountReading } from "../../client/account-reading.ts";
import { CantileverError } from "../../errors.ts";
import type { NodeProvider } from "../node.ts";
import { marketIn } from "../books.ts";
import { UsageError } from "../errors.ts";
import { toJson } from "../output.ts";
import type { Run } from "../program.ts";
import { openSession } from "../session.ts";
import { chooseAccount } from "../signer.ts";
import { textOf, type AccountOptions } from "./position.ts";

interface WatchOptions extends AccountOptions {
  readonly every: string;
}

/**
 * Control sequences of terminals: hide and show the cursor, go up some lines, clear from here on.
 */
const HIDE = "\u001b[?25l";
const SHOW = "\u001b[?25h";
const up = (lines: number): string => (lines === 0 ? "" : `\r\u001b[${lines}A`);
const CLEAR = "\u001b[J";

/** Failures of the node in a row before it is given up: some minutes of them, at the usual pace. */
const MOST_FAILURES = 60;

/** Draws the position with each new block, in place; without a terminal, one after the other. */
export const watch: Run<WatchOptions> = async (surroundings, [said, named], options) => {
  const every = everyOf(options.every);
  const { node, book } = await openSession(surroundings, options);
  const { market } = marketIn(book, said);
  const account = await chooseAccount(surroundings, node, named, options.from);
  const { stdout } = surroundings.terminal;
  const interrupted = surroundings.takeInterrupts();
  const redraws = stdout.isTTY === true && options.json !== true;
  let drawn = 0;
  const draw = ({ block, position }: AccountReading, text: string): void => {
    // One line a block: programs read them as they come.
    if (options.json === true) stdout.write(`${toJson({ account, block, position }, 0)}\n`);
    else stdout.write(redraws ? `${up(drawn)}${CLEAR}${text}` : `${text}\n`);
    drawn = rowsOf(text, stdout.columns);
  };
  if (redraws) stdout.write(HIDE);
  try {
    await eachBlock(node, every, interrupted, async (block) => {
      const reading = await readAccount(node, market, account, block);
      draw(reading, `${textOf(reading)}\n\nCtrl-C ends.\n`);
    });
  } finally {
    if (redraws) stdout.write(`${SHOW}\n`);
  }
};

/**
 * Looks for a new block again and again until the person interrupts, and does something with each.
 * A node that fails now and then is asked again.
 */
async function eachBlock(
  node: NodeProvider,
  every: number,
  interrupted: AbortSignal,
  doWith: (block: number) => Promise<void>,
): Promise<void> {
  let last: number | undefined;
  let failures = 0;
  while (!interrupted.aborted) {
    try {
      const number = await node.getBlockNumber();
      if (number !== last) await doWith(number);
      last = number;
      failures = 0;
    } catch (error) {
      const mayPass = error instanceof CantileverError && error.retryable && last !== undefined;
      if (!mayPass || ++failures > MOST_FAILURES) throw error;
    }
    await sleep(every, undefined, { signal: interrupted }).catch(() => undefined);
  }
}

/** Rows of a terminal that a text takes: long lines go on in the next row. */
function rowsOf(text: string, columns = 0): number {
  // Some terminals don't tell their width, or tell zero.
  const width = columns > 0 ? columns : 80;
  const rows = text.split("\n").map((line) => Math.max(1, Math.ceil(line.length / width)));
  // After the last line break nothing follows.
  return rows.reduce((sum, one) => sum + one, -1);
}

function everyOf(text: string): number {
  const seconds = Number(text);
  if (/^\d{1,4}(\.\d{1,3})?$/u.test(text) && seconds > 0) return seconds * 1_000;
  throw new UsageError(`--every is ${JSON.stringify(text)}`, "Write a number of seconds.");
}
