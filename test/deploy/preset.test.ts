import { expect } from "chai";
import { network } from "hardhat";

import { CONFIG_NAMES, LIMIT_NAMES } from "../../src/protocol/parameters.ts";
import { ETHER_5X } from "../../src/protocol/presets.ts";
import { parametersOf } from "./support/parameters.ts";

describe("ETHER_5X", () => {
  it("is the market that deploy/parameters/local.json describes", async () => {
    const { Market: market = {} } = await parametersOf("local");
    const described = Object.fromEntries(
      [...LIMIT_NAMES, ...CONFIG_NAMES].map((name) => [name, BigInt(market[name] as string | number | bigint)]),
    );
    expect(described).to.deep.equal(ETHER_5X);
  });

  it("is the market that Solidity tests vary", async () => {
    const { ethers } = await network.create();
    const harness = await ethers.deployContract("MathHarness");
    const { limits, config } = await harness.fiveTimesOnEther();
    const values = new Map([
      ...LIMIT_NAMES.map((name) => [name, limits[name]] as const),
      ...CONFIG_NAMES.map((name) => [name, config[name]] as const),
    ]);
    expect(Object.fromEntries(values)).to.deep.equal(ETHER_5X);
  });
});
