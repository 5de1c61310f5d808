import { expect } from "chai";

import { decodeMarketCreated, type CreatedMarket } from "../../scripts/replica/created.ts";
import { decodeMarketLog } from "../../scripts/replica/decode.ts";
import { applyEvent } from "../../scripts/replica/apply.ts";
import type { EventPlace } from "../../scripts/replica/events.ts";
import { LIMITS } from "../../scripts/replica/limit-number.ts";
import { newReplica, pendingRaise, type Replica } from "../../scripts/replica/replica.ts";
import { bufferShares, sharesOf } from "../../scripts/math/market/state.ts";
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
import { COINS, DOLLARS } from "../support/session/kinds.ts";
import { ReplaySession, deployActor } from "./session.ts";

const STEPS = effort(700, 6_000);
/** Where the market keeps its lenders' total shares (lower half) and last total assets (upper half). */
const LENDERS_SLOT = 25;
/** Where it keeps the buffer's shares (lower half) and pending fees (upper half). */
const BUFFER_SLOT = 26;
const DAY = 86_400;

/** All logs of a contract up to now, each with its place. */
async function logsOf(address: string) {
  const logs = await ethers.provider.getLogs({ address, fromBlock: 0 });
  const timestamps = new Map<number, bigint>();
  const placed: { log: (typeof logs)[number]; place: EventPlace }[] = [];
  for (const log of logs) {
    const { blockNumber, transactionIndex, index: logIndex } = log;
    const timestamp = timestamps.get(blockNumber) ?? BigInt((await log.getBlock()).timestamp);
    timestamps.set(blockNumber, timestamp);
    placed.push({ log, place: { blockNumber, transactionIndex, logIndex, timestamp } });
  }
  return placed;
}

/** The market rebuilt from the factory's event and its own, and how often each of them occurred. */
async function rebuild(env: SessionMarket): Promise<{ replica: Replica; seen: Map<string, number> }> {
  const creations = (await logsOf(await env.factory.getAddress())).flatMap(({ log, place }) => {
    const created = decodeMarketCreated(log);
    return created === undefined ? [] : [{ created, place }];
  });
  const [creation] = creations;
  if (creation === undefined || creations.length > 1) throw new Error("Exactly one market was to be created.");
  const replica = newReplica(creation.created, creation.place);
  const seen = new Map<string, number>();
  for (const { log, place } of await logsOf(creation.created.address)) {
    // The constructor's own log, before the factory's.
    if (place.blockNumber === creation.place.blockNumber && place.logIndex < creation.place.logIndex) continue;
    const event = decodeMarketLog(log);
    if (event === undefined) continue;
    applyEvent(replica, event, place);
    seen.set(event.name, (seen.get(event.name) ?? 0) + 1);
  }
  return { replica, seen };
}

async function expectSameCreation(env: SessionMarket, created: CreatedMarket): Promise<void> {
  expect(created.address).to.equal(env.address);
  expect(created.loanToken).to.equal(await env.market.asset());
  expect(created.collateralToken).to.equal(await env.market.collateralToken());
  expect(created.oracle).to.equal(await env.market.oracle());
  expect(created.authority).to.equal(await env.market.authority());
  const config = fieldsOf(await env.market.config());
  expect(created.params).to.deep.include(config);
}

/** Scheduled raises and the ramp, which the model of the market knows nothing of. */
async function expectSameGovernance(env: SessionMarket, replica: Replica): Promise<void> {
  const { market } = replica;
  const now = await latestTimestamp();
  for (const [number, limit] of LIMITS.entries()) {
    const raise = fieldsOf(await env.market.scheduledRaise(number));
    expect(raise, limit).to.deep.equal({ ...(pendingRaise(replica, limit, now) ?? { value: 0n, validFrom: 0n }) });
  }
  const ramp = fieldsOf(await env.market.ramp());
  const { liquidationLimit } = market;
  const none = { from: 0n, to: 0n, start: 0n, end: 0n };
  expect(ramp).to.deep.equal(typeof liquidationLimit === "bigint" ? none : { ...liquidationLimit });
}

async function expectSameOperators(env: SessionMarket, { operators }: Replica): Promise<void> {
  for (const { address: account } of env.borrowers) {
    for (const { address: operator } of env.borrowers) {
      const approved = operators.get(account)?.has(operator) ?? false;
      expect(await env.market.isOperator(account, operator)).to.equal(approved);
    }
  }
}

async function expectSameState(env: SessionMarket, replica: Replica): Promise<void> {
  const { market } = replica;
  const accounts = new Set([
    ...market.positions.keys(),
    ...market.shares.keys(),
    ...[...env.lenders, ...env.borrowers, env.liquidator, env.admin].map(({ address }) => address),
  ]);
  await expectSameMarket(env.market, market);
  await expectSameAccounts(env.market, market, accounts);
  await expectSameGovernance(env, replica);
  await expectSameOperators(env, replica);
  const slot = BigInt(await ethers.provider.getStorage(env.address, LENDERS_SLOT));
  expect(slot).to.equal((market.lenders.lastTotalAssets << 128n) | market.lenders.totalShares);
  const bufferSlot = BigInt(await ethers.provider.getStorage(env.address, BUFFER_SLOT));
  expect(bufferSlot).to.equal((market.lenders.pendingFees << 128n) | bufferShares(market));
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
    const { replica } = await rebuild(env);
    await expectSameState(env, replica);
    // Interest, fees, allowance, raises and ramps as they stand after a while without any event.
    await networkHelpers.time.increase(step % 200 === 0 ? DAY / 24 : 9 * DAY);
    await expectSameState(env, replica);
  }
  return { session, ...(await rebuild(env)) };
}

/** All that a session does; each must have succeeded at least once. */
const ACTIONS = [
  ...["deposit", "mint", "withdraw", "redeem", "approve", "redeem by allowance", "transfer", "transferFrom"],
  ...["donation", "price", "oracle fails", "liquidate", "several calls", "flash loan"],
  ...["open", "open through the swapper", "close through the swapper", "reduce", "supplyCollateral"],
  ...["withdrawCollateral", "borrow", "repay", "repay all", "setOperator", "adjust by somebody"],
  ...["lowerLimit", "scheduleRaise", "applyRaise", "ramp", "accrue"],
];

describe("A market rebuilt from its events alone", function () {
  this.timeout(timeLimit(900_000));

  for (const [name, kind] of [
    ["6 against 18 decimals", DOLLARS],
    ["18 against 8 decimals", COINS],
  ] as const) {
    it(`is the market, to the wei, after a long session of all there is to do (${name})`, async () => {
      const { session, replica, seen } = await playAndCompare(kind, `replay 10/${name}`);
      await expectSameCreation(session.env, replica.created);
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
