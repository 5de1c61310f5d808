import { expect } from "chai";
import { network } from "hardhat";

import { CONFIG_NAMES, LIMIT_NAMES } from "../../src/protocol/parameters.ts";
import { ETHER_5X, ETHER_GUARD } from "../../src/protocol/presets.ts";
import { localParameters } from "./support/deploy.ts";

describe("ETHER_5X", () => {
  it("equals the market of deploy/parameters/local.yaml", async () => {
    expect((await localParameters()).market.values).to.deep.equal(ETHER_5X);
  });

  it("equals the market of the Solidity tests", async () => {
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

describe("ETHER_GUARD", () => {
  it("equals the guard of deploy/parameters/local.yaml", async () => {
    expect((await localParameters()).guard).to.deep.equal(ETHER_GUARD);
  });
});
