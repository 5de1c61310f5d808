/** The command line can't be understood. */
export class UsageError extends Error {
  constructor(problem: string, advice: string) {
    super(`${problem}. ${advice} Try --help.`);
    this.name = "UsageError";
  }
}

/** Prices that the demo's feed or pool can't carry. */
export class UnusablePricesError extends Error {
  constructor(problem: string, advice: string) {
    super(`These prices can't be replayed: ${problem}. ${advice}`);
    this.name = "UnusablePricesError";
  }
}

/** The borrowers do not fit into the market. */
export class BorrowersRefusedError extends Error {
  constructor(waiting: number) {
    super(
      `${waiting} borrowers wait for a market below its leverage cap, and nobody is left who would bring it there. ` +
        "Take more positions, or another seed.",
    );
    this.name = "BorrowersRefusedError";
  }
}
