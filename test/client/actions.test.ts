import { expect } from "chai";
import { network } from "hardhat";
import { MaxUint256 } from "ethers";

import { readAccount, type AccountReading } from "../../src/client/account-reading.ts";
import {
  planAdd,
  planBorrow,
  planLend,
  planOperator,
  planRaise,
  planRedeem,
  planRepay,
  planTakeBack,
  planWithdraw,
} from "../../src/client/actions.ts";
import { quoteRaise } from "../../src/client/leverage-quote.ts";
import type { Plan } from "../../src/client/plan.ts";
import { readBasis } from "../../src/client/quote.ts";
import { toAddress } from "../../src/protocol/address.ts";
import { carryOut } from "../support/carry-out.ts";
import { deployTradedMarket, TRADED_KINDS, type TradedMarket } from "../support/traded-market.ts";

const { ethers, networkHelpers } = await network.create();
const [KIND] = TRADED_KINDS;

async function deploy(): Promise<TradedMarket> {
  if (!KIND) throw new Error("There is no kind of market.");
  return deployTradedMarket(await ethers.getSigners(), KIND);
}

const titles = ({ transactions }: Plan): readonly string[] => transactions.map(({ title }) => title);

describe("plans", () => {
  let env: TradedMarket;
  let usd: bigint;
  let eth: bigint;
  const read = (): Promise<AccountReading> => readAccount(env.provider, env.market, env.account);
  beforeEach(async () => {
    env = await networkHelpers.loadFixture(deploy);
    [usd, eth] = [env.unit.loan, env.unit.collateral];
  });

  it("approve what an opening takes at the most, and leave no more than its slippage", async () => {
    const basis = await readBasis(env.provider, env.market, env.account);
    const quote = quoteRaise(basis, { leverage: 30_000n, ownCollateral: 10n * eth });
    const plan = planRaise(basis.reading, quote);
    expect(titles(plan)[0]).to.match(/^Let the market take 10\.\d+ ETH$/u);
    expect(titles(plan)[1]).to.match(/^Open a position of 29\.\d+ ETH at 3x$/u);
    expect(plan.title).to.equal(titles(plan)[1]);
    await carryOut(env.signers.trader, plan);
    const { wallet } = await read();
    expect(wallet.collateral.allowance).to.equal(quote.maxOwnCollateral - quote.ownCollateral);
  });

  it("approve nothing where enough is approved, and everything where one asks for it", async () => {
    const plan = planAdd(await read(), 2n * eth, { approve: "unlimited" });
    expect(titles(plan)).to.deep.equal(["Let the market take any amount of ETH", "Add 2 ETH to the position"]);
    await carryOut(env.signers.trader, plan);
    const reading = await read();
    expect(reading.wallet.collateral.allowance).to.equal(MaxUint256);
    expect(titles(planAdd(reading, 5n * eth))).to.deep.equal(["Add 5 ETH to the position"]);
  });

  it("repay all, with what an hour has added, and withdraw all: nothing is left", async () => {
    const { trader } = env.signers;
    await carryOut(trader, planAdd(await read(), 10n * eth));
    await carryOut(trader, planBorrow(await read(), 9_000n * usd));
    const plan = planRepay(await read(), "all");
    expect(titles(plan)[1]).to.equal("Repay all debt");
    await carryOut(trader, plan, () => networkHelpers.time.increase(3_600));
    const { position } = await read();
    expect([position.debt, position.debtShares]).to.deep.equal([0n, 0n]);
    await carryOut(trader, planWithdraw(await read(), "all"));
    const after = await read();
    expect(after.position.collateral).to.equal(0n);
    // What was approved for a day's interest, and has not come due.
    expect(after.wallet.loan.allowance).to.be.within(1n, 10n * usd);
  });

  it("lend, take back, and redeem all", async () => {
    const { trader } = env.signers;
    const plan = planLend(await read(), 5_000n * usd);
    expect(titles(plan)).to.deep.equal(["Let the market take 5000 USD", "Lend 5000 USD"]);
    await carryOut(trader, plan);
    expect((await read()).wallet.loan.allowance).to.equal(0n);
    await carryOut(trader, planTakeBack(await read(), 1_000n * usd));
    await networkHelpers.time.increase(86_400);
    const before = (await read()).wallet;
    expect(before.shares.assets).to.equal(4_000n * usd);
    await carryOut(trader, planRedeem(await read(), "all"));
    const after = (await read()).wallet;
    expect([after.shares.balance, after.loan.balance - before.loan.balance]).to.deep.equal([0n, 4_000n * usd]);
  });

  it("let another account act, and no longer", async () => {
    const operator = toAddress(await env.signers.other.getAddress());
    const allow = planOperator(env.market, operator, true);
    expect(allow.title).to.equal(`Let ${operator} act for the position`);
    await carryOut(env.signers.trader, allow);
    expect(await env.contract.isOperator(env.account, operator)).to.be.true;
    await carryOut(env.signers.trader, planOperator(env.market, operator, false));
    expect(await env.contract.isOperator(env.account, operator)).to.be.false;
  });
});
