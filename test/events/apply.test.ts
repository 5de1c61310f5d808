import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { positionOf, sharesOf } from "../../src/protocol/market/state.ts";
import { applyEvent } from "../../src/events/apply.ts";
import type { CreatedMarket } from "../../src/events/created.ts";
import { InconsistentEventsError } from "../../src/events/errors.ts";
import type { EventPlace, MarketEvent } from "../../src/events/events.ts";
import { limitOfNumber } from "../../src/events/limit-number.ts";
import { newReplica, type Replica } from "../../src/events/rebuilt-market.ts";
import { DOLLARS } from "../support/session/kinds.ts";

const ACCOUNT = "0x00000000000000000000000000000000000000a1";
const OTHER = "0x00000000000000000000000000000000000000b2";

const CREATED: CreatedMarket = {
  address: "0x00000000000000000000000000000000000000c3",
  loanToken: "0x00000000000000000000000000000000000000d4",
  collateralToken: "0x00000000000000000000000000000000000000e5",
  oracle: "0x00000000000000000000000000000000000000f6",
  authority: "0x00000000000000000000000000000000000000f7",
  params: DOLLARS.params,
};

const at = (blockNumber: number, logIndex: number, timestamp = 1_000n + BigInt(blockNumber)): EventPlace => ({
  blockNumber,
  // A transaction of its own for each event, unless a test says otherwise.
  transactionIndex: logIndex,
  logIndex,
  timestamp,
});

/** A replica with a deposit of 1,000,000 units, and a position of 70 against 50. */
function replicaWith(...events: MarketEvent[]): Replica {
  const replica = newReplica(CREATED, at(1, 0));
  const start: MarketEvent[] = [
    { name: "Transfer", from: ZeroAddress, to: ACCOUNT, value: 1_000_000n },
    { name: "Deposit", assets: 1_000_000n },
    { name: "PositionAdjusted", account: ACCOUNT, collateralDelta: 70n, debtDelta: 50n, debtSharesDelta: 50n },
  ];
  for (const [i, event] of [...start, ...events].entries()) applyEvent(replica, event, at(2, i));
  return replica;
}

describe("A replica fed with events", () => {
  it("moves cash, debt, collateral, allowance and shares", () => {
    const { market } = replicaWith(
      { name: "Transfer", from: ACCOUNT, to: OTHER, value: 1n },
      { name: "CollateralSupplied", account: ACCOUNT, amount: 5n },
    );
    expect(market.books).to.deep.equal({ cash: 999_950n, debtShares: 50n });
    expect(market.totalCollateral).to.equal(75n);
    expect(positionOf(market, ACCOUNT)).to.deep.equal({ debtShares: 50n, collateral: 75n });
    expect(sharesOf(market, ACCOUNT)).to.equal(999_999n);
    expect(sharesOf(market, OTHER)).to.equal(1n);
    expect(market.lenders).to.deep.equal({ totalShares: 1_000_000n, lastTotalAssets: 1_000_000n, pendingFees: 0n });
    expect(market.ceiling.allowance).to.equal(DOLLARS.params.debtCap / 2n - 50n);
  });

  it("forgets positions and balances that are empty", () => {
    const { market } = replicaWith(
      { name: "PositionAdjusted", account: ACCOUNT, collateralDelta: -70n, debtDelta: -50n, debtSharesDelta: -50n },
      { name: "Transfer", from: ACCOUNT, to: OTHER, value: 1_000_000n },
    );
    expect([...market.positions.keys()]).to.be.empty;
    expect([...market.shares.keys()]).to.deep.equal([OTHER]);
  });

  it("keeps the fees of liquidations until a lender's action, or a loss, turns them into shares", () => {
    const liquidated = {
      name: "Liquidated",
      account: ACCOUNT,
      debtShares: 10n,
      collateral: 12n,
      payment: 13n,
    } as const;
    const events: MarketEvent[] = [
      { ...liquidated, fee: 3n },
      { ...liquidated, fee: 2n },
    ];
    const before = { totalShares: 1_000_000n, lastTotalAssets: 1_000_000n };
    expect(replicaWith(...events).market.lenders).to.deep.equal({ ...before, pendingFees: 5n });
    for (const last of [{ name: "LossBooked" }, { name: "Deposit", assets: 0n }] as const) {
      const { lenders } = replicaWith(...events, last).market;
      expect(lenders).to.deep.equal({ ...before, lastTotalAssets: 1_000_006n, pendingFees: 0n });
    }
  });

  it("gives the allowance back for a repayment in the transaction that took it, and for no other", () => {
    const borrowed = {
      name: "PositionAdjusted",
      account: ACCOUNT,
      collateralDelta: 0n,
      debtDelta: 40n,
      debtSharesDelta: 40n,
    } as const;
    const repaid = { ...borrowed, debtDelta: -60n, debtSharesDelta: -60n };
    const used = (transactionIndex: number): bigint => {
      const replica = replicaWith();
      applyEvent(replica, borrowed, { ...at(3, 10), transactionIndex: 1 });
      applyEvent(replica, repaid, { ...at(3, 11), transactionIndex });
      return DOLLARS.params.debtCap / 2n - replica.market.ceiling.allowance;
    };
    const refill = DOLLARS.params.debtCap / 2n / 86_400n;
    expect(refill).to.be.greaterThan(90n);
    // A second has refilled the first 50; of the 40 of this transaction none is left used.
    expect(used(1)).to.equal(0n);
    expect(used(2)).to.equal(40n);
  });

  it("refuses events out of order, and one that comes twice", () => {
    const replica = replicaWith();
    const event: MarketEvent = { name: "RaisesCleared" };
    for (const place of [at(1, 9), at(2, 1), at(2, 2), at(3, 0, 1n)]) {
      expect(() => {
        applyEvent(replica, event, place);
      }, String(place.blockNumber)).to.throw(InconsistentEventsError);
    }
  });

  it("refuses what can't be true: some events must be missing", () => {
    const impossible: MarketEvent[] = [
      { name: "Withdraw", assets: 1_000_000n },
      { name: "Transfer", from: OTHER, to: ACCOUNT, value: 1n },
      { name: "PositionAdjusted", account: ACCOUNT, collateralDelta: -71n, debtDelta: 0n, debtSharesDelta: 0n },
      { name: "PositionAdjusted", account: ACCOUNT, collateralDelta: 0n, debtDelta: -51n, debtSharesDelta: -51n },
      { name: "PositionAdjusted", account: OTHER, collateralDelta: 1n, debtDelta: 999_951n, debtSharesDelta: 1n },
      { name: "Liquidated", account: OTHER, debtShares: 1n, collateral: 0n, payment: 1n, fee: 0n },
    ];
    for (const event of impossible) expect(() => replicaWith(event), event.name).to.throw(InconsistentEventsError);
    const borrowed = DOLLARS.params.debtCap;
    expect(() =>
      replicaWith(
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
    expect(() => limitOfNumber(5n)).to.throw(InconsistentEventsError);
  });
});
