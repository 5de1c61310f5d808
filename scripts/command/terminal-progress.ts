import type { Progress } from "../../src/lab/simulation/progress.ts";

/** What of a terminal, or a file in its place, is needed here. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const ERASE_LINE = "\r\u001B[2K";
/** Lines for a log file, where nothing can be overwritten: one in so many. */
const LOGGED_PARTS = 4;

/** Progress on a terminal, as a line that is overwritten; in a log, as a few lines. */
export function terminalProgress(terminal: Terminal): Progress {
  let open = false;
  const end = (): void => {
    if (open) terminal.write("\n");
    open = false;
  };
  return {
    begin(title) {
      end();
      terminal.write(`${title}\n`);
    },
    step(title, done, total, detail) {
      const line = `${title}: ${done} of ${total}${detail === undefined ? "" : ` (${detail})`}`;
      if (terminal.isTTY === true) {
        terminal.write(`${ERASE_LINE}${line.slice(0, (terminal.columns ?? 80) - 1)}`);
        open = done < total;
        if (!open) terminal.write("\n");
      } else if (done === total || done % Math.ceil(total / LOGGED_PARTS) === 0) {
        terminal.write(`${line}\n`);
      }
    },
  };
}
