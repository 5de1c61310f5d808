import { expect } from "chai";
import { MaxUint256 } from "ethers";

import { readPool } from "../../src/client/uniswap-v3-pool.ts";
import { arbitrage, balances, COLLATERAL, DEBT, expectSwapperEmpty, openPosition } from "../support/swapper.ts";
import {
  collateralFirst,
  eth,
  ethers,
  loanFirst,
  networkHelpers,
  priceAwayBy,
  usd,
  type MarketWithPools,
} from "../support/uniswap.ts";
import { ALL } from "../../src/protocol/units.ts";

for (const [order, fixture] of [
  ["collateral sorts first", collateralFirst],
  ["loan token sorts first", loanFirst],
] as const) {
  describe(`UniswapV3Swapper (${order})`, () => {
    let env: MarketWithPools;
    beforeEach(async () => {
      env = await networkHelpers.loadFixture(fixture);
    });

    it("opens at 5x in one call of an ordinary account", async () => {
      const before = await balances(env);
      const paid = await openPosition(env);

      const after = await balances(env);
      const [, collateral] = await env.market.position(env.accounts.trader);
      expect(collateral).to.equal(COLLATERAL);
      expect(await env.market.debtOf(env.accounts.trader)).to.equal(DEBT);
      // 80,000 buy 39.98 after the pool's fee of 0.05%, less some slippage; the account pays the
      // rest.
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
      await openPosition(env);
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
      const paid = await openPosition(env);
      await networkHelpers.time.increase(86_400);
      const before = await balances(env);
      const data = env.sell(undefined, 500, true);
      await market.connect(accounts.trader).adjust(accounts.trader, ALL, ALL, swapper, 0n, 0n, data);

      expect(await market.position(accounts.trader)).to.deep.equal([0n, 0n, 0n]);
      const after = await balances(env);
      expect(after.loan).to.equal(before.loan);
      // Opening and closing cost two fees of 0.05% on 40, and a day's interest.
      expect(paid - (after.collateral - before.collateral)).to.be.within(eth("0.0395"), eth("0.045"));
      await expectSwapperEmpty(env);
    });

    it("closes all by selling everything, and returns the loan tokens left", async () => {
      const { market, swapper, accounts } = env;
      await openPosition(env);
      await arbitrage(env);
      await networkHelpers.time.increase(86_400);
      const before = await balances(env);
      await market.connect(accounts.trader).adjust(accounts.trader, ALL, ALL, swapper, 0n, 0n, env.sell());

      expect(await market.position(accounts.trader)).to.deep.equal([0n, 0n, 0n]);
      const after = await balances(env);
      expect(after.collateral).to.equal(before.collateral);
      // Slippage in this pool, on 50, is about 0.4%; the fee 0.05%.
      expect(after.loan - before.loan).to.be.within(usd("19400"), usd("19900"));
      await expectSwapperEmpty(env);
    });

    it("lowers leverage in part, the caller adding what the sale falls short of", async () => {
      const { market, swapper, accounts } = env;
      await openPosition(env);
      await arbitrage(env);
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
      await openPosition(env);
      await arbitrage(env);
      await env.loan.mint(accounts.trader, DEBT);
      for (const exactOutput of [true, false]) {
        const snapshot = await networkHelpers.takeSnapshot();
        const before = await balances(env);
        const data = env.sell(priceAwayBy(-0.1), 500, exactOutput);
        await market.connect(accounts.trader).adjust(accounts.trader, ALL, ALL, swapper, 0n, MaxUint256, data);
        const after = await balances(env);
        expect(after.collateral - before.collateral).to.be.within(eth("11"), eth("49"));
        expect(before.loan - after.loan).to.be.within(usd("1000"), usd("79000"));
        expect(await market.position(accounts.trader)).to.deep.equal([0n, 0n, 0n]);
        await expectSwapperEmpty(env);
        await snapshot.restore();
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
      const paid = await openPosition(env, env.buy(undefined, 3000));
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
      expect(before.operatorCollateral - closed.operatorCollateral).to.be.within(eth("0.0395"), eth("0.045"));
      expect(closed.collateral).to.equal(before.collateral);
    });
  });
}
