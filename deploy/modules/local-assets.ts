import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import SettableFeeds from "./settable-feeds.ts";
import TestTokens from "./test-tokens.ts";

/** Tokens and feeds of a chain that has nothing yet. */
export default buildModule("LocalAssets", (m) => ({ ...m.useModule(TestTokens), ...m.useModule(SettableFeeds) }));
