import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

import type { Node } from "../src/deployment/node.ts";
import type { Address } from "../src/protocol/address.ts";

/** Compiled runtime code, and the places that a constructor fills with immutables. */
interface RuntimeCode {
  readonly code: string;
  /** Start and length in bytes. */
  readonly filled: readonly { readonly start: number; readonly length: number }[];
}

/** Source files of the compiled contracts, by contract name. */
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

/**
 * Contracts of Uniswap with published code. The package doesn't list the places that constructors
 * fill.
 */
const PUBLISHED: readonly string[] = ["UniswapV3Factory", "UniswapV3Pool"];

/**
 * Whether an address has the code of a contract as compiled here, with any values of its
 * immutables.
 */
export async function hasCodeOf(node: Node, address: Address, contract: string): Promise<boolean> {
  return fits(await node.code(address), await runtimeCode(contract));
}

async function runtimeCode(contract: string): Promise<RuntimeCode> {
  if (PUBLISHED.includes(contract)) {
    const path = `@uniswap/v3-core/artifacts/contracts/${contract}.sol/${contract}.json`;
    const file = createRequire(import.meta.url).resolve(path);
    const { deployedBytecode: code } = JSON.parse(await readFile(file, "utf8")) as Artifact;
    // PUSH32 of zero is the compiler's placeholder for an immutable.
    const filled = [...code.matchAll(/7f(?=0{64})/gu)]
      .filter(({ index }) => index % 2 === 0)
      .map(({ index }) => ({ start: index / 2, length: 32 }));
    return { code, filled };
  }
  const file = join(import.meta.dirname, "../artifacts", SOURCES[contract] ?? "", `${contract}.json`);
  const { deployedBytecode: code, immutableReferences } = JSON.parse(await readFile(file, "utf8")) as Artifact;
  return { code, filled: Object.values(immutableReferences ?? {}).flat() };
}

interface Artifact {
  readonly deployedBytecode: string;
  readonly immutableReferences?: Readonly<Record<string, RuntimeCode["filled"]>>;
}

/** Whether two codes are equal except for the places that a constructor fills. */
function fits(found: string, { code, filled }: RuntimeCode): boolean {
  if (found.length !== code.length) return false;
  const masked = (text: string): string => {
    const bytes = Buffer.from(text.slice(2), "hex");
    for (const { start, length } of filled) bytes.fill(0, start, start + length);
    return bytes.toString("hex");
  };
  return masked(found.toLowerCase()) === masked(code.toLowerCase());
}
