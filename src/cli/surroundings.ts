import type { Terminal } from "./terminal.ts";

/** The terminal, the environment and the signals of a command. */
export interface Surroundings {
  readonly terminal: Terminal;
  readonly environment: NodeJS.ProcessEnv;
  /**
   * Takes Ctrl-C over, which otherwise ends the process at once: the signal is aborted by it, and
   * the command ends in its own way.
   */
  takeInterrupts(): AbortSignal;
}

/** Options of every command. */
export interface GlobalOptions {
  readonly rpcUrl?: string;
  readonly book?: string;
  readonly deployment?: string;
  readonly json?: boolean;
}
