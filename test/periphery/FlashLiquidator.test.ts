import { MaxUint256 } from "ethers";
import { expect } from "chai";

import { readPool, swapToPrice } from "../../src/client/uniswap-v3-pool.ts";
import type { SaleStruct } from "../../types/contracts/periphery/FlashLiquidator.ts";
import {
  collateralFirst,
  collateralFirstNoZero,
  createEmptyPool,
  eth,
  ethers,
  loanFirst,
  loanFirstNoZero,
  networkHelpers,
  priceAwayBy,
  usd,
  type MarketWithPools,
} from "../support/uniswap.ts";

/**
 * Three positions of 10 at nearly 10x, and one at 2x: the first three can be liquidated after a
 * drop by 6%.
 */
const DEBTS = [usd("17990"), usd("17950"), usd("17900"), usd("10000")];

async function deploy(fixture: () => Promise<MarketWithPools>) {
  const env = await networkHelpers.loadFixture(fixture);
  const [, , , , , owner, ...borrowers] = await ethers.getSigners();
  if (owner === undefined) throw new Error("The chain has too few accounts.");
  const accounts = borrowers.slice(0, DEBTS.length);
  for (const [i, account] of accounts.entries()) {
    await env.collateral.mint(account, eth("10"));
    await env.collateral.connect(account).approve(env.market, MaxUint256);
    await env.market.connect(account).adjust(account, eth("10"), DEBTS[i] ?? 0n, account, MaxUint256, 0n, "0x");
  }
  const liquidator = await ethers.deployContract("FlashLiquidator", [env.uniswap, owner]);
  const sale = (fee: number, worstPrice?: bigint): SaleStruct => ({
    fee,
    sqrtPriceLimitX96: env.limit("collateral", worstPrice),
  });
  /** Moves the oracle, and both pools. */
  const crash = async (percent: number) => {
    const price = priceAwayBy(percent);
    await env.oracle.setPrice(price);
    for (const pool of [env.pool500, env.pool3000]) {
      await swapToPrice(env.pools, pool, env.limit("collateral", price));
    }
    return price;
  };
  return { ...env, owner, borrowers: accounts.map(({ address }) => address), liquidator, sale, crash };
}

type Env = Awaited<ReturnType<typeof deploy>>;

async function holdings(env: Env) {
  return { loan: await env.loan.balanceOf(env.owner), collateral: await env.collateral.balanceOf(env.owner) };
}

async function expectEmpty(env: Env): Promise<void> {
  expect(await env.loan.balanceOf(env.liquidator)).to.equal(0n);
  expect(await env.collateral.balanceOf(env.liquidator)).to.equal(0n);
  expect(await env.loan.allowance(env.liquidator, env.market)).to.equal(0n);
}

