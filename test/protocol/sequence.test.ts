import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";

import {
  distanceToLiquidation,
  healthFactor,
  leverageOf,
  liquidationPriceOf,
} from "../../src/protocol/closed-forms.ts";
import { debtUp, isWithin, valueDown } from "../../src/protocol/leverage-math.ts";
import { toAddress, ZERO_ADDRESS, type Address } from "../../src/protocol/address.ts";
import { adjust } from "../../src/protocol/market/adjust.ts";
import { ALL } from "../../src/protocol/units.ts";
import { accrue, debtOfAt, indexAt } from "../../src/protocol/market/interest.ts";
import { deposit, mint, redeem, transferShares, withdraw } from "../../src/protocol/market/lend.ts";
import { liquidationLeverageAt, type OraclePrices } from "../../src/protocol/market/limits.ts";
import { liquidate } from "../../src/protocol/market/liquidate.ts";
import { RefusedError } from "../../src/protocol/errors.ts";
import { newMarket, positionOf, sharesOf, type MarketState } from "../../src/protocol/market/state.ts";
import { convertToAssets } from "../../src/protocol/market/vault.ts";
import { ONE_X, PRICE_SCALE, WAD } from "../../src/protocol/units.ts";
import type { Random } from "../../src/lab/population/random.ts";
import { effort, randomOf, reachesAll, timeLimit } from "../support/effort.ts";
import { integerBelow, integerBetween, integerOfBits, pick } from "../support/random-amounts.ts";
import {
  deployMarket,
  ethers,
  latestTimestamp,
  networkHelpers,
  type MarketKind,
  type SessionMarket,
} from "../support/session/deploy.ts";
import { expectSameAccounts, expectSameMarket } from "../support/session/compare.ts";
import { COINS, DOLLARS } from "../support/session/kinds.ts";

const STEPS = effort(300, 3_000);
const MAX_UINT256 = 2n ** 256n - 1n;
/** A fixed gas limit: a call that reverts is still mined, at the time that was set. */
const GAS = { gasLimit: 5_000_000 };

/** The address of a signer in the model's form. */
function addressOf({ address }: { readonly address: string }): Address {
  return toAddress(address);
}

/** Thrown in place of a price while the oracle reverts. */
class OracleDownError extends Error {}

/** One call, made on the model and on the contract. */
interface Step {
  readonly name: string;
  readonly model: (now: bigint) => unknown;
  readonly contract: () => Promise<ContractTransactionResponse>;
}

/** A market, its model, and the state of their environment. */
class Session {
  readonly env: SessionMarket;
  readonly model: MarketState;
  readonly random: Random;
  readonly done = new Map<string, number>();
  readonly refused = new Map<string, number>();
  /** The oracle's prices; `undefined` while it reverts. */
  price: OraclePrices | undefined;
  /** The last valid open price. */
  lastPrice: bigint;

  constructor(env: SessionMarket, model: MarketState, random: Random) {
    this.env = env;
    this.model = model;
    this.random = random;
    this.price = { open: env.price, liquidation: env.price };
    this.lastPrice = env.price;
  }

  readonly prices = (): OraclePrices => {
    if (this.price === undefined) throw new OracleDownError();
    return this.price;
  };

  /** Makes the step on both at the same time, and expects the same result. */
  async run({ name, model, contract }: Step): Promise<void> {
    const now = (await latestTimestamp()) + 1n + integerBelow(this.random, 2n ** BigInt(this.random.nextInteger(21)));
    await networkHelpers.time.setNextBlockTimestamp(now);
    const refusal = refusalOf(() => model(now));
    if (refusal === undefined) {
      await contract();
      count(this.done, name);
    } else if (refusal instanceof RefusedError) {
      await expect(contract(), name).to.be.revertedWithCustomError(this.env.market, refusal.reason);
      count(this.refused, refusal.reason);
    } else {
      await expect(contract(), name).to.be.revertedWithCustomError(this.env.oracle, "OracleFailure");
      count(this.refused, "OracleFailure");
    }
  }
}

