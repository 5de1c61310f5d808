/** The book does not fit the events: some are missing, or came twice. */
export class BookOutOfStepError extends Error {
  constructor(account: string, problem: string) {
    super(
      `The book does not fit the events of ${account}: ${problem}. Build it anew from the block in which the market was created.`,
    );
    this.name = "BookOutOfStepError";
  }
}

/** A log that was asked for as a change of a position, and is none. */
export class UnexpectedLogError extends Error {
  constructor({ blockNumber, index }: { readonly blockNumber: number; readonly index: number }) {
    super(`Log ${index} of block ${blockNumber} changes no position of a market. Check the address of the market.`);
    this.name = "UnexpectedLogError";
  }
}