for (const [order, fixture, noZeroFixture] of [
  ["collateral sorts first", collateralFirst, collateralFirstNoZero],
  ["loan token sorts first", loanFirst, loanFirstNoZero],
] as const) {
  describe(`FlashLiquidator (${order})`, () => {
    let env: Env;
    beforeEach(async () => {
      env = await deploy(fixture);
    });

    it("liquidates a batch without capital and sends the profit to its owner", async () => {
      await env.crash(-6);
      const run = env.liquidator.connect(env.owner).liquidate;
      const [sales, floor] = [[env.sale(500)], usd("50")];
      const [seized, payment, profit] = await run.staticCall(env.market, env.borrowers, MaxUint256, 0n, sales, floor);
      const cash = (await env.market.totals()).cash;
      await run(env.market, env.borrowers, MaxUint256, 0n, sales, floor);

      expect((await env.market.totals()).cash - cash).to.be.closeTo(payment, usd("0.01"));
      const held = await holdings(env);
      expect(held.loan).to.be.closeTo(profit, usd("0.01")).and.to.be.at.least(usd("50"));
      expect(held.collateral).to.equal(0n);
      expect(seized).to.be.within(eth("1"), eth("30"));
      await expectEmpty(env);
      // Three at the target of 6x or better, the fourth as it was.
      for (const [i, borrower] of env.borrowers.entries()) {
        const value = ((await env.market.position(borrower)).collateral * priceAwayBy(-6)) / 10n ** 36n;
        const debt = await env.market.debtOf(borrower);
        if (i < 3) expect((value * 10_000n) / (value - debt)).to.be.closeTo(60_000n, 2n);
        else expect(debt).to.be.closeTo(usd("10000"), usd("1"));
      }
    });

    it("refuses a profit below the floor", async () => {
      await env.crash(-6);
      const run = env.liquidator.connect(env.owner).liquidate;
      const sales = [env.sale(500)];
      const [, , profit] = await run.staticCall(env.market, env.borrowers, MaxUint256, 0n, sales, 0n);
      const tx = run(env.market, env.borrowers, MaxUint256, 0n, sales, profit + usd("1"));
      await expect(tx).to.be.revertedWithCustomError(env.liquidator, "ProfitBelowFloor");
      await run(env.market, env.borrowers, MaxUint256, 0n, sales, profit - usd("1"));
    });

    it("refuses a sale that does not even pay the market", async () => {
      await env.crash(-6);
      // The oracle lags: the pool is 5% below it.
      await swapToPrice(env.pools, env.pool500, env.limit("collateral", priceAwayBy(-11)));
      await expect(
        env.liquidator.connect(env.owner).liquidate(env.market, env.borrowers, MaxUint256, 0n, [env.sale(500)], 0n),
      )
        .to.be.revertedWithCustomError(env.liquidator, "ProfitBelowFloor")
        .withArgs((profit: bigint) => profit < 0n, 0n);
    });

    it("sells in several pools, in each down to its limit, and sends the unsold rest to its owner", async () => {
      const price = await env.crash(-6);
      const worst = (price * 9_990n) / 10_000n;
      const sales = [env.sale(3000, worst), env.sale(500)];
      const run = env.liquidator.connect(env.owner).liquidate;
      await run(env.market, env.borrowers, MaxUint256, 0n, sales, 0n);
      expect((await readPool(ethers.provider, env.pool3000)).sqrtPriceX96).to.equal(env.limit("collateral", worst));
      const between = await readPool(ethers.provider, env.pool500);
      expect(env.toPrice(between.sqrtPriceX96)).to.be.below(price);
      expect((await holdings(env)).collateral).to.equal(0n);
      await expectEmpty(env);
    });

    it("passes over a pool whose price is beyond its limit, and keeps what no pool takes", async () => {
      const price = await env.crash(-6);
      const before = await readPool(ethers.provider, env.pool3000);
      const run = env.liquidator.connect(env.owner).liquidate;
      const [seized] = await run.staticCall(env.market, env.borrowers, MaxUint256, 0n, [env.sale(500)], 0n);
      const sales = [env.sale(3000, price), env.sale(500, await almostAll(env, seized))];
      await run(env.market, env.borrowers, MaxUint256, 0n, sales, 0n);
      expect((await readPool(ethers.provider, env.pool3000)).sqrtPriceX96).to.equal(before.sqrtPriceX96);
      const held = await holdings(env);
      expect(held.collateral).to.be.within(1n, seized / 100n);
      await expectEmpty(env);
    });

    for (const [kind, initialized] of [
      ["that nobody has put liquidity into", true],
      ["that has no price yet", false],
    ] as const) {
      it(`passes over a pool ${kind}, of a token that refuses to transfer nothing`, async () => {
        env = await deploy(noZeroFixture);
        const empty = await createEmptyPool(env, initialized);
        await env.crash(-6);
        const run = env.liquidator.connect(env.owner).liquidate;
        const sell = (...fees: number[]) => {
          const sales = fees.map((fee) => env.sale(fee));
          return run.staticCall(env.market, env.borrowers, MaxUint256, 0n, sales, usd("50"));
        };
        // To the wei what the deep pool alone brings.
        expect(await sell(empty, 500)).to.deep.equal(await sell(500));
        await run(env.market, env.borrowers, MaxUint256, 0n, [env.sale(empty), env.sale(500)], usd("50"));
        await expectEmpty(env);
      });
    }

    it("liquidates the insolvent, and books the loss", async () => {
      await env.crash(-12);
      const assets = await env.market.totalAssets();
      await env.liquidator.connect(env.owner).liquidate(env.market, env.borrowers, MaxUint256, 0n, [env.sale(500)], 0n);
      expect(await env.market.totalAssets()).to.be.below(assets);
      const [debtShares, collateral] = await env.market.position(env.borrowers[0] ?? "");
      expect([debtShares, collateral]).to.deep.equal([0n, 0n]);
      await expectEmpty(env);
    });

    it("obeys its owner only", async () => {
      await env.crash(-6);
      const { stranger } = env.accounts;
      await expect(
        env.liquidator.connect(stranger).liquidate(env.market, env.borrowers, MaxUint256, 0n, [env.sale(500)], 0n),
      )
        .to.be.revertedWithCustomError(env.liquidator, "OwnableUnauthorizedAccount")
        .withArgs(stranger.address);
    });

    it("answers no market that it has not called, and no pool", async () => {
      await env.crash(-6);
      const { stranger } = env.accounts;
      const data = ethers.AbiCoder.defaultAbiCoder().encode(["tuple(uint24,uint160)[]", "uint256"], [[], 0n]);
      await expect(env.market.connect(stranger).liquidate(env.borrowers, MaxUint256, 0n, env.liquidator, data))
        .to.be.revertedWithCustomError(env.liquidator, "UnexpectedMarket")
        .withArgs(ethers.ZeroAddress, env.market.target);
      const fake = await ethers.deployContract("FakeMarket", [env.loan, env.collateral]);
      await expect(fake.connect(stranger).callLiquidate(env.liquidator, 0n, 0n, data))
        .to.be.revertedWithCustomError(env.liquidator, "UnexpectedMarket")
        .withArgs(ethers.ZeroAddress, fake.target);
      await expect(env.liquidator.connect(stranger).uniswapV3SwapCallback(1n, 0n, "0x"))
        .to.be.revertedWithCustomError(env.liquidator, "UnexpectedPool")
        .withArgs(ethers.ZeroAddress, stranger.address);
    });

    it("passes the market's own conditions on", async () => {
      const run = env.liquidator.connect(env.owner).liquidate;
      const sales = [env.sale(500)];
      await expect(run(env.market, env.borrowers, MaxUint256, 0n, sales, 0n)).to.be.revertedWithCustomError(
        env.market,
        "NothingToLiquidate",
      );
      await env.crash(-6);
      await expect(run(env.market, env.borrowers, MaxUint256, eth("30"), sales, 0n)).to.be.revertedWithCustomError(
        env.market,
        "SeizedLessThanMinimum",
      );
      const [, payment] = await run.staticCall(env.market, env.borrowers, usd("5000"), 0n, sales, 0n);
      expect(payment).to.be.within(usd("4900"), usd("5000"));
    });
  });
}

/** The price at which a sale of all but half a percent of `amount` in the cheap pool ends. */
async function almostAll(env: Env, amount: bigint): Promise<bigint> {
  const snapshot = await networkHelpers.takeSnapshot();
  const zeroForOne = (await readPool(ethers.provider, env.pool500)).token0 === env.collateral.target;
  await env.pools.swap(env.pool500, zeroForOne, (amount * 995n) / 1_000n, env.limit("collateral"));
  const price = env.toPrice((await readPool(ethers.provider, env.pool500)).sqrtPriceX96);
  await snapshot.restore();
  return price;
}
