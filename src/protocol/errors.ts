/** A calculation was asked for values that the contracts never reach. */
export class OutOfRangeError extends Error {
  constructor(quantity: string, value: bigint, allowed: string) {
    super(`${quantity} is ${value}, but must be ${allowed}. Check its unit and where it comes from.`);
    this.name = "OutOfRangeError";
  }
}
