import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import factoryArtifact from "@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json" with { type: "json" };

/** The Uniswap v3 factory that the chain has already. */
export default buildModule("ExistingUniswap", (m) => ({
  uniswapFactory: m.contractAt("UniswapV3Factory", factoryArtifact, m.getParameter<string>("factory")),
}));