/** The refusal of the model or the failure of its oracle; `undefined` without either. */
function refusalOf(attempt: () => unknown): RefusedError | OracleDownError | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (error instanceof RefusedError || error instanceof OracleDownError) return error;
    throw error;
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** An amount up to `most`: often all of it, sometimes more or almost nothing. */
function amountUpTo(random: Random, most: bigint): bigint {
  const kind = random.next();
  if (kind < 0.1) return integerOfBits(random, 20);
  if (kind < 0.2) return most;
  if (kind < 0.25) return most + integerOfBits(random, 40);
  return integerBelow(random, most + 1n);
}

function lenderStep(session: Session, now: bigint): Step {
  const { env, model, random } = session;
  const lender = pick(random, env.lenders);
  const market = env.market.connect(lender);
  const held = sharesOf(model, addressOf(lender));
  const unit = 10n ** BigInt(env.kind.loanDecimals);
  const assets = amountUpTo(random, 3_000_000n * unit);
  const shares = amountUpTo(random, held);
  const taken = amountUpTo(random, convertToAssets(model, held, now));
  const other = pick(random, [...env.lenders.map(addressOf), toAddress(env.address)]);
  return pick<Step>(random, [
    {
      name: "deposit",
      model: (at) => deposit(model, assets, addressOf(lender), at),
      contract: () => market.deposit(assets, lender, GAS),
    },
    {
      name: "mint",
      model: (at) => mint(model, assets * 1_000_000n, addressOf(lender), at),
      contract: () => market.mint(assets * 1_000_000n, lender, GAS),
    },
    {
      name: "withdraw",
      model: (at) => withdraw(model, taken, addressOf(lender), at),
      contract: () => market.withdraw(taken, lender, lender, GAS),
    },
    {
      name: "redeem",
      model: (at) => redeem(model, shares, addressOf(lender), at),
      contract: () => market.redeem(shares, lender, lender, GAS),
    },
    {
      name: "transfer",
      model: () => {
        transferShares(model, addressOf(lender), other, shares / 100n);
      },
      contract: () => market.transfer(other, shares / 100n, GAS),
    },
  ]);
}

function borrowerStep(session: Session, now: bigint): Step {
  const { env, model, random } = session;
  const borrower = pick(random, env.borrowers);
  const account = addressOf(borrower);
  const market = env.market.connect(borrower);
  const position = positionOf(model, account);
  const debt = debtUp(position.debtShares, indexAt(model, now));
  const { minDebt, maxLeverage } = env.kind.params;

  const move = (name: string, collateralDelta: bigint, debtDelta: bigint): Step => ({
    name,
    model: (at) => adjust(model, account, collateralDelta, debtDelta, session.prices, at),
    contract: () => market.adjust(account, collateralDelta, debtDelta, account, MAX_UINT256, MAX_UINT256, "0x", GAS),
  });
  /**
   * Equity for a debt between the minimum and a hundred thousand times the minimum, at a leverage
   * up to slightly above the limit.
   */
  const open = (): Step => {
    const borrowed = minDebt + integerBelow(random, minDebt * 2n ** BigInt(random.nextInteger(17)));
    // Half of the positions are at or near the limit.
    const least = random.next() < 0.5 ? maxLeverage - maxLeverage / 50n : ONE_X + 1_000n;
    const leverage = integerBetween(random, least, maxLeverage + maxLeverage / 100n);
    const value = (borrowed * leverage) / (leverage - ONE_X);
    return move("open", 1n + (value * PRICE_SCALE) / session.lastPrice, borrowed);
  };
  const give = (amount: bigint): Step => {
    const to = pick(random, [...env.borrowers.map(addressOf), toAddress(env.address), ZERO_ADDRESS]);
    return {
      name: "give",
      model: (at) => adjust(model, to, amount, 0n, session.prices, at),
      contract: () => market.supplyCollateral(amount, to, GAS),
    };
  };
  const withAll = (amount: bigint): bigint => (random.next() < 0.3 ? ALL : -amount);

  return pick(random, [
    open,
    open,
    open,
    open,
    open,
    open,
    () => move("supplyCollateral", amountUpTo(random, position.collateral * 2n), 0n),
    () => give(integerOfBits(random, 50)),
    open,
    () => move("withdrawCollateral", withAll(amountUpTo(random, position.collateral)), 0n),
    () => move("borrow", 0n, amountUpTo(random, debt)),
    () => move("repay", 0n, withAll(amountUpTo(random, debt))),
    () => move("reduce", -amountUpTo(random, position.collateral / 2n), -amountUpTo(random, debt / 2n)),
    () => move("close", ALL, ALL),
    () => move("any", integerOfBits(random, 70) * (random.next() < 0.5 ? 1n : -1n), integerOfBits(random, 60)),
  ])();
}

