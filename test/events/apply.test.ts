import { expect } from "chai";

import { ZERO_ADDRESS } from "../../src/protocol/address.ts";
import { debtAllowanceAt } from "../../src/protocol/market/debt-ceilings.ts";
import { positionOf, sharesOf } from "../../src/protocol/market/state.ts";
import { DAY } from "../../src/protocol/units.ts";
import { applyEvent } from "../../src/events/apply.ts";
import { limitOfNumber, type CreatedMarket } from "../../src/events/decode.ts";
import { InconsistentEventsError } from "../../src/events/errors.ts";
import type { EventPlace, MarketEvent } from "../../src/events/events.ts";
import { newRebuiltMarket, type RebuiltMarket } from "../../src/events/rebuilt-market.ts";
import { accountOf } from "../support/accounts.ts";
import { DOLLARS } from "../support/session/kinds.ts";

const ACCOUNT = accountOf(0xa1);
const OTHER = accountOf(0xb2);

const CREATED: CreatedMarket = {
  address: accountOf(0xc3),
  loanToken: accountOf(0xd4),
  collateralToken: accountOf(0xe5),
  oracle: accountOf(0xf6),
  authority: accountOf(0xf7),
  params: DOLLARS.params,
};

const at = (blockNumber: number, logIndex: number, timestamp = 1_000n + BigInt(blockNumber)): EventPlace => ({
  blockNumber,
  // Each event is in its own transaction, unless a test states otherwise.
  transactionIndex: logIndex,
  logIndex,
  timestamp,
});

/**
 * A rebuilt market with a deposit of 1,000,000 units and a position with 70 units of collateral and
 * 50 units of debt.
 */
function rebuiltWith(...events: MarketEvent[]): RebuiltMarket {
  const rebuilt = newRebuiltMarket(CREATED, at(1, 0));
  const start: MarketEvent[] = [
    { name: "Transfer", from: ZERO_ADDRESS, to: ACCOUNT, value: 1_000_000n },
    { name: "Deposit", assets: 1_000_000n },
    { name: "PositionAdjusted", account: ACCOUNT, collateralDelta: 70n, debtDelta: 50n, debtSharesDelta: 50n },
  ];
  for (const [i, event] of [...start, ...events].entries()) applyEvent(rebuilt, event, at(2, i));
  return rebuilt;
}

