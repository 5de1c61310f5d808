import { expect } from "chai";

import { poolAddress, readPool, swapInPool, swapToPrice } from "../../src/client/uniswap-v3-pool.ts";
import { tickAtSqrtPriceX96 } from "../../src/protocol/uniswap-v3/ticks.ts";
import { collateralFirst, ethers, eth, loanFirst, networkHelpers, priceAwayBy, usd } from "../support/uniswap.ts";

for (const [order, fixture, first] of [
  ["collateral sorts first", collateralFirst, true],
  ["loan token sorts first", loanFirst, false],
] as const) {
  describe(`a real pool (${order})`, () => {
    it("is where it is computed to be, at the tick that is computed, with the amounts asked for", async () => {
      const { loan, collateral, uniswap, pool500, pool3000 } = await networkHelpers.loadFixture(fixture);
      const [a, b] = [await loan.getAddress(), await collateral.getAddress()];
      expect(poolAddress(uniswap, a, b, 500)).to.equal(pool500);
      expect(poolAddress(uniswap, b, a, 3000)).to.equal(pool3000);
      const state = await readPool(ethers.provider, pool500);
      expect([state.token0, state.token1]).to.deep.equal(first ? [b, a] : [a, b]);
      expect([state.fee, state.tickSpacing]).to.deep.equal([500, 10]);
      expect(state.tick).to.equal(tickAtSqrtPriceX96(state.sqrtPriceX96));

      // The range is even around the price to a tick spacing, so both amounts are nearly used up.
      expect(await loan.balanceOf(pool500)).to.be.within(usd("4980000"), usd("5000000"));
      expect(await collateral.balanceOf(pool500)).to.be.within(eth("2490"), eth("2500"));
    });

    it("goes to the price that it is brought to", async () => {
      const { pools, pool500, limit } = await networkHelpers.loadFixture(fixture);
      for (const percent of [5, -10, 0]) {
        const target = limit("loan", priceAwayBy(percent));
        const result = await swapToPrice(pools, pool500, target);
        expect(result?.sqrtPriceX96).to.equal(target);
        const state = await readPool(ethers.provider, pool500);
        expect(state.sqrtPriceX96).to.equal(target);
        expect(state.tick).to.equal(tickAtSqrtPriceX96(target));
      }
      expect(await swapToPrice(pools, pool500, limit("loan", priceAwayBy(0)))).to.equal(undefined);
    });

    it("says what a swap took and gave", async () => {
      const { pools, pool500, collateral, loan, limit, accounts } = await networkHelpers.loadFixture(fixture);
      const before = await Promise.all([collateral.balanceOf(accounts.admin), loan.balanceOf(accounts.admin)]);
      const result = await swapInPool(pools, pool500, first, eth("1"), limit("collateral"));
      const after = await Promise.all([collateral.balanceOf(accounts.admin), loan.balanceOf(accounts.admin)]);
      const [sold, bought] = first ? [result.amount0, result.amount1] : [result.amount1, result.amount0];
      expect(sold).to.equal(eth("1"));
      expect(before[0] - after[0]).to.equal(sold);
      expect(before[1] - after[1]).to.equal(bought);
      expect(-bought).to.be.within(usd("1998"), usd("1999"));
    });

    it("is paid by nobody who did not ask", async () => {
      const { pools, accounts } = await networkHelpers.loadFixture(fixture);
      await expect(pools.connect(accounts.stranger).uniswapV3SwapCallback(1n, 0n, "0x"))
        .to.be.revertedWithCustomError(pools, "UnexpectedPool")
        .withArgs(accounts.stranger.address);
    });
  });
}
