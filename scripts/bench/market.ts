import { type BaseContract, MaxUint256, parseEther } from "ethers";
import { network } from "hardhat";

import { nestParameters } from "../../src/protocol/parameters.ts";
import { ETHER_5X } from "../../src/protocol/presets.ts";
import {
  AccessManager__factory,
  BenchFlashBorrower__factory,
  LeverageMarket__factory,
  MarketFactory__factory,
  MockERC20__factory,
  MockOracle__factory,
  OracleSwapper__factory,
} from "../../types/index.ts";

/** The whole-token price of the measurements: 2,000 loan tokens per collateral token, both of 18 decimals. */
export const price = 2000n * 10n ** 36n;

const day = 24 * 60 * 60;

export type BenchMarket = Awaited<ReturnType<typeof createBenchMarket>>;

/**
 * A market as the measurements want it: OpenZeppelin tokens of 18 decimals, infinite allowances, no balance that starts
 * from zero, an oracle of one storage read, fees on, a lender, an indebted account, and a full day between transactions.
 */
export async function createBenchMarket() {
  const { ethers, networkHelpers } = await network.create();
  const [deployer, lender, borrower, liquidator, ...others] = await ethers.getSigners();
  if (deployer === undefined || lender === undefined || borrower === undefined || liquidator === undefined) {
    throw new Error("The chain gave too few accounts: it must give at least 15.");
  }

  const loan = await new MockERC20__factory(deployer).deploy("Loan", "LOAN", 18);
  const collateral = await new MockERC20__factory(deployer).deploy("Collateral", "COLL", 18);
  const oracle = await new MockOracle__factory(deployer).deploy(price);
  const manager = await new AccessManager__factory(deployer).deploy(deployer);
  const factory = await new MarketFactory__factory(deployer).deploy(manager);
  const params = {
    loanToken: loan,
    collateralToken: collateral,
    oracle,
    authority: manager,
    name: "Cantilever COLL/LOAN",
    symbol: "cvLOAN",
    ...nestParameters({
      ...ETHER_5X,
      systemLeverageCap: 50_000n,
      entryGap: parseEther("0.02"),
      safetyMargin: parseEther("0.1"),
      // The loan token has 18 decimals here.
      debtCap: parseEther("8000000"),
      supplyCap: parseEther("100000000"),
      dailyAllowance: parseEther("0.5"),
      minDebt: parseEther("100"),
    }),
  };
  const salt = ethers.ZeroHash;
  const address = await factory.marketAddress(params, salt);
  await (await factory.createMarket(params, salt, price)).wait();
  const market = LeverageMarket__factory.connect(address, deployer);

  const swapper = await new OracleSwapper__factory(deployer).deploy(loan, collateral, oracle);
  const flashBorrower = await new BenchFlashBorrower__factory(deployer).deploy(loan, market);

  const holders: (BaseContract | typeof lender)[] = [
    lender,
    borrower,
    liquidator,
    ...others,
    swapper,
    flashBorrower,
    market,
  ];
  for (const holder of holders) {
    await loan.mint(holder, parseEther("10000000"));
    await collateral.mint(holder, parseEther("100000"));
  }
  for (const account of [lender, borrower, liquidator, ...others]) {
    await loan.connect(account).approve(market, MaxUint256);
    await collateral.connect(account).approve(market, MaxUint256);
  }
  await market.connect(lender).deposit(parseEther("6000000"), lender);

  /** A position of 10 collateral tokens and a debt, the borrowed tokens kept by its owner. */
  const open = async (account: typeof lender, debt: bigint, amount = parseEther("10")) => {
    await market.connect(account).adjust(account, amount, debt, account, MaxUint256, 0, "0x");
  };
  const passDay = async () => {
    await networkHelpers.time.increase(day);
  };
  return {
    ethers,
    market,
    loan,
    collateral,
    oracle,
    swapper,
    flashBorrower,
    lender,
    borrower,
    liquidator,
    others,
    open,
    passDay,
  };
}
