import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";

import { importKey } from "../../src/cli/keystore.ts";
import { keystoreFolder } from "../../src/cli/folders.ts";
import { toAddress } from "../../src/protocol/address.ts";
import { ACCOUNTS, ALICE_KEY, MARKET, TestChain } from "./support/chain.ts";
import { jsonOf, run, type Ended, type Environment } from "./support/cli.ts";
import { startProxy, type Instead, type RpcRequest } from "./support/proxy.ts";

/** Of scrypt: tests need no strength. */
const WORK = 1 << 10;

describe("cantilever refuses, says why, and sends nothing", function () {
  let chain: TestChain;
  before(async () => {
    chain = await TestChain.start();
  });
  after(async () => {
    await chain.stop();
  });

  /** Runs a command, and expects that it fails so, and that the account has sent nothing. */
  async function expectRefusal(
    words: readonly string[],
    code: number,
    message: RegExp,
    environment: Environment = chain.environment(),
    account: string = ACCOUNTS.alice,
  ): Promise<Ended> {
    const before = await chain.nonce(account);
    const ended = await run([...words, ...(words.includes("--book") ? [] : chain.named)], environment);
    expect(ended.stderr).to.match(message);
    expect(ended.code, ended.stderr).to.equal(code);
    expect(ended.stderr).not.to.match(/\n\s+at /u);
    expect(await chain.nonce(account)).to.equal(before);
    return ended;
  }

  /** The same through a proxy that answers by what the node doesn't say. */
  async function expectRefusalBehind(
    answer: (request: RpcRequest, ask: () => Promise<unknown>) => Promise<Instead | undefined> | Instead | undefined,
    words: readonly string[],
    code: number,
    message: RegExp,
  ): Promise<void> {
    const proxy = await startProxy(chain.node.url, answer);
    try {
      await expectRefusal(words, code, message, chain.environment(proxy.url));
    } finally {
      await proxy.stop();
    }
  }

  const from = (name: keyof typeof ACCOUNTS): readonly string[] => ["--from", ACCOUNTS[name]];

  describe("what means nothing (2)", () => {
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [["opne"], /Unknown command 'opne'/u],
      [["open", MARKET], /Required option '--equity <amount>' not specified/u],
      [["leverage", MARKET, "fast"], /"fast" is no leverage. Write a number/u],
      [["leverage", MARKET, "0.5"], /A leverage of 0.5x is below 1x/u],
      [["add", MARKET, "1,5"], /The amount "1,5" is not a number/u],
      [["borrow", MARKET, "1.0000001"], /has too many decimals. The token has 6 decimals/u],
      [["operator", MARKET, "0x70997970C51812dc3A010C7d01b50e0d17dc79c8"], /is mistyped/u],
      [["position", MARKET, "0x12"], /"0x12" is not an address/u],
      [["positions", MARKET, "--riskiest", "0"], /--riskiest is "0"/u],
      [["quote", MARKET, "--equity", "1", "--leverage", "3", "--max-slippage", "100%"], /--max-slippage is "100%"/u],
      [["completion", "tcsh"], /There is no completion for "tcsh"/u],
    ];
    for (const [words, message] of cases) {
      it(words.join(" "), async () => {
        await expectRefusal([...words], 2, message);
      });
    }

    it("an address whose letters are no checksum of it, for whoever is to act, to get or to be looked at", async () => {
      const mistyped = "0x70997970C51812dc3A010C7d01b50e0d17dc79c8";
      const commands = [
        ["operator", MARKET, mistyped, "--yes", ...from("alice")],
        ["faucet", MARKET, "--to", mistyped, "--yes", ...from("alice")],
        ["position", MARKET, mistyped],
        ["liquidate", MARKET, mistyped, "--yes", ...from("alice")],
        ["add", MARKET, "1", "--unsigned", "--from", mistyped],
        ["govern", "schedule-source", MARKET, "primary", mistyped, "--unsigned", ...from("riskManager")],
        ["govern", "schedule-call", MARKET, mistyped, "0x12345678", "--unsigned", ...from("admin")],
      ];
      for (const words of commands) await expectRefusal(words, 2, /The address 0x70997970C\w+ is mistyped/u);
      const right = await run(["position", MARKET, mistyped.toLowerCase(), ...chain.named], chain.environment());
      expect(right.code).to.equal(0);
    });

    it("a private key as an argument, which is not told", async () => {
      const bare = ALICE_KEY.slice(2);
      const commands = [
        ["faucet", MARKET, "--yes", "--from", ALICE_KEY],
        ["faucet", MARKET, "--yes", `--from=${ALICE_KEY}`],
        ["position", MARKET, ALICE_KEY],
        ["market", bare],
        ["keys", "import", bare],
        ["keys", "remove", ALICE_KEY],
        [bare],
      ];
      for (const words of commands) {
        const { stdout, stderr } = await expectRefusal(words, 2, /An argument looks like a private key/u);
        expect(stdout + stderr).not.to.contain(bare.slice(0, 12));
      }
    });

    it("tells programs in JSON", async () => {
      const { stderr } = await run(["markets", "--json", "--rpc-url", "nonsense"], chain.environment());
      const { error } = JSON.parse(stderr) as { error: { exitCode: number; code: string; message: string } };
      expect(error.exitCode).to.equal(3);
      expect(error.code).to.equal("NO_NETWORK");
      expect(error.message).to.contain("is no address of a node");
    });
  });

  it("a node that doesn't answer (3)", async () => {
    await expectRefusal(["markets", "--rpc-url", "http://127.0.0.1:9"], 3, /The node at 127.0.0.1:9 doesn't answer/u);
  });

  it("never tells the address of a node, which may have a key in it", async () => {
    const key = "the-key-to-a-paid-node";
    const proxy = await startProxy(chain.node.url, ({ method }) =>
      method === "eth_chainId" ? { result: 7 } : undefined,
    );
    const addresses = [`wss://node.invalid/${key}`, `https://name:${key}@node.invalid/`, `${proxy.url}/${key}`];
    for (const address of addresses) {
      const { code, stdout, stderr } = await run(["markets", ...chain.named], chain.environment(address));
      expect(code, stderr).to.be.oneOf([3, 12]);
      expect(stdout + stderr).not.to.contain(key);
    }
    await proxy.stop();
  });

  it("a node that asks for a name and a password gets them", async () => {
    const url = chain.node.url.replace("//", "//name:password@");
    expect((await run(["markets", ...chain.named], chain.environment(url))).code).to.equal(0);
  });

  it("a node that is too busy (3)", async function () {
    this.timeout(30_000);
    await expectRefusalBehind(() => ({ status: 503, text: "" }), ["markets"], 3, /too busy \(HTTP 503\)/u);
  });

  it("a node on another chain (4)", async () => {
    await expectRefusalBehind(
      ({ method }) => (method === "eth_chainId" ? { result: "0x1" } : undefined),
      ["markets"],
      4,
      /The node is on the chain 1, and the address book .* is of the chain 31337/u,
    );
  });

  it("a chain without an address book (5)", async () => {
    const missing = join(chain.home, "missing.json");
    await expectRefusal(["markets", "--book", missing], 5, /The address book .*missing.json can't be read/u);
  });

  it("a file that is no address book (2)", async () => {
    const path = join(chain.home, "other.json");
    await writeFile(path, `{"format": 1, "chainId": 31337}`);
    await expectRefusal(["markets", "--book", path], 2, /has a field deployments that is missing/u);
    await writeFile(path, `{"format": 1, "ch`);
    await expectRefusal(["markets", "--book", path], 2, /The address book .*other.json is not valid JSON/u);
  });

  it("no such market (5), and no such deployment", async () => {
    await expectRefusal(["market", "clDAI"], 5, /There is no market "clDAI". There are clUSDC-WETH/u);
    await expectRefusal(["market", MARKET, "--deployment", "x"], 5, /has no deployment "x". It has: main/u);
  });

  it("two markets of that name (6)", async () => {
    const path = join(chain.home, "two.json");
    const second = { ...chain.deployment, name: "second" };
    const [market] = second.markets;
    if (market === undefined) throw new Error("A deployment has a market.");
    const address = chain.plan.addresses.pool;
    await chain.writeBook(chain.book({ ...second, markets: [{ ...market, address }] }), path);
    await expectRefusal(["market", MARKET, "--book", path], 6, /2 markets are called "clUSDC-WETH"/u);
    await expectRefusal(["watch", "--book", path, ...from("alice")], 6, /There are 2 markets, and none is named/u);
    const one = await run(["market", MARKET, "--book", path, "--deployment", "main", "--json"], chain.environment());
    expect(jsonOf(one).deployment).to.equal("main");
  });

  it("addresses where no market is (5)", async () => {
    const path = join(chain.home, "wrong.json");
    const booked = chain.deployment;
    const [market] = booked.markets;
    if (market === undefined) throw new Error("A deployment has a market.");
    const address = chain.plan.addresses.pool;
    await chain.writeBook({ chainId: 31_337n, deployments: [{ ...booked, markets: [{ ...market, address }] }] }, path);
    await expectRefusal(["market", MARKET, "--book", path], 5, /no contract of this version is there/u);
  });

  it("a book of a chain that was started anew (5)", async () => {
    const path = join(chain.home, "old.json");
    const booked = chain.deployment;
    const [market] = booked.markets;
    if (market === undefined) throw new Error("A deployment has a market.");
    const address = toAddress(ACCOUNTS.bob);
    const old = { ...market, address, loanToken: { ...market.loanToken, address } };
    await chain.writeBook({ chainId: 31_337n, deployments: [{ ...booked, markets: [old] }] }, path);
    const commands = [
      ["faucet", MARKET, "--yes", ...from("alice")],
      ["operator", MARKET, ACCOUNTS.carol, "--yes", ...from("alice")],
    ];
    for (const words of commands) {
      await expectRefusal([...words, "--book", path], 5, /No contract answers at an address of the address book/u);
    }
  });

  describe("too little (7)", () => {
    it("of a token", async () => {
      await expectRefusal(
        ["open", MARKET, "--equity", "10", "--leverage", "4", "--yes", ...from("alice")],
        7,
        /The account has 0 WETH, and needs 10 WETH. It is a test token/u,
      );
      await expectRefusal(["lend", MARKET, "10", "--yes", ...from("alice")], 7, /has 0 USDC, and needs 10 USDC/u);
    });

    it("of the faucet's daily amount", async () => {
      await expectRefusal(
        ["faucet", MARKET, "--loan", "2 000 000 000", "--yes", ...from("alice")],
        7,
        /The faucet gives 1 000 000 000 USDC more/u,
      );
    });

    it("of ether", async () => {
      await chain.provider.send("anvil_setBalance", [ACCOUNTS.bob, "0x10"]);
      await expectRefusal(
        ["faucet", MARKET, "--yes", ...from("bob")],
        7,
        /has 0.000000000000000016 ETH, and the fee is about/u,
        chain.environment(),
        ACCOUNTS.bob,
      );
      await chain.provider.send("anvil_setBalance", [ACCOUNTS.bob, "0x8ac7230489e80000"]);
    });

    it("to pay the fee that --max-fee allows", async () => {
      await expectRefusal(
        ["faucet", MARKET, "--yes", "--max-fee", "0.000001", ...from("alice")],
        7,
        /A unit of gas costs .* gwei now, and --max-fee allows/u,
      );
    });
  });

  describe("keys (8)", () => {
    it("a wrong password", async () => {
      await importKey(keystoreFolder(chain.environment()), "alice", ALICE_KEY, "right", WORK);
      const file = join(chain.home, "password");
      await writeFile(file, "wrong\n");
      const environment = { ...chain.environment(), CANTILEVER_PASSWORD_FILE: file };
      const words = ["faucet", MARKET, "--yes", "--from", "alice"];
      await expectRefusal(words, 8, /The password does not open the keystore "alice"/u, environment);
    });

    it("a name that can't be had, before a password is asked for", async () => {
      await expectRefusal(["keys", "create", "not a name"], 8, /"not a name" is no name for a keystore/u);
      await importKey(keystoreFolder(chain.environment()), "taken", ALICE_KEY, "right", WORK);
      await expectRefusal(["keys", "create", "taken"], 8, /There is a keystore "taken" already/u);
    });

    it("no such key", async () => {
      await expectRefusal(["faucet", MARKET, "--yes", "--from", "zoe"], 8, /There is no keystore "zoe"/u);
      const stranger = "0x000000000000000000000000000000000000bEEF";
      await expectRefusal(["faucet", MARKET, "--yes", "--from", stranger], 8, /Nothing here signs for 0x0+bEEF/u);
    });

    it("an environment variable that holds none, which is not told", async () => {
      const environment = { ...chain.environment(), CANTILEVER_PRIVATE_KEY: `${ALICE_KEY}ff` };
      const { stderr } = await expectRefusal(
        ["faucet", MARKET, "--yes"],
        8,
        /CANTILEVER_PRIVATE_KEY is no private key/u,
        environment,
      );
      expect(stderr).not.to.contain(ALICE_KEY.slice(2, 20));
    });

    it("a node that signs for another account: nothing is broadcast", async () => {
      const proxy = await startProxy(chain.node.url, async ({ method, params }) => {
        if (method !== "eth_signTransaction") return undefined;
        const [request] = params as [Record<string, string>];
        const signed = { ...request, from: ACCOUNTS.carol };
        return { result: await chain.provider.send("eth_signTransaction", [signed]) };
      });
      try {
        const message = new RegExp(`The transaction was signed by ${ACCOUNTS.carol}`, "iu");
        const words = ["faucet", MARKET, "--yes", ...from("bob")];
        await expectRefusal(words, 8, message, chain.environment(proxy.url), ACCOUNTS.bob);
        expect(proxy.methods).to.include("eth_signTransaction");
        expect(proxy.methods).not.to.include("eth_sendRawTransaction");
        expect(proxy.methods).not.to.include("eth_sendTransaction");
      } finally {
        await proxy.stop();
      }
    });
  });

  it("what a contract refuses (9), in sentences that say what to do", async () => {
    jsonOf(await run(["faucet", MARKET, "--yes", "--json", ...from("carol"), ...chain.named], chain.environment()));
    await expectRefusal(
      ["open", MARKET, "--equity", "10", "--leverage", "5.5", "--yes", ...from("carol")],
      9,
      /LeverageAboveMaximum\): a debt of \d\d \d{3}\.\d+ USDC on collateral worth .*Borrow less, or add collateral/u,
      chain.environment(),
      ACCOUNTS.carol,
    );
    await expectRefusal(
      ["govern", "lower", MARKET, "debtCap", "1000000", "--yes", ...from("alice")],
      9,
      /AccessManagedUnauthorized.*Use an account that holds the role/u,
    );
  });

  it("a liquidation where nobody is liquidatable (9): the account lacks nothing", async () => {
    const words = ["liquidate", MARKET, ACCOUNTS.carol, "--yes", ...from("alice")];
    await expectRefusal(words, 9, /None of these positions can be liquidated now. `cantilever positions/u);
  });

  it("nobody to confirm (11)", async () => {
    await expectRefusal(["faucet", MARKET, ...from("alice")], 11, /Nobody is here to answer.*Give --yes/u);
  });

  describe("a wallet on this machine", () => {
    it("that declines: nothing is sent (10)", async () => {
      const declined = { error: { code: 4001, message: "User rejected the request." } };
      await expectRefusalBehind(
        ({ method }) => (/^eth_(sign|send)Transaction$/u.test(method) ? declined : undefined),
        ["faucet", MARKET, "--yes", ...from("carol")],
        10,
        /The wallet declined: nothing was sent/u,
      );
    });

    it("that only signs what it sends itself is asked to send", async () => {
      const unknown = { error: { code: -32_601, message: "Method not found" } };
      const proxy = await startProxy(chain.node.url, ({ method }) =>
        ["eth_signTransaction", "eth_simulateV1"].includes(method) ? unknown : undefined,
      );
      try {
        const mint = ["faucet", MARKET, "--yes", ...from("keeper"), ...chain.named];
        expect((await run(mint, chain.environment())).code).to.equal(0);
        const words = ["lend", MARKET, "5", "--yes", ...from("keeper"), ...chain.named];
        const { code, stdout, stderr } = await run(words, chain.environment(proxy.url));
        expect(code, stderr).to.equal(0);
        expect(stdout).to.contain("This node can't simulate several transactions at once");
        expect(stdout).to.match(/The fee is above 0\.0+\d+ ETH/u);
        expect(proxy.methods).to.include("eth_sendTransaction");
      } finally {
        await proxy.stop();
      }
    });
  });

  it("an error of the node's own (12), and a nonce that another transaction took (13)", async () => {
    const failing = (message: string) => (request: RpcRequest) =>
      request.method === "eth_sendRawTransaction" ? { error: { code: -32_000, message } } : undefined;
    const words = ["faucet", MARKET, "--yes", ...from("carol")];
    await expectRefusalBehind(failing("txpool is full"), words, 12, /The node refused .*"txpool is full"/u);
    await expectRefusalBehind(failing("nonce too low"), words, 13, /Another transaction of the account was sent/u);
    await expectRefusalBehind(failing("insufficient funds for gas"), words, 7, /can't pay for the transaction/u);
  });

  describe("an answer that is malformed or only half there (12)", () => {
    const only =
      (wanted: string, instead: Instead) =>
      ({ method }: RpcRequest) =>
        method === wanted ? instead : undefined;
    const cases: readonly (readonly [string, ReturnType<typeof only>, RegExp])[] = [
      ["no JSON", only("eth_call", { text: `{"jsonrpc": "2.0", "id"` }), /eth_call: no JSON \(HTTP 200\)/u],
      ["HTML of a proxy", only("eth_chainId", { text: "<html>" }), /eth_chainId: no JSON/u],
      ["neither a result nor an error", only("eth_call", { text: "{}" }), /neither a result nor an error/u],
      ["a tip that is none", only("eth_maxPriorityFeePerGas", { result: null }), /eth_maxPriorityFeePerGas is null/u],
      ["a chain id that is none", only("eth_chainId", { result: null }), /answered eth_chainId by null/u],
      ["no block", only("eth_getBlockByNumber", { result: null }), /has no block/u],
      ["an empty result of a call", only("eth_call", { result: "0x" }), /does not answer calls/u],
    ];
    for (const [what, answer, message] of cases) {
      it(what, async () => {
        const words =
          what === "a tip that is none" ? ["faucet", MARKET, "--yes", ...from("carol")] : ["market", MARKET];
        await expectRefusalBehind(answer, words, 12, message);
      });
    }

    it("a block without its time", async () => {
      await expectRefusalBehind(
        async ({ method }, ask) => {
          if (method !== "eth_getBlockByNumber") return undefined;
          return { result: { ...((await ask()) as object), timestamp: undefined } };
        },
        ["market", MARKET],
        12,
        /malformed or incomplete/u,
      );
    });
  });

  it("a range of blocks that the node doesn't allow is asked for in halves", async () => {
    await chain.provider.send("anvil_mine", ["0x64"]);
    let longest = 0;
    const proxy = await startProxy(chain.node.url, ({ method, params }) => {
      if (method !== "eth_getLogs") return undefined;
      const [{ fromBlock, toBlock }] = params as [{ fromBlock: string; toBlock: string }];
      const length = Number(toBlock) - Number(fromBlock) + 1;
      if (length > 20) return { error: { code: -32_005, message: "query returned more than 10000 results" } };
      longest = Math.max(longest, length);
      return undefined;
    });
    const words = ["history", MARKET, ACCOUNTS.carol, "--json", ...chain.named];
    const through = jsonOf(await run(words, chain.environment(proxy.url)));
    await proxy.stop();
    expect(through).to.deep.equal(jsonOf(await run(words, chain.environment())));
    expect(longest).to.be.within(10, 20);
  });
});
