import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { formatUnits } from "ethers";
import { parseDocument } from "yaml";

import { ARTIFACTS } from "../../deploy/artifacts.ts";
import { planCantilever, type CantileverAddresses, type CantileverPlan } from "../../src/deployment/cantilever.ts";
import { execute } from "../../src/deployment/execute.ts";
import { Node } from "../../src/deployment/node.ts";
import { parseParameters, type ParameterFile } from "../../src/deployment/parameter-file.ts";
import { GAS_LIMIT, type Chain } from "../../src/lab/market/chain.ts";
import { feedAnswer, type DeploymentRequest } from "../../src/lab/market/deployment.ts";
import { toAddress } from "../../src/protocol/address.ts";

const FILE = "deploy/parameters/local.yaml";

/** A deployment, and the parameters that it was made of. */
export interface LocalDeployment {
  readonly plan: CantileverPlan;
  readonly file: ParameterFile;
}

/**
 * Deploys everything as `npm run deploy:local` does, with the parameters of local.yaml but for
 * prices, accounts, the depth of the pool, and what the market begins with: who calls this has
 * lenders of its own.
 * @param name of the deployment.
 */
export async function deployNamed(
  name: string,
  { provider, accounts }: Pick<Chain, "provider" | "accounts">,
  request: DeploymentRequest,
): Promise<LocalDeployment> {
  const address = await accounts.deployer.getAddress();
  const file = await parametersFor(request);
  const plan = planCantilever(file.parameters, ARTIFACTS, toAddress(address), name);
  await execute(plan, new Node(provider), { address }, { pollInterval: 10, gas: GAS_LIMIT });
  return { plan, file };
}

/** The same for whoever needs no more than the addresses. */
export async function deployLocally(
  chain: Pick<Chain, "provider" | "accounts">,
  request: DeploymentRequest,
): Promise<CantileverAddresses> {
  return (await deployNamed("demo", chain, request)).plan.addresses;
}

/** The file, with what a request asks for in the place of what is written there. */
async function parametersFor(request: DeploymentRequest): Promise<ParameterFile> {
  const text = await readFile(join(import.meta.dirname, "../..", FILE), "utf8");
  const { loanToken, collateralToken, baseFeed } = parseParameters(text, FILE).parameters;
  const { startPrice, collateralCapUsd, faucetUsd, pool, roles } = request;

  const answer = feedAnswer(startPrice, { base: baseFeed.decimals });
  const price = formatUnits(answer, baseFeed.decimals);
  const collateral = (dollars: number): string => {
    const scale = 10n ** BigInt(collateralToken.decimals + baseFeed.decimals);
    const units = (BigInt(Math.ceil(dollars)) * scale) / answer;
    return `${formatUnits(units, collateralToken.decimals)} ${collateralToken.symbol}`;
  };
  const loan = (dollars: number): string => `${BigInt(Math.ceil(dollars))} ${loanToken.symbol}`;
  const unit = baseFeed.description.split(" ").at(-1) ?? "";
  const changes: Readonly<Record<string, string>> = {
    "roles.admin": roles.admin,
    "roles.guardian": roles.guardian,
    "roles.riskManager": roles.riskManager,
    "roles.marketCreator": roles.riskManager,
    "roles.keeper": roles.keeper,
    "loanToken.perDay": loan(faucetUsd),
    "collateralToken.perDay": collateral(faucetUsd),
    "baseFeed.startsAt": `${price} ${unit}`,
    "pool.fee": `${pool.fee / 10_000}%`,
    "pool.collateral": collateral(pool.usd),
    "market.expectedPrice": `${price} ${loanToken.symbol}`,
    "market.lendersStock": loan(0),
    "market.idleCollateral": collateral(0),
    "market.collateralCap": collateral(collateralCapUsd),
  };
  const document = parseDocument(text, { schema: "failsafe" });
  for (const [path, value] of Object.entries(changes)) document.setIn(path.split("."), value);
  return parseParameters(String(document), FILE);
}
