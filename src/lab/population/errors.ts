/** Settings from which no population can be made. */
export class InvalidPopulationError extends Error {
  constructor(problem: string, advice: string) {
    super(`No population can be made: ${problem}. ${advice}`);
    this.name = "InvalidPopulationError";
  }
}
