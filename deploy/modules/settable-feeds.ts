import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

const FEED_DECIMALS = 8;

/** Price feeds that say what the deployer makes them say, for testnets and local chains without real ones. */
export default buildModule("SettableFeeds", (m) => {
  const owner = m.getAccount(0);
  const feed = (id: string, description: string, parameter: string) => {
    const deployed = m.contract("SettableFeed", [FEED_DECIMALS, description, owner], { id });
    const answered = m.call(deployed, "setAnswer", [m.getParameter<bigint>(parameter)], { id: `${id}FirstAnswer` });
    return m.contractAt("SettableFeed", deployed, { id: `${id}WithAnswer`, after: [answered] });
  };
  return {
    baseFeed: feed("BaseFeed", "ETH / USD", "collateralPrice"),
    quoteFeed: feed("QuoteFeed", "USDC / USD", "loanPrice"),
  };
});
