import { expect } from "chai";
import { network } from "hardhat";
import { MaxUint256 } from "ethers";

import { readAccount } from "../../src/client/account-reading.ts";
import { planRaise } from "../../src/client/actions.ts";
import { QuoteError, ReadingError } from "../../src/client/errors.ts";
import { quoteClose, quoteLeverage, quoteLower, quoteRaise } from "../../src/client/leverage-quote.ts";
import { readModel } from "../../src/client/market-model.ts";
import { readBasis, type QuoteBasis } from "../../src/client/quote.ts";
import { swapToPrice } from "../../src/client/uniswap-v3-pool.ts";
import { sqrtPriceX96FromPrice } from "../../src/protocol/uniswap-v3/price.ts";
import { carryOut } from "../support/carry-out.ts";
import { deployTradedMarket, TRADED_KINDS, type TradedMarket } from "../support/traded-market.ts";

const { ethers, networkHelpers } = await network.create();

async function deploy(): Promise<TradedMarket> {
  const [kind] = TRADED_KINDS;
  if (!kind) throw new Error("There is no kind of market.");
  return deployTradedMarket(await ethers.getSigners(), kind);
}

describe("what can't be quoted", () => {
  let env: TradedMarket;
  const basis = (): Promise<QuoteBasis> => readBasis(env.provider, env.market, env.account);
  const open = async (leverage: bigint): Promise<void> => {
    const from = await basis();
    const quote = quoteRaise(from, { leverage, ownCollateral: 10n * env.unit.collateral });
    await carryOut(env.signers.trader, planRaise(from.reading, quote));
  };
  beforeEach(async () => {
    env = await networkHelpers.loadFixture(deploy);
  });

  it("is a move of a position that there is not", async () => {
    const from = await basis();
    expect(() => quoteLeverage(from, 20_000n)).to.throw(QuoteError, "The account has no position");
    expect(() => quoteClose(from)).to.throw(QuoteError, "The position has no debt");
    expect(() => quoteRaise(from, { leverage: 20_000n })).to.throw(QuoteError, "can't be reached from 1x by borrowing");
  });

  it("is a reduction to more than there is", async () => {
    await open(20_000n);
    const from = await basis();
    expect(() => quoteLower(from, { leverage: 20_001n })).to.throw(QuoteError, "is not below that of the position, 2x");
    expect(quoteLeverage(from, 19_000n).kind).to.equal("lower");
    expect(quoteLeverage(from, 21_000n).kind).to.equal("raise");
  });

  it("is a trade without a pool or a swapper", async () => {
    const from = await basis();
    const order = { leverage: 20_000n, ownCollateral: env.unit.collateral };
    const withoutPool = { ...from, reading: { ...from.reading, pool: undefined } };
    expect(() => quoteRaise(withoutPool, order)).to.throw(QuoteError, "no pool to trade in");
    const market = { ...env.market, swapper: undefined, pool: undefined };
    const bare = await readBasis(env.provider, market, env.account);
    expect(bare.reading.pool).to.equal(undefined);
    expect(() => quoteRaise(bare, order)).to.throw(QuoteError, "no pool to trade in");
  });

  it("is a closing in a pool too thin for it", async () => {
    const { trader, other } = env.signers;
    await env.collateral.connect(other).approve(env.market.address, MaxUint256);
    await env.contract.connect(other).supplyCollateral(2_000n * env.unit.collateral, other);
    await env.collateral.connect(trader).approve(env.market.address, MaxUint256);
    await env.contract.connect(trader).supplyCollateral(2_500n * env.unit.collateral, trader);
    // Lent against 2,500 ether without a swap: more than the pool holds.
    await env.loan.mint(env.signers.lender, 1_000_000n * env.unit.loan);
    await env.contract.connect(env.signers.lender).deposit(1_000_000n * env.unit.loan, env.signers.lender);
    await env.contract.connect(trader).borrow(2_900_000n * env.unit.loan, trader, trader);
    const from = await basis();
    expect(() => quoteClose(from)).to.throw(QuoteError, "The pool has too little liquidity to pay the debt");
  });

  it("is a closing that the collateral does not pay", async () => {
    await open(40_000n);
    // Somebody brings the pool down, and the oracle doesn't follow.
    const target = sqrtPriceX96FromPrice((env.price * 7n) / 10n, env.kind.collateralIsToken0);
    await swapToPrice(env.operator, env.market.pool?.address ?? "", target);
    const from = await basis();
    expect(() => quoteClose(from)).to.throw(
      QuoteError,
      /sells for less than the debt: paying it takes [\d.]+ \w+, and the position has [\d.]+ \w+\./u,
    );
    expect(() => quoteLower(from, { leverage: 15_000n })).to.throw(QuoteError, "too little liquidity");
  });

  it("is a reduction of a position without equity", async () => {
    await open(40_000n);
    const price = (env.price * 7n) / 10n;
    await env.oracle.setPrice(price);
    const target = sqrtPriceX96FromPrice(price, env.kind.collateralIsToken0);
    await swapToPrice(env.operator, env.market.pool?.address ?? "", target);
    const from = await basis();
    expect(() => quoteLeverage(from, 15_000n)).to.throw(QuoteError, "The position has no equity");
  });

  it("goes by the liquidation price where there is no open one", async () => {
    await open(30_000n);
    await env.oracle.setPrices(0n, env.price);
    const from = await basis();
    expect(from.reading.market.openPrice).to.equal(undefined);
    const quote = quoteLeverage(from, 20_000n);
    expect([quote.kind, quote.refusal]).to.deep.equal(["lower", undefined]);
    expect(() => quoteLeverage(from, 35_000n)).to.throw(QuoteError, "no price to open at now (its oracle gives none)");
    await env.oracle.fail();
    const blind = await basis();
    expect(() => quoteLeverage(blind, 20_000n)).to.throw(QuoteError, "The market has no price now");
    expect(quoteClose(blind).refusal).to.equal(undefined);
  });

  it("is anything of a market that keeps its books otherwise", async () => {
    const reading = await readAccount(env.provider, env.market, env.account);
    const otherwise = { ...reading, market: { ...reading.market, debtAllowance: reading.market.debtAllowance + 1n } };
    const failure: unknown = await readModel(env.provider, otherwise).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(ReadingError);
    expect((failure as Error).message).to.contain("otherwise than a market of this version");
  });
});
