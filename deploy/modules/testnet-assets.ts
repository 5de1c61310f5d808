import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import TestTokens from "./test-tokens.ts";

/** Tokens from a faucet, priced by the feeds of the testnet. */
export default buildModule("TestnetAssets", (m) => ({
  ...m.useModule(TestTokens),
  baseFeed: m.contractAt("AggregatorV3Interface", m.getParameter<string>("baseFeed"), { id: "BaseFeed" }),
  quoteFeed: m.contractAt("AggregatorV3Interface", m.getParameter<string>("quoteFeed"), { id: "QuoteFeed" }),
}));
