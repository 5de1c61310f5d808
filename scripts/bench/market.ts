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

/** The whole-token price of the measurements: 2,000 loan tokens per collateral token, both of 18 decimals. */
export const price = 2000n * 10n ** 36n;

const day = 24 * 60 * 60;

export type BenchMarket = Awaited<ReturnType<typeof createBenchMarket>>;

/** The chain of a measurement, with what an oracle is made for. */
export interface BenchChain extends Pick<Awaited<ReturnType<typeof network.create>>, "ethers" | "networkHelpers"> {
  readonly deployer: Signer;
  readonly loan: MockERC20;
  readonly collateral: MockERC20;
}

/** An oracle, and what makes it say something. */
export interface BenchOracle {
  readonly address: string;
  /** Sets its prices and all that they come from, as `IPriceOracle` scales them. */
  readonly setPrice: (price: bigint) => Promise<void>;
  /** A poke, where there is something to poke. */
  readonly poke?: (signer: Signer) => Promise<ContractTransactionResponse>;
  /** Trades all it is sent at the price of the measurements. */
  readonly deploySwapper: () => Promise<BaseContract>;
}

export type DeployOracle = (chain: BenchChain) => Promise<BenchOracle>;

/** One storage read behind the real interface. */
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
 * A market as the measurements want it: OpenZeppelin tokens of 18 decimals, infinite allowances, no balance that starts
 * from zero, fees on, a lender, an indebted account, and a full day between transactions.
 */
export async function createBenchMarket(deployOracle: DeployOracle = deployMockOracle) {
  const { ethers, networkHelpers } = await network.create();
  const [deployer, lender, borrower, liquidator, ...others] = await ethers.getSigners();
  if (deployer === undefined || lender === undefined || borrower === undefined || liquidator === undefined) {
    throw new Error("The chain gave too few accounts: it must give at least 15.");
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
