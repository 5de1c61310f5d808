import { expect } from "chai";

import { PositionBook } from "../../src/keeper/risk-index.ts";
import { BookOutOfStepError } from "../../src/keeper/errors.ts";
import { applyChange } from "../../src/keeper/events.ts";

const account = "0x0000000000000000000000000000000000000001";

describe("applyChange", () => {
  let book: PositionBook;
  let holdings: Map<string, bigint>;
  const apply = (debtSharesDelta: bigint, collateralDelta: bigint): void => {
    applyChange(book, holdings, { account, debtSharesDelta, collateralDelta });
  };
  beforeEach(() => {
    book = new PositionBook(1n);
    holdings = new Map();
  });

  it("adds up what happens to a position", () => {
    apply(100n, 50n);
    apply(-30n, 5n);
    expect(book.get(account)).to.deep.equal({ account, debtShares: 70n, collateral: 55n });
  });

  it("remembers collateral of accounts without debt", () => {
    apply(0n, 50n);
    expect(book.size).to.equal(0);
    apply(10n, 0n);
    expect(book.get(account)).to.deep.equal({ account, debtShares: 10n, collateral: 50n });
    apply(-10n, 0n);
    apply(0n, -50n);
    expect(book.size).to.equal(0);
    expect(holdings.size).to.equal(0);
  });

  it("refuses an event that does not fit what came before", () => {
    apply(10n, 10n);
    expect(() => {
      apply(-11n, 0n);
    }).to.throw(BookOutOfStepError, "-1 debt shares");
    expect(() => {
      apply(0n, -11n);
    }).to.throw(BookOutOfStepError, "-1 units of collateral");
  });
});
