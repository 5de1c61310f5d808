import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import factoryArtifact from "@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json" with { type: "json" };

/** Uniswap v3 as published, for chains that don't have it: compiled anew, its pools would have other addresses. */
export default buildModule("Uniswap", (m) => ({ uniswapFactory: m.contract("UniswapV3Factory", factoryArtifact) }));
