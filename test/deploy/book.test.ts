import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect } from "chai";

import { readBook, readDeployment, writeDeployment } from "../../deploy/book.ts";
import { commitOf } from "../../deploy/commit.ts";
import { Node } from "../../src/deployment/node.ts";
import { toAddress } from "../../src/protocol/address.ts";
import { timeLimit } from "../support/effort.ts";
import { startAnvil, type RunningNode } from "./support/anvil.ts";
import { runProgram } from "./support/command.ts";
import { DEPLOYER, planOf } from "./support/deploy.ts";

const CHAIN = 31_337n;

describe("commitOf", () => {
  let folder: string;
  const git = async (...args: readonly string[]) =>
    promisify(execFile)("git", ["-c", "user.name=Test", "-c", "user.email=test@example.org", ...args], { cwd: folder });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "cantilever-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it("returns undefined outside of a repository", async () => {
    expect(await commitOf(folder)).to.equal(undefined);
  });

  it("marks changed sources anywhere in the repository as dirty, but not changed address books", async () => {
    await git("init", "--quiet");
    for (const name of ["deployments", "deploy"]) await mkdir(join(folder, name));
    for (const file of ["source.sol", "deployments/1.json", "deploy/main.ts"]) await writeFile(join(folder, file), "1");
    await git("add", ".");
    await git("commit", "--quiet", "-m", "first");
    const { stdout } = await git("rev-parse", "HEAD");
    await writeFile(join(folder, "deployments/1.json"), "2");
    expect(await commitOf(join(folder, "deploy"))).to.equal(stdout.trim());
    await writeFile(join(folder, "source.sol"), "2");
    expect(await commitOf(join(folder, "deploy"))).to.equal(`${stdout.trim()}-dirty`);
  });
});

