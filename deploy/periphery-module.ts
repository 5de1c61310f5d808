import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type { ContractFuture, IgnitionModule } from "@nomicfoundation/ignition-core";

type UniswapModule = IgnitionModule<string, string, { uniswapFactory: ContractFuture<string> }>;

/** What surrounds the core: the swapper that opens and closes leverage, the liquidator of a keeper, the views. */
export function buildPeripheryModule(uniswap: UniswapModule) {
  return buildModule("Periphery", (m) => {
    const { uniswapFactory } = m.useModule(uniswap);
    const swapper = m.contract("UniswapV3Swapper", [uniswapFactory]);
    const keeper = m.getParameter<string>("keeper");
    const flashLiquidator = m.contract("FlashLiquidator", [uniswapFactory, keeper]);
    const lens = m.contract("MarketLens");
    return { uniswapFactory, swapper, flashLiquidator, lens };
  });
}
