import { MaxUint256 } from "ethers";
import { expect } from "chai";

import { poolAddress } from "../../scripts/uniswap/pool-address.ts";
import { readPool } from "../../scripts/uniswap/pool.ts";
import {
  ALL,
  collateralFirst,
  deployMarketWithPools,
  eth,
  ethers,
  loanFirst,
  networkHelpers,
  PRICE,
  priceAwayBy,
  usd,
  type MarketWithPools,
} from "../support/uniswap.ts";

/** What each of the accounts holds of both tokens. */
async function balances(env: MarketWithPools) {
  const { trader, operator } = env.accounts;
  return {
    loan: await env.loan.balanceOf(trader),
    collateral: await env.collateral.balanceOf(trader),
    operatorLoan: await env.loan.balanceOf(operator),
    operatorCollateral: await env.collateral.balanceOf(operator),
  };
}

async function expectSwapperEmpty(env: MarketWithPools): Promise<void> {
  expect(await env.loan.balanceOf(env.swapper)).to.equal(0n);
  expect(await env.collateral.balanceOf(env.swapper)).to.equal(0n);
}

/** 50 of collateral against a debt of 80,000 at a price of 2,000: five times an equity of 20,000. */
const COLLATERAL = eth("50");
const DEBT = usd("80000");

async function open(env: MarketWithPools, data = env.buy()): Promise<void> {
  const { market, swapper, accounts } = env;
  await market.connect(accounts.trader).adjust(accounts.trader, COLLATERAL, DEBT, swapper, eth("12"), 0n, data);
}

