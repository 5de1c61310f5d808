import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import { uniswapFactoryArtifact } from "../uniswap-artifact.ts";

/** The Uniswap v3 factory that the chain has already. */
export default buildModule("ExistingUniswap", (m) => ({
  uniswapFactory: m.contractAt("UniswapV3Factory", uniswapFactoryArtifact, m.getParameter<string>("factory")),
}));
