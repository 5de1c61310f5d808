import { expect } from "chai";
import { MaxUint256, ZeroAddress } from "ethers";
import { network } from "hardhat";

import { readAccount, readPositions } from "../../src/client/account-reading.ts";
import { readMarket } from "../../src/client/market-reading.ts";
import type { PositionFigures } from "../../src/protocol/position-figures.ts";
import { toAddress } from "../../src/protocol/address.ts";
import { accountOf } from "../support/accounts.ts";
import {
  deployTradedMarket,
  nameOf,
  TRADED_KINDS,
  type TradedKind,
  type TradedMarket,
} from "../support/traded-market.ts";

const { ethers, networkHelpers } = await network.create();

const deploy = async (kind: TradedKind): Promise<TradedMarket> => {
  const env = await deployTradedMarket(await ethers.getSigners(), kind);
  const { trader } = env.signers;
  await env.collateral.connect(trader).approve(env.market.address, 11n * env.unit.collateral);
  await env.contract
    .connect(trader)
    .adjust(trader, 10n * env.unit.collateral, 12_000n * env.unit.loan, trader, MaxUint256, 0n, "0x");
  await networkHelpers.time.increase(86_400);
  await networkHelpers.mine();
  return env;
};

/** A figure as the lens tells it, which has a greatest number for what has no value. */
function orGreatest(value: bigint | undefined): bigint {
  return value ?? MaxUint256;
}

for (const kind of TRADED_KINDS) {
  describe(`reading (${nameOf(kind)})`, () => {
    let env: TradedMarket;
    before(async () => {
      env = await deploy(kind);
    });

    it("tells of a market what the lens tells, at the latest block", async () => {
      const reading = await readMarket(env.provider, env.market);
      const lens = await env.lens.marketView(env.market.address);
      const block = await env.provider.getBlock("latest");
      expect(reading.block).to.deep.equal({
        number: block?.number,
        hash: block?.hash,
        timestamp: BigInt(block?.timestamp ?? 0),
        baseFee: block?.baseFeePerGas,
      });
      for (const name of [
        "cash",
        "debt",
        "collateral",
        "totalAssets",
        "totalShares",
        "sharePrice",
        "utilization",
      ] as const) {
        expect(reading[name], name).to.equal(lens[name]);
      }
      for (const name of ["borrowRatePerYear", "supplyRatePerYear", "bufferAssets", "debtAllowance"] as const) {
        expect(reading[name], name).to.equal(lens[name]);
      }
      expect(reading.openPrice).to.equal(lens.openPrice);
      expect(reading.liquidationPrice).to.equal(lens.liquidationPrice);
      expect(reading.systemLeverage).to.equal(lens.systemLeverage);
      expect(reading.limits.supplyCap).to.equal(lens.supplyCap);
      expect(reading.config.minDebt).to.equal(100n * env.unit.loan);
      expect([reading.raises, reading.ramp, reading.guard]).to.deep.equal([[], undefined, undefined]);
    });

    it("tells of positions what the lens tells, whatever the price", async () => {
      const accounts = [env.account, toAddress(await env.signers.other.getAddress())];
      for (const percent of [100n, 65n, 58n, 40n]) {
        await env.oracle.setPrice((env.price * percent) / 100n);
        const { positions } = await readPositions(env.provider, env.market, accounts);
        const [, , lens] = await env.lens.positionViews(env.market.address, accounts);
        positions.forEach((position, index) => {
          expectSame(position, lens[index]);
        });
      }
      await env.oracle.setPrice(env.price);
    });

    it("reads as many positions as one likes, in their order, of one block", async () => {
      const { trader } = env.signers;
      await env.collateral.connect(trader).approve(env.market.address, MaxUint256);
      // One call reads forty.
      const accounts = Array.from({ length: 45 }, (_, index) => accountOf(1_000 + index));
      for (const index of [0, 39, 40, 44]) {
        await env.contract.connect(trader).supplyCollateral(BigInt(index) + 1n, accounts[index] ?? ZeroAddress);
      }
      await env.collateral.connect(trader).approve(env.market.address, env.unit.collateral);
      const { market, positions } = await readPositions(env.provider, env.market, accounts);
      expect(positions.map(({ account }) => account)).to.deep.equal(accounts);
      expect([0, 39, 40, 44].map((index) => positions[index]?.collateral)).to.deep.equal([1n, 40n, 41n, 45n]);
      expect(market.block.number).to.equal(await env.provider.getBlockNumber());
    });

    it("tells what an account has and has approved, and the pool", async () => {
      const { position, wallet, pool } = await readAccount(env.provider, env.market, env.account);
      expect(position.collateral).to.equal(10n * env.unit.collateral);
      expect(wallet.coin).to.equal(await env.provider.getBalance(env.account));
      expect(wallet.collateral.balance).to.equal(await env.collateral.balanceOf(env.account));
      expect(wallet.collateral.allowance).to.equal(env.unit.collateral);
      expect(wallet.loan).to.deep.equal({ balance: 112_000n * env.unit.loan, allowance: 0n });
      expect(wallet.shares).to.deep.equal({ balance: 0n, assets: 0n, redeemable: 0n });
      expect(wallet.depositRoom).to.equal(await env.contract.maxDeposit(env.account));
      expect(pool?.fee).to.equal(kind.fee);
      if (!pool) throw new Error("There is no pool.");
      // The two ends of the widest range are beyond a factor of two, up to which a pool of that
      // spacing is read.
      expect(pool.ticks).to.have.length.within(12, 14);
      expect(pool.ticks.every(({ tick }) => tick >= pool.lowest && tick <= pool.highest)).to.be.true;
    });

    it("tells of an oracle that fails that there is no price", async () => {
      const snapshot = await networkHelpers.takeSnapshot();
      await env.oracle.fail();
      const { market, position } = await readAccount(env.provider, env.market, env.account);
      expect([market.openPrice, market.liquidationPrice]).to.deep.equal([undefined, undefined]);
      expect([position.leverage, position.healthFactor, position.liquidatable]).to.deep.equal([
        undefined,
        undefined,
        false,
      ]);
      expect(position.liquidationPriceLimit).to.be.a("bigint");
      await snapshot.restore();
    });

    it("reads an earlier block as it was", async () => {
      const before = await readAccount(env.provider, env.market, env.account);
      await env.oracle.setPrice(env.price + 1n);
      const again = await readAccount(env.provider, env.market, env.account, before.block.number);
      expect(again).to.deep.equal(before);
      await env.oracle.setPrice(env.price);
    });
  });
}

