import { type BaseContract, type ContractTransactionResponse, MaxUint256, parseEther, type Signer } from "ethers";
import { network } from "hardhat";

import { nestParameters } from "../../src/protocol/parameters.ts";
import { ETHER_5X } from "../../src/protocol/presets.ts";
import {
  AccessManager__factory,
  BenchFlashBorrower__factory,
  LeverageMarket__factory,
  type MockERC20,
  MarketFactory__factory,
  MockERC20__factory,
  MockOracle__factory,
  OracleSwapper__factory,
} from "../../types/index.ts";

/** The price of the measurements: 2,000 loan tokens per collateral token, both of 18 decimals. */
export const price = 2000n * 10n ** 36n;

const day = 24 * 60 * 60;

export type BenchMarket = Awaited<ReturnType<typeof createBenchMarket>>;

/** The chain of a measurement, with the contracts that an oracle needs. */
export interface BenchChain extends Pick<Awaited<ReturnType<typeof network.create>>, "ethers" | "networkHelpers"> {
  readonly deployer: Signer;
  readonly loan: MockERC20;
  readonly collateral: MockERC20;
}

/** An oracle, and the functions that set its price. */
export interface BenchOracle {
  readonly address: string;
  /** Sets the price (scaled as in `IPriceOracle`) of the oracle and of all its sources. */
  readonly setPrice: (price: bigint) => Promise<void>;
  /** Pokes the guard, if there is one. */
  readonly poke?: (signer: Signer) => Promise<ContractTransactionResponse>;
  /** A swapper that trades at the price of the measurements. */
  readonly deploySwapper: () => Promise<BaseContract>;
}

/** Deploys the oracle of a measurement. */
export type DeployOracle = (chain: BenchChain) => Promise<BenchOracle>;

/** A mock oracle: one storage read behind the real interface. */
const deployMockOracle: DeployOracle = async ({ deployer, loan, collateral }) => {
  const oracle = await new MockOracle__factory(deployer).deploy(price);
  return {
    address: await oracle.getAddress(),
    setPrice: async (next) => {
      await oracle.setPrice(next);
    },
    deploySwapper: () => new OracleSwapper__factory(deployer).deploy(loan, collateral, oracle),
  };
};

/**
 * Creates a market for measurements: OpenZeppelin tokens with 18 decimals, infinite allowances,
 * non-zero balances, fees on, a lender, an account with debt, and a day between transactions.
 */
export async function createBenchMarket(deployOracle: DeployOracle = deployMockOracle) {
  const { ethers, networkHelpers } = await network.create();
  const [deployer, lender, borrower, liquidator, ...others] = await ethers.getSigners();
  if (deployer === undefined || lender === undefined || borrower === undefined || liquidator === undefined) {
    throw new Error("The chain has too few accounts: it must give at least 15.");
  }

  const loan = await new MockERC20__factory(deployer).deploy("Loan", "LOAN", 18);
  const collateral = await new MockERC20__factory(deployer).deploy("Collateral", "COLL", 18);
  const oracle = await deployOracle({ ethers, networkHelpers, deployer, loan, collateral });
  const manager = await new AccessManager__factory(deployer).deploy(deployer);
  const factory = await new MarketFactory__factory(deployer).deploy(manager);
  const params = {
    loanToken: loan,
    collateralToken: collateral,
    oracle: oracle.address,
    authority: manager,
    name: "Cantilever COLL/LOAN",
    symbol: "cvLOAN",
    ...nestParameters({
      ...ETHER_5X,
      systemLeverageCap: 50_000n,
      entryGap: parseEther("0.02"),
      safetyMargin: parseEther("0.1"),
      // Here the loan token has 18 decimals.
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

  const swapper = await oracle.deploySwapper();
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

  /** Opens a position with collateral and debt. Its owner keeps the borrowed tokens. */
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
