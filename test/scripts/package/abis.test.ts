import { expect } from "chai";

import { publishedAbis } from "../../../scripts/package/abis.ts";

const open = { type: "function", name: "open", inputs: [] };
const refused = { type: "error", name: "Refused", inputs: [{ type: "uint256" }] };

/** An artifact with what the package looks at. */
function artifact(sourceName: string, contractName: string, bytecode: string, abi: readonly object[]) {
  return { sourceName, contractName, bytecode, abi: abi as readonly { readonly type: string }[] };
}

describe("publishedAbis", () => {
  it("has interfaces and contracts that stand alone, and all errors once", () => {
    const abis = publishedAbis([
      artifact("contracts/Market.sol", "Market", "0x60", [open, refused]),
      artifact("contracts/interfaces/IMarket.sol", "IMarket", "0x", [open]),
      // A module of the market, a library that is compiled into it, and a double for tests.
      artifact("contracts/market/Positions.sol", "Positions", "0x", [open, refused]),
      artifact("contracts/libraries/Maths.sol", "Maths", "0x60", [refused]),
      artifact("contracts/mocks/MockMarket.sol", "MockMarket", "0x60", [open]),
    ]);
    expect([...abis]).to.deep.equal([
      ["Market", [open, refused]],
      ["IMarket", [open]],
      ["errors", [refused]],
    ]);
  });
});