interface LensPosition {
  readonly debt: bigint;
  readonly collateral: bigint;
  readonly collateralValue: bigint;
  readonly equity: bigint;
  readonly leverage: bigint;
  readonly ltv: bigint;
  readonly costOfCarry: bigint;
  readonly healthFactor: bigint;
  readonly liquidationPrice: bigint;
  readonly distanceToLiquidation: bigint;
  readonly liquidatable: boolean;
}

function expectSame(position: PositionFigures, lens: LensPosition | undefined): void {
  expect({
    debt: position.debt,
    collateral: position.collateral,
    collateralValue: position.collateralValue,
    equity: position.equity,
    leverage: orGreatest(position.leverage),
    ltv: orGreatest(position.ltv),
    costOfCarry: orGreatest(position.costOfCarry),
    healthFactor: orGreatest(position.healthFactor),
    liquidationPrice: orGreatest(position.liquidationPriceLimit),
    distanceToLiquidation: position.fallToLiquidation,
    liquidatable: position.liquidatable,
  }).to.deep.equal({
    debt: lens?.debt,
    collateral: lens?.collateral,
    collateralValue: lens?.collateralValue,
    equity: lens?.equity,
    leverage: lens?.leverage,
    ltv: lens?.ltv,
    costOfCarry: lens?.costOfCarry,
    healthFactor: lens?.healthFactor,
    liquidationPrice: lens?.liquidationPrice,
    distanceToLiquidation: lens?.distanceToLiquidation,
    liquidatable: lens?.liquidatable,
  });
}
