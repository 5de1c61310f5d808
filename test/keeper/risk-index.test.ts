import { expect } from "chai";

import { isLiquidatable, PositionBook, type LiquidationTerms } from "../../src/keeper/risk-index.ts";
import { WAD } from "../../src/protocol/units.ts";
import { randomFrom } from "../../src/lab/population/random.ts";

/** 2,000 loan tokens (6 decimals) per collateral token (18 decimals). */
const PRICE = 2_000n * 10n ** 24n;
const TERMS: LiquidationTerms = { borrowIndex: WAD, price: PRICE, liquidationLeverage: 65_000n };

const usd = (amount: number): bigint => BigInt(Math.round(amount * 1e6));
const eth = (amount: number): bigint => BigInt(Math.round(amount * 1e6)) * 10n ** 12n;
const names = (positions: readonly { account: string }[]): string[] => positions.map(({ account }) => account);

describe("PositionBook", () => {
  it("puts the riskiest first, and what has debt without collateral before all", () => {
    const book = new PositionBook(usd(100));
    book.set("cautious", usd(1_000), eth(1));
    book.set("bold", usd(1_700), eth(1));
    book.set("bare", usd(500), 0n);
    book.set("large", usd(150_000), eth(100));
    expect(names(book.positions)).to.deep.equal(["bare", "bold", "large", "cautious"]);
    expect(book.size).to.equal(4);
  });

  it("orders by the exact ratio, where division would see no difference", () => {
    const book = new PositionBook(1n);
    const huge = 10n ** 30n;
    book.set("less", huge, huge);
    book.set("more", huge + 1n, huge);
    book.set("between", 2n * huge + 1n, 2n * huge);
    expect(names(book.positions)).to.deep.equal(["more", "between", "less"]);
  });

  it("forgets a position without debt, and moves one that changes", () => {
    const book = new PositionBook(usd(100));
    book.set("a", usd(1_000), eth(1));
    book.set("b", usd(1_500), eth(1));
    book.set("a", usd(1_600), eth(1));
    expect(names(book.positions)).to.deep.equal(["a", "b"]);
    book.set("a", 0n, eth(1));
    expect(names(book.positions)).to.deep.equal(["b"]);
    expect(book.get("a")).to.be.undefined;
    book.set("unknown", 0n, 0n);
    expect(book.size).to.equal(1);
  });

  it("finds a position one unit of debt beyond the limit, and not the one on it", () => {
    // At 6.5x, a collateral of 13,000 carries a debt of 11,000.
    const book = new PositionBook(usd(100));
    book.set("on the limit", usd(11_000), eth(6.5));
    book.set("beyond", usd(11_000) + 1n, eth(6.5));
    expect(names(book.liquidatable(TERMS))).to.deep.equal(["beyond"]);
  });

  it("follows price, interest and a falling limit without being told of positions", () => {
    const book = new PositionBook(usd(100));
    book.set("a", usd(1_600), eth(1));
    expect(book.liquidatable(TERMS)).to.be.empty;
    expect(book.liquidatable({ ...TERMS, price: (PRICE * 94n) / 100n })).to.have.length(1);
    expect(book.liquidatable({ ...TERMS, borrowIndex: (WAD * 106n) / 100n })).to.have.length(1);
    expect(book.liquidatable({ ...TERMS, liquidationLeverage: 49_000n })).to.have.length(1);
  });

  it("answers as if it asked the market's rule of every position, whatever happened before", () => {
    const random = randomFrom("position book");
    for (let run = 0; run < 60; ++run) {
      const minDebt = BigInt(Math.floor(random.next() * 50)) + 1n;
      const book = new PositionBook(minDebt);
      const held = new Map<string, { debtShares: bigint; collateral: bigint }>();
      const terms = {
        borrowIndex: WAD + BigInt(Math.floor(random.next() * 1e9)) * BigInt(Math.floor(random.next() * 1e9)),
        price: 10n ** 36n + BigInt(Math.floor(random.next() * 1e9)) * 10n ** 27n,
        liquidationLeverage: 11_000n + BigInt(Math.floor(random.next() * 100_000)),
      };
      for (let change = 0; change < 120; ++change) {
        // Small amounts, of which each unit counts, near the limit, so that rounding decides.
        const account = `account ${Math.floor(random.next() * 40)}`;
        const debtShares = random.next() < 0.2 ? 0n : minDebt + BigInt(Math.floor(random.next() * 200));
        const near = (debtShares * terms.borrowIndex * terms.liquidationLeverage * 10n ** 18n) / terms.price;
        const collateral =
          random.next() < 0.1 ? 0n : near / (terms.liquidationLeverage - 10_000n) + offset(random.next());
        book.set(account, debtShares, collateral > 0n ? collateral : 0n);
        held.set(account, { debtShares, collateral: collateral > 0n ? collateral : 0n });
      }
      const all = [...held].filter(([, { debtShares }]) => debtShares > 0n);
      const expected = all.filter(([, position]) => isLiquidatable(position, terms)).map(([account]) => account);
      expect(names(book.liquidatable(terms)).sort()).to.deep.equal(expected.sort());
      expect(names(book.positions).sort()).to.deep.equal(all.map(([account]) => account).sort());
      expectSorted(book);
    }
  });
});

function offset(share: number): bigint {
  return BigInt(Math.floor(share * 9)) - 4n;
}

function expectSorted(book: PositionBook): void {
  for (const [index, { debtShares, collateral }] of book.positions.entries()) {
    const next = book.positions[index + 1];
    if (next === undefined) return;
    expect(debtShares * next.collateral >= next.debtShares * collateral, `position ${index}`).to.be.true;
  }
}
