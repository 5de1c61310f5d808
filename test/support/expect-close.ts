import { expect } from "chai";

/**
 * For fractions, of which `closeTo` is no longer capable once Hardhat's matchers are loaded: they
 * make it take integers.
 */
export function expectClose(actual: number | undefined, expected: number, delta: number): void {
  expect(Math.abs((actual ?? Number.NaN) - expected), `${actual} against ${expected}`).to.be.at.most(delta);
}
