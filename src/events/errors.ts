import { CantileverError } from "../errors.ts";

/** The events that a rebuilt market was fed can't be all that the market emitted, in the order in which it did. */
export class InconsistentEventsError extends CantileverError {
  constructor(problem: string) {
    super({
      code: "INCONSISTENT_EVENTS",
      problem,
      advice:
        "Rebuild the market from its creation on, from every event in order: the copy of the chain that they come " +
        "from lacks some, or was reorganized.",
    });
  }
}

/** A log that no event of the market explains. */
export class UnexpectedLogError extends CantileverError {
  constructor(place: string, problem: string) {
    super({
      code: "UNEXPECTED_LOG",
      problem: `${place}: ${problem}`,
      advice: "Check the address of the market, and that the node answers what it was asked.",
    });
  }
}
