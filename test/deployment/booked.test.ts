import { expect } from "chai";
import { network } from "hardhat";

import { parametersOf } from "../../deploy/networks.ts";
import { formatAddressBook, parseAddressBook } from "../../src/client/address-book.ts";
import { bookedDeployment, creationBlock } from "../../src/deployment/booked.ts";
import { Node, type Rpc } from "../../src/deployment/node.ts";
import { toAddress } from "../../src/protocol/address.ts";
import { deployOn, planOf } from "../deploy/support/deploy.ts";

type Chain = Awaited<ReturnType<typeof network.create>>;

/** Mines blocks one by one: for blocks skipped by `hardhat_mine`, the simulator has no state. */
async function mine({ ethers }: Chain, blocks: number): Promise<void> {
  for (let mined = 0; mined < blocks; mined++) await ethers.provider.send("evm_mine", []);
}

/** A chain with some blocks before and after the deployment. */
async function deployed() {
  const chain = await network.create();
  await mine(chain, 37);
  const blocks = new Map<string, bigint>();
  const plan = await deployOn(chain, undefined, "test", {
    onEvent: (event) => {
      if (event.kind === "done" && event.receipt) blocks.set(event.step.id, event.receipt.blockNumber);
    },
  });
  await mine(chain, 21);
  return { chain, plan, blocks, node: new Node(chain.ethers.provider) };
}

const SOURCE = { written: [{ path: "market.maxLeverage", text: "5x" }], commit: "0123456789abcdef" };

describe("bookedDeployment", () => {
  it("finds the blocks in which the contracts were created", async () => {
    const { plan, blocks, node } = await deployed();
    const { contracts, markets } = await bookedDeployment(plan, node, SOURCE);
    const expected = {
      accessManager: "AccessManager",
      marketAuthority: "MarketAuthority",
      factory: "MarketFactory",
      lens: "MarketLens",
      swapper: "UniswapV3Swapper",
      flashLiquidator: "FlashLiquidator",
      uniswapFactory: "UniswapV3Factory",
    } as const;
    for (const [name, id] of Object.entries(expected)) {
      const placed = contracts[name as keyof typeof expected];
      expect(placed, name).to.deep.equal({
        address: plan.addresses[name as keyof typeof expected],
        block: Number(blocks.get(id)),
      });
    }
    expect(markets).to.have.length(1);
    expect(markets[0]?.block).to.equal(Number(blocks.get("Market")));
  });

  it("records the market as the chain shows it, and its parameters", async () => {
    const { chain, plan, node } = await deployed();
    const { markets, name, commit } = await bookedDeployment(plan, node, SOURCE);
    const [market] = markets;
    if (market === undefined) throw new Error("It has no market.");
    expect([name, commit]).to.deep.equal(["test", SOURCE.commit]);
    const contract = await chain.ethers.getContractAt("LeverageMarket", market.address);
    expect(toAddress(await contract.oracle())).to.equal(market.oracle);
    expect(await contract.name()).to.equal(market.name);
    expect(await contract.symbol()).to.equal(market.symbol);
    const guard = await chain.ethers.getContractAt("OracleGuard", market.oracle);
    const sources = await Promise.all([0n, 1n].map(async (role) => toAddress((await guard.sourceOf(role))[0])));
    expect(market.guard).to.deep.equal({ address: market.oracle, primary: sources[0], secondary: sources[1] });
    const secondary = await chain.ethers.getContractAt("UniswapV3TwapOracle", sources[1] ?? "");
    expect(market.pool).to.deep.equal({ address: toAddress(await secondary.pool()), fee: 500 });
    const token = await chain.ethers.getContractAt("FaucetToken", market.loanToken.address);
    expect(toAddress(await contract.asset())).to.equal(market.loanToken.address);
    expect(market.loanToken).to.deep.include({ symbol: await token.symbol(), decimals: 6, faucet: true });
    expect(market.feeds?.base).to.deep.include({ description: "ETH / USD", settable: true });
    expect(market.parameters).to.deep.equal({ "market.maxLeverage": "5x" });
  });

  it("returns the same later, and survives a round trip through a file", async () => {
    const { chain, plan, node } = await deployed();
    const { written } = await parametersOf("local");
    const first = await bookedDeployment(plan, node, { written, commit: undefined });
    await mine(chain, 300);
    const again = await bookedDeployment(plan, node, { written, commit: undefined });
    expect(again).to.deep.equal(first);
    const book = { chainId: 31_337n, deployments: [first] };
    const read = parseAddressBook(JSON.parse(formatAddressBook(book)), "31337.json");
    expect(formatAddressBook(read)).to.equal(formatAddressBook(book));
  });

  it("sets the block of an existing Uniswap factory to zero", async () => {
    const { chain, plan, node } = await deployed();
    const parameters = { ...plan.parameters, uniswapFactory: plan.addresses.uniswapFactory };
    const second = await deployOn(chain, parameters, "second");
    const { contracts } = await bookedDeployment(second, node, SOURCE);
    expect(contracts.uniswapFactory).to.deep.equal({ address: plan.addresses.uniswapFactory, block: 0 });
  });

  it("throws if a contract does not exist", async () => {
    const { ethers } = await network.create();
    await expectFailure(
      bookedDeployment(await planOf(), new Node(ethers.provider), SOURCE),
      /There is no contract at 0x[0-9a-f]{40}/u,
    );
  });
});

describe("creationBlock", () => {
  it("reads no state much older than the contract, and throws if the node lacks a state", async () => {
    const { chain, plan, blocks } = await deployed();
    const created = blocks.get("Market") ?? 0n;
    const latest = BigInt(await chain.ethers.provider.getBlockNumber());
    const remembering = (kept: bigint): Rpc => ({
      send: async (method, params) => {
        const block = params[1];
        if (method === "eth_getCode" && typeof block === "string" && BigInt(block) < latest - kept) {
          throw new Error("missing trie node");
        }
        return (await chain.ethers.provider.send(method, params)) as unknown;
      },
    });
    const age = latest - created;
    expect(await creationBlock(new Node(remembering(2n * age)), plan.addresses.market, latest)).to.equal(created);
    await expectFailure(
      creationBlock(new Node(remembering(age - 1n)), plan.addresses.market, latest),
      /The node does not return the code of 0x[0-9a-f]{40} after block \d+\. Use a node that keeps/u,
    );
  });
});

async function expectFailure(attempt: Promise<unknown>, message: RegExp): Promise<void> {
  let said = "";
  try {
    await attempt;
  } catch (error) {
    said = String(error);
  }
  expect(said).to.match(message);
}
