import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import {
  dropToLiquidation,
  equityAfterMove,
  leverageOf,
  liquidationPriceOf,
  loopLeverage,
  maxLoopLeverage,
} from "../../src/protocol/closed-forms.ts";
import { liquidationAmounts } from "../../src/protocol/market/liquidation-amounts.ts";
import { ETHER_5X } from "../../src/protocol/presets.ts";
import { ONE_X, PRICE_SCALE, WAD } from "../../src/protocol/units.ts";

const PAGE = readFileSync(join(import.meta.dirname, "../../docs/concepts.md"), "utf8");
const USD = 10n ** 6n;
const ETH = 10n ** 18n;

/** The cells of each row of the table whose header begins so. */
function table(header: string): string[][] {
  const lines = PAGE.split("\n");
  const isHeader = (line: string, index: number): boolean =>
    cellsOf(line)[0] === header && /^\|[ :|-]+\|$/u.test(lines[index + 1] ?? "");
  const start = lines.findIndex(isHeader);
  expect(start, `a table of ${header}`).to.be.at.least(0);
  const end = lines.findIndex((line, index) => index > start && !line.startsWith("|"));
  return lines.slice(start + 2, end).map(cellsOf);
}

function cellsOf(line: string): string[] {
  return line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** A number with at most so many decimals, rounded down, without trailing zeros. */
function decimal(value: bigint, one: bigint, digits: number): string {
  return String(Math.floor((Number(value) / Number(one)) * 10 ** digits + 1e-9) / 10 ** digits);
}

function percent(value: bigint): string {
  return `${decimal(value * 100n, WAD, 2)}%`;
}

function priceOf(dollars: bigint): bigint {
  return (dollars * USD * PRICE_SCALE) / ETH;
}

function whole(text: string | undefined): bigint {
  return BigInt((text ?? "").replaceAll(",", "").replace("x", ""));
}

describe("docs/concepts.md", () => {
  it("moves equity by the leverage", () => {
    const rows = table("leverage");
    expect(rows).to.have.length(5);
    for (const [leverage, up, down, all] of rows) {
      const times = whole(leverage) * WAD;
      expect(up).to.equal(percent(equityAfterMove(times, WAD / 10n)));
      expect(down).to.equal(percent(equityAfterMove(times, -WAD / 10n)));
      expect(all).to.equal(percent(WAD / whole(leverage)));
    }
  });

  it("loops to the leverage of its table and of its chart", () => {
    const ltv = (WAD * 8n) / 10n;
    const rounded = (loops: number): number => Math.round(Number(loopLeverage(ltv, loops)) / 1e15) / 1e3;
    const [shown] = table("loops");
    const expected = [0, 1, 2, 3, 5, 10, 20].map((loops) => `${rounded(loops)}x`);
    expect(shown).to.deep.equal(["leverage", ...expected, `${decimal(maxLoopLeverage(ltv), WAD, 3)}x`]);
    const line = /line \[(?<values>[\d., ]+)\]/u.exec(PAGE)?.groups?.values;
    expect(line?.split(", ").map(Number)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(rounded));
  });

  it("raises the leverage as the price falls", () => {
    const rows = table("price");
    expect(rows).to.have.length(4);
    for (const [price, collateral, equity, leverage] of rows) {
      const value = 40n * whole(price);
      expect(whole(collateral)).to.equal(value);
      expect(whole(equity)).to.equal(value - 60_000n);
      expect(leverage).to.equal(`${decimal(leverageOf(60_000n, value) ?? 0n, ONE_X, 2)}x`);
    }
  });

  it("survives the falls that it says", () => {
    for (const [leverage, fall] of table("opened at")) {
      expect(fall?.replace(/0%$/u, "%")).to.equal(
        percent(dropToLiquidation(whole(leverage) * ONE_X, ETHER_5X.liquidationLeverage)),
      );
    }
    const price = liquidationPriceOf(60_000n * USD, 40n * ETH, ETHER_5X.liquidationLeverage) ?? 0n;
    expect(PAGE).to.include(
      `at ${(Number(price) / Number(priceOf(1n))).toLocaleString("en", { maximumFractionDigits: 2 })} dollars`,
    );
  });

  it("liquidates as the market does", () => {
    const { liquidationLeverage } = ETHER_5X;
    const terms = { params: ETHER_5X, index: WAD, price: priceOf(1_750n), liquidationLeverage };
    const held = { debtShares: 60_000n * USD, collateral: 40n * ETH };
    const amounts = liquidationAmounts(terms, held, 10n ** 30n);
    const debt = Number(amounts?.debtShares) / 1e6;
    const seized = Number(amounts?.collateral) / 1e18;
    const repaid = Math.round(debt);
    const ether = seized.toFixed(2);
    const worth = Math.round(seized * 1_750);
    const bonus = ((seized * 1_750) / debt - 1) * 100;
    expect(PAGE.replaceAll(/\s+/gu, " ")).to.include(
      `repays ${repaid.toLocaleString("en")} dollars of Alice's debt and takes ${ether} ETH, worth ` +
        `${worth.toLocaleString("en")}: a bonus of ${bonus.toFixed(2)}%. Alice keeps ${(40 - Number(ether)).toFixed(2)} ETH ` +
        `with a debt of ${(60_000 - repaid).toLocaleString("en")}, which is a leverage of 4.5x`,
    );
  });

  it("amplifies a fall by the branching ratio", () => {
    const rows = table("positions");
    expect(rows).to.have.length(5);
    for (const [positions, ratio, fall] of rows) {
      const branching = (4 - 1) * Number(positions?.replace(" million", "")) * 0.01;
      expect(Number(ratio).toFixed(9)).to.equal(branching.toFixed(9));
      const sum = Math.round((2 / (1 - branching)) * 100) / 100;
      expect(fall).to.equal(branching < 1 ? `${sum}%` : "no limit");
    }
  });

  it("names the limits of the recommended market", () => {
    const bounds = table("bounded quantity").map((row) => row.at(-1));
    const times = (leverage: bigint): string => `${decimal(leverage, ONE_X, 1)}x`;
    expect(bounds).to.include.members([
      times(ETHER_5X.maxLeverage),
      times(ETHER_5X.systemLeverageCap),
      times(ETHER_5X.targetLeverage),
      `a fall by at least ${percent(ETHER_5X.entryGap)}`,
      `another fall by ${percent(ETHER_5X.safetyMargin)}`,
      `${ETHER_5X.debtCap / USD / 10n ** 6n} million dollars`,
      `${percent(ETHER_5X.dailyAllowance)} of the cap`,
      `up to ${percent(ETHER_5X.bufferTarget)} of all shares`,
    ]);
  });
});
