import { setTimeout as sleep } from "node:timers/promises";

import { failureMessage } from "../command/failure.ts";
import type { Streams } from "./devnet.ts";
import { intervalLine, intervalObject, readyObject, readyText, type About } from "./output.ts";
import type { DevnetOptions } from "./options.ts";
import type { Devnet } from "./start.ts";

/**
 * Seconds of the chain's time from one step to the next: what a guard's mean over 90 seconds can
 * follow.
 */
const STEP = 30;
/** Seconds of the chain's time that a line may stand for. */
const INTERVALS = [30, 60, 120, 300, 600, 1_800, 3_600];
const LONGEST = 10_800;
/** Seconds of a clock on the wall between two lines, at least. */
const LINE_EVERY = 10;

/** Lets the market live until it is told to stop, and says how it is. */
export async function live(
  devnet: Devnet,
  options: DevnetOptions & Pick<About, "startSeconds">,
  { stdout, stderr }: Streams,
  stop: AbortSignal,
): Promise<void> {
  const { market, path, turns } = devnet;
  const { speed, json, quiet } = options;
  const interval = INTERVALS.find((seconds) => seconds >= speed * LINE_EVERY) ?? LONGEST;
  const about: About = { ...options, interval };
  stdout.write(json ? lineOf(readyObject(devnet, about)) : readyText(devnet, about));

  let complained = "";
  let due = performance.now();
  for (let steps = 0; !stop.aborted; ++steps) {
    try {
      await turns.take(() => market.step(STEP));
      if (!quiet && steps % (interval / STEP) === 0) {
        const figures = await turns.take(() => market.figures());
        stdout.write(json ? lineOf(intervalObject(figures)) : intervalLine(figures, path));
      }
      complained = "";
    } catch (error) {
      const problem = failureMessage(error);
      if (problem !== complained) stderr.write(`The market stood still for a step, and goes on: ${problem}\n`);
      complained = problem;
    }
    // On a machine that is too slow, time passes more slowly: a jump would tear feed and pool
    // apart.
    const now = performance.now();
    due = Math.max(due + (STEP * 1_000) / speed, now);
    await sleep(due - now, undefined, { signal: stop }).catch(() => undefined);
  }
}

/** What has no bound is null. */
function lineOf(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