for (const [order, fixture] of [
  ["collateral sorts first", collateralFirst],
  ["loan token sorts first", loanFirst],
] as const) {
  describe(`UniswapV3Swapper (${order})`, () => {
    let env: MarketWithPools;
    beforeEach(async () => {
      env = await networkHelpers.loadFixture(fixture);
    });

    it("derives the pools that the factory made", async () => {
      const [a, b] = [await env.loan.getAddress(), await env.collateral.getAddress()];
      const state = await readPool(ethers.provider, poolAddress(env.uniswap, b, a, 500));
      expect([state.token0, state.token1].includes(a)).to.be.true;
      expect(state.fee).to.equal(500);
      expect(env.pool3000).to.equal(poolAddress(env.uniswap, a, b, 3000));
    });

    it("opens at 5x in one call of an ordinary account", async () => {
      const before = await balances(env);
      await open(env);

      const after = await balances(env);
      const [, collateral] = await env.market.position(env.accounts.trader);
      expect(collateral).to.equal(COLLATERAL);
      expect(await env.market.debtOf(env.accounts.trader)).to.equal(DEBT);
      // 80,000 buy 39.98 after the pool's fee of 0.05%, less some slippage; the account pays the rest.
      const paid = before.collateral - after.collateral;
      expect(COLLATERAL - paid).to.be.within(eth("39.8"), eth("39.98"));
      expect(after.loan).to.equal(before.loan);
      await expectSwapperEmpty(env);
    });

    it("opens at the maximum, and not above", async () => {
      const { market, swapper, accounts } = env;
      const debt = usd("90000");
      const adjust = market.connect(accounts.trader).adjust;
      await expect(adjust(accounts.trader, COLLATERAL, debt + 1n, swapper, eth("6"), 0n, env.buy()))
        .to.be.revertedWithCustomError(market, "LeverageAboveMaximum")
        .withArgs(debt + 1n, usd("100000"), 100_000n);
      await adjust(accounts.trader, COLLATERAL, debt, swapper, eth("6"), 0n, env.buy());
      expect(await market.debtOf(accounts.trader)).to.equal(debt);
      await expectSwapperEmpty(env);
    });

    it("returns collateral bought beyond what is owed to the caller", async () => {
      const { market, swapper, accounts } = env;
      await market.connect(accounts.trader).supplyCollateral(eth("50"), accounts.trader);
      const before = await balances(env);
      await market.connect(accounts.trader).adjust(accounts.trader, eth("9"), usd("20000"), swapper, 0n, 0n, env.buy());
      const surplus = (await balances(env)).collateral - before.collateral;
      expect(surplus).to.be.within(eth("0.98"), eth("0.995"));
      await expectSwapperEmpty(env);
    });

    it("raises a position by exactly the collateral asked for, and returns the loan tokens left", async () => {
      const { market, swapper, accounts } = env;
      await open(env);
      const before = await balances(env);
      const data = env.buy(undefined, 500, true);
      await market.connect(accounts.trader).adjust(accounts.trader, eth("5"), usd("11000"), swapper, 0n, 0n, data);

      const after = await balances(env);
      expect((await market.position(accounts.trader)).collateral).to.equal(COLLATERAL + eth("5"));
      expect(after.collateral).to.equal(before.collateral);
      expect(after.loan - before.loan).to.be.within(usd("900"), usd("990"));
      await expectSwapperEmpty(env);
    });

    it("closes all by selling just enough, and returns the rest of the collateral", async () => {
      const { market, swapper, accounts } = env;
      await open(env);
      await networkHelpers.time.increase(86_400);
      const before = await balances(env);
      const data = env.sell(undefined, 500, true);
      await market.connect(accounts.trader).adjust(accounts.trader, ALL, ALL, swapper, 0n, 0n, data);

      expect(await market.position(accounts.trader)).to.deep.equal([0n, 0n]);
      const after = await balances(env);
      expect(after.loan).to.equal(before.loan);
      // About 40 sold for 80,000 and a day's interest, with two fees and some slippage.
      expect(after.collateral - before.collateral).to.be.within(eth("9.9"), eth("10"));
      await expectSwapperEmpty(env);
    });

    it("closes all by selling everything, and returns the loan tokens left", async () => {
      const { market, swapper, accounts } = env;
      await open(env);
      await networkHelpers.time.increase(86_400);
      const before = await balances(env);
      await market.connect(accounts.trader).adjust(accounts.trader, ALL, ALL, swapper, 0n, 0n, env.sell());

      expect(await market.position(accounts.trader)).to.deep.equal([0n, 0n]);
      const after = await balances(env);
      expect(after.collateral).to.equal(before.collateral);
      expect(after.loan - before.loan).to.be.within(usd("19700"), usd("20000"));
      await expectSwapperEmpty(env);
    });

    it("lowers leverage in part, the caller adding what the sale falls short of", async () => {
      const { market, swapper, accounts } = env;
      await open(env);
      const before = await balances(env);
      const debtBefore = await market.debtOf(accounts.trader);
      const [collateralDelta, debtDelta] = [-eth("10"), -usd("20000")];
      const adjust = market.connect(accounts.trader).adjust;
      await expect(
        adjust(accounts.trader, collateralDelta, debtDelta, swapper, 0n, usd("5"), env.sell()),
      ).to.be.revertedWithCustomError(market, "PullAboveMaximum");
      await adjust(accounts.trader, collateralDelta, debtDelta, swapper, 0n, usd("100"), env.sell());

      const after = await balances(env);
      expect((await market.position(accounts.trader)).collateral).to.equal(eth("40"));
      expect(debtBefore - (await market.debtOf(accounts.trader))).to.be.within(usd("19999.9"), usd("20000"));
      // A fee of 0.05% on 20,000, and slippage.
      expect(before.loan - after.loan).to.be.within(usd("9"), usd("60"));
      expect(after.collateral).to.equal(before.collateral);
      await expectSwapperEmpty(env);
    });

    it("stops at the price limit when opening: the rest is borrowed, but unspent, and the caller's", async () => {
      const { market, swapper, accounts, limit } = env;
      const worst = priceAwayBy(0.2);
      const adjust = market.connect(accounts.trader).adjust;
      await expect(
        adjust(accounts.trader, COLLATERAL, DEBT, swapper, eth("12"), 0n, env.buy(worst)),
      ).to.be.revertedWithCustomError(market, "PullAboveMaximum");

      const before = await balances(env);
      await adjust(accounts.trader, COLLATERAL, DEBT, swapper, eth("50"), 0n, env.buy(worst));
      const after = await balances(env);
      const spent = DEBT - (after.loan - before.loan);
      const bought = COLLATERAL - (before.collateral - after.collateral);
      expect(spent).to.be.within(usd("1000"), DEBT - usd("1000"));
      // No unit was bought above the limit, the fee on top.
      expect(spent * 10n ** 36n).to.be.below((bought * worst * 10_006n) / 10_000n);
      expect((await readPool(ethers.provider, env.pool500)).sqrtPriceX96).to.equal(limit("loan", worst));
      await expectSwapperEmpty(env);
    });

    it("stops at the price limit when closing: the unsold collateral is the caller's", async () => {
      const { market, swapper, accounts } = env;
      await open(env);
      await env.loan.mint(accounts.trader, DEBT);
      for (const exactOutput of [true, false]) {
        await networkHelpers.takeSnapshot().then(async (snapshot) => {
          const before = await balances(env);
          const data = env.sell(priceAwayBy(-0.1), 500, exactOutput);
          await market.connect(accounts.trader).adjust(accounts.trader, ALL, ALL, swapper, 0n, MaxUint256, data);
          const after = await balances(env);
          expect(after.collateral - before.collateral).to.be.within(eth("10.5"), eth("49"));
          expect(before.loan - after.loan).to.be.within(usd("1000"), usd("79000"));
          expect(await market.position(accounts.trader)).to.deep.equal([0n, 0n]);
          await expectSwapperEmpty(env);
          await snapshot.restore();
        });
      }
    });

    it("swaps nothing where the price is beyond the limit already", async () => {
      const { market, swapper, accounts } = env;
      const before = await balances(env);
      const data = env.buy(priceAwayBy(-1));
      await market.connect(accounts.trader).adjust(accounts.trader, COLLATERAL, DEBT, swapper, eth("50"), 0n, data);
      const after = await balances(env);
      expect(after.loan - before.loan).to.equal(DEBT);
      expect(before.collateral - after.collateral).to.equal(COLLATERAL);
      await expectSwapperEmpty(env);
    });

    it("trades in the pool of the fee tier that is named", async () => {
      const cheap = await readPool(ethers.provider, env.pool500);
      const before = await balances(env);
      await open(env, env.buy(undefined, 3000));
      const paid = before.collateral - (await balances(env)).collateral;
      // The fee alone is 0.3% of 40; this pool is a tenth as deep.
      expect(COLLATERAL - paid).to.be.within(eth("37"), eth("39.88"));
      expect((await readPool(ethers.provider, env.pool500)).sqrtPriceX96).to.equal(cheap.sqrtPriceX96);
    });

    it("takes from, and gives to, an operator that calls for the account", async () => {
      const { market, swapper, accounts } = env;
      await market.connect(accounts.trader).setOperator(accounts.operator, true);
      const before = await balances(env);
      const call = market.connect(accounts.operator);
      await call.adjust(accounts.trader, COLLATERAL, DEBT, swapper, eth("12"), 0n, env.buy());
      const opened = await balances(env);
      expect(before.operatorCollateral - opened.operatorCollateral).to.be.within(eth("10"), eth("10.2"));
      await call.adjust(accounts.trader, ALL, ALL, swapper, 0n, usd("1"), env.sell(undefined, 500, true));
      const closed = await balances(env);
      expect(closed.operatorCollateral - opened.operatorCollateral).to.be.within(eth("9.8"), eth("10"));
      expect(closed.collateral).to.equal(before.collateral);
    });

    it("buys no more than the collateral it was sent can pay", async () => {
      const { market, swapper, accounts } = env;
      await open(env);
      const data = env.sell(undefined, 500, true);
      await expect(
        market.connect(accounts.trader).adjust(accounts.trader, -eth("9"), -usd("20000"), swapper, 0n, 0n, data),
      ).to.be.revertedWithCustomError(swapper, "InputAboveMaximum");
    });

    it("refuses a pool that does not exist", async () => {
      const [loan, collateral] = [await env.loan.getAddress(), await env.collateral.getAddress()];
      await expect(open(env, env.buy(undefined, 10_000)))
        .to.be.revertedWithCustomError(env.swapper, "PoolNotFound")
        .withArgs(loan, collateral, 10_000);
    });

    it("refuses calls in which nothing is exchanged: a token would be left with it", async () => {
      const { market, swapper, accounts } = env;
      await market.connect(accounts.trader).supplyCollateral(eth("50"), accounts.trader);
      const deltas = [
        [-eth("1"), usd("1000")],
        [eth("1"), 0n],
        [0n, usd("1000")],
        [-eth("1"), 0n],
        [ALL, ALL],
      ] as const;
      for (const [collateralDelta, debtDelta] of deltas) {
        await expect(
          market
            .connect(accounts.trader)
            .adjust(accounts.trader, collateralDelta, debtDelta, swapper, eth("5"), usd("50"), env.buy()),
        ).to.be.revertedWithCustomError(swapper, "NothingToSwap");
      }
    });

    it("answers no pool that it has not called", async () => {
      const data = ethers.AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [env.loan.target, 1n]);
      await expect(env.swapper.connect(env.accounts.stranger).uniswapV3SwapCallback(1n, -1n, data))
        .to.be.revertedWithCustomError(env.swapper, "UnexpectedPool")
        .withArgs(ethers.ZeroAddress, env.accounts.stranger.address);
    });

    it("gives nothing to a false market, which has sent nothing", async () => {
      const fake = await ethers.deployContract("FakeMarket", [env.loan, env.collateral]);
      await expect(
        fake.callAdjust(env.swapper, eth("1"), usd("2000"), env.buy()),
      ).to.be.revertedWithCustomError(env.loan, "ERC20InsufficientBalance");
      await expect(
        fake.callAdjust(env.swapper, -eth("1"), -usd("2000"), env.sell()),
      ).to.be.revertedWithCustomError(env.collateral, "ERC20InsufficientBalance");
      await expect(env.swapper.connect(env.accounts.stranger).onAdjust(fake, fake, 1n, 1n, env.buy())).to.be.revert(
        ethers,
      );
    });

    it("lets nobody in during a swap, when it holds someone's tokens", async () => {
      env = await deployMarketWithPools(order.startsWith("collateral"), "HookToken");
      const { swapper } = env;
      const hooks = await ethers.getContractAt("HookToken", await env.collateral.getAddress());
      const fake = await ethers.deployContract("FakeMarket", [env.loan, env.collateral]);
      const thief = await ethers.deployContract("Puppet");
      // Called when the pool pays the collateral out: the swapper holds the borrowed tokens then.
      const steal = fake.interface.encodeFunctionData("callAdjust", [
        await swapper.getAddress(),
        1n,
        DEBT / 2n,
        env.buy(undefined, 3000),
      ]);
      await thief.setHookCalls([{ target: fake, data: steal, mustSucceed: false }]);
      await hooks.setHook(env.pool500, thief);

      await open(env);
      const [outcome] = await thief.outcomes();
      expect(outcome?.success).to.be.false;
      expect(swapper.interface.parseError(outcome?.returned ?? "0x")?.name).to.equal("UnexpectedPool");
      expect(await env.market.debtOf(env.accounts.trader)).to.equal(DEBT);
      await expectSwapperEmpty(env);
    });

    it("has an oracle at the pool's price in this test", async () => {
      const { sqrtPriceX96 } = await readPool(ethers.provider, env.pool500);
      expect(env.toPrice(sqrtPriceX96)).to.be.within(PRICE - PRICE / 10n ** 9n, PRICE + PRICE / 10n ** 9n);
    });
  });
}