/** The accounts above the liquidation limit, by the model. */
function liquidatable({ env, model, lastPrice }: Session, now: bigint): Address[] {
  const limit = liquidationLeverageAt(model.liquidationLimit, now);
  return env.borrowers.map(addressOf).filter((account) => {
    const value = valueDown(positionOf(model, account).collateral, lastPrice);
    return !isWithin(debtOfAt(model, account, now), value, limit);
  });
}

function liquidationStep(session: Session): Step {
  const { env, model, random } = session;
  const everybody = [...env.borrowers, ...env.lenders].map(addressOf);
  const accounts = random.shuffled([...everybody, ...everybody]).slice(0, 1 + random.nextInteger(9));
  const unit = 10n ** BigInt(env.kind.loanDecimals);
  const maxPayment = random.next() < 0.5 ? 10n ** 40n : integerBelow(random, 300_000n * unit);
  const minSeized = random.next() < 0.1 ? integerOfBits(random, 80) : 0n;
  return {
    name: "liquidate",
    model: (at) => {
      const batch = liquidate(model, accounts, maxPayment, minSeized, session.prices, at);
      expect(batch.payment <= maxPayment).to.be.true;
      for (const { loss } of batch.positions)
        count(session.done, loss > 0n ? "liquidated at a loss" : "brought to the target");
      if (batch.booked.bufferSharesBurned > 0n) count(session.done, "paid by the buffer");
    },
    contract: () =>
      env.market.connect(env.liquidator).liquidate(accounts, maxPayment, minSeized, env.liquidator, "0x", GAS),
  };
}

/** A step of a mean-reverting random walk. */
function priceOfAWalk({ env, random, lastPrice }: Session): bigint {
  const pull = lastPrice < env.price ? 1.03 : 0.97;
  return (lastPrice * BigInt(Math.round(pull * (0.92 + 0.16 * random.next()) * 1e9))) / 10n ** 9n;
}

/** A crash: to somebody's liquidation price, or up to a fifth below it. */
function priceBelowALimit(session: Session): bigint {
  const { env, model, random } = session;
  const { debtShares, collateral } = positionOf(model, addressOf(pick(random, env.borrowers)));
  if (debtShares === 0n || collateral === 0n) return priceOfAWalk(session);
  const debt = debtUp(debtShares, model.interest.borrowIndex);
  const limit = liquidationPriceOf(debt, collateral, env.kind.params.liquidationLeverage) ?? env.price;
  const price = (limit * BigInt(Math.round((1 - 0.2 * random.next() ** 3) * 1e9))) / 10n ** 9n;
  return price < session.lastPrice && price > env.price / 100n ? price : priceOfAWalk(session);
}

async function movePrice(session: Session): Promise<void> {
  const { env, random } = session;
  const kind = random.next();
  if (kind < 0.05) {
    session.price = undefined;
    await env.oracle.fail();
    return;
  }
  if (kind < 0.07) {
    session.price = { open: 0n, liquidation: 0n };
    await env.oracle.setPrice(0n);
    return;
  }
  const open = kind < 0.6 ? priceBelowALimit(session) : priceOfAWalk(session);
  const liquidation = random.next() < 0.3 ? (open * integerBetween(random, 90n, 110n)) / 100n : open;
  session.price = { open, liquidation };
  session.lastPrice = open;
  await env.oracle.setPrices(open, liquidation);
}

