import { cp, glob, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { concat, Interface, ZeroHash } from "ethers";

import { abi as marketFactoryAbi } from "../../abis/MarketFactory.ts";
import { ARTIFACTS } from "../../deploy/artifacts.ts";
import { writeDeployment } from "../../deploy/book.ts";
import { ARTIFACTS_FOLDER, CompiledSources } from "../../deploy/verify/compiled-sources.ts";
import { runVerification } from "../../deploy/verify/command.ts";
import { EXIT_CODES } from "../../src/cli/exit-codes.ts";
import type { BookedDeployment, BookedMarket } from "../../src/client/address-book.ts";
import { bookedDeployment } from "../../src/deployment/booked.ts";
import type { CantileverPlan } from "../../src/deployment/cantilever.ts";
import { create2Address, create2Call } from "../../src/deployment/create2.ts";
import { execute } from "../../src/deployment/execute.ts";
import { Node, sleep } from "../../src/deployment/node.ts";
import { creationCode, encodedArguments, type PlannedContract } from "../../src/deployment/plan.ts";
import { Etherscan } from "../../src/deployment/verification/etherscan.ts";
import type { Timing } from "../../src/deployment/verification/http-api.ts";
import { Sourcify } from "../../src/deployment/verification/sourcify.ts";
import type { Submission } from "../../src/deployment/verification/submission.ts";
import { CREATE2_DEPLOYER, toAddress } from "../../src/protocol/address.ts";
import { startAnvil, type RunningNode } from "./support/anvil.ts";
import { captured } from "./support/captured.ts";
import { creationsOf } from "./support/creations.ts";
import { DEPLOYER, planOf } from "./support/deploy.ts";
import { VerificationServer } from "./support/verification-server.ts";

const KEY = "SECRETKEY7F3A";
const CHAIN = 31_337n;
const FAST: Timing = { pauses: [10, 20, 40], gap: 1, pollInterval: 50, checkedWithin: 100_000 };

/** A folder without address books. */
const NO_BOOKS = import.meta.dirname;

/** Contracts that compile within two seconds each; `npm run test:deploy` uses all. */
const SMALL = ["LoanToken", "BaseFeed", "MarketAuthority"];

/** Contracts of Uniswap. */
const UNISWAPS = ["UniswapV3Factory", "Pool"];

/** A line of the command's output with --json. */
interface Told {
  readonly event: string;
  readonly id?: string;
  readonly service?: string;
  readonly input?: object;
  readonly results?: readonly { readonly id: string; readonly service: string; readonly status: string }[];
}

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both outputs. */
  readonly said: string;
}