describe("applyEvent", () => {
  it("updates cash, debt, collateral, allowance and shares", () => {
    const { market } = rebuiltWith(
      { name: "Transfer", from: ACCOUNT, to: OTHER, value: 1n },
      { name: "CollateralSupplied", account: ACCOUNT, amount: 5n },
    );
    expect(market.books).to.deep.equal({ cash: 999_950n, debtShares: 50n });
    expect(market.totalCollateral).to.equal(75n);
    expect(positionOf(market, ACCOUNT)).to.deep.equal({ debtShares: 50n, collateral: 75n, drawnAt: 1_002n * 256n });
    expect(sharesOf(market, ACCOUNT)).to.equal(999_999n);
    expect(sharesOf(market, OTHER)).to.equal(1n);
    expect(market.lenders).to.deep.equal({
      totalShares: 1_000_000n,
      lastTotalAssets: 1_000_000n,
      pendingFees: 0n,
      feeFraction: 0n,
    });
    expect(market.ceiling.allowance).to.equal((DOLLARS.params.debtCap / 2n - 50n) * DAY);
  });

  it("removes empty positions and balances", () => {
    const { market } = rebuiltWith(
      { name: "PositionAdjusted", account: ACCOUNT, collateralDelta: -70n, debtDelta: -50n, debtSharesDelta: -50n },
      { name: "Transfer", from: ACCOUNT, to: OTHER, value: 1_000_000n },
    );
    expect([...market.positions.keys()]).to.be.empty;
    expect([...market.shares.keys()]).to.deep.equal([OTHER]);
  });

  it("keeps liquidation fees pending until a lender's action or a loss turns them into shares", () => {
    const liquidated = {
      name: "Liquidated",
      account: ACCOUNT,
      debtShares: 10n,
      collateral: 12n,
      payment: 13n,
      loss: 0n,
    } as const;
    const events: MarketEvent[] = [
      { ...liquidated, fee: 3n },
      { ...liquidated, fee: 2n },
    ];
    const before = { totalShares: 1_000_000n, lastTotalAssets: 1_000_000n, feeFraction: 0n };
    expect(rebuiltWith(...events).market.lenders).to.deep.equal({ ...before, pendingFees: 5n });
    for (const last of [
      { name: "LossBooked", loss: 1n, bufferSharesBurned: 0n },
      { name: "Deposit", assets: 0n },
    ] as const) {
      const { lenders } = rebuiltWith(...events, last).market;
      expect(lenders).to.deep.equal({ ...before, lastTotalAssets: 1_000_006n, pendingFees: 0n });
    }
  });

  it("restores the allowance used by a repaid debt, less the part that has aged", () => {
    const repaidAt = (seconds: bigint): bigint => {
      const rebuilt = rebuiltWith(
        { name: "LimitSet", limit: "debtCap", value: 200_000n },
        // Leaves room in the allowance for the restored part.
        { name: "PositionAdjusted", account: OTHER, collateralDelta: 1n, debtDelta: 50n, debtSharesDelta: 50n },
      );
      const borrowed = { name: "PositionAdjusted", account: ACCOUNT, collateralDelta: 0n } as const;
      applyEvent(rebuilt, { ...borrowed, debtDelta: 99_950n, debtSharesDelta: 99_950n }, at(2, 10));
      const before = debtAllowanceAt(rebuilt.market, 1_002n + seconds);
      applyEvent(
        rebuilt,
        { ...borrowed, debtDelta: -100_000n, debtSharesDelta: -100_000n },
        at(3, 0, 1_002n + seconds),
      );
      return debtAllowanceAt(rebuilt.market, 1_002n + seconds) - before;
    };
    expect(repaidAt(0n)).to.equal(100_000n);
    expect(repaidAt(DAY / 4n)).to.equal(75_000n);
    expect(repaidAt(DAY)).to.equal(0n);
  });

  it("throws for events out of order and for a repeated event", () => {
    const rebuilt = rebuiltWith();
    const event: MarketEvent = { name: "RaisesCleared" };
    for (const place of [at(1, 9), at(2, 1), at(2, 2), at(3, 0, 1n)]) {
      expect(() => {
        applyEvent(rebuilt, event, place);
      }, String(place.blockNumber)).to.throw(InconsistentEventsError);
    }
  });

  it("throws for impossible states, which prove that events are missing", () => {
    const impossible: MarketEvent[] = [
      { name: "Withdraw", assets: 1_000_000n },
      { name: "Transfer", from: OTHER, to: ACCOUNT, value: 1n },
      { name: "PositionAdjusted", account: ACCOUNT, collateralDelta: -71n, debtDelta: 0n, debtSharesDelta: 0n },
      { name: "PositionAdjusted", account: ACCOUNT, collateralDelta: 0n, debtDelta: -51n, debtSharesDelta: -51n },
      { name: "PositionAdjusted", account: OTHER, collateralDelta: 1n, debtDelta: 999_951n, debtSharesDelta: 1n },
      { name: "Liquidated", account: OTHER, debtShares: 1n, collateral: 0n, payment: 1n, fee: 0n, loss: 0n },
    ];
    for (const event of impossible) expect(() => rebuiltWith(event), event.name).to.throw(InconsistentEventsError);
    const borrowed = DOLLARS.params.debtCap;
    expect(() =>
      rebuiltWith(
        { name: "Deposit", assets: borrowed },
        {
          name: "PositionAdjusted",
          account: OTHER,
          collateralDelta: 1n,
          debtDelta: borrowed,
          debtSharesDelta: borrowed,
        },
      ),
    ).to.throw(InconsistentEventsError, "allowance");
    expect(() => limitOfNumber(6n)).to.throw(InconsistentEventsError);
  });
});
