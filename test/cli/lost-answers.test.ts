import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";

import { whenText } from "../../src/cli/commands/govern-show.ts";
import { ACCOUNTS, ALICE_KEY, MARKET, TestChain } from "./support/chain.ts";
import { jsonOf, run, type Ended } from "./support/cli.ts";
import { startProxy, type Instead, type RpcRequest } from "./support/proxy.ts";

const FAUCET = ["faucet", MARKET, "--loan", "1", "--collateral", "0", "--yes", "--json"];

describe("cantilever behind a proxy that loses answers", function () {
  let chain: TestChain;
  before(async () => {
    chain = await TestChain.start();
  });
  after(async () => {
    await chain.stop();
  });

  async function behind(
    answer: (request: RpcRequest, ask: () => Promise<unknown>) => Promise<Instead | undefined> | Instead | undefined,
    words: readonly string[],
    path = "",
  ): Promise<Ended> {
    const proxy = await startProxy(chain.node.url, answer);
    try {
      const environment = { ...chain.environment(proxy.url + path), CANTILEVER_PRIVATE_KEY: ALICE_KEY };
      return await run([...words, ...chain.named], environment);
    } finally {
      await proxy.stop();
    }
  }

  it("knows of a transaction that the node has, though its answer was lost", async () => {
    const before = await chain.nonce(ACCOUNTS.alice);
    let lost = 0;
    const ended = await behind(async ({ method }, ask) => {
      if (method !== "eth_sendRawTransaction" || lost > 0) return undefined;
      ++lost;
      await ask();
      return { status: 502, text: "" };
    }, FAUCET);
    expect(lost).to.equal(1);
    expect(jsonOf(ended).transactions).to.have.length(1);
    expect(await chain.nonce(ACCOUNTS.alice)).to.equal(before + 1);
  });

  it("names a transaction that is out, and doesn't advise to send it again (3)", async function () {
    this.timeout(30_000);
    const { code, stderr } = await behind(
      ({ method }) => (method === "eth_getTransactionReceipt" ? { status: 503, text: "" } : undefined),
      FAUCET,
    );
    expect(code, stderr).to.equal(3);
    const { error } = JSON.parse(stderr.trim().split("\n").at(-1) ?? "") as {
      error: { code: string; message: string };
    };
    expect(error.code).to.equal("OUTCOME_UNKNOWN");
    expect(error.message).to.match(/The transaction 0x[0-9a-f]{64} was sent, and may be mined/u);
    expect(error.message).not.to.contain("try again");
  });

  it("doesn't ask for smaller ranges of events when the node is gone (3)", async function () {
    this.timeout(30_000);
    let asked = 0;
    await chain.provider.send("anvil_mine", ["0x3e8"]);
    const { code } = await behind(
      ({ method }) => {
        if (method !== "eth_getLogs") return undefined;
        ++asked;
        return { status: 503, text: "" };
      },
      ["positions", MARKET],
    );
    expect(code).to.equal(3);
    // The request and its three repetitions.
    expect(asked).to.equal(4);
  });

  it("tells no key that is in the address of a node", async () => {
    const answers = await behind(() => ({ result: null }), ["markets"], "/v2/secret");
    expect(answers.stderr).to.contain("answered eth_chainId").and.not.to.contain("secret");
    const wrong = await run(["markets", "--rpc-url", "wss://node.example/v2/secret"], chain.environment());
    expect(wrong.stderr).to.contain("is no address of a node").and.not.to.contain("secret");
  });

  it("prints JSON for programs, also of a batch for a Safe", async () => {
    const file = join(chain.home, "batch.json");
    const words = [...FAUCET.filter((word) => word !== "--yes"), "--safe", file, "--from", ACCOUNTS.carol];
    const said = jsonOf(await run([...words, ...chain.named], chain.environment()));
    expect(said).to.deep.include({ file, safe: ACCOUNTS.carol, calls: 1 });
    expect(JSON.parse(await readFile(file, "utf8")))
      .to.have.property("transactions")
      .with.length(1);
  });
});

describe("From when something scheduled may be done", () => {
  const week = 7n * 86_400n;
  it("is said until it expires, a week later", () => {
    expect(whenText(1_000n, 940n, "applied")).to.contain("in 1 minute");
    expect(whenText(1_000n, 1_000n + week, "applied")).to.equal("can be applied now, for 0 seconds");
    expect(whenText(1_000n, 1_001n + week, "applied")).to.equal("has expired");
  });
});
