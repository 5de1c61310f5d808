import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import { uniswapFactoryArtifact } from "../uniswap-artifact.ts";

/** Uniswap v3, for chains that don't have it. */
export default buildModule("Uniswap", (m) => ({
  uniswapFactory: m.contract("UniswapV3Factory", uniswapFactoryArtifact),
}));
