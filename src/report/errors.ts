/** A report without a single step: there is nothing to draw. */
export class EmptyReportError extends Error {
  constructor() {
    super("The report has no steps, so there is nothing to draw. Fill `series` with at least one step of the run.");
    this.name = "EmptyReportError";
  }
}
