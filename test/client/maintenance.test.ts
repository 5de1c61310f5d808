import { expect } from "chai";
import { network } from "hardhat";
import { MaxUint256 } from "ethers";

import { readAccount } from "../../src/client/account-reading.ts";
import { planRaise } from "../../src/client/actions.ts";
import { QuoteError } from "../../src/client/errors.ts";
import { quoteRaise } from "../../src/client/leverage-quote.ts";
import {
  planAccrue,
  planAlign,
  planFaucet,
  planLiquidate,
  planLiquidateWithOwn,
  planPoke,
  quoteAlign,
} from "../../src/client/maintenance.ts";
import { readMarket } from "../../src/client/market-reading.ts";
import { readBasis } from "../../src/client/quote.ts";
import { happened } from "../../src/client/receipt-events.ts";
import { toAddress } from "../../src/protocol/address.ts";
import { carryOut } from "../support/carry-out.ts";
import { deployTradedMarket, nameOf, TRADED_KINDS, type TradedMarket } from "../support/traded-market.ts";

const { ethers, networkHelpers } = await network.create();

for (const kind of TRADED_KINDS.slice(0, 2)) {
  const deploy = async (): Promise<TradedMarket> => {
    const env = await deployTradedMarket(await ethers.getSigners(), { ...kind, guarded: true });
    const basis = await readBasis(env.provider, env.market, env.account);
    const quote = quoteRaise(basis, { leverage: 40_000n, ownCollateral: 10n * env.unit.collateral });
    await carryOut(env.signers.trader, planRaise(basis.reading, quote));
    return env;
  };

  describe(`upkeep (${nameOf(kind)})`, () => {
    let env: TradedMarket;
    beforeEach(async () => {
      env = await networkHelpers.loadFixture(deploy);
    });
    const setPrices = async (percent: bigint): Promise<void> => {
      await env.oracle.setPrice((env.price * percent) / 100n);
      await env.secondary.setPrice((env.price * percent) / 100n);
    };

    it("liquidates through the flash liquidator of its owner", async () => {
      const owner = env.signers.other;
      const liquidator = await ethers.deployContract("FlashLiquidator", [env.uniswap, owner]);
      const market = { ...env.market, flashLiquidator: toAddress(await liquidator.getAddress()) };
      await setPrices(86n);
      const plan = planLiquidate(market, { accounts: [env.account], worstPrice: env.price / 2n });
      expect(plan.title).to.equal("Liquidate one position");
      const receipts = await carryOut(owner, plan);
      const done = happened(market, toAddress(await owner.getAddress()), receipts[0] ?? expect.fail("No receipt."));
      expect(done.events.map(({ name }) => name)).to.deep.equal(["Accrued", "Liquidated"]);
      expect(done.loan > 0n && done.collateral === 0n).to.be.true;
      expect(() => planLiquidate(env.market, { accounts: [], worstPrice: 1n })).to.throw(QuoteError);
    });

    it("liquidates with one's own tokens, up to what is approved", async () => {
      await setPrices(86n);
      const { other } = env.signers;
      const account = toAddress(await other.getAddress());
      const reading = await readAccount(env.provider, env.market, account);
      const order = { accounts: [env.account], maxPayment: 9_000n * env.unit.loan, minSeized: env.unit.collateral };
      const receipts = await carryOut(other, planLiquidateWithOwn(reading, order));
      const done = happened(env.market, account, receipts.at(-1) ?? expect.fail("No receipt."));
      expect(done.loan < 0n && -done.loan <= order.maxPayment && done.collateral >= order.minSeized).to.be.true;
    });

    it("pokes the guard, whose sources it reads", async () => {
      await env.secondary.setPrice((env.price * 95n) / 100n);
      const before = await readMarket(env.provider, env.market);
      expect(before.guard).to.include({ status: "disagree" });
      expect(before.guard?.secondary.price).to.equal((env.price * 95n) / 100n);
      expect(before.openPrice).to.equal(undefined);
      await carryOut(env.signers.other, planPoke(env.market));
      const after = await readMarket(env.provider, env.market);
      expect(after.guard?.lastPoke).to.equal(after.block.timestamp);
      await env.secondary.fail();
      expect((await readMarket(env.provider, env.market)).guard?.status).to.equal("secondary unavailable");
      await env.oracle.fail();
      expect((await readMarket(env.provider, env.market)).guard?.status).to.equal("both unavailable");
      await env.secondary.setPrice(env.price);
      expect((await readMarket(env.provider, env.market)).guard?.status).to.equal("primary unavailable");
      expect(() => planPoke({ ...env.market, guard: undefined })).to.throw(QuoteError, "has no guard");
      const basis = await readBasis(env.provider, env.market, env.account);
      expect(() => quoteRaise(basis, { leverage: 45_000n })).to.throw(QuoteError, "no price to open at now");
    });

    it("brings the pool to a price, for what was quoted", async () => {
      const operator = toAddress(await env.operator.getAddress());
      for (const percent of [93n, 104n]) {
        const { pool } = await readAccount(env.provider, env.market, env.account);
        if (!pool) throw new Error("There is no pool.");
        const price = (env.price * percent) / 100n;
        const alignment = quoteAlign(env.market, pool, price);
        if (!alignment) throw new Error("The pool is there already.");
        const plan = planAlign(env.market, alignment, { operator, allowance: 0n });
        const { trader } = env.signers;
        await env.loan.mint(trader, 10n ** 30n);
        await env.collateral.mint(trader, 10n ** 30n);
        const receipts = await carryOut(trader, plan);
        const done = happened(env.market, env.account, receipts.at(-1) ?? expect.fail("No receipt."));
        const sellsLoan = alignment.sells.token.address === env.market.loanToken.address;
        expect(sellsLoan).to.equal(percent > 100n);
        const [loan, collateral] = sellsLoan
          ? [-alignment.sells.amount, alignment.buys.amount]
          : [alignment.buys.amount, -alignment.sells.amount];
        expect([done.loan, done.collateral]).to.deep.equal([loan, collateral]);
        const after = (await readAccount(env.provider, env.market, env.account)).pool;
        if (!after) throw new Error("There is no pool.");
        expect(after.sqrtPriceX96).to.equal(alignment.sqrtPriceX96);
        expect(quoteAlign(env.market, after, price)).to.equal(undefined);
        expect(() => quoteAlign(env.market, after, env.price * 100n)).to.throw(QuoteError, "factor of two");
      }
    });

    it("charges interest, and gives test money of a faucet alone", async () => {
      await networkHelpers.time.increase(86_400);
      await carryOut(env.signers.other, planAccrue(env.market));
      const { block } = await readMarket(env.provider, env.market);
      expect((await env.contract.interest()).lastAccrual).to.equal(block.timestamp);
      const faucet = await ethers.deployContract("FaucetToken", ["Test", "TST", 6, MaxUint256, env.account, 0n]);
      const token = { address: toAddress(await faucet.getAddress()), symbol: "TST", decimals: 6, faucet: true };
      const plan = planFaucet(token, env.account, 1_500_000n);
      expect(plan.title).to.equal("Get 1.5 TST from the faucet");
      await carryOut(env.signers.other, plan);
      expect(await faucet.balanceOf(env.account)).to.equal(1_500_000n);
      expect(() => planFaucet(env.market.loanToken, env.account, 1n)).to.throw(QuoteError, "no faucet's token");
    });
  });
}
