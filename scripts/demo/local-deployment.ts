import { ARTIFACTS } from "../../deploy/artifacts.ts";
import { parametersOf } from "../../deploy/networks.ts";
import { planCantilever, type CantileverAddresses } from "../../src/deployment/cantilever.ts";
import { execute } from "../../src/deployment/execute.ts";
import { Node } from "../../src/deployment/node.ts";
import type { DeploymentParameters } from "../../src/deployment/parameters.ts";
import { GAS_LIMIT, type Chain } from "../../src/lab/market/chain.ts";
import { feedAnswer, oraclePrice, type DeploymentRequest } from "../../src/lab/market/deployment.ts";
import { toAddress } from "../../src/protocol/address.ts";

/** Name of the deployment, on a chain that has one. */
const NAME = "demo";

/**
 * Deploys everything as `npm run deploy:local` does, with the parameters of local.yaml but for prices,
 * accounts, the depth of the pool, and what the market begins with: the demo has lenders of its own.
 */
export async function deployLocally(
  { provider, accounts }: Pick<Chain, "provider" | "accounts">,
  request: DeploymentRequest,
): Promise<CantileverAddresses> {
  const node = new Node(provider);
  const address = await accounts.deployer.getAddress();
  const { parameters } = await parametersOf("local");
  const plan = planCantilever(changed(parameters, request), ARTIFACTS, toAddress(address), NAME);
  await execute(plan, node, { address }, { pollInterval: 10, gas: GAS_LIMIT });
  return plan.addresses;
}

function changed(parameters: DeploymentParameters, request: DeploymentRequest): DeploymentParameters {
  const { startPrice, collateralCapUsd, faucetUsd, pool, roles } = request;
  const { loanToken, collateralToken, baseFeed, market } = parameters;
  const decimals = { loan: loanToken.decimals, collateral: collateralToken.decimals, base: baseFeed.decimals };
  const answer = feedAnswer(startPrice, decimals);
  const worth = (dollars: number): bigint =>
    (BigInt(Math.ceil(dollars)) * 10n ** BigInt(decimals.collateral + decimals.base)) / answer;
  return {
    ...parameters,
    roles: {
      ...parameters.roles,
      admin: toAddress(roles.admin),
      guardian: toAddress(roles.guardian),
      riskManager: toAddress(roles.riskManager),
      marketCreator: toAddress(roles.riskManager),
      keeper: toAddress(roles.keeper),
    },
    loanToken: { ...loanToken, perDay: BigInt(Math.ceil(faucetUsd)) * 10n ** BigInt(decimals.loan) },
    collateralToken: { ...collateralToken, perDay: worth(faucetUsd) },
    baseFeed: { ...baseFeed, source: { firstAnswer: answer } },
    pool: { fee: pool.fee, collateral: worth(pool.usd) },
    market: {
      ...market,
      lendersStock: 0n,
      idleCollateral: 0n,
      expectedPrice: oraclePrice(startPrice, decimals),
      values: { ...market.values, collateralCap: worth(collateralCapUsd) },
    },
  };
}
