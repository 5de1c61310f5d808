/** Tells how far a simulation is. */
export interface Progress {
  /** Something begins that takes a moment. */
  begin(title: string): void;
  /** One of many similar things is done. */
  step(title: string, done: number, total: number, detail?: string): void;
}

/** Tells nothing. */
export const silent: Progress = { begin: () => undefined, step: () => undefined };
