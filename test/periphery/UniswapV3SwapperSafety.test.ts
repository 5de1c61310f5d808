import { expect } from "chai";
import { dataSlice, MaxUint256 } from "ethers";

import { balances, COLLATERAL, DEBT, expectSwapperEmpty, openPosition } from "../support/swapper.ts";
import {
  collateralFirst,
  collateralFirstNoZero,
  createEmptyPool,
  deployMarketWithPools,
  eth,
  ethers,
  loanFirst,
  loanFirstNoZero,
  networkHelpers,
  usd,
  type MarketWithPools,
} from "../support/uniswap.ts";
import { ALL } from "../../src/protocol/units.ts";

for (const [order, fixture, noZeroFixture] of [
  ["collateral sorts first", collateralFirst, collateralFirstNoZero],
  ["loan token sorts first", loanFirst, loanFirstNoZero],
] as const) {
  describe(`UniswapV3Swapper, what it refuses (${order})`, () => {
    let env: MarketWithPools;
    beforeEach(async () => {
      env = await networkHelpers.loadFixture(fixture);
    });

    it("buys no more than the collateral it was sent can pay", async () => {
      const { market, swapper, accounts } = env;
      await openPosition(env);
      const data = env.sell(undefined, 500, true);
      await expect(
        market.connect(accounts.trader).adjust(accounts.trader, -eth("9"), -usd("20000"), swapper, 0n, 0n, data),
      ).to.be.revertedWithCustomError(swapper, "InputAboveMaximum");
    });

    it("trades up to the deadline, and not a second later", async () => {
      const { market, swapper, accounts } = env;
      const open = (deadline: bigint) =>
        market
          .connect(accounts.trader)
          .adjust(accounts.trader, COLLATERAL, DEBT, swapper, eth("13"), 0n, env.buy(undefined, 500, false, deadline));
      const close = (deadline: bigint) =>
        market
          .connect(accounts.trader)
          .adjust(accounts.trader, ALL, ALL, swapper, 0n, usd("50"), env.sell(undefined, 500, false, deadline));
      for (const trade of [open, close]) {
        const deadline = (await networkHelpers.time.latest()) + 600;
        await networkHelpers.time.setNextBlockTimestamp(deadline + 1);
        await expect(trade(BigInt(deadline)))
          .to.be.revertedWithCustomError(swapper, "DeadlinePassed")
          .withArgs(deadline, deadline + 1);
        await expect(trade(0n)).to.be.revertedWithCustomError(swapper, "DeadlinePassed");
        const last = (await networkHelpers.time.latest()) + 600;
        await networkHelpers.time.setNextBlockTimestamp(last);
        await trade(BigInt(last));
      }
      expect(await market.position(accounts.trader)).to.deep.equal([0n, 0n, 0n]);
      await expectSwapperEmpty(env);
    });

    it("refuses data without a deadline", async () => {
      // What can't be decoded fails without an error of its own.
      const data = dataSlice(env.buy(), 0, 96);
      await expect(openPosition(env, data)).to.be.revertedWithCustomError(env.market, "FailedCall");
    });

    for (const [kind, initialized] of [
      ["that nobody has put liquidity into", true],
      ["that has no price yet", false],
    ] as const) {
      it(`trades nothing in a pool ${kind}, of a token that refuses to transfer nothing`, async () => {
        env = await networkHelpers.loadFixture(noZeroFixture);
        const { market, swapper } = env;
        const { trader } = env.accounts;
        const fee = await createEmptyPool(env, initialized);
        await openPosition(env);
        await env.loan.mint(trader, DEBT);
        const before = await balances(env);
        const data = env.sell(undefined, fee);
        await market.connect(trader).adjust(trader, ALL, ALL, swapper, 0n, MaxUint256, data);
        const after = await balances(env);
        expect(after.collateral - before.collateral).to.equal(COLLATERAL);
        expect(before.loan - after.loan).to.be.closeTo(DEBT, usd("0.01"));
        await expectSwapperEmpty(env);
      });
    }

    it("refuses a pool that does not exist", async () => {
      const [loan, collateral] = [await env.loan.getAddress(), await env.collateral.getAddress()];
      await expect(openPosition(env, env.buy(undefined, 10_000)))
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
      await expect(fake.callAdjust(env.swapper, eth("1"), usd("2000"), env.buy())).to.be.revertedWithCustomError(
        env.loan,
        "ERC20InsufficientBalance",
      );
      await expect(fake.callAdjust(env.swapper, -eth("1"), -usd("2000"), env.sell())).to.be.revertedWithCustomError(
        env.collateral,
        "ERC20InsufficientBalance",
      );
      await expect(env.swapper.connect(env.accounts.stranger).onAdjust(fake, fake, 1n, 1n, env.buy())).to.be.revert(
        ethers,
      );
    });

    it("lets nobody in during a swap, when it holds someone's tokens", async () => {
      env = await deployMarketWithPools(order.startsWith("collateral"), "HookToken");
      const { swapper } = env;
      const hooks = await ethers.getContractAt("HookToken", await env.collateral.getAddress());
      const fake = await ethers.deployContract("FakeMarket", [env.loan, env.collateral]);
      const thief = await ethers.deployContract("ScriptedActor");
      // Called when the pool pays the collateral out: the swapper holds the borrowed tokens then.
      const steal = fake.interface.encodeFunctionData("callAdjust", [
        await swapper.getAddress(),
        1n,
        DEBT / 2n,
        env.buy(undefined, 3000),
      ]);
      await thief.setHookCalls([{ target: fake, data: steal, mustSucceed: false }]);
      await hooks.setHook(env.pool500, thief);

      await openPosition(env);
      const [outcome] = await thief.outcomes();
      expect(outcome?.success).to.be.false;
      expect(swapper.interface.parseError(outcome?.returned ?? "0x")?.name).to.equal("UnexpectedPool");
      expect(await env.market.debtOf(env.accounts.trader)).to.equal(DEBT);
      await expectSwapperEmpty(env);
    });
  });
}
