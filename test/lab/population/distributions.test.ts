import { expect } from "chai";

import {
  apportion,
  draw,
  drawSpread,
  lognormal,
  normal,
  normalQuantile,
  pareto,
  withParetoTail,
} from "../../../src/lab/population/distributions.ts";
import { randomFrom } from "../../../src/lab/population/random.ts";
import { percentile } from "../../../src/lab/population/summarize.ts";
import { expectClose } from "../../support/expect-close.ts";

const COUNT = 20_000;

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe("normalQuantile", () => {
  it("meets tabulated values", () => {
    const table = [
      [0.5, 0],
      [0.75, 0.6744897501960817],
      [0.95, 1.6448536269514722],
      [0.975, 1.959963984540054],
      [0.99, 2.3263478740408408],
      [0.999, 3.090232306167813],
      [1e-6, -4.753424308822899],
    ] as const;
    for (const [p, value] of table) expectClose(normalQuantile(p), value, 1e-8);
  });

  it("is symmetric and unbounded", () => {
    for (const p of [0.001, 0.02, 0.1, 0.3]) expectClose(normalQuantile(p), -normalQuantile(1 - p), 1e-8);
    expect(normalQuantile(0)).to.equal(-Infinity);
    expect(normalQuantile(1)).to.equal(Infinity);
  });
});

describe("distributions", () => {
  it("draw what they promise", () => {
    const random = randomFrom("draws");
    const sample = (quantile: (p: number) => number): number[] =>
      Array.from({ length: COUNT }, () => draw(quantile, random));
    const normals = sample(normal(10, 2));
    expectClose(mean(normals), 10, 0.06);
    expectClose(mean(normals.map((value) => (value - 10) ** 2)), 4, 0.16);
    const logs = sample(lognormal(3, 0.5)).map(Math.log);
    expectClose(mean(logs), Math.log(3), 0.015);
    const paretos = sample(pareto(2, 1.3));
    expect(Math.min(...paretos)).to.be.at.least(2);
    expectClose(paretos.filter((value) => value > 8).length / COUNT, 4 ** -1.3, 0.01);
  });

  it("join a Pareto tail without a jump", () => {
    const body = lognormal(1, 1.95);
    const joined = withParetoTail(body, 0.985, 1.3);
    expect(joined(0.5)).to.equal(body(0.5));
    expectClose(joined(0.985 + 1e-9), body(0.985), 1e-4);
    expectClose(joined(0.9985), body(0.985) * 10 ** (1 / 1.3), 1e-6);
  });

  it("lay out few draws as the whole is", () => {
    const values = drawSpread(lognormal(3, 1), 101, randomFrom("spread")).sort((a, b) => a - b);
    expectClose(percentile(values, 0.5), 3, 0.05);
    expectClose(percentile(values, 0.9), 3 * Math.exp(normalQuantile(0.9)), 0.7);
  });
});

describe("apportion", () => {
  it("adds up, and stays within one of the exact share", () => {
    expect(apportion(100, [2 / 3, 1 / 5, 2 / 15])).to.deep.equal([67, 20, 13]);
    for (const count of [0, 1, 2, 7, 101]) {
      const parts = apportion(count, [2 / 3, 1 / 5, 2 / 15]);
      expect(parts.reduce((sum, part) => sum + part, 0)).to.equal(count);
    }
  });
});
