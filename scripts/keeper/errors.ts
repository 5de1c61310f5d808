/** The book does not fit the events: some are missing, or came twice. */
export class BookOutOfStepError extends Error {
  constructor(account: string, problem: string) {
    super(
      `The book does not fit the events of ${account}: ${problem}. Build it anew from the block in which the market was created.`,
    );
    this.name = "BookOutOfStepError";
  }
}
