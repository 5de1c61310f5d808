import { expect } from "chai";
import { network } from "hardhat";
import type { Signer } from "ethers";

import { planClose, planLower, planRaise } from "../../src/client/actions.ts";
import { quoteClose, quoteLeverage, quoteLower, quoteRaise } from "../../src/client/leverage-quote.ts";
import type { Plan } from "../../src/client/plan.ts";
import { readBasis, type QuoteBasis } from "../../src/client/quote.ts";
import { simulateSwap } from "../../src/protocol/uniswap-v3/swap.ts";
import { MAX_SQRT_PRICE_LIMIT, MIN_SQRT_PRICE_LIMIT } from "../../src/protocol/uniswap-v3/ticks.ts";
import { swapInPool } from "../../src/client/uniswap-v3-pool.ts";
import { carryOut } from "../support/carry-out.ts";
import { effort, randomOf, reachesAll } from "../support/effort.ts";
import { integerBelow, integerBetween } from "../support/random-amounts.ts";
import { deployTradedMarket, nameOf, TRADED_KINDS, type TradedMarket } from "../support/traded-market.ts";

const { ethers, networkHelpers } = await network.create();
const HOUR = 3_600n;

async function basisOf(env: TradedMarket): Promise<QuoteBasis> {
  return readBasis(env.provider, env.market, env.account);
}

/**
 * Carries a plan out, its action in a block of that time. The gas that it takes is near what was
 * quoted.
 */
async function carryOutAt(plan: Plan, signer: Signer, time: bigint, quote: { readonly gas: bigint }): Promise<void> {
  const receipts = await carryOut(signer, plan, () => networkHelpers.time.setNextBlockTimestamp(time));
  const gas = receipts.at(-1)?.gasUsed ?? 0n;
  expect(Number(gas) / Number(quote.gas)).to.be.within(0.6, 1.3);
}

/** What the account has in and beside its position. */
async function holdings(env: TradedMarket) {
  const { collateral } = await env.contract.position(env.account);
  return {
    collateral,
    debt: await env.contract.debtOf(env.account),
    ownCollateral: await env.collateral.balanceOf(env.account),
    ownLoan: await env.loan.balanceOf(env.account),
  };
}

