import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { JsonRpcProvider, Network } from "ethers";

import { formatAddressBook, type AddressBook, type BookedDeployment } from "../../../src/client/address-book.ts";
import type { CantileverPlan } from "../../../src/deployment/cantilever.ts";
import { bookedDeployment } from "../../../src/deployment/booked.ts";
import { execute } from "../../../src/deployment/execute.ts";
import { Node } from "../../../src/deployment/node.ts";
import { startAnvil, type RunningNode } from "../../deploy/support/anvil.ts";
import { DEPLOYER, planOf } from "../../deploy/support/deploy.ts";
import { SettableFeed__factory, OracleGuard__factory } from "../../../types/index.ts";
import type { Environment } from "./cli.ts";

/** Accounts of Anvil: its first deploys, the others are for tests. */
export const ACCOUNTS = {
  deployer: "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266",
  admin: "0x70997970c51812dc3a010c7d01b50e0d17dc79c8",
  guardian: "0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc",
  riskManager: "0x90f79bf6eb2c4f870365e785982e1f101e93b906",
  keeper: "0x15d34aaf54267db7d7c367839aaf71a00a2c6a65",
  alice: "0x9965507d1a55bcc2695c58ba16fb37d819b0a4dc",
  bob: "0x976ea74026e726554db657fa54763abd0c3a0aa9",
  carol: "0x14dc79964da2c08b23698b3d3cc7ca32193d9955",
} as const;

/** Alice's key, which is as well known as Anvil's mnemonic. */
export const ALICE_KEY = "0x8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba";

export const MARKET = "clUSDC-WETH";

/** A chain with Cantilever on it, in a process of its own, and files of a person who uses it. */
export class TestChain {
  readonly node: RunningNode;
  readonly plan: CantileverPlan;
  readonly provider: JsonRpcProvider;
  /** A folder of this chain's own. */
  readonly home: string;

  /** As the address book has it. */
  readonly deployment: BookedDeployment;

  private constructor(node: RunningNode, plan: CantileverPlan, deployment: BookedDeployment, home: string) {
    this.node = node;
    this.plan = plan;
    this.deployment = deployment;
    this.home = home;
    const network = Network.from(31_337);
    this.provider = new JsonRpcProvider(node.url, network, { staticNetwork: network, cacheTimeout: -1 });
  }

  static async start(...options: readonly string[]): Promise<TestChain> {
    const node = await startAnvil(...options);
    const plan = await planOf();
    const asked = new Node(node.rpc);
    await execute(plan, asked, { address: DEPLOYER }, { pollInterval: 10 });
    const deployment = await bookedDeployment(plan, asked, { written: [], commit: undefined });
    const chain = new TestChain(node, plan, deployment, await mkdtemp(join(tmpdir(), "cantilever-cli-")));
    await chain.writeBook(chain.book());
    return chain;
  }

  async stop(): Promise<void> {
    this.provider.destroy();
    await this.node.stop();
    await rm(this.home, { recursive: true, force: true });
  }

  get bookPath(): string {
    return join(this.home, "book.json");
  }

  /** What a person's shell has. @param rpcUrl of a proxy, if not of the node itself. */
  environment(rpcUrl = this.node.url): Environment {
    return { CANTILEVER_HOME: this.home, CANTILEVER_RPC_URL: rpcUrl };
  }

  /** Words that name the address book. */
  get named(): readonly string[] {
    return ["--book", this.bookPath];
  }

  book(...more: readonly BookedDeployment[]): AddressBook {
    return { chainId: 31_337n, deployments: [{ ...this.deployment, name: "main" }, ...more] };
  }

  async writeBook(book: AddressBook, path = this.bookPath): Promise<void> {
    await writeFile(path, formatAddressBook(book));
  }

  /** Transactions that an account has sent. */
  async nonce(account: string): Promise<number> {
    return this.provider.getTransactionCount(account, "pending");
  }

  /** Lets time pass, and makes a block. */
  async wait(seconds: number): Promise<void> {
    await this.provider.send("evm_increaseTime", [seconds]);
    await this.provider.send("evm_mine", []);
  }

  /** Sets the feed of the collateral's price. @param dollars with eight decimals. */
  async setFeed(dollars: bigint): Promise<void> {
    const owner = await this.provider.getSigner(ACCOUNTS.deployer);
    await (await SettableFeed__factory.connect(this.plan.addresses.baseFeed, owner).setAnswer(dollars)).wait();
  }

  /** Lets the guard take note of its sources. */
  async poke(): Promise<void> {
    const anyone = await this.provider.getSigner(ACCOUNTS.keeper);
    await (await OracleGuard__factory.connect(this.plan.addresses.guard, anyone).poke()).wait();
  }
}
