import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";

import { expect } from "chai";
import { Wallet } from "ethers";

import { runDeployment } from "../../deploy/command.ts";
import { importKey } from "../../src/cli/keystore.ts";
import { Node } from "../../src/deployment/node.ts";
import { timeLimit } from "../support/effort.ts";
import { freePort, startAnvil, type RunningNode } from "./support/anvil.ts";
import { captured } from "./support/captured.ts";
import { runProgram } from "./support/command.ts";

/** Fast scrypt parameters. */
const LITTLE_WORK = 1_024;
/** The well-known key of account 6 of the node. */
const KEY = "0x92db14e403b83dfe3df233f83dfa3a0d7096f21ca9b0d6d6b8d88b2b4ec1564e";
const PASSWORD = "a password that nobody prints";

describe("npm run deploy, command line", function () {
  this.timeout(timeLimit(120_000));
  let anvil: RunningNode;
  let folder: string;
  before(async () => {
    anvil = await startAnvil();
    folder = await mkdtemp(join(tmpdir(), "cantilever-"));
  });
  after(async () => {
    await anvil.stop();
    await rm(folder, { recursive: true });
  });

  const words = (...others: readonly string[]) => ["--rpc-url", anvil.url, "--deployments", folder, ...others];

  async function deploy(...others: readonly string[]) {
    const { terminal, stdout, stderr } = captured();
    const code = await runDeployment(words(...others), terminal);
    return { code, stdout: stdout(), stderr: stderr() };
  }

  const sent = async (account: string): Promise<number> => new Node(anvil.rpc).transactionCount(account, "pending");

  it("--help: lists the options and the exit codes", async () => {
    const { code, stdout } = await deploy("--help");
    expect(code).to.equal(0);
    for (const text of ["--account NAME", "--json", "Exit codes:", "CANTILEVER_DEBUG", "CANTILEVER_PASSWORD_FILE"]) {
      expect(stdout).to.contain(text);
    }
    expect(stdout).to.match(/^ {3}3 {2}the node doesn't answer$/mu);
  });

  it("takes the name and the password of a node out of its address, and tells neither", async () => {
    const { terminal, stdout, stderr } = captured();
    const url = anvil.url.replace("//", "//name:secret-password@");
    const code = await runDeployment(["--rpc-url", url, "--deployments", folder, "--dry-run"], terminal);
    expect(code, stderr()).to.equal(0);
    expect(stdout() + stderr()).not.to.contain("secret-password");
  });

  it("takes no private key as an argument, and doesn't tell it", async () => {
    for (const others of [["--account", KEY], [`--from=${KEY}`]]) {
      const { code, stdout, stderr } = await deploy("--yes", ...others);
      expect(code).to.equal(2);
      expect(stderr).to.contain("An argument looks like a private key");
      expect(stdout + stderr).not.to.contain(KEY.slice(4, 20));
    }
  });

  it("--json: prints each event as a JSON object on one line", async () => {
    const { code, stdout, stderr } = await deploy("--json", "--yes");
    expect(code, stderr).to.equal(0);
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    const [first] = events;
    expect(first?.event).to.equal("dry run");
    expect(first?.parameters).to.include({ "market.maxLeverage": "5x" });
    const steps = first?.steps as readonly { readonly id: string; readonly done: boolean }[];
    const broadcasts = events.filter(({ event }) => event === "sent");
    expect(broadcasts.map(({ label }) => label)).to.have.members(steps.map(({ id }) => id));
    expect(broadcasts[0]?.hash).to.match(/^0x[0-9a-f]{64}$/u);
    expect(events.filter(({ event }) => event === "done")).to.have.length(steps.length);
    expect(events.at(-1)?.event).to.equal("deployed");
    expect(events.at(-1)?.addressBook).to.equal(join(folder, "31337.json"));

    const again = await deploy("--json", "--dry-run", "--name", "second");
    const lines = again.stdout.trim().split("\n");
    expect(lines).to.have.length(1);
    expect((JSON.parse(lines[0] ?? "") as { steps: { done: boolean }[] }).steps.some(({ done }) => done)).to.be.false;
  });

  it("fails at once without a node, and after eight seconds at a node that never answers", async () => {
    const nowhere = await deploy("--rpc-url", `http://127.0.0.1:${await freePort()}`);
    expect(nowhere.code).to.equal(3);
    expect(nowhere.stderr).to.match(/^The node at 127\.0\.0\.1:\d+ doesn't answer \(ECONNREFUSED\)\./u);
    await withServer(
      () => undefined,
      async (url) => {
        const silent = await deploy("--rpc-url", url);
        expect(silent.code).to.equal(3);
        expect(silent.stderr).to.contain("no answer within 8 seconds");
      },
    );
    await withServer(
      (answer) => answer("<html>Welcome</html>"),
      async (url) => {
        const page = await deploy("--rpc-url", `${url}/secret-of-a-paid-node`, "--json");
        expect(page.code).to.equal(3);
        expect((JSON.parse(page.stderr) as { error: { code: string } }).error.code).to.equal("NODE");
        expect(page.stderr).not.to.contain("secret-of-a-paid-node");
      },
    );
    expect((await deploy("--rpc-url", "somewhere")).code).to.equal(2);
  });

  it("fails at a node of another chain before it asks for a password", async () => {
    const other = await startAnvil("--chain-id", "1337");
    try {
      const { code, stderr } = await deploy("--rpc-url", other.url, "--account", "nobody");
      expect(code).to.equal(4);
      expect(stderr).to.contain("The node belongs to chain 1337, but deploy/parameters/local.yaml is for 31337");
    } finally {
      await other.stop();
    }
  });

  it("--account: deploys with an encrypted keystore, and fails with a wrong password", async () => {
    const { address } = await importKey(join(folder, "keystores"), "deployer", KEY, PASSWORD, LITTLE_WORK);
    const file = join(folder, "password");
    const environment = { CANTILEVER_HOME: folder, CANTILEVER_PASSWORD_FILE: file };
    const run = () =>
      runProgram("deploy/main.ts", words("--account", "deployer", "--name", "by-keystore", "--yes"), { environment });
    await writeFile(file, "another");
    const wrong = await run();
    expect(wrong.code).to.equal(8);
    expect(wrong.stderr).to.contain('The password does not open the keystore "deployer"');
    expect(await sent(address)).to.equal(0);

    await writeFile(file, `${PASSWORD}\n`);
    const right = await run();
    expect(right.code, right.said).to.equal(0);
    expect(right.said).to.contain("Deployed.");
    for (const { said } of [wrong, right]) {
      expect(said).not.to.contain(PASSWORD).and.not.to.contain(KEY.slice(2));
    }
    const dry = await runProgram("deploy/main.ts", words("--account", "deployer", "--dry-run", "--name", "x"), {
      environment: { CANTILEVER_HOME: folder },
    });
    expect(dry.code, dry.said).to.equal(0);
    const none = await runProgram("deploy/main.ts", words("--account", "other", "--name", "unsigned"), { environment });
    expect(none.code).to.equal(8);
    expect(none.stderr).to.contain("Those that exist: deployer.");
  });

  it("never prints the private key of the environment, and rejects a key that does not match --from", async () => {
    const environment = { DEPLOYER_PRIVATE_KEY: `${KEY.slice(0, -1)}z` };
    const broken = await runProgram("deploy/main.ts", words("--dry-run"), { environment });
    expect(broken.code).to.equal(8);
    expect(broken.said).to.contain("DEPLOYER_PRIVATE_KEY is no private key").and.not.to.contain(KEY.slice(2, 20));
    const from = "0x00000000000000000000000000000000000000f1";
    const other = await runProgram("deploy/main.ts", words("--from", from), {
      environment: { DEPLOYER_PRIVATE_KEY: KEY },
    });
    expect(other.code).to.equal(8);
    expect(other.said).to.contain(`and --from is ${from}`);
  });

  it("names an account that can't pay, before anything is sent", async () => {
    const { privateKey } = Wallet.createRandom();
    const environment = { DEPLOYER_PRIVATE_KEY: privateKey };
    const { code, stderr } = await runProgram("deploy/main.ts", words("--name", "unpaid", "--yes"), { environment });
    expect(code).to.equal(7);
    expect(stderr).to.match(/^The account 0x[0-9a-f]{40} can't pay: its balance is 0 wei/u);
  });

  it("asks for confirmation, and sends nothing without a yes or without a terminal", async () => {
    const from = "0x15d34aaf54267db7d7c367839aaf71a00a2c6a65";
    const count = await sent(from);
    const nobody = await deploy("--name", "unconfirmed", "--from", "0x976ea74026e726554db657fa54763abd0c3a0aa9");
    expect(nobody.code).to.equal(11);
    expect(nobody.stderr).to.contain("Give --yes");
    for (const [answer, code] of [
      ["no\n", 10],
      ["", 11],
    ] as const) {
      const { terminal, stderr } = captured();
      const stdin = Object.assign(new PassThrough(), { isTTY: true });
      const asked = runDeployment(words("--name", "unconfirmed"), { ...terminal, stdin });
      while (!stderr().includes("Deploy?")) await new Promise((resolve) => setTimeout(resolve, 20));
      stdin.end(answer);
      expect(await asked).to.equal(code);
    }
    expect(await sent(from)).to.equal(count);
  });

  it("reports a defect in a sentence, and its stack trace only on request", async () => {
    // The command does not expect a node whose fee is not a number.
    await withServer(
      (answer, method) => answer(JSON.stringify({ jsonrpc: "2.0", id: 1, result: ANSWERS[method] ?? {} })),
      async (url) => {
        const run = (environment: Readonly<Record<string, string>>) =>
          runProgram("deploy/main.ts", ["--rpc-url", url, "--deployments", folder, "--yes"], { environment });
        const short = await run({});
        expect(short.code).to.equal(1);
        expect(short.stderr).to.match(/^This is a defect of the program: /u);
        expect(short.stderr).to.contain("CANTILEVER_DEBUG=1").and.not.to.contain("    at ");
        expect((await run({ CANTILEVER_DEBUG: "1" })).stderr).to.contain("    at ");
      },
    );
  });
});

/** Answers of a node with an account and a fee that is not a number. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  eth_chainId: "0x7a69",
  eth_accounts: ["0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"],
  eth_getTransactionCount: "0x0",
  eth_getBalance: "0x0",
  eth_getCode: "0x",
  eth_getBlockByNumber: { timestamp: "0x1", baseFeePerGas: "many" },
};

/** Runs a test with a server in place of a node. @param respond may leave a request unanswered. */
async function withServer(
  respond: (answer: (text: string) => unknown, method: string) => unknown,
  run: (url: string) => Promise<void>,
): Promise<void> {
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (text: Buffer) => (body += text.toString()));
    request.on("end", () => {
      const { method } = JSON.parse(body) as { method: string };
      respond((text) => response.end(text), method);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  try {
    await run(`http://127.0.0.1:${address.port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
