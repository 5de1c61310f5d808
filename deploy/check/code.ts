import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

import type { BookedDeployment, BookedMarket } from "../../src/client/address-book.ts";
import { poolAddress } from "../../src/client/uniswap-v3-pool.ts";
import { planCantilever } from "../../src/deployment/cantilever.ts";
import type { Node } from "../../src/deployment/node.ts";
import type { DeploymentParameters } from "../../src/deployment/parameters.ts";
import { toAddress, type Address } from "../../src/protocol/address.ts";
import { ARTIFACTS } from "../artifacts.ts";
import { Findings, type Finding } from "./finding.ts";

/** Code as it is compiled, and the places in it that a constructor fills. */
interface RuntimeCode {
  readonly code: string;
  /** In bytes. */
  readonly filled: readonly { readonly start: number; readonly length: number }[];
}

/** Sources of the compiled contracts, by their names. */
const SOURCES: Readonly<Record<string, string>> = {
  AccessManager: "@openzeppelin/contracts/access/manager/AccessManager.sol",
  ChainlinkOracle: "contracts/oracles/ChainlinkOracle.sol",
  FaucetToken: "contracts/testnet/FaucetToken.sol",
  FlashLiquidator: "contracts/periphery/FlashLiquidator.sol",
  LeverageMarket: "contracts/LeverageMarket.sol",
  MarketAuthority: "contracts/factory/MarketAuthority.sol",
  MarketFactory: "contracts/MarketFactory.sol",
  MarketLens: "contracts/periphery/MarketLens.sol",
  OracleGuard: "contracts/oracles/OracleGuard.sol",
  SettableFeed: "contracts/testnet/SettableFeed.sol",
  UniswapV3Swapper: "contracts/periphery/UniswapV3Swapper.sol",
  UniswapV3TwapOracle: "contracts/oracles/UniswapV3TwapOracle.sol",
};

/** Those of Uniswap, as published: the package doesn't say which places constructors fill. */
const PUBLISHED: readonly string[] = ["UniswapV3Factory", "UniswapV3Pool"];

const OTHER_CODE =
  "Don't use it before it is known why. If the contracts here are of another version, check out the commit that the address " +
  "book names, and check again.";

/**
 * Whether each contract has the code that is compiled here, and stands where that code and the parameters put it.
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
    const found = await node.code(address);
    if (found === "0x") {
      findings.wrong(subject, `there is no contract at ${address}`, "Run the command that deployed it again.");
    } else if (fits(found, await runtimeCode(contract))) {
      findings.passed(subject, `${address} has the code of ${contract}`);
    } else {
      findings.wrong(subject, `${address} has other code than ${contract}`, OTHER_CODE);
    }
  }
  for (const { symbol, loanToken, collateralToken, pool } of deployment.markets) {
    if (pool === undefined) continue;
    const factory = deployment.contracts.uniswapFactory.address;
    const expected = toAddress(poolAddress(factory, loanToken.address, collateralToken.address, pool.fee));
    const subject = `${symbol} pool address`;
    if (pool.address === expected) findings.passed(subject, "that of the tokens and the fee in Uniswap's factory");
    else findings.wrong(subject, `Uniswap's factory has the pool at ${expected}`, "Correct the address book.");
  }
  return findings.list;
}

/** By CREATE2 an address is a hash of the creation code with its arguments: equal addresses had equal constructors. */
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
  if (names.length === 0) findings.passed(subject, "follow from the code compiled here and the parameters in the book");
  else findings.wrong(subject, `code or parameters of another version: ${names.join(", ")}`, OTHER_CODE);
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
    // That of the chain may be another build; it is asked for its fee tiers before anything is deployed on it.
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

async function runtimeCode(contract: string): Promise<RuntimeCode> {
  if (PUBLISHED.includes(contract)) {
    const path = `@uniswap/v3-core/artifacts/contracts/${contract}.sol/${contract}.json`;
    const file = createRequire(import.meta.url).resolve(path);
    const { deployedBytecode: code } = JSON.parse(await readFile(file, "utf8")) as Artifact;
    // PUSH32 of zero: what the compiler leaves for a constructor to fill.
    const filled = [...code.matchAll(/7f(?=0{64})/gu)]
      .filter(({ index }) => index % 2 === 0)
      .map(({ index }) => ({ start: index / 2, length: 32 }));
    return { code, filled };
  }
  const file = join(import.meta.dirname, "../../artifacts", SOURCES[contract] ?? "", `${contract}.json`);
  const { deployedBytecode: code, immutableReferences } = JSON.parse(await readFile(file, "utf8")) as Artifact;
  return { code, filled: Object.values(immutableReferences ?? {}).flat() };
}

interface Artifact {
  readonly deployedBytecode: string;
  readonly immutableReferences?: Readonly<Record<string, RuntimeCode["filled"]>>;
}

/** Whether code is the compiled one, but for the places that a constructor fills. */
function fits(found: string, { code, filled }: RuntimeCode): boolean {
  if (found.length !== code.length) return false;
  const masked = (text: string): string => {
    const bytes = Buffer.from(text.slice(2), "hex");
    for (const { start, length } of filled) bytes.fill(0, start, start + length);
    return bytes.toString("hex");
  };
  return masked(found.toLowerCase()) === masked(code.toLowerCase());
}
