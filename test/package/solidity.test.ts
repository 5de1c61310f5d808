import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

import { expect } from "chai";
import {
  ContractFactory,
  parseUnits,
  type AddressLike,
  type BaseContract,
  type ContractTransactionResponse,
  type InterfaceAbi,
} from "ethers";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";

import { faucetTokenAt, marketAt, priceOracleAt } from "../../src/client/contracts.ts";
import { parseAddressBook } from "../../src/client/address-book.ts";
import { revertDataOf } from "../../src/client/contract-error.ts";
import { sortsFirst } from "../../src/protocol/uniswap-v3/price.ts";
import { MAX_SQRT_PRICE_LIMIT, MIN_SQRT_PRICE_LIMIT } from "../../src/protocol/uniswap-v3/ticks.ts";
import { startChain, type Chain } from "./support/chain.ts";
import { project, type Project } from "./support/packed.ts";
import { snippetsOf } from "./support/snippets.ts";
import { compileSolidity } from "./support/solidity.ts";

const usd = (amount: string): bigint => parseUnits(amount, 6);
const eth = (amount: string): bigint => parseUnits(amount, 18);

/** The contracts of docs/integrating.md by their names. */
function contractsOfPage(): Readonly<Record<string, string>> {
  const sources = snippetsOf("docs/integrating.md").filter(({ language }) => language === "solidity");
  return Object.fromEntries(
    sources.map(({ code }) => [/^contract (?<name>\w+)/mu.exec(code)?.groups?.name ?? "nameless", code]),
  );
}

type Send = Promise<ContractTransactionResponse>;

type Trade = readonly [fee: number, sqrtPriceLimitX96: bigint, deadline: bigint];

interface Holder {
  open(...args: readonly [own: bigint, collateral: bigint, debt: bigint, ...trade: Trade]): Send;
  close(...trade: Trade): Send;
}

interface Lookout {
  isBelow(lens: string, market: string, account: AddressLike, healthFactor: bigint): Promise<boolean>;
}

describe("the contracts of docs/integrating.md", () => {
  const sources = contractsOfPage();
  let installed: Project;
  let chain: Chain;

  before(async () => {
    installed = await project();
    chain = await startChain(installed);
    for (const [name, source] of Object.entries(sources)) {
      const file = join(installed.folder, `contracts/${name}.sol`);
      await mkdir(join(file, ".."), { recursive: true });
      await writeFile(file, source);
    }
    const path = createRequire(import.meta.url).resolve("solc/soljson.js");
    const hre = await createHardhatRuntimeEnvironment({ solidity: { version: "0.8.37", path } }, {}, installed.folder);
    await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
  });

  after(async () => {
    await chain.stop();
  });

  /** Deploys a contract as the integrator's Hardhat has compiled it. */
  async function deploy<Methods extends object = object>(name: string, ...args: readonly unknown[]) {
    const artifact = join(installed.folder, `artifacts/contracts/${name}.sol/${name}.json`);
    const { abi, bytecode } = JSON.parse(await readFile(artifact, "utf8")) as { abi: InterfaceAbi; bytecode: string };
    const contract = await new ContractFactory(abi, bytecode, chain.borrower).deploy(...args);
    await contract.waitForDeployment();
    return contract as unknown as BaseContract & Methods;
  }

  it("compile without a warning as Foundry resolves imports", () => {
    expect(Object.keys(sources)).to.deep.equal(["Lookout", "Holder", "Desk", "CautiousOracle"]);
    const files = Object.fromEntries(Object.entries(sources).map(([name, source]) => [`${name}.sol`, source]));
    expect(compileSolidity(installed.folder, files, ["abi", "evm.bytecode.object"])).to.have.keys(Object.keys(sources));
  });

  it("hold a position, and say whether it is near its liquidation", async () => {
    const { market: booked, lens, swapper } = await deployment();
    const { collateralToken, loanToken, pool } = booked;
    const market = marketAt(booked.address, chain.borrower);
    const token = faucetTokenAt(collateralToken.address, chain.borrower);
    const holder = await deploy<Holder>("Holder", booked.address, swapper);
    const lookout = await deploy<Lookout>("Lookout");
    const sellsToken0 = sortsFirst(loanToken.address, collateralToken.address);
    /** At whatever price, within ten minutes. */
    const trade = async (zeroForOne: boolean): Promise<Trade> => {
      const now = (await chain.provider.getBlock("latest"))?.timestamp ?? 0;
      const limit = zeroForOne ? MIN_SQRT_PRICE_LIMIT : MAX_SQRT_PRICE_LIMIT;
      return [pool?.fee ?? 0, limit, BigInt(now + 600)];
    };

    await (await token.approve(holder, eth("11"))).wait();
    await (await holder.open(eth("11"), eth("35"), usd("48500"), ...(await trade(sellsToken0)))).wait();
    expect((await market.position(holder)).collateral).to.equal(eth("35"));
    expect(await market.debtOf(holder)).to.be.within(usd("48500"), usd("48501"));
    // 70,000 dollars of collateral carry 59,230 at the liquidation limit of 6.5x: 1.22 times the
    // debt.
    expect(await lookout.isBelow(lens, booked.address, holder, eth("1.20"))).to.be.false;
    expect(await lookout.isBelow(lens, booked.address, holder, eth("1.23"))).to.be.true;

    const before = await token.balanceOf(chain.borrower);
    await (await holder.close(...(await trade(!sellsToken0)))).wait();
    expect(await market.debtOf(holder)).to.equal(0n);
    expect((await token.balanceOf(chain.borrower)) - before).to.be.within(eth("10"), eth("11"));
    expect(await token.balanceOf(holder)).to.equal(0n);
  });

  it("sell to one borrower, and to nobody else", async () => {
    const { market: booked } = await deployment();
    const market = marketAt(booked.address, chain.borrower);
    const token = faucetTokenAt(booked.collateralToken.address, chain.borrower);
    const stranger = await chain.provider.getSigner(6);
    const desk = await deploy<BaseContract>("Desk", booked.address, chain.borrower.address);
    await (await token.transfer(desk, eth("30"))).wait();
    await (await token.approve(market, eth("10"))).wait();

    const { adjust } = market;
    const order = [eth("20"), usd("20000"), await desk.getAddress(), eth("10.1"), 0n, "0x01"] as const;
    await (await adjust(chain.borrower, ...order)).wait();
    expect((await market.position(chain.borrower)).collateral).to.equal(eth("20"));
    expect(await token.balanceOf(desk)).to.equal(eth("20"));

    const others = market.connect(stranger);
    const refused: unknown = await others.adjust.staticCall(stranger, ...order).catch(revertDataOf);
    expect(refused).to.equal(desk.interface.encodeErrorResult("NotServed", [booked.address, stranger.address]));
  });

  it("answer as an oracle of a market", async () => {
    const { market } = await deployment();
    const source = priceOracleAt(market.oracle, chain.provider);
    const cautious = priceOracleAt(await (await deploy("CautiousOracle", market.oracle)).getAddress(), chain.provider);
    const [open, liquidation] = await source.prices();
    expect(await cautious.prices()).to.deep.equal([(open * 98n) / 100n, liquidation]);
  });

  /** The deployment as the project's address book has it. */
  async function deployment() {
    const file = join(installed.folder, "deployments/31337.json");
    const book = parseAddressBook(JSON.parse(await readFile(file, "utf8")), file);
    const { contracts, markets } = book.deployments[0] ?? {};
    const [market] = markets ?? [];
    if (contracts === undefined || market === undefined) throw new Error("The address book has no market.");
    return { market, lens: contracts.lens.address, swapper: contracts.swapper.address };
  }
});