describe("npm run deploy:verify", () => {
  let anvil: RunningNode;
  let plan: CantileverPlan;
  let server: VerificationServer;

  before(async () => {
    anvil = await startAnvil();
    plan = await planOf(undefined, "verified");
    await execute(plan, new Node(anvil.rpc), { address: DEPLOYER }, { pollInterval: 20 });
    server = await VerificationServer.start(anvil.rpc, KEY);
  });

  after(async () => {
    await server.stop();
    await anvil.stop();
  });

  beforeEach(() => {
    server.reset();
    process.env.EXPLORER_API_KEY = KEY;
    delete process.env.ETHERSCAN_API_KEY;
  });

  afterEach(() => {
    delete process.env.EXPLORER_API_KEY;
  });

  /** Runs the command against the server, and expects that it never prints the key. */
  async function run(args: readonly string[], { timing = FAST, artifacts = ARTIFACTS_FOLDER } = {}): Promise<Run> {
    const { terminal, stdout, stderr } = captured();
    const code = await runVerification(
      [
        ...["--rpc-url", anvil.url, "--name", "verified", "--deployments", NO_BOOKS],
        ...["--sourcify-url", server.sourcifyUrl, ...args],
      ],
      terminal,
      { timing, artifacts },
    );
    const [told, complained] = [stdout(), stderr()];
    expect(told + complained).not.to.contain(KEY);
    return { code, stdout: told, stderr: complained, said: told + complained };
  }

  const byDeployer = ["--deployer", DEPLOYER];
  const both = (): string[] => [...byDeployer, "--api-url", server.etherscanUrl];
  const onEtherscan = (): string[] => [...both(), "--on", "etherscan"];
  const onSourcify = (): string[] => [...byDeployer, "--on", "sourcify"];
  const only = (names: readonly string[]): string[] => names.flatMap((name) => ["--only", name]);
  const events = ({ stdout }: Run): Told[] =>
    stdout
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Told);
  const statuses = (run: Run): string[] =>
    (events(run).find(({ event }) => event === "results")?.results ?? []).map(
      ({ id, service, status }) => `${service === "Sourcify" ? service : "explorer"}: ${id} ${status}`,
    );
  const submissionsOf = (service: string): string[] =>
    server.received.filter((one) => one.service === service).map(({ identifier }) => identifier);

  function planned(id: string): PlannedContract {
    const contract = plan.contracts.find((one) => one.id === id);
    if (contract === undefined) throw new Error(`There is no contract ${id}.`);
    return contract;
  }

  /** The submissions that the command would make. */
  async function submission(id: string): Promise<Submission> {
    const contract = planned(id);
    const source = await (await CompiledSources.open()).sourceOf(contract.artifact.bytecode);
    const constructorArguments = encodedArguments(contract.artifact, contract.args);
    return { id, address: contract.address, ...source, constructorArguments };
  }

  const explorer = (): Etherscan =>
    new Etherscan({ name: "Explorer", apiUrl: server.etherscanUrl, chainId: CHAIN, apiKey: KEY }, FAST);
  const sourcify = (): Sourcify => new Sourcify(server.sourcifyUrl, CHAIN, FAST);

  it("verifies on both services and submits nothing the second time", async function () {
    this.timeout(600_000);
    const inDepth = process.env.FUZZ === "deep";
    const ids = inDepth ? plan.contracts.map(({ id }) => id).filter((id) => !UNISWAPS.includes(id)) : SMALL;
    const args = [...both(), "--json", ...(inDepth ? [] : only(SMALL))];
    const of = (status: string): string[] =>
      ["explorer", "Sourcify"].flatMap((service) => ids.map((id) => `${service}: ${id} ${status}`));

    const first = await run(args);
    expect(first.code, first.said).to.equal(EXIT_CODES.done);
    expect(statuses(first)).to.have.members(of("verified"));
    const told = events(first).filter(({ id, service }) => id === "LoanToken" && service === "Sourcify");
    expect(told.map(({ event }) => event)).to.deep.equal(["submitted", "decided"]);
    expect(server.received).to.have.length(2 * ids.length);

    const second = await run(args);
    expect(second.code, second.said).to.equal(EXIT_CODES.done);
    expect(statuses(second)).to.have.members(of("already verified"));
    expect(server.received).to.have.length(2 * ids.length);
  });

  it("covers all contracts of a deployment, including the market", () => {
    const addresses = plan.contracts.map(({ address }) => address);
    expect(addresses).to.have.members(Object.values({ ...plan.addresses }));
  });

  it("submits only the sources that a contract needs", async () => {
    await run([...onSourcify(), ...only(["MarketAuthority"])]);
    const [received] = server.received;
    expect(received?.identifier).to.equal("project/contracts/factory/MarketAuthority.sol:MarketAuthority");
    expect(received?.sources).to.include("project/contracts/factory/MarketAuthority.sol");
    expect(received?.sources).not.to.include("project/contracts/LeverageMarket.sol");
  });

  it("submits at most the 500,000 characters that Etherscan accepts", async () => {
    const told = events(await run([...both(), "--dry-run", "--json"])).filter(({ input }) => input !== undefined);
    expect(told).to.have.length(plan.contracts.length - UNISWAPS.length);
    for (const { id, input } of told) expect(JSON.stringify(input).length, id).to.be.below(500_000);
  });

  it("skips Uniswap's contracts, which are not compiled in this repository", async () => {
    const { code, said } = await run([...both(), ...only(UNISWAPS)]);
    expect(code, said).to.equal(EXIT_CODES.done);
    expect(said).to.contain(
      `UniswapV3Factory at ${plan.addresses.uniswapFactory} is skipped: its code is the published code of @uniswap/v3-core`,
    );
    expect(said).to.contain(`Pool at ${plan.addresses.pool} is skipped`);
    expect(server.received).to.be.empty;
  });

  describe("with an address book", () => {
    let books: string;
    beforeEach(async () => {
      books = await mkdtemp(join(tmpdir(), "cantilever-books-"));
    });
    afterEach(async () => {
      await rm(books, { recursive: true });
    });

    it("reads the deployer from the address book", async () => {
      await writeDeployment(books, CHAIN, await booked());
      const { code, said } = await run(["--on", "sourcify", "--deployments", books, ...only(["BaseFeed"])]);
      expect(code, said).to.equal(EXIT_CODES.done);
      expect(submissionsOf("sourcify")).to.have.length(1);
    });

    it("verifies a later market and its oracle", async function () {
      this.timeout(300_000);
      const later = await createMarket();
      server.forgetChain();
      const deployment = await booked();
      await writeDeployment(books, CHAIN, { ...deployment, markets: [...deployment.markets, later] });
      const names = ["Oracle.clLATER", ...(process.env.FUZZ === "deep" ? ["Market.clLATER"] : [])];
      const args = ["--api-url", server.etherscanUrl, "--deployments", books];
      const { code, said } = await run([...args, ...only(names)]);
      expect(code, said).to.equal(EXIT_CODES.done);
      expect(said.match(/ verified$/gmu)).to.have.length(4 * names.length);
      const market = await run([...args, "--json", "--dry-run", "--only", "Market.clLATER"]);
      const told = JSON.parse(market.stdout) as Submission;
      expect(told.address).to.equal(later.address);
      expect(told.identifier).to.equal("project/contracts/LeverageMarket.sol:LeverageMarket");
      const artifact = ARTIFACTS.LeverageMarket;
      const created = (await creationsOf(anvil.rpc)).get(later.address.toLowerCase());
      expect(created).to.equal(concat([artifact.bytecode, told.constructorArguments]));
    });

    const booked = (): Promise<BookedDeployment> =>
      bookedDeployment(plan, new Node(anvil.rpc), { written: [], commit: undefined });

    /**
     * Creates an oracle with the deterministic deployer, and a market on it with the factory, as
     * the market creator.
     */
    async function createMarket(): Promise<BookedMarket> {
      const { parameters, addresses } = plan;
      const { artifact, args } = planned("ChainlinkOracle");
      const initCode = creationCode(artifact, args);
      await mined({ from: DEPLOYER, to: CREATE2_DEPLOYER, data: create2Call(ZeroHash, initCode) });
      const oracle = create2Address(ZeroHash, initCode);
      const params = { ...(planned("Market").args[0] as object), oracle, symbol: "clLATER" };
      const factory = new Interface(marketFactoryAbi);
      const data = factory.encodeFunctionData("createMarket", [params, ZeroHash, parameters.market.expectedPrice]);
      const from = parameters.roles.marketCreator as string;
      const block = await mined({ from, to: addresses.factory, data });
      const [market] = await new Node(anvil.rpc).view(addresses.factory, factory, "marketAddress", [params, ZeroHash]);
      const [first] = (await booked()).markets;
      if (first === undefined) throw new Error("There is no market.");
      return { ...first, address: toAddress(market as string), block, symbol: "clLATER", oracle, guard: undefined };
    }

    async function mined(transaction: Readonly<Record<string, string>>): Promise<number> {
      const hash = (await anvil.rpc.send("eth_sendTransaction", [transaction])) as string;
      for (;;) {
        const receipt = await new Node(anvil.rpc).receipt(hash);
        if (receipt !== undefined) {
          expect(receipt.succeeded).to.equal(true);
          return Number(receipt.blockNumber);
        }
        await sleep(20);
      }
    }
  });

  it("requires --deployer without an address book", async () => {
    const { code, said } = await run(["--on", "sourcify"]);
    expect(code, said).to.equal(EXIT_CODES.noSuchMarket);
    expect(said)
      .to.contain('The address book of chain 31337 has no deployment "verified"')
      .and.to.contain("--deployer");
  });

  it("--dry-run: prints the submissions and makes no request", async () => {
    const plain = await run([...both(), "--dry-run", ...only(["LoanToken"])]);
    expect(plain.code, plain.said).to.equal(EXIT_CODES.done);
    expect(plain.stdout).to.contain(`LoanToken at ${plan.addresses.loanToken}`);
    expect(plain.stdout).to.contain("  contract: project/contracts/testnet/FaucetToken.sol:FaucetToken\n");
    expect(plain.stdout).to.match(/ {2}compiler: v0\.8\.37\+commit\.[0-9a-f]{8}\n/u);
    expect(plain.stdout).to.contain("    npm/@openzeppelin/contracts@5.7.0/token/ERC20/ERC20.sol\n");
    const json = await run([...both(), "--dry-run", "--json", ...only(["LoanToken"])]);
    const told = { event: "would submit", chainId: String(CHAIN), ...(await submission("LoanToken")) };
    expect(events(json)).to.deep.equal([told]);
    expect(server.requests).to.be.empty;
  });

  it("leaves Etherscan out without a key, and reports it", async () => {
    const { code, said } = await run([...byDeployer, ...only(["BaseFeed"])]);
    expect(code, said).to.equal(EXIT_CODES.done);
    expect(said).to.contain("Etherscan is left out: ETHERSCAN_API_KEY is not set");
    const asked = await run([...byDeployer, "--on", "etherscan"]);
    expect(asked.code).to.equal(EXIT_CODES.usage);
    expect(asked.said).to.contain("Etherscan requires an API key, and ETHERSCAN_API_KEY is not set");
  });

  it("never sends Etherscan's key to another explorer", async () => {
    delete process.env.EXPLORER_API_KEY;
    process.env.ETHERSCAN_API_KEY = KEY;
    const { code, said } = await run([...onEtherscan(), ...only(["BaseFeed"])]);
    expect(code, said).to.equal(EXIT_CODES.refused);
    expect(said).to.contain("Invalid API Key");
    expect(server.requests).not.to.be.empty;
    expect(server.requests.join("\n")).not.to.contain(KEY);
  });

  it("rejects contracts that are not on the chain, with their addresses", async () => {
    const { code, said } = await run([...both(), "--name", "another", ...only(["MarketLens"])]);
    expect(code, said).to.equal(EXIT_CODES.usage);
    expect(said).to.match(/The chain has no MarketLens at 0x[0-9a-fA-F]{40}\. Check --name and --deployer/u);
    expect(server.requests).to.be.empty;
  });

  it("--only: lists the known contracts if the name is unknown", async () => {
    const { code, said } = await run([...both(), "--only", "Lens"]);
    expect(code, said).to.equal(EXIT_CODES.usage);
    expect(said).to.contain(
      'There is no contract "Lens". Choose from TestLiquidity, LoanToken, CollateralToken, AccessManager',
    );
  });

  for (const [service, args] of [
    ["an explorer", onEtherscan],
    ["Sourcify", onSourcify],
  ] as const) {
    describe(`on ${service}`, () => {
      it("continues after a lost connection, a busy server and an invalid answer", async () => {
        server.troubles.push("broken connection", "bad gateway", "too many requests");
        const { code, said } = await run([...args(), ...only(["BaseFeed"])]);
        expect(code, said).to.equal(EXIT_CODES.done);
        expect(said).to.contain("HTTP 502; trying again").and.to.contain("too many requests (HTTP 429); trying again");
        server.reset();
        server.troubles.push("page");
        expect((await run([...args(), ...only(["BaseFeed"])])).code).to.equal(EXIT_CODES.done);
      });

      it("gives up a service that stays unavailable, and lists the missing contracts", async () => {
        server.alwaysTrouble = "bad gateway";
        const { code, said } = await run([...args(), ...only(SMALL)]);
        expect(code, said).to.equal(EXIT_CODES.refused);
        expect(said.match(/^\w+ +0x\w+ .* not submitted$/gmu)).to.have.length(SMALL.length);
        expect(said).to.contain("does not accept requests at the moment: HTTP 502. Run the same command again later");
        expect(said.match(/: not submitted, because /gu)).to.have.length(1);
        // Requests of one contract, with its repetitions.
        expect(server.requests).to.have.length(1 + FAST.pauses.length);
      });

      it("reports success if the service already has the sources although its lookup denied it", async () => {
        expect((await run([...args(), ...only(["BaseFeed"])])).code).to.equal(EXIT_CODES.done);
        server.forgetful = true;
        const { code, said } = await run([...args(), ...only(["BaseFeed"])]);
        expect(code, said).to.equal(EXIT_CODES.done);
        expect(said).to.match(/BaseFeed .* already verified$/mu);
      });

      it("gives up a submission that stays pending", async () => {
        const { code, said } = await run([...args(), ...only(["AccessManager"])], {
          timing: { ...FAST, checkedWithin: 60 },
        });
        expect(code, said).to.equal(EXIT_CODES.refused);
        expect(said)
          .to.match(/AccessManager .* refused$/mu)
          .and.to.contain("it is not checked after 0 seconds");
      });
    });
  }

  it("waits while an explorer reports too many requests", async () => {
    server.troubles.push("rate limit", "rate limit");
    const { code, said } = await run([...onEtherscan(), ...only(["BaseFeed"])]);
    expect(code, said).to.equal(EXIT_CODES.done);
    expect(said).to.contain("Max calls per sec rate limit reached (3/sec); trying again");
  });

  it("submits again while an explorer has not indexed the contract", async () => {
    const feed = await submission("BaseFeed");
    server.troubles.push("not seen yet", "not seen yet");
    expect(await explorer().verify(feed)).to.deep.equal({ status: "verified" });
  });

  it("makes one request, not one per contract, to an explorer that rejects the key", async () => {
    process.env.EXPLORER_API_KEY = "WRONGKEY";
    const { code, said } = await run([...onEtherscan(), ...only(SMALL)]);
    expect(code, said).to.equal(EXIT_CODES.refused);
    expect(said).to.contain("Invalid API Key").and.to.contain("Check the API key").and.not.to.contain("WRONGKEY");
    expect(server.requests).to.have.length(1);
  });

  it("gives advice if a service does not support the chain", async () => {
    const feed = await submission("BaseFeed");
    const elsewhere = new Sourcify(server.sourcifyUrl, 4_242n, FAST);
    let said = "";
    await elsewhere.verify(feed).catch((error: unknown) => (said = String(error)));
    expect(said).to.contain("Sourcify does not support chain 4242. Set --sourcify-url to a Sourcify server that does");
  });

  describe("refusals of a service", () => {
    const services = [
      ["an explorer", explorer],
      ["Sourcify", sourcify],
    ] as const;
    /** A submission with a text replaced in all its sources. */
    const altered = ({ input, ...rest }: Submission, from: string, to: string): Submission => {
      const sources = Object.fromEntries(
        Object.entries(input.sources).map(([name, { content }]) => [name, { content: content.replaceAll(from, to) }]),
      );
      expect(sources).not.to.deep.equal(input.sources);
      return { ...rest, input: { ...input, sources } };
    };
    for (const [name, service] of services) {
      it(`sources that compile to other code, on ${name}`, async () => {
        const feed = await submission("BaseFeed");
        const verdict = await service().verify(altered(feed, "version = 1;", "version = 2;"));
        expect(verdict.status).to.equal("refused");
        expect("reason" in verdict && verdict.reason).to.contain("code does NOT match");
      });

      it(`sources that don't compile, on ${name}`, async () => {
        const feed = await submission("BaseFeed");
        const verdict = await service().verify(altered(feed, "contract SettableFeed", "contrat SettableFeed"));
        expect(verdict.status).to.equal("refused");
        expect("reason" in verdict && verdict.reason).to.match(/Compiler error: .*ParserError/u);
      });

      it(`another compiler version, on ${name}`, async () => {
        const feed = await submission("BaseFeed");
        const verdict = await service().verify({ ...feed, compilerVersion: "0.8.36+commit.8a079791" });
        expect(verdict.status).to.equal("refused");
        expect("reason" in verdict && verdict.reason).to.contain("There is no compiler 0.8.36+commit.8a079791");
      });

      it(`the sources of another contract, on ${name}`, async () => {
        const feed = await submission("BaseFeed");
        const verdict = await service().verify({ ...feed, address: plan.addresses.marketAuthority });
        expect(verdict.status).to.equal("refused");
        expect("reason" in verdict && verdict.reason).to.contain("The creation code does NOT match");
      });
    }

    it("other constructor arguments, on an explorer", async () => {
      const [token, other] = [await submission("LoanToken"), await submission("CollateralToken")];
      expect(await explorer().verify({ ...token, constructorArguments: other.constructorArguments })).to.deep.equal({
        status: "refused",
        reason: "Fail - Unable to verify. Constructor arguments do NOT match",
      });
      expect(await explorer().verify(token)).to.deep.equal({ status: "verified" });
    });

    it("are reported for their contract, and the others are verified", async () => {
      const artifacts = await mkdtemp(join(tmpdir(), "cantilever-artifacts-"));
      try {
        await cp(ARTIFACTS_FOLDER, artifacts, { recursive: true });
        for await (const file of glob("build-info/*.json", { cwd: artifacts })) {
          const text = await readFile(join(artifacts, file), "utf8");
          await writeFile(join(artifacts, file), text.replaceAll("version = 1;", "version = 2;"));
        }
        const { code, said } = await run([...onEtherscan(), ...only(["BaseFeed", "MarketAuthority"])], { artifacts });
        expect(code, said).to.equal(EXIT_CODES.refused);
        expect(said)
          .to.match(/BaseFeed .* refused\n/u)
          .and.to.match(/MarketAuthority .* verified\n/u);
        expect(said).to.match(
          /BaseFeed on 127\S+: refused, because Fail - Unable to verify\. The .* code does NOT match/u,
        );
      } finally {
        await rm(artifacts, { recursive: true });
      }
    });
  });
});