function nextStep(session: Session, now: bigint): Step {
  const { model, random } = session;
  const kind = random.next();
  if (liquidatable(session, now).length > 0 && kind < 0.6) return liquidationStep(session);
  if (kind < 0.3) return lenderStep(session, now);
  if (kind < 0.93) return borrowerStep(session, now);
  if (kind < 0.97) return liquidationStep(session);
  return {
    name: "accrue",
    model: (at) => {
      accrue(model, at);
    },
    contract: () => session.env.market.accrue(GAS),
  };
}

/** Compares every view of the contract with the model, to the wei. */
async function expectSame({ env, model, price, prices }: Session): Promise<void> {
  await expectSameMarket(env.market, model);
  const accounts = [...env.lenders, ...env.borrowers, env.liquidator].map(addressOf);
  await expectSameAccounts(env.market, model, accounts);
  if (price !== undefined && price.open > 0n) await expectSameRisk(env, model, prices(), await latestTimestamp());
}

/** Compares the lens's figures of positions with the closed forms. */
async function expectSameRisk(
  env: SessionMarket,
  model: MarketState,
  prices: OraclePrices,
  now: bigint,
): Promise<void> {
  const accounts = env.borrowers.map(addressOf);
  const { positions } = await (await lens).positionViews(env.market, accounts);
  const limit = liquidationLeverageAt(model.liquidationLimit, now);
  const best = prices.open > prices.liquidation ? prices.open : prices.liquidation;
  for (const seen of positions) {
    const account = toAddress(seen.account);
    const { collateral } = positionOf(model, account);
    const debt = debtOfAt(model, account, now);
    const [openValue, value] = [valueDown(collateral, prices.open), valueDown(collateral, best)];
    const liquidationPrice = liquidationPriceOf(debt, collateral, limit);
    expect(seen.debt).to.equal(debt);
    expect(seen.leverage).to.equal(leverageOf(debt, openValue) ?? MAX_UINT256);
    expect(seen.healthFactor).to.equal(healthFactor(debt, value, limit) ?? MAX_UINT256);
    expect(seen.liquidationPrice).to.equal(liquidationPrice ?? MAX_UINT256);
    expect(seen.distanceToLiquidation).to.equal(distanceToLiquidation(best, liquidationPrice ?? MAX_UINT256));
    expect(seen.liquidatable).to.equal(!isWithin(debt, value, limit));
  }
}

const lens = ethers.deployContract("MarketLens");

async function begin(kind: MarketKind, seed: string): Promise<Session> {
  const env = await deployMarket(kind);
  const block = await ethers.provider.getBlock(env.createdBlock ?? "latest");
  if (block === null) throw new Error("The block of the market's creation is gone.");
  return new Session(env, newMarket(toAddress(env.address), kind.params, BigInt(block.timestamp)), randomOf(seed));
}

async function play(kind: MarketKind, seed: string): Promise<Session> {
  await lens;
  const session = await begin(kind, seed);
  for (let step = 0; step < STEPS; step++) {
    if (session.random.next() < 0.2) await movePrice(session);
    await session.run(nextStep(session, await latestTimestamp()));
    await expectSame(session);
  }
  return session;
}

/**
 * A lender whose deposit is borrowed completely at 4x, and the steps by which lender and borrower
 * exit.
 */
