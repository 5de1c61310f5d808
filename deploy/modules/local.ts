import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import { buildHandoverModule } from "../handover-module.ts";
import { buildMarketModule } from "../market-module.ts";
import { buildPeripheryModule } from "../periphery-module.ts";
import Uniswap from "./uniswap.ts";
import LocalAssets from "./local-assets.ts";

const Market = buildMarketModule(LocalAssets);
const Periphery = buildPeripheryModule(Uniswap);
const Handover = buildHandoverModule(Market);

/** Everything, on a chain that has nothing yet: test tokens, settable feeds and Uniswap v3 as well. */
export default buildModule("Local", (m) => ({
  ...m.useModule(Market),
  ...m.useModule(Periphery),
  ...m.useModule(Handover),
}));
