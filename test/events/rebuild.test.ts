import { expect } from "chai";

import type { CreatedMarket } from "../../src/events/decode.ts";
import { applyEvent } from "../../src/events/apply.ts";
import { readCreatedMarkets, readMarketEvents } from "../../src/events/read.ts";
import { newRebuiltMarket, pendingRaise, type RebuiltMarket } from "../../src/events/rebuilt-market.ts";
import { toAddress } from "../../src/protocol/address.ts";
import { LIMIT_NAMES } from "../../src/protocol/parameters.ts";
import { sharesOf } from "../../src/protocol/market/state.ts";
import { effort, randomOf, reachesAll, timeLimit } from "../support/effort.ts";
import { expectSameAccounts, expectSameMarket, fieldsOf } from "../support/session/compare.ts";
import {
  deployMarket,
  ethers,
  latestTimestamp,
  networkHelpers,
  type MarketKind,
  type SessionMarket,
} from "../support/session/deploy.ts";
import { hiddenBooks } from "../support/storage-slots.ts";
import { COINS, DOLLARS } from "../support/session/kinds.ts";
import { ReplaySession, deployActor } from "../support/session/actions.ts";

const STEPS = effort(1_400, 6_000);
const DAY = 86_400;

/** The market rebuilt from the factory's event and its own events, and the count of each event. */
async function rebuild(env: SessionMarket): Promise<{ rebuilt: RebuiltMarket; seen: Map<string, number> }> {
  const { provider } = ethers;
  const latest = await provider.getBlockNumber();
  const factory = toAddress(await env.factory.getAddress());
  const [creation, ...others] = await readCreatedMarkets(provider, factory, 0, latest);
  if (creation === undefined || others.length > 0) throw new Error("Exactly one market was to be created.");
  const rebuilt = newRebuiltMarket(creation.created, creation.place);
  const seen = new Map<string, number>();
  const { address } = creation.created;
  for (const { event, place } of await readMarketEvents(provider, address, creation.place.blockNumber, latest)) {
    applyEvent(rebuilt, event, place);
    seen.set(event.name, (seen.get(event.name) ?? 0) + 1);
  }
  return { rebuilt, seen };
}

async function expectSameCreation(env: SessionMarket, created: CreatedMarket): Promise<void> {
  expect(created.address).to.equal(toAddress(env.address));
  expect(created.loanToken).to.equal(toAddress(await env.market.asset()));
  expect(created.collateralToken).to.equal(toAddress(await env.market.collateralToken()));
  expect(created.oracle).to.equal(toAddress(await env.market.oracle()));
  expect(created.authority).to.equal(toAddress(await env.market.authority()));
  const config = fieldsOf(await env.market.config());
  expect(created.params).to.deep.include(config);
}

/** Compares scheduled raises and the ramp, which the market model does not contain. */
async function expectSameGovernance(env: SessionMarket, rebuilt: RebuiltMarket): Promise<void> {
  const { market } = rebuilt;
  const now = await latestTimestamp();
  for (const [number, limit] of LIMIT_NAMES.entries()) {
    const raise = fieldsOf(await env.market.scheduledRaise(number));
    expect(raise, limit).to.deep.equal({ ...(pendingRaise(rebuilt, limit, now) ?? { value: 0n, validFrom: 0n }) });
  }
  const ramp = fieldsOf(await env.market.ramp());
  const { liquidationLimit } = market;
  const none = { from: 0n, to: 0n, start: 0n, end: 0n, fraction: 0n };
  expect(ramp).to.deep.equal(typeof liquidationLimit === "bigint" ? none : { ...liquidationLimit });
}

async function expectSameOperators(env: SessionMarket, { operators }: RebuiltMarket): Promise<void> {
  for (const { address: account } of env.borrowers) {
    for (const { address: operator } of env.borrowers) {
      const approved = operators.get(toAddress(account))?.has(toAddress(operator)) ?? false;
      expect(await env.market.isOperator(account, operator)).to.equal(approved);
    }
  }
}

async function expectSameState(env: SessionMarket, rebuilt: RebuiltMarket): Promise<void> {
  const { market } = rebuilt;
  const accounts = new Set([
    ...market.positions.keys(),
    ...market.shares.keys(),
    ...[...env.lenders, ...env.borrowers, env.liquidator, env.admin].map(({ address }) => address),
  ]);
  await expectSameMarket(env.market, market);
  await expectSameAccounts(env.market, market, accounts);
  await expectSameGovernance(env, rebuilt);
  await expectSameOperators(env, rebuilt);
  const { lastTotalAssets, pendingFees, feeFraction } = market.lenders;
  expect(await hiddenBooks(ethers.provider, env.market)).to.deep.equal({ lastTotalAssets, pendingFees, feeFraction });
  let [debtShares, collateral, shares] = [0n, 0n, 0n];
  for (const position of market.positions.values()) {
    debtShares += position.debtShares;
    collateral += position.collateral;
  }
  for (const account of market.shares.keys()) shares += sharesOf(market, account);
  expect(debtShares).to.equal(market.books.debtShares);
  expect(collateral).to.equal(market.totalCollateral);
  expect(shares).to.equal(market.lenders.totalShares);
}

async function playAndCompare(kind: MarketKind, seed: string) {
  const env = await deployMarket(kind);
  const session = new ReplaySession(env, await deployActor(env), randomOf(seed));
  for (let step = 1; step <= STEPS; step++) {
    await session.step();
    if (step % 100 !== 0) continue;
    const { rebuilt } = await rebuild(env);
    await expectSameState(env, rebuilt);
    // Interest, fees, allowance, raises and ramps after a period without events.
    await networkHelpers.time.increase(step % 200 === 0 ? DAY / 24 : 9 * DAY);
    await expectSameState(env, rebuilt);
  }
  return { session, ...(await rebuild(env)) };
}

/** All actions of a session. Each must have succeeded at least once. */
const ACTIONS = [
  ...["deposit", "mint", "withdraw", "redeem", "approve", "redeem by allowance", "transfer", "transferFrom"],
  ...["donation", "price", "oracle fails", "liquidate", "several calls", "flash loan"],
  ...["open", "open through the swapper", "close through the swapper", "reduce", "supplyCollateral"],
  ...["withdrawCollateral", "borrow", "repay", "repay all", "setOperator", "adjust by somebody"],
  ...["lowerLimit", "scheduleRaise", "applyRaise", "ramp", "accrue"],
];

describe("Rebuilding a market from its events alone", function () {
  this.timeout(timeLimit(900_000));

  for (const [name, kind] of [
    ["6 against 18 decimals", DOLLARS],
    ["18 against 8 decimals", COINS],
  ] as const) {
    it(`equals the market to the wei after a long session of every action (${name})`, async () => {
      const { session, rebuilt, seen } = await playAndCompare(kind, `replay 16/${name}`);
      await expectSameCreation(session.env, rebuilt.created);
      if (!reachesAll) return;
      expect([...session.done.keys()]).to.have.members(ACTIONS);
      expect([...seen.keys()]).to.have.members([
        ...[
          "Accrued",
          "CollateralSupplied",
          "PositionAdjusted",
          "Liquidated",
          "LossBooked",
          "Deposit",
          "Withdraw",
          "Transfer",
        ],
        ...["LimitSet", "RaiseScheduled", "RaisesCleared", "RampStarted", "OperatorSet"],
      ]);
    });
  }
});
