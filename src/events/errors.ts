/** The events that a replica was fed can't be all that a market emitted, in the order in which it did. */
export class InconsistentEventsError extends Error {
  constructor(problem: string) {
    super(
      `${problem}. Start a new replica, and feed it every event of the market in order, from its creation on; the copy of the ` +
        `chain that they come from may lack some, or have been reorganized.`,
    );
    this.name = "InconsistentEventsError";
  }
}
