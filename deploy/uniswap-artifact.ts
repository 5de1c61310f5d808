import published from "@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json" with { type: "json" };

/**
 * The Uniswap v3 factory as published: compiled anew, its pools would have other addresses. The mark is that of the
 * present format, which is the same in what matters: Ignition refuses to repeat a deployment with the old mark in its journal.
 */
export const uniswapFactoryArtifact = { ...published, _format: "hh3-artifact-1" };
