import { expect } from "chai";

import { barsToPath } from "../../../src/lab/scenario/bars-to-path.ts";
import type { Bar } from "../../../src/lab/scenario/types.ts";

const about = { name: "test.csv", title: "Test", source: "Made up." };
const rising: Bar = { timestamp: 1000, open: 100, high: 120, low: 90, close: 110 };
const falling: Bar = { timestamp: 1060, open: 110, high: 115, low: 70, close: 80 };

describe("barsToPath", () => {
  it("goes low first in a rising bar, high first in a falling one, and spreads them over the bar's span", () => {
    expect(barsToPath(about, [rising, falling])).to.deep.equal({
      ...about,
      startsAt: 1000,
      points: [
        { seconds: 0, price: 100 },
        { seconds: 15, price: 90 },
        { seconds: 30, price: 120 },
        { seconds: 45, price: 110 },
        { seconds: 60, price: 110 },
        { seconds: 75, price: 115 },
        { seconds: 90, price: 70 },
        { seconds: 105, price: 80 },
      ],
    });
  });

  it("does not stretch a bar over a hole in the data", () => {
    const later = [0, 60, 120, 3600].map((seconds) => ({ ...rising, timestamp: 1000 + seconds }));
    const { points } = barsToPath(about, later);
    expect(points.slice(8, 13).map(({ seconds }) => seconds)).to.deep.equal([120, 135, 150, 165, 3600]);
  });

  it("ascends strictly even where bars are as close as they may be", () => {
    const { points } = barsToPath(about, [rising, { ...falling, timestamp: 1004 }, { ...rising, timestamp: 1060 }]);
    for (const [index, { seconds }] of points.entries()) expect(seconds).to.be.above(points[index - 1]?.seconds ?? -1);
  });
});
