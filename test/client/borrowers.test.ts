import { expect } from "chai";
import { network } from "hardhat";
import { MaxUint256 } from "ethers";

import { readBorrowers, readRiskiest } from "../../src/client/borrowers.ts";
import { readPositions } from "../../src/client/account-reading.ts";
import { toAddress } from "../../src/protocol/address.ts";
import { accountOf } from "../support/accounts.ts";
import { deployTradedMarket, TRADED_KINDS, type TradedMarket } from "../support/traded-market.ts";

const { ethers } = await network.create();

describe("the borrowers of a market", () => {
  let env: TradedMarket;
  before(async () => {
    const [kind] = TRADED_KINDS;
    if (!kind) throw new Error("There is no kind of market.");
    env = await deployTradedMarket(await ethers.getSigners(), kind);
    const { unit, contract, signers } = env;
    const [, , , , ...others] = await ethers.getSigners();
    // Debts of 10,000, 12,500, ... on ten collateral tokens each, the last of them repaid.
    for (const [index, signer] of others.slice(0, 4).entries()) {
      await env.collateral.mint(signer, 10n * unit.collateral);
      await env.collateral.connect(signer).approve(env.market.address, MaxUint256);
      const debt = (10_000n + 1_500n * BigInt(index)) * unit.loan;
      await contract.connect(signer).adjust(signer, 10n * unit.collateral, debt, signer, MaxUint256, 0n, "0x");
    }
    const last = others[3];
    if (!last) throw new Error("The chain has too few accounts.");
    await env.loan.mint(last, 1_000n * unit.loan);
    await env.loan.connect(last).approve(env.market.address, MaxUint256);
    await contract.connect(last).repay(MaxUint256, last);
    // Sixty with collateral alone: more than one call reads.
    await env.collateral.connect(signers.trader).approve(env.market.address, MaxUint256);
    for (let number = 1; number <= 60; ++number) {
      await contract.connect(signers.trader).supplyCollateral(BigInt(number), accountOf(1_000 + number));
    }
  });

  it("are all that have had a position, each once", async () => {
    const accounts = await readBorrowers(env.provider, env.market);
    expect(accounts).to.have.length(64);
    expect(new Set(accounts).size).to.equal(64);
  });

  it("are read in their order, however many they are, of one block", async () => {
    const accounts = await readBorrowers(env.provider, env.market);
    const { positions } = await readPositions(env.provider, env.market, accounts);
    expect(positions.map(({ account }) => account)).to.deep.equal(accounts);
    expect(positions.at(-1)?.collateral).to.equal(60n);
  });

  it("come with the riskiest first, and without those that owe nothing", async () => {
    const [, , , , ...others] = await ethers.getSigners();
    const expected = [2, 1, 0].map((index) => toAddress(others[index]?.address ?? ""));
    const { positions } = await readRiskiest(env.provider, env.market, 20);
    expect(positions.map(({ account }) => account)).to.deep.equal(expected);
    expect((await readRiskiest(env.provider, env.market, 1)).positions).to.have.length(1);
  });
});
