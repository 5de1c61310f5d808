import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { positionOf, sharesOf } from "../../scripts/math/market/state.ts";
import { applyEvent } from "../../scripts/replica/apply.ts";
import type { CreatedMarket } from "../../scripts/replica/created.ts";
import { InconsistentEventsError } from "../../scripts/replica/errors.ts";
import type { EventPlace, MarketEvent } from "../../scripts/replica/events.ts";
import { limitOfNumber } from "../../scripts/replica/limit-number.ts";
import { newReplica, type Replica } from "../../scripts/replica/replica.ts";
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
    const { market } = replicaWith({ name: "Transfer", from: ACCOUNT, to: OTHER, value: 1n });
    expect(market.books).to.deep.equal({ cash: 999_950n, debtShares: 50n });
    expect(market.totalCollateral).to.equal(70n);
    expect(positionOf(market, ACCOUNT)).to.deep.equal({ debtShares: 50n, collateral: 70n });
    expect(sharesOf(market, ACCOUNT)).to.equal(999_999n);
    expect(sharesOf(market, OTHER)).to.equal(1n);
    expect(market.lenders).to.deep.equal({ totalShares: 1_000_000n, lastTotalAssets: 1_000_000n });
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

  it("stores the total assets at the end of a batch whose first liquidation alone brought a fee", () => {
    const liquidated = { name: "Liquidated", account: ACCOUNT, debtShares: 10n, collateral: 12n } as const;
    const { market } = replicaWith({ ...liquidated, payment: 13n, fee: 3n }, { ...liquidated, payment: 11n, fee: 0n });
    expect(market.lenders.lastTotalAssets).to.equal(999_974n + 30n);
  });

  it("leaves the total assets as they were after a batch of its own without a fee", () => {
    const replica = replicaWith({
      name: "Liquidated",
      account: ACCOUNT,
      debtShares: 10n,
      collateral: 12n,
      payment: 13n,
      fee: 3n,
    });
    // A transfer of tokens took the log in between.
    applyEvent(
      replica,
      { name: "Liquidated", account: ACCOUNT, debtShares: 10n, collateral: 12n, payment: 11n, fee: 0n },
      at(2, 5),
    );
    expect(replica.market.lenders.lastTotalAssets).to.equal(1_000_003n);
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