for (const kind of TRADED_KINDS) {
  describe(`quotes of leverage (${nameOf(kind)})`, () => {
    let env: TradedMarket;
    before(async () => {
      env = await deployTradedMarket(await ethers.getSigners(), kind);
    });

    it("equal to the wei what opening, raising, lowering and closing do", async () => {
      const random = randomOf(`leverage quotes ${nameOf(kind)}`);
      const { trader } = env.signers;
      for (let round = 0; round < effort(6, 60); ++round) {
        const start = await holdings(env);
        expect([start.collateral, start.debt]).to.deep.equal([0n, 0n]);
        // From a hundredth of a collateral token on, which is worth twenty; the least debt is a
        // hundred.
        const own = integerBetween(random, env.unit.collateral / 5n, 60n * env.unit.collateral);
        let now = (await basisOf(env)).reading.block.timestamp + integerBetween(random, 10n, 3n * HOUR);
        const leverage = integerBetween(random, 20_000n, 40_000n);
        const opening = await basisOf(env);
        const open = quoteRaise(opening, { leverage, ownCollateral: own }, { now });
        expect(open.refusal, String(open.refusal)).to.equal(undefined);
        await carryOutAt(planRaise(opening.reading, open), trader, now, open);
        const opened = await holdings(env);
        expect(opened.collateral).to.equal(open.after.collateral);
        expect(opened.debt).to.equal(open.after.debt);
        expect(start.ownCollateral - opened.ownCollateral).to.equal(open.ownCollateral);
        expect(opened.ownLoan).to.equal(start.ownLoan);
        expect(open.after.leverage).to.be.within(leverage - 1n, leverage);

        for (const target of [integerBetween(random, 15_000n, 40_000n), integerBetween(random, 12_000n, 40_000n)]) {
          const moving = await basisOf(env);
          now = moving.reading.block.timestamp + integerBetween(random, 10n, 3n * HOUR);
          const before = await holdings(env);
          const quote = quoteLeverage(moving, target, { now });
          expect(quote.refusal, String(quote.refusal)).to.equal(undefined);
          const plan = quote.kind === "raise" ? planRaise(moving.reading, quote) : planLower(moving.reading, quote);
          expect(plan.transactions).to.have.length(1);
          await carryOutAt(plan, trader, now, quote);
          const after = await holdings(env);
          expect(after.collateral).to.equal(quote.after.collateral);
          expect(after.debt).to.equal(quote.after.debt);
          expect(after.ownCollateral - before.ownCollateral).to.equal(quote.returnedCollateral);
          expect(after.ownLoan - before.ownLoan).to.equal(quote.returnedLoan);
          expect(quote.after.leverage).to.be.within(target - 1n, target);
        }

        const closing = await basisOf(env);
        const before = await holdings(env);
        now = closing.reading.block.timestamp + HOUR;
        const close = quoteClose(closing, { now });
        await carryOutAt(planClose(closing.reading, close), trader, now, close);
        const closed = await holdings(env);
        expect([closed.collateral, closed.debt]).to.deep.equal([0n, 0n]);
        expect(closed.ownCollateral - before.ownCollateral).to.equal(close.returnedCollateral);
        expect(closed.ownLoan).to.equal(before.ownLoan);
        expect(close.returnedCollateral).to.be.at.least(close.worstReturnedCollateral);
      }
    }).timeout(0);

    it("pay the interest until the deadline, also without any slippage", async () => {
      const { trader } = env.signers;
      const order = { leverage: 30_000n, ownCollateral: 5n * env.unit.collateral };
      for (const pay of ["close", "unlever"] as const) {
        let basis = await basisOf(env);
        let now = basis.reading.block.timestamp + 60n;
        const open = quoteRaise(basis, order, { now });
        await carryOutAt(planRaise(basis.reading, open), trader, now, open);
        basis = await basisOf(env);
        now = basis.reading.block.timestamp + 60n;
        const options = { now, slippage: 0n, deadline: now + HOUR };
        const quote = pay === "close" ? quoteClose(basis, options) : quoteLower(basis, { leverage: 10_000n }, options);
        const plan = quote.kind === "close" ? planClose(basis.reading, quote) : planLower(basis.reading, quote);
        await carryOutAt(plan, trader, now + HOUR, quote);
        const { debt, collateral } = await holdings(env);
        expect(debt).to.equal(0n);
        if (pay === "unlever") await env.contract.connect(trader).withdrawCollateral(collateral, trader, trader);
      }
    });

    it("pay all debt from collateral where 1x is asked for", async () => {
      const { trader } = env.signers;
      let basis = await basisOf(env);
      let now = basis.reading.block.timestamp + 60n;
      const order = { leverage: 30_000n, ownCollateral: 5n * env.unit.collateral };
      const open = quoteRaise(basis, order, { now });
      await carryOutAt(planRaise(basis.reading, open), trader, now, open);
      basis = await basisOf(env);
      now = basis.reading.block.timestamp + HOUR;
      const quote = quoteLower(basis, { leverage: 10_000n }, { now });
      const before = await holdings(env);
      await carryOutAt(planLower(basis.reading, quote), trader, now, quote);
      const after = await holdings(env);
      expect([after.debt, after.collateral]).to.deep.equal([0n, quote.after.collateral]);
      expect(after.ownCollateral - before.ownCollateral).to.equal(quote.returnedCollateral);
      await env.contract.connect(trader).withdrawCollateral(after.collateral, trader, trader);
    });

    it("repeat each swap of the pool, over many ticks, to the unit", async () => {
      const random = randomOf(`swaps ${nameOf(kind)}`);
      const startTick = (await basisOf(env)).reading.pool?.tick ?? 0;
      let crossed = 0;
      for (let round = 0; round < effort(20, 200); ++round) {
        const { reading } = await basisOf(env);
        const { pool } = reading;
        const address = env.market.pool?.address;
        if (pool === undefined || address === undefined) throw new Error("There is no pool.");
        // Back towards the start where the price has gone far.
        const wanders = pool.tick - startTick;
        const zeroForOne = Math.abs(wanders) > 1_500 ? wanders > 0 : random.next() < 0.5;
        // Of token0 or token1, to sell or to buy: up to a tenth of what the pool has in use there.
        const sellsLoan = zeroForOne !== kind.collateralIsToken0;
        const isSale = random.next() < 0.5;
        const unit = sellsLoan === isSale ? 700_000n * env.unit.loan : 350n * env.unit.collateral;
        const size = 1n + integerBelow(random, unit >> BigInt(random.nextInteger(5)));
        const amount = isSale ? size : -size;
        const sqrtPriceLimitX96 = zeroForOne ? MIN_SQRT_PRICE_LIMIT : MAX_SQRT_PRICE_LIMIT;
        const expected = simulateSwap(pool, { zeroForOne, amount, sqrtPriceLimitX96 });
        if (expected.end !== "amount") continue;
        crossed += expected.crossed;
        const done = await swapInPool(env.operator, address, zeroForOne, amount, sqrtPriceLimitX96);
        expect(done).to.deep.equal({
          amount0: expected.amount0,
          amount1: expected.amount1,
          sqrtPriceX96: expected.sqrtPriceX96,
        });
        const next = (await basisOf(env)).reading.pool;
        expect([next?.tick, next?.liquidity]).to.deep.equal([expected.tick, expected.liquidity]);
      }
      if (reachesAll) expect(crossed).to.be.greaterThan(0);
    }).timeout(0);
  });
}
