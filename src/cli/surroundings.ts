import type { Terminal } from "./terminal.ts";

/** What a command finds around it. */
export interface Surroundings {
  readonly terminal: Terminal;
  readonly environment: NodeJS.ProcessEnv;
  /** Aborted when the person presses Ctrl-C. */
  readonly interrupted: AbortSignal;
}

/** Options of every command. */
export interface GlobalOptions {
  readonly rpcUrl?: string;
  readonly book?: string;
  readonly deployment?: string;
  readonly json?: boolean;
}
