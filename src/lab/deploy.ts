import { fileURLToPath } from "node:url";

import { readDeploymentParameters } from "@nomicfoundation/hardhat-ignition/helpers";
import type { DeploymentParameters } from "@nomicfoundation/ignition-core";

import Local from "../../deploy/modules/local.ts";
import { connectProtocol, faucetTokenAt, settableFeedAt } from "../client/contracts.ts";
import { toAddress, type Address } from "../protocol/address.ts";
import type { Chain } from "./chain.ts";
import { feedAnswer, oraclePrice } from "./prices.ts";

const PARAMETERS = fileURLToPath(new URL("../../deploy/parameters/local.json", import.meta.url));

/** Tokens of the value of ten billion dollars: more than pool, lenders and borrowers need on any day. */
const FAUCET_USD = 10_000_000_000n;

/** Everything that has been deployed, as the deployer sees it. */
export type Deployment = Awaited<ReturnType<typeof deployAll>>;

/** Deploys all contracts with the modules of `deploy/`; the parameters of local.json but for prices and accounts. */
export async function deployAll({ ignition, cast }: Chain, startPrice: number) {
  const contracts = await ignition.deploy(Local, { parameters: await parametersFor(cast, startPrice) });
  const address = async (name: keyof typeof contracts): Promise<Address> =>
    toAddress(await contracts[name].getAddress());
  const addresses = {
    factory: await address("factory"),
    market: await address("market"),
    lens: await address("lens"),
    swapper: await address("swapper"),
    flashLiquidator: await address("flashLiquidator"),
  };
  return {
    addresses,
    uniswapFactory: await address("uniswapFactory"),
    ...connectProtocol(addresses, cast.deployer),
    loanToken: faucetTokenAt(await address("loanToken"), cast.deployer),
    collateralToken: faucetTokenAt(await address("collateralToken"), cast.deployer),
    baseFeed: settableFeedAt(await address("baseFeed"), cast.deployer),
    quoteFeed: settableFeedAt(await address("quoteFeed"), cast.deployer),
    oracle: await address("oracle"),
  };
}

async function parametersFor(cast: Chain["cast"], startPrice: number): Promise<DeploymentParameters> {
  const file = await readDeploymentParameters(PARAMETERS);
  const answer = feedAnswer(startPrice);
  const [admin, guardian, riskManager, keeper] = await Promise.all(
    [cast.admin, cast.guardian, cast.riskManager, cast.keeper].map((signer) => signer.getAddress()),
  );
  const changes: DeploymentParameters = {
    $global: { admin: admin ?? "" },
    Governance: { guardian: guardian ?? "", riskManager: riskManager ?? "" },
    Handover: { marketCreator: riskManager ?? "" },
    SettableFeeds: { collateralPrice: answer },
    TestTokens: {
      loanTokensPerDay: FAUCET_USD * 10n ** 6n,
      collateralTokensPerDay: (FAUCET_USD * 10n ** 26n) / answer,
    },
    Market: { expectedPrice: oraclePrice(answer), collateralCap: (FAUCET_USD * 10n ** 26n) / answer },
    Periphery: { keeper: keeper ?? "" },
  };
  return Object.fromEntries(
    [...new Set([...Object.keys(file), ...Object.keys(changes)])].map((module) => [
      module,
      { ...file[module], ...changes[module] },
    ]),
  );
}
