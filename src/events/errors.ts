import { CantileverError } from "../errors.ts";

/** Thrown when the events applied to a rebuilt market are incomplete or out of order. */
export class InconsistentEventsError extends CantileverError {
  constructor(problem: string) {
    super({
      code: "INCONSISTENT_EVENTS",
      problem,
      advice:
        "Rebuild the market from its creation, with every event in order: the source of the events lacks some of " +
        "them, or its chain was reorganized.",
    });
  }
}

/** Thrown when a log is not a valid event of the expected contract. */
export class UnexpectedLogError extends CantileverError {
  constructor(place: string, problem: string) {
    super({
      code: "UNEXPECTED_LOG",
      problem: `${place}: ${problem}`,
      advice: "Check the address of the contract, and whether the node returns the requested logs.",
    });
  }
}
