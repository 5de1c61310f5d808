import { expect } from "chai";

import { abiModules } from "../../../scripts/build/abis.ts";

const artifact = (sourceName: string, contractName: string, ...errors: readonly string[]) => ({
  sourceName,
  contractName,
  abi: errors.map((name) => ({ type: "error", name, inputs: [{ type: "uint256" }] })),
});

describe("abiModules", () => {
  it("publishes the contracts and AccessManager, but neither mocks nor other imports", () => {
    const modules = abiModules([
      artifact("contracts/LeverageMarket.sol", "LeverageMarket"),
      artifact("contracts/mocks/MockOracle.sol", "MockOracle"),
      artifact("@openzeppelin/contracts/access/manager/AccessManager.sol", "AccessManager"),
      artifact("@openzeppelin/contracts/token/ERC20/ERC20.sol", "ERC20"),
    ]);
    expect([...modules.keys()]).to.have.members(["LeverageMarket.ts", "AccessManager.ts", "errors.ts"]);
  });

  it("lists each error once, even if several contracts raise it", () => {
    const modules = abiModules([
      artifact("contracts/One.sol", "One", "Same", "Own"),
      artifact("contracts/Two.sol", "Two", "Same"),
    ]);
    expect(modules.get("errors.ts")?.match(/"name": "Same"/gu)).to.have.length(1);
    expect(modules.get("errors.ts")).to.contain('"name": "Own"');
  });

  it("adds the creation code of the state reader, and of no other contract", () => {
    const reader = { ...artifact("contracts/periphery/StateReader.sol", "StateReader"), bytecode: "0x6001" };
    const market = { ...artifact("contracts/LeverageMarket.sol", "LeverageMarket"), bytecode: "0x6002" };
    const modules = abiModules([reader, market]);
    expect(modules.get("StateReader.ts")).to.contain('export const creationCode = "0x6001";');
    expect(modules.get("LeverageMarket.ts")).not.to.contain("creationCode");
  });

  it("throws for two contracts with the same name", () => {
    const twice = [artifact("contracts/One.sol", "One"), artifact("contracts/other/One.sol", "One")];
    expect(() => abiModules(twice)).to.throw("Two contracts are called One");
  });
});
