import { setTimeout as sleep } from "node:timers/promises";

import { readAccount } from "../../client/account-reading.ts";
import type { NodeProvider } from "../node.ts";
import { marketIn } from "../books.ts";
import { UsageError } from "../errors.ts";
import { toJson } from "../output.ts";
import type { Run } from "../program.ts";
import { openSession } from "../session.ts";
import { chooseAccount } from "../signer.ts";
import type { Surroundings } from "../surroundings.ts";
import { textOf, type AccountOptions } from "./position.ts";

interface WatchOptions extends AccountOptions {
  readonly every: string;
}

/** What a terminal takes for: hide and show the cursor, go up some lines, clear from here on. */
const HIDE = "\u001b[?25l";
const SHOW = "\u001b[?25h";
const up = (lines: number): string => (lines === 0 ? "" : `\r\u001b[${lines}A`);
const CLEAR = "\u001b[J";

/** Draws the position with each new block, in place; without a terminal, one after the other. */
export const watch: Run<WatchOptions> = async (surroundings, [said, named], options) => {
  const every = everyOf(options.every);
  const { node, book } = await openSession(surroundings, options);
  const { market } = marketIn(book, said);
  const account = await chooseAccount(surroundings, node, named, options.from);
  const { terminal, interrupted } = surroundings;
  const { stdout } = terminal;
  const redraws = stdout.isTTY === true && options.json !== true;
  if (redraws) stdout.write(HIDE);
  let drawn = 0;
  try {
    for await (const block of newBlocks(node, every, surroundings)) {
      const reading = await readAccount(node, market, account, block);
      if (options.json === true) {
        // One line a block: programs read them as they come.
        stdout.write(`${toJson({ account, block: reading.block, position: reading.position }, 0)}\n`);
        continue;
      }
      const text = `${textOf(reading)}\n\nCtrl-C ends.\n`;
      stdout.write(redraws ? `${up(drawn)}${CLEAR}${text}` : `${text}\n`);
      drawn = text.split("\n").length - 1;
    }
  } finally {
    if (redraws) stdout.write(SHOW);
  }
  if (interrupted.aborted && redraws) stdout.write("\n");
};

/** Numbers of new blocks, the present one first, until the person interrupts. */
async function* newBlocks(node: NodeProvider, every: number, { interrupted }: Surroundings): AsyncGenerator<number> {
  let last = -1;
  while (!interrupted.aborted) {
    const number = await node.getBlockNumber();
    if (number !== last) yield number;
    last = number;
    await sleep(every, undefined, { signal: interrupted }).catch(() => undefined);
  }
}

function everyOf(text: string): number {
  const seconds = Number(text);
  if (/^\d{1,4}(\.\d{1,3})?$/u.test(text) && seconds > 0) return seconds * 1_000;
  throw new UsageError(`--every is ${JSON.stringify(text)}`, "Write a number of seconds.");
}
