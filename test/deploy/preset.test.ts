import { expect } from "chai";

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
});