describe("npm run deploy, address book", function () {
  this.timeout(timeLimit(120_000));
  let anvil: RunningNode;
  let books: string;
  before(async () => {
    anvil = await startAnvil();
    books = await mkdtemp(join(tmpdir(), "cantilever-"));
    expect((await deploy()).code).to.equal(0);
  });
  after(async () => {
    await anvil.stop();
    await rm(books, { recursive: true });
  });

  async function deploy(...args: readonly string[]) {
    return runProgram("deploy/main.ts", ["--rpc-url", anvil.url, "--deployments", books, "--yes", ...args]);
  }

  const text = async (): Promise<string> => readFile(join(books, `${CHAIN}.json`), "utf8");

  it("contains every address of the plan, the block of each contract, the commit and the parameters as written", async () => {
    const { addresses } = await planOf(undefined, "main");
    const deployment = await readDeployment(books, CHAIN, "main");
    const { contracts, markets } = deployment;
    expect(deployment.deployer).to.equal(DEPLOYER);
    expect(deployment.commit).to.equal(await commitOf(import.meta.dirname));
    const { accessManager, marketAuthority, factory, lens, swapper, flashLiquidator, uniswapFactory } = addresses;
    expect(Object.fromEntries(Object.entries(contracts).map(([name, { address }]) => [name, address]))).to.deep.equal({
      accessManager,
      marketAuthority,
      factory,
      lens,
      swapper,
      flashLiquidator,
      uniswapFactory,
    });
    const [market] = markets;
    expect(market?.address).to.equal(addresses.market);
    expect(market?.oracle).to.equal(addresses.guard);
    expect(market?.guard).to.deep.equal({
      address: addresses.guard,
      primary: addresses.primary,
      secondary: addresses.secondary,
    });
    expect(market?.pool).to.deep.equal({ address: addresses.pool, fee: 500 });
    expect(market?.feeds?.base).to.deep.equal({
      address: addresses.baseFeed,
      description: "ETH / USD",
      settable: true,
    });
    expect(market?.parameters["market.maxLeverage"]).to.equal("5x");
    expect(market?.parameters["roles.adminDelay"]).to.equal("2 days");

    const node = new Node(anvil.rpc);
    for (const { address, block } of [...Object.values(contracts), ...markets]) {
      expect(await node.code(address, BigInt(block)), address).not.to.equal("0x");
      expect(await node.code(address, BigInt(block) - 1n), address).to.equal("0x");
    }
  });

  it("is rewritten byte for byte by a repeated command that sends nothing", async () => {
    const before = await text();
    await rm(join(books, `${CHAIN}.json`));
    const { code, said } = await deploy();
    expect(code, said).to.equal(0);
    expect(said).to.contain("nothing was sent");
    expect(await text()).to.equal(before);
    expect(await readdir(books)).to.deep.equal([`${CHAIN}.json`]);
  });

  it("keeps the other deployments of the chain", async () => {
    const { code, said } = await deploy("--name", "second");
    expect(code, said).to.equal(0);
    const { deployments } = await readBook(books, CHAIN);
    expect(deployments.map(({ name }) => name)).to.deep.equal(["main", "second"]);
  });

  it("loses deployments of an earlier local chain", async () => {
    const before = await text();
    const main = await readDeployment(books, CHAIN, "main");
    const accessManager = { ...main.contracts.accessManager, address: toAddress(`0x${"7".repeat(40)}`) };
    await writeDeployment(books, CHAIN, { ...main, name: "old", contracts: { ...main.contracts, accessManager } });
    const { code, said } = await deploy("--name", "second");
    expect(code, said).to.equal(0);
    expect(said).to.contain("on an earlier local chain: old");
    expect(await text()).to.equal(before);
  });

  it("has the blocks and markets of a restarted local chain, not those of the one before", async () => {
    const before = await text();
    const main = await readDeployment(books, CHAIN, "main");
    const [market] = main.markets;
    if (market === undefined) throw new Error("A deployment has a market.");
    const factory = { ...main.contracts.factory, block: main.contracts.factory.block + 1_000 };
    const markets = [market, { ...market, symbol: "later" }];
    await writeDeployment(books, CHAIN, { ...main, contracts: { ...main.contracts, factory }, markets });
    const anew = await startAnvil();
    try {
      const { code, said } = await deploy("--rpc-url", anew.url);
      expect(code, said).to.equal(0);
      expect(said).to.contain("on an earlier local chain: second");
    } finally {
      await anew.stop();
    }
    const again = await readDeployment(books, CHAIN, "main");
    expect(again.contracts.factory.block).to.be.lessThan(1_000);
    expect(again.markets.map(({ symbol }) => symbol)).to.deep.equal([market.symbol]);
    await writeFile(join(books, `${CHAIN}.json`), before);
  });

  it("does not lose the deployment of another deployer of the same name: nothing is sent", async () => {
    const before = await text();
    const other = "0x976EA74026E726554dB657fA54763abd0C3a0aa9";
    const { code, said } = await deploy("--from", other);
    expect(code).to.equal(2);
    expect(said).to.match(
      /has a deployment "main" of another deployer, 0xf39f\w+\. Give this one another name by --name/u,
    );
    expect(await text()).to.equal(before);
    expect(await new Node(anvil.rpc).transactionCount(other, "pending")).to.equal(0);
  });

  it("isn't written by a dry run", async () => {
    const before = await text();
    expect((await deploy("--dry-run", "--name", "third")).code).to.equal(0);
    expect(await text()).to.equal(before);
  });

  it("fails the command before anything is sent if it is damaged", async () => {
    const before = await text();
    await writeFile(join(books, `${CHAIN}.json`), before.slice(0, 100));
    const count = await new Node(anvil.rpc).transactionCount(DEPLOYER, "pending");
    const { code, stderr } = await deploy("--name", "third");
    expect(code).to.equal(2);
    expect(stderr).to.contain("is not valid JSON");
    expect(await new Node(anvil.rpc).transactionCount(DEPLOYER, "pending")).to.equal(count);
    await writeFile(join(books, `${CHAIN}.json`), before);
  });

  it("readBook and readDeployment: name the deploying command or the known deployments if there is none", async () => {
    const messages: string[] = [];
    for (const read of [readBook(books, 5n), readDeployment(books, CHAIN, "fourth")]) {
      messages.push(await read.then(String, String));
    }
    expect(messages[0]).to.contain("There is no address book of chain 5").and.to.contain("npm run deploy");
    expect(messages[1]).to.contain('no deployment "fourth"').and.to.contain("main, second");
  });

  it("stays unchanged if it can't be replaced", async () => {
    const deployment = await readDeployment(books, CHAIN, "main");
    const message = await writeDeployment(join(books, `${CHAIN}.json`), CHAIN, deployment).then(String, String);
    expect(message).to.contain("The address book");
    expect((await readBook(books, CHAIN)).deployments).to.have.length(2);
  });
});
