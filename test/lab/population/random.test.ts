import { expect } from "chai";

import { randomFrom, type Random } from "../../../src/lab/population/random.ts";
import { effort } from "../../support/effort.ts";
import { expectClose } from "../../support/expect-close.ts";

function take(random: Random, count: number): number[] {
  return Array.from({ length: count }, () => random.next());
}

describe("randomFrom", () => {
  it("gives the same numbers for the same seed, for ever", () => {
    expect(take(randomFrom("seed"), 100)).to.deep.equal(take(randomFrom("seed"), 100));
    expect(take(randomFrom(42), 3)).to.deep.equal(take(randomFrom("42"), 3));
    // Pinned: a change of these changes the figures of every run that people have published with a
    // seed.
    expect(take(randomFrom(1), 3)).to.deep.equal([0.5449271900148667, 0.8385187494272397, 0.47276172858247045]);
  });

  it("gives unrelated numbers for seeds that differ little", () => {
    const means = Array.from({ length: 1000 }, (_, seed) => randomFrom(seed).next());
    expect(new Set(means).size).to.equal(1000);
    expectClose(means.reduce((sum, value) => sum + value, 0) / 1000, 0.5, 0.03);
  });

  it("gives every seed a stream of its own", () => {
    const beginning = (random: Random): string =>
      Array.from({ length: 4 }, () => random.nextInteger(2 ** 32).toString(16)).join();
    // A hash of 32 bits gave one stream to two of the first hundred thousand of these, and to 127
    // pairs in a million.
    const seeds = Array.from({ length: effort(100_000, 1_000_000) }, (_, index) => 7_919 * index);
    expect(new Set(seeds.map((seed) => beginning(randomFrom(seed)))).size).to.equal(seeds.length);
    expect(beginning(randomFrom(40_189))).not.to.equal(beginning(randomFrom(797_186)));
  });

  it("does not take a purpose for a part of the seed", () => {
    expect(take(randomFrom("a").fork("b").fork("c"), 3)).not.to.deep.equal(take(randomFrom("a").fork("b/c"), 3));
    expect(take(randomFrom("a/b"), 3)).not.to.deep.equal(take(randomFrom("a").fork("b"), 3));
  });

  it("is even over whole numbers of any size, and refuses bounds that are none", () => {
    const random = randomFrom("integers");
    // Were 53 bits taken modulo 3 * 2^51, the lowest third of the numbers would come half of the
    // time.
    const below = 3 * 2 ** 51;
    const low = Array.from({ length: 20_000 }, () => random.nextInteger(below)).filter((value) => value < below / 3);
    expectClose(low.length / 20_000, 1 / 3, 0.017);
    expect(random.nextInteger(1)).to.equal(0);
    for (const wrong of [0, -1, 1.5, 2 ** 53, Number.NaN, Infinity]) {
      expect(() => random.nextInteger(wrong), String(wrong)).to.throw(RangeError, "whole number");
    }
  });

  it("is even over [0, 1) and over whole numbers", () => {
    const random = randomFrom("even");
    const tenths = new Array<number>(10).fill(0);
    for (const value of take(random, 100_000)) {
      expect(value).to.be.within(0, 1 - 2 ** -53);
      const tenth = Math.floor(value * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    // Each tenth has 10,000 with a standard deviation of 95.
    for (const count of tenths) expectClose(count, 10_000, 480);
    const rolls = new Set(Array.from({ length: 200 }, () => random.nextInteger(6)));
    expect([...rolls].sort()).to.deep.equal([0, 1, 2, 3, 4, 5]);
  });

  it("has neighbours that do not depend on each other", () => {
    const values = take(randomFrom("pairs"), 50_000);
    const products = values.slice(1).map((value, index) => (value - 0.5) * ((values[index] ?? 0) - 0.5));
    const correlation = (products.reduce((sum, product) => sum + product, 0) / products.length) * 12;
    expectClose(correlation, 0, 0.02);
  });

  it("shuffles without losing or changing anything", () => {
    const items = Array.from({ length: 50 }, (_, index) => index);
    const shuffled = randomFrom("cards").shuffled(items);
    expect(shuffled).not.to.deep.equal(items);
    expect(shuffled.toSorted((a, b) => a - b)).to.deep.equal(items);
    expect(items[0]).to.equal(0);
    // Each of the six orders of three comes once in six, with a standard deviation of 29.
    const random = randomFrom("orders");
    const orders = Array.from({ length: 6_000 }, () => random.shuffled(["a", "b", "c"]).join(""));
    for (const order of ["abc", "acb", "bac", "bca", "cab", "cba"]) {
      expectClose(orders.filter((one) => one === order).length, 1_000, 150);
    }
  });

  it("forks into streams that do not shift each other", () => {
    const alone = take(randomFrom("x").fork("sizes"), 5);
    const busy = randomFrom("x");
    take(busy, 1000);
    take(busy.fork("kinds"), 1000);
    expect(take(busy.fork("sizes"), 5)).to.deep.equal(alone);
    expect(take(busy.fork("kinds"), 5)).not.to.deep.equal(alone);
  });
});
