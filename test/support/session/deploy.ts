import { MaxUint256, ZeroHash } from "ethers";
import { network } from "hardhat";

import { AccessManager__factory } from "../../../types/index.ts";
import { nestParameters } from "../../../src/protocol/parameters.ts";
import type { MarketParameters } from "../../../src/protocol/parameters.ts";

/** The chain that random sessions run on. */
export const { ethers, networkHelpers } = await network.create();

/** A kind of market for a session: what differs between them. */
export interface MarketKind {
  readonly loanDecimals: number;
  readonly collateralDecimals: number;
  /** Whole loan tokens per whole collateral token. */
  readonly wholePrice: bigint;
  readonly params: MarketParameters;
}

const WHOLE_TOKENS = 10n ** 12n;

/**
 * A market of this kind, with 3 lenders, 6 borrowers and a liquidator who own a million millions
 * and have approved it.
 */
export async function deployMarket(kind: MarketKind) {
  const [admin, ...others] = await ethers.getSigners();
  const [lenders, borrowers] = [others.slice(0, 3), others.slice(3, 9)];
  const liquidator = others[9];
  if (admin === undefined || liquidator === undefined) throw new Error("The chain has too few accounts.");

  const loan = await ethers.deployContract("MockERC20", ["Loan", "LOAN", kind.loanDecimals]);
  const collateral = await ethers.deployContract("MockERC20", ["Collateral", "COLL", kind.collateralDecimals]);
  const [loanUnit, collateralUnit] = [10n ** BigInt(kind.loanDecimals), 10n ** BigInt(kind.collateralDecimals)];
  const price = (kind.wholePrice * 10n ** 36n * loanUnit) / collateralUnit;
  const oracle = await ethers.deployContract("MockOracle", [price]);
  const manager = await new AccessManager__factory(admin).deploy(admin);
  const authority = await manager.getAddress();
  const factory = await ethers.deployContract("MarketFactory", [authority]);
  const params = {
    loanToken: await loan.getAddress(),
    collateralToken: await collateral.getAddress(),
    oracle: await oracle.getAddress(),
    authority,
    name: "Session",
    symbol: "SES",
    ...nestParameters(kind.params),
  };
  const created = await factory.createMarket(params, ZeroHash, price);
  const address = await factory.marketAt(0);
  const market = await ethers.getContractAt("LeverageMarket", address);
  const swapper = await ethers.deployContract("OracleSwapper", [loan, collateral, oracle]);

  for (const account of [...lenders, ...borrowers, liquidator]) {
    await loan.mint(account, WHOLE_TOKENS * loanUnit);
    await collateral.mint(account, WHOLE_TOKENS * collateralUnit);
    await loan.connect(account).approve(address, MaxUint256);
    await collateral.connect(account).approve(address, MaxUint256);
  }
  await loan.mint(swapper, WHOLE_TOKENS * loanUnit);
  await collateral.mint(swapper, WHOLE_TOKENS * collateralUnit);
  return {
    kind,
    admin,
    lenders,
    borrowers,
    liquidator,
    loan,
    collateral,
    oracle,
    factory,
    market,
    swapper,
    address,
    price,
    createdBlock: created.blockNumber,
  };
}

export type SessionMarket = Awaited<ReturnType<typeof deployMarket>>;

/** Timestamp of the latest block, which views are answered for. */
export async function latestTimestamp(): Promise<bigint> {
  return BigInt(await networkHelpers.time.latest());
}