async function lendAll(session: Session) {
  const { env, model } = session;
  const [lender, borrower] = [env.lenders[0], env.borrowers[0]];
  if (lender === undefined || borrower === undefined) throw new Error("A session has lenders and borrowers.");
  const market = env.market.connect(lender);
  const [lent, held] = [3_000_000n * 10n ** 6n, 2_000n * 10n ** 18n];
  const enter = (assets: bigint): Step => ({
    name: "deposit",
    model: (at) => deposit(model, assets, addressOf(lender), at),
    contract: () => market.deposit(assets, lender, GAS),
  });
  await session.run(enter(lent));
  await session.run({
    name: "open",
    model: (at) => adjust(model, addressOf(borrower), held, lent, session.prices, at),
    contract: () =>
      env.market.connect(borrower).adjust(borrower, held, lent, borrower, MAX_UINT256, MAX_UINT256, "0x", GAS),
  });
  /** Liquidates the borrower at a price. */
  const lose = async (price: bigint): Promise<void> => {
    session.price = { open: price, liquidation: price };
    await env.oracle.setPrice(price);
    await session.run({
      name: "liquidate",
      model: (at) => liquidate(model, [addressOf(borrower)], MAX_UINT256, 0n, session.prices, at),
      contract: () =>
        env.market.connect(env.liquidator).liquidate([borrower], MAX_UINT256, 0n, env.liquidator, "0x", GAS),
    });
  };
  /** Liquidates, then withdraws the remaining cash by assets rather than by shares. */
  const fallTo = async (price: bigint): Promise<void> => {
    await lose(price);
    const { cash } = model.books;
    await session.run({
      name: "withdraw",
      model: (at) => withdraw(model, cash, addressOf(lender), at),
      contract: () => market.withdraw(cash, lender, lender, GAS),
    });
    expect(model.books).to.deep.equal({ cash: 0n, debtShares: 0n });
  };
  return { enter, lose, fallTo };
}

describe("The market model, compared with the contract step by step to the wei", function () {
  this.timeout(timeLimit(600_000));

  for (const [name, kind] of [
    ["6 against 18 decimals", DOLLARS],
    ["18 against 8 decimals", COINS],
  ] as const) {
    it(`predicts every result and every revert (${name})`, async () => {
      const session = await play(kind, `sequence/${name}`);
      if (!reachesAll) return;
      expect([...session.done.keys()]).to.include.members([
        ...["deposit", "mint", "withdraw", "redeem", "transfer", "liquidate", "accrue"],
        ...["open", "supplyCollateral", "withdrawCollateral", "borrow", "repay", "reduce", "close", "give"],
      ]);
      expect([...session.refused.keys()]).to.include("InvalidReceiver");
      expect(session.done.get("brought to the target") ?? 0).to.be.at.least(3);
      expect(session.done.get("liquidated at a loss") ?? 0).to.be.at.least(3);
      expect(session.done.get("paid by the buffer") ?? 0).to.be.greaterThan(0);
      expect(session.refused.size).to.be.at.least(6);
      expect(session.model.interest.borrowIndex).to.be.greaterThan(WAD);
    });
  }

  it("deposit: accepted after a small remainder of the last withdrawal", async () => {
    const session = await begin(DOLLARS, "dust");
    const { enter, fallTo } = await lendAll(session);
    await fallTo((session.env.price * 35n) / 100n);
    // More than the virtual shares, but only a small remainder.
    expect(session.model.lenders.totalShares).to.be.within(1_000_001n, 10n ** 12n);
    await session.run(enter(1_000n * 10n ** 6n));
    expect(session.done.get("deposit")).to.equal(2);
    await expectSameMarket(session.env.market, session.model);
  });

  for (const [name, cents, isOpen] of [
    ["deposit: accepted after a loss that leaves slightly more than a millionth", 304n, true],
    ["deposit: rejected after a loss that leaves slightly less than a millionth", 296n, false],
  ] as const) {
    it(name, async () => {
      const session = await begin(DOLLARS, "a millionth");
      const { enter, lose } = await lendAll(session);
      // The 2,000 tokens are worth this many cents plus the bonus of 2%, against a debt of three
      // million.
      await lose((cents * 10n ** 4n * 102n * 10n ** 18n) / (100n * 2_000n));
      await session.run(enter(1_000n * 10n ** 6n));
      expect(session.done.get("deposit")).to.equal(isOpen ? 2 : 1);
      expect(session.refused.get("DepositsClosed") ?? 0).to.equal(isOpen ? 0 : 1);
      await expectSameMarket(session.env.market, session.model);
    });
  }

  it("deposit: rejected after a total loss", async () => {
    const session = await begin(DOLLARS, "total loss");
    const { enter, fallTo } = await lendAll(session);
    await fallTo(1n);
    expect(session.model.lenders.totalShares).to.be.greaterThan(10n ** 12n);
    await session.run(enter(1_000n * 10n ** 6n));
    expect(session.refused.get("DepositsClosed")).to.equal(1);
    await expectSameMarket(session.env.market, session.model);
  });
});
