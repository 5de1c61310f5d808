import { Interface } from "ethers";

import type { BookedDeployment, BookedMarket } from "../../src/client/address-book.ts";
import { poolAddress } from "../../src/client/uniswap-v3-pool.ts";
import { planCantilever } from "../../src/deployment/cantilever.ts";
import type { Node } from "../../src/deployment/node.ts";
import type { DeploymentParameters } from "../../src/deployment/parameters.ts";
import { toAddress, type Address } from "../../src/protocol/address.ts";
import { ARTIFACTS } from "../artifacts.ts";
import { hasCodeOf } from "../runtime-code.ts";
import { Findings, type Finding } from "./finding.ts";

const partViews = new Interface(
  ["asset", "collateralToken", "oracle", "baseFeed", "quoteFeed", "pool"].map(
    (name) => `function ${name}() view returns (address)`,
  ),
);

const OTHER_CODE =
  "Don't use it until the reason is known. If this repository has another version of the contracts, check out the commit " +
  "in the address book, and check again.";

/**
 * Checks that each contract has the code compiled here, at the address derived from that code and
 * the parameters.
 * @param parameters of the deployment.
 */
export async function checkCode(
  node: Node,
  deployment: BookedDeployment,
  parameters: DeploymentParameters,
): Promise<readonly Finding[]> {
  const findings = new Findings("code");
  checkAddresses(findings, deployment, parameters);
  const seen = new Set<Address>();
  for (const [subject, address, contract] of contractsOf(deployment, parameters)) {
    if (seen.has(address)) continue;
    seen.add(address);
    if (!(await node.hasCode(address))) {
      findings.wrong(subject, `there is no contract at ${address}`, "Run the command that deployed it again.");
    } else if (await hasCodeOf(node, address, contract)) {
      findings.passed(subject, `${address} has the code of ${contract}`);
    } else {
      findings.wrong(subject, `${address} has other code than ${contract}`, OTHER_CODE);
    }
  }
  for (const market of deployment.markets) {
    await checkParts(findings, node, market);
    const { symbol, loanToken, collateralToken, pool } = market;
    if (pool === undefined) continue;
    const factory = deployment.contracts.uniswapFactory.address;
    const expected = toAddress(poolAddress(factory, loanToken.address, collateralToken.address, pool.fee));
    const subject = `${symbol} pool address`;
    if (pool.address === expected) findings.passed(subject, "matches tokens and fee in Uniswap's factory");
    else findings.wrong(subject, `the pool of Uniswap's factory is at ${expected}`, "Correct the address book.");
  }
  return findings.list;
}

/**
 * Compares all addresses. By CREATE2 an address is a hash of the creation code and its arguments,
 * so equal addresses prove equal code and arguments.
 */
function checkAddresses(
  findings: Findings,
  { name, deployer, contracts, markets }: BookedDeployment,
  parameters: DeploymentParameters,
): void {
  const subject = "addresses";
  const { addresses } = planCantilever(parameters, ARTIFACTS, deployer, name);
  const { accessManager, marketAuthority, factory, lens, swapper, flashLiquidator, uniswapFactory, market } = addresses;
  const expected = { accessManager, marketAuthority, factory, lens, swapper, flashLiquidator, uniswapFactory };
  const differing = Object.entries(expected).filter(
    ([key, address]) => contracts[key as keyof typeof expected].address !== address,
  );
  const names = differing.map(([key]) => key);
  if (!markets.some(({ address }) => address === market)) names.push("market");
  if (names.length === 0) findings.passed(subject, "match the code compiled here and the parameters in the book");
  else
    findings.wrong(
      subject,
      `differ from the code compiled here or the parameters in the book: ${names.join(", ")}`,
      OTHER_CODE,
    );
}

/**
 * Checks that the contracts of a market refer to each other. For markets created later, addresses
 * don't prove this.
 */
async function checkParts(findings: Findings, node: Node, market: BookedMarket): Promise<void> {
  const { address, oracle, guard, feeds, pool, loanToken, collateralToken } = market;
  const overFeeds = guard?.primary ?? oracle;
  const parts: readonly (readonly [of: Address, view: string, expected: Address | undefined])[] = [
    [address, "asset", loanToken.address],
    [address, "collateralToken", collateralToken.address],
    [address, "oracle", oracle],
    [overFeeds, "baseFeed", feeds?.base.address],
    [overFeeds, "quoteFeed", feeds?.quote.address],
    ...(guard === undefined ? [] : [[guard.secondary, "pool", pool?.address] as const]),
  ];
  const differing: string[] = [];
  for (const [of, view, expected] of parts) {
    if (expected === undefined) continue;
    const [found] = (await node.answer(of, partViews, view)) ?? [];
    const said = typeof found === "string" ? toAddress(found) : "nothing";
    if (said !== expected) differing.push(`${view} of ${of} is ${said} instead of ${expected}`);
  }
  const subject = `${market.symbol} parts`;
  if (differing.length === 0) findings.passed(subject, "tokens, oracle, feeds and pool match the address book");
  else findings.wrong(subject, differing.join("; "), "Correct the address book, or don't use the market.");
}

type Contract = readonly [subject: string, address: Address, contract: string];

function contractsOf(
  { contracts, markets }: BookedDeployment,
  { uniswapFactory }: DeploymentParameters,
): readonly Contract[] {
  const { accessManager, marketAuthority, factory, lens, swapper, flashLiquidator } = contracts;
  return [
    ["accessManager", accessManager.address, "AccessManager"],
    ["marketAuthority", marketAuthority.address, "MarketAuthority"],
    ["factory", factory.address, "MarketFactory"],
    ["lens", lens.address, "MarketLens"],
    ["swapper", swapper.address, "UniswapV3Swapper"],
    ["flashLiquidator", flashLiquidator.address, "FlashLiquidator"],
    // An existing factory may be another build. Its fee tiers were checked before the deployment.
    ...(uniswapFactory === "new"
      ? ([["uniswapFactory", contracts.uniswapFactory.address, "UniswapV3Factory"]] as const)
      : []),
    ...markets.flatMap(contractsOfMarket),
  ];
}

function contractsOfMarket(market: BookedMarket): readonly Contract[] {
  const { symbol, address, oracle, guard, feeds, pool, loanToken, collateralToken } = market;
  const list: Contract[] = [[`${symbol} market`, address, "LeverageMarket"]];
  if (guard === undefined) {
    list.push([`${symbol} oracle`, oracle, "ChainlinkOracle"]);
  } else {
    list.push([`${symbol} guard`, guard.address, "OracleGuard"]);
    list.push([`${symbol} primary source`, guard.primary, "ChainlinkOracle"]);
    list.push([`${symbol} secondary source`, guard.secondary, "UniswapV3TwapOracle"]);
  }
  if (pool !== undefined) list.push([`${symbol} pool`, pool.address, "UniswapV3Pool"]);
  for (const token of [loanToken, collateralToken]) {
    if (token.faucet) list.push([`token ${token.symbol}`, token.address, "FaucetToken"]);
  }
  for (const feed of [feeds?.base, feeds?.quote]) {
    if (feed?.settable === true) list.push([`feed ${feed.description}`, feed.address, "SettableFeed"]);
  }
  return list;
}
