import { expect } from "chai";
import { network } from "hardhat";

import { readAccount } from "../../src/client/account-reading.ts";
import { sharesOf } from "../../src/client/actions.ts";
import type { Market } from "../../src/client/markets.ts";
import {
  operatorToSign,
  permitToSign,
  permitTransaction,
  planLendWithPermit,
  planOperatorBySignature,
  readPermit,
} from "../../src/client/permits.ts";
import { toAddress } from "../../src/protocol/address.ts";
import { nestParameters } from "../../src/protocol/parameters.ts";
import { ETHER_5X } from "../../src/protocol/presets.ts";
import { carryOut } from "../support/carry-out.ts";
import { deployTradedMarket, TRADED_KINDS, type TradedMarket } from "../support/traded-market.ts";

const { ethers, networkHelpers } = await network.create();
const [KIND] = TRADED_KINDS;

/** A market, and one that lends its shares, which have permits. */
async function deploy() {
  if (!KIND) throw new Error("There is no kind of market.");
  const env = await deployTradedMarket(await ethers.getSigners(), KIND);
  const shareUnit = 10n ** 12n;
  const price = env.price * 10n ** 6n;
  const oracle = await ethers.deployContract("MockOracle", [price]);
  const params = {
    loanToken: env.market.address,
    collateralToken: env.market.collateralToken.address,
    oracle: await oracle.getAddress(),
    authority: await env.authority.getAddress(),
    name: "Lent shares",
    symbol: "ccUSD",
    ...nestParameters({ ...ETHER_5X, minDebt: shareUnit, debtCap: 10n ** 20n, supplyCap: 10n ** 20n }),
  };
  await env.factory.createMarket(params, ethers.ZeroHash, price);
  const market: Market = {
    ...env.market,
    address: toAddress(await env.factory.marketAt(1n)),
    name: params.name,
    symbol: params.symbol,
    loanToken: sharesOf(env.market),
  };
  return { env, market, lender: toAddress(await env.signers.lender.getAddress()), shareUnit };
}

describe("signatures in place of transactions", () => {
  let fixture: Awaited<ReturnType<typeof deploy>>;
  let env: TradedMarket;
  beforeEach(async () => {
    fixture = await networkHelpers.loadFixture(deploy);
    ({ env } = fixture);
  });
  const later = async (): Promise<bigint> => BigInt(await networkHelpers.time.latest()) + 600n;

  it("lend by a permit of the loan token", async () => {
    const { market, lender, shareUnit } = fixture;
    const assets = 1_000n * shareUnit;
    const deadline = await later();
    const permit = await readPermit(env.provider, market.loanToken, {
      owner: lender,
      spender: market.address,
      value: assets,
      deadline,
    });
    if (permit === undefined) throw new Error("The token has permits.");
    const { domain, types, message } = permitToSign(permit);
    const signature = await env.signers.lender.signTypedData(domain, types, message);
    const plan = planLendWithPermit(await readAccount(env.provider, market, lender), assets, permit, signature);
    expect(plan.transactions.map(({ title }) => title)).to.deep.equal([
      `Let ${market.address} take 1000 cUSD, by signature`,
      "Lend 1000 cUSD",
    ]);
    await carryOut(env.signers.lender, plan);
    const { wallet } = await readAccount(env.provider, market, lender);
    expect([wallet.shares.assets, wallet.loan.allowance]).to.deep.equal([assets, 0n]);
  });

  it("are sent by anyone, once", async () => {
    const { market, lender } = fixture;
    const terms = { owner: lender, spender: market.address, value: 5n, deadline: await later() };
    const permit = await readPermit(env.provider, market.loanToken, terms);
    if (permit === undefined) throw new Error("The token has permits.");
    const { domain, types, message } = permitToSign(permit);
    const { to, data } = permitTransaction(permit, await env.signers.lender.signTypedData(domain, types, message));
    await (await env.signers.other.sendTransaction({ to, data })).wait();
    expect(await env.contract.allowance(lender, market.address)).to.equal(5n);
    await expect(env.signers.other.sendTransaction({ to, data })).to.be.revertedWithCustomError(
      env.contract,
      "ERC2612InvalidSigner",
    );
  });

  it("are not offered for a token without permits", async () => {
    const { lender } = fixture;
    const terms = { owner: lender, spender: env.market.address, value: 5n, deadline: await later() };
    expect(await readPermit(env.provider, env.market.loanToken, terms)).to.equal(undefined);
  });

  it("approve an operator, and no longer", async () => {
    const { trader, other } = env.signers;
    const operator = toAddress(await other.getAddress());
    for (const approved of [true, false]) {
      const { wallet } = await readAccount(env.provider, env.market, env.account);
      const approval = { account: env.account, operator, approved, nonce: wallet.nonce, deadline: await later() };
      const { domain, types, message } = operatorToSign(env.market, approval);
      const signature = await trader.signTypedData(domain, types, message);
      await carryOut(other, planOperatorBySignature(env.market, approval, signature));
      expect(await env.contract.isOperator(env.account, operator)).to.equal(approved);
    }
  });
});
