import { fileURLToPath } from "node:url";

import { readDeploymentParameters } from "@nomicfoundation/hardhat-ignition/helpers";
import type { DeploymentParameters } from "@nomicfoundation/ignition-core";

import Local from "../../deploy/modules/local.ts";
import { toAddress, type Address } from "../../src/protocol/address.ts";
import type { Chain } from "../../src/lab/market/chain.ts";
import {
  feedAnswer,
  oraclePrice,
  type DeployedAddresses,
  type DeploymentRequest,
} from "../../src/lab/market/deployment.ts";

const PARAMETERS = fileURLToPath(new URL("../../deploy/parameters/local.json", import.meta.url));

/** Decimals of the test tokens and feeds, as the modules of `deploy/` make them. */
const DECIMALS = { loan: 6, collateral: 18, base: 8 };

/**
 * Deploys everything with the modules of `deploy/`, and the parameters of local.json but for prices
 * and accounts.
 */
export async function deployLocally(
  { ignition }: Pick<Chain, "ignition">,
  request: DeploymentRequest,
): Promise<DeployedAddresses> {
  const contracts = await ignition.deploy(Local, { parameters: await parametersFor(request) });
  const address = async (name: keyof typeof contracts): Promise<Address> =>
    toAddress(await contracts[name].getAddress());
  return {
    factory: await address("factory"),
    market: await address("market"),
    lens: await address("lens"),
    swapper: await address("swapper"),
    flashLiquidator: await address("flashLiquidator"),
    oracle: await address("oracle"),
    loanToken: await address("loanToken"),
    collateralToken: await address("collateralToken"),
    baseFeed: await address("baseFeed"),
    quoteFeed: await address("quoteFeed"),
    uniswapFactory: await address("uniswapFactory"),
  };
}

async function parametersFor(request: DeploymentRequest): Promise<DeploymentParameters> {
  const { startPrice, collateralCapUsd, faucetUsd, roles } = request;
  const file = await readDeploymentParameters(PARAMETERS);
  const answer = feedAnswer(startPrice, DECIMALS);
  const worth = (dollars: number): bigint =>
    (BigInt(Math.ceil(dollars)) * 10n ** BigInt(DECIMALS.collateral + DECIMALS.base)) / answer;
  const changes: DeploymentParameters = {
    $global: { admin: roles.admin },
    Governance: { guardian: roles.guardian, riskManager: roles.riskManager },
    Handover: { marketCreator: roles.riskManager },
    SettableFeeds: { collateralPrice: answer },
    TestTokens: {
      loanTokensPerDay: BigInt(Math.ceil(faucetUsd)) * 10n ** BigInt(DECIMALS.loan),
      collateralTokensPerDay: worth(faucetUsd),
    },
    Market: { expectedPrice: oraclePrice(startPrice, DECIMALS), collateralCap: worth(collateralCapUsd) },
    Periphery: { keeper: roles.keeper },
  };
  return Object.fromEntries(
    [...new Set([...Object.keys(file), ...Object.keys(changes)])].map((module) => [
      module,
      { ...file[module], ...changes[module] },
    ]),
  );
}
