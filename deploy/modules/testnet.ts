import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import { buildHandoverModule } from "../handover-module.ts";
import { buildMarketModule } from "../market-module.ts";
import { buildPeripheryModule } from "../periphery-module.ts";
import ExistingUniswap from "./existing-uniswap.ts";
import TestnetAssets from "./testnet-assets.ts";

const Market = buildMarketModule(TestnetAssets);
const Periphery = buildPeripheryModule(ExistingUniswap);
const Handover = buildHandoverModule(Market);

/** Everything, on a testnet that has price feeds and Uniswap v3 already; the tokens are test money. */
export default buildModule("Testnet", (m) => ({
  ...m.useModule(Market),
  ...m.useModule(Periphery),
  ...m.useModule(Handover),
}));
