import { expect } from "chai";
import { JsonRpcProvider, Wallet } from "ethers";
import { network } from "hardhat";

import type { Served, SubscriptionMessage } from "../../../scripts/devnet/json-rpc.ts";
import { PortBusyError, RpcServer } from "../../../scripts/devnet/rpc-server.ts";
import { Turns } from "../../../scripts/devnet/turns.ts";
import { FaucetToken__factory } from "../../../types/index.ts";

type Connection = Awaited<ReturnType<typeof network.create>>;

const token = FaucetToken__factory.createInterface();

interface Answer {
  readonly id: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

interface Message extends Answer {
  readonly method?: string;
  readonly params?: { readonly subscription: string; readonly result: { readonly hash: string } };
}

async function post(url: string, body: string): Promise<unknown> {
  return (await fetch(url, { method: "POST", body })).json();
}

async function ask(url: string, method: string, params: readonly unknown[] = []): Promise<Answer> {
  return (await post(url, JSON.stringify({ jsonrpc: "2.0", id: 7, method, params }))) as Answer;
}

describe("RpcServer", () => {
  let connection: Connection;
  let server: RpcServer;
  let turns: Turns;
  let url: string;
  let [person, other]: string[] = [];
  let faucet: string;

  let listen: Parameters<Served["onMessage"]>[0] | undefined;
  const served = (turns: Turns): Served => ({
    rpc: connection.ethers.provider,
    accounts: [person ?? ""],
    turns,
    onMessage: (listener) => (listen = listener),
  });

  before(async () => {
    connection = await network.create();
    connection.provider.on("message", (message: SubscriptionMessage) => listen?.(message));
    const signers = await connection.ethers.getSigners();
    [person, other] = signers.map(({ address }) => address);
    const [deployer] = signers;
    if (deployer === undefined) throw new Error("The chain has no accounts.");
    const contract = await new FaucetToken__factory(deployer).deploy("Test", "TST", 18, 1_000n, other ?? "", 0n);
    faucet = await contract.getAddress();
  });
  after(() => connection.close());

  beforeEach(async () => {
    server = await RpcServer.listen(0);
    ({ url } = server);
    turns = new Turns();
    server.open(served(turns));
  });
  afterEach(() => server.close());

  it("answers on this machine only", () => {
    expect(url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/u);
  });

  it("passes requests on, and keeps their ids", async () => {
    expect(await ask(url, "eth_chainId")).to.deep.equal({ jsonrpc: "2.0", id: 7, result: "0x7a69" });
  });

  it("answers a batch in its order", async () => {
    const batch = ["eth_chainId", "net_version", "nothing"].map((method, id) => ({ jsonrpc: "2.0", id, method }));
    const answers = (await post(url, JSON.stringify(batch))) as Answer[];
    expect(answers.map(({ id, result }) => [id, result])).to.deep.equal([
      [0, "0x7a69"],
      [1, "31337"],
      [2, undefined],
    ]);
    expect(answers[2]?.error?.message).to.contain("nothing");
  });

  it("says what is wrong with what is no request", async () => {
    expect(((await post(url, "{")) as Answer).error?.code).to.equal(-32_700);
    for (const body of ["1", "null", "{}", `{"method":1}`, `{"method":"eth_chainId","params":{}}`]) {
      expect(((await post(url, body)) as Answer).error?.code, body).to.equal(-32_600);
    }
    expect((await fetch(url)).status).to.equal(405);
  });

  it("lets web pages of any origin connect", async () => {
    const { status, headers } = await fetch(url, { method: "OPTIONS" });
    expect(status).to.equal(204);
    expect(headers.get("access-control-allow-origin")).to.equal("*");
    expect(headers.get("access-control-allow-methods")).to.contain("POST");
  });

  it("tells the accounts of people, and no others", async () => {
    expect((await ask(url, "eth_accounts")).result).to.deep.equal([person]);
  });

  it("estimates the gas of a transaction that names none", async () => {
    const data = token.encodeFunctionData("mint", [person ?? "", 1n]);
    const { result } = await ask(url, "eth_sendTransaction", [{ from: person, to: faucet, data }]);
    const transaction = await connection.ethers.provider.getTransaction(String(result));
    expect(Number(transaction?.gasLimit)).to.be.within(50_000, 200_000);
  });

  it("hears a contract's refusal before it sends, with the data of its error", async () => {
    const data = token.encodeFunctionData("mint", [person ?? "", 1_001n]);
    const transaction = { from: person, to: faucet, data };
    const nonce = await connection.ethers.provider.getTransactionCount(person ?? "");
    for (const method of ["eth_call", "eth_estimateGas", "eth_sendTransaction"]) {
      const { error } = await ask(url, method, [transaction]);
      expect(error?.code, method).to.equal(3);
      const decoded = token.parseError(String(error?.data));
      expect(decoded?.name, method).to.equal("FaucetCapExceeded");
    }
    expect(await connection.ethers.provider.getTransactionCount(person ?? "")).to.equal(nonce);
  });

  it("answers a transaction that is mined and fails by its hash, as nodes do", async () => {
    const data = token.encodeFunctionData("mint", [person ?? "", 1_001n]);
    const wallet = Wallet.createRandom();
    const [funder] = await connection.ethers.getSigners();
    await funder?.sendTransaction({ to: wallet.address, value: 10n ** 18n });
    const provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1, staticNetwork: true });
    try {
      const signer = wallet.connect(provider);
      const sent = await signer.sendTransaction({ to: faucet, data, gasLimit: 200_000n });
      const receipt = await provider.getTransactionReceipt(sent.hash);
      expect(receipt?.status).to.equal(0);
    } finally {
      provider.destroy();
    }
  });

  it("gives libraries the error of a contract, decoded", async () => {
    const provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1, staticNetwork: true });
    try {
      const contract = FaucetToken__factory.connect(faucet, provider);
      await contract.mint.staticCall(person ?? "", 5_000n).then(
        () => expect.fail("the cap was exceeded"),
        (error: unknown) => {
          expect((error as { revert?: { name: string } }).revert?.name).to.equal("FaucetCapExceeded");
        },
      );
    } finally {
      provider.destroy();
    }
  });

  it("lets requests wait that come before there is a chain", async () => {
    const early = await RpcServer.listen(0);
    try {
      let answered = false;
      const answer = ask(early.url, "eth_chainId").then((said) => {
        answered = true;
        return said;
      });
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(answered).to.be.false;
      early.open(served(new Turns()));
      expect((await answer).result).to.equal("0x7a69");
    } finally {
      await early.close();
    }
  });

  it("sets the chain back between two steps of those who act on it, and not within one", async () => {
    const { result: snapshot } = await ask(url, "evm_snapshot");
    await ask(url, "evm_mine");
    const done: string[] = [];
    const step = turns.take(async () => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      done.push("step");
    });
    const [{ result }] = await Promise.all([
      ask(url, "evm_revert", [snapshot]).finally(() => done.push("revert")),
      step,
    ]);
    expect(result).to.be.true;
    expect(done).to.deep.equal(["step", "revert"]);
    await turns.take(() => Promise.reject(new Error("a step that fails"))).catch(() => done.push("failure"));
    expect(await turns.take(() => Promise.resolve(done.at(-1)))).to.equal("failure");
  });

  describe("over WebSocket", () => {
    /** What comes over a socket, in order, after something was sent. */
    async function connect(): Promise<{ socket: WebSocket; received: Message[]; send: (...sent: object[]) => void }> {
      const socket = new WebSocket(url.replace("http", "ws"));
      await new Promise((resolve, reject) => {
        socket.addEventListener("open", resolve);
        socket.addEventListener("error", reject);
      });
      const received: Message[] = [];
      socket.addEventListener("message", ({ data }) => received.push(JSON.parse(String(data)) as Message));
      return {
        socket,
        received,
        send: (...sent) => {
          sent.forEach((one) => {
            socket.send(JSON.stringify(one));
          });
        },
      };
    }

    async function until(condition: () => boolean): Promise<void> {
      while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
    }

    it("answers as it does over HTTP", async () => {
      const { socket, received, send } = await connect();
      send({ jsonrpc: "2.0", id: 1, method: "eth_chainId" }, { jsonrpc: "2.0", id: 2, method: "eth_accounts" }, {});
      await until(() => received.length === 3);
      expect(received.find(({ id }) => id === 1)?.result).to.equal("0x7a69");
      expect(received.find(({ id }) => id === 2)?.result).to.deep.equal([person]);
      expect(received.find(({ id }) => id === null)?.error?.code).to.equal(-32_600);
      socket.close();
    });

    it("tells those who have subscribed of each new block, and nobody else", async () => {
      const [subscriber, other] = [await connect(), await connect()];
      subscriber.send({ jsonrpc: "2.0", id: 1, method: "eth_subscribe", params: ["newHeads"] });
      await until(() => subscriber.received.length === 1);
      const subscription = subscriber.received[0]?.result;
      await ask(url, "evm_mine");
      await until(() => subscriber.received.length === 2);
      const { method, params } = subscriber.received[1] ?? {};
      expect(method).to.equal("eth_subscription");
      expect(params?.subscription).to.equal(subscription);
      const latest = await connection.ethers.provider.getBlock("latest");
      expect(params?.result.hash).to.equal(latest?.hash);

      subscriber.send({ jsonrpc: "2.0", id: 2, method: "eth_unsubscribe", params: [subscription] });
      await until(() => subscriber.received.length === 3);
      await ask(url, "evm_mine");
      expect([subscriber.received.length, other.received.length]).to.deep.equal([3, 0]);
      for (const { socket } of [subscriber, other]) socket.close();
    });

    it("unsubscribes those who are gone", async () => {
      const { socket, received, send } = await connect();
      send({ jsonrpc: "2.0", id: 1, method: "eth_subscribe", params: ["newHeads"] });
      await until(() => received.length === 1);
      socket.close();
      await until(() => socket.readyState === WebSocket.CLOSED);
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect((await ask(url, "eth_unsubscribe", [received[0]?.result])).result).to.be.false;
    });
  });

  it("says that a port is busy, and what to do", async () => {
    const port = Number(new URL(url).port);
    await RpcServer.listen(port).then(
      () => expect.fail("the port was had twice"),
      (error: unknown) => {
        expect(error).to.be.instanceOf(PortBusyError);
        expect((error as Error).message).to.match(/^The port \d+ is in use.* --port.*\.$/u);
      },
    );
  });

  it("ends connections that are open", async () => {
    const early = await RpcServer.listen(0);
    const address = early.url;
    const socket = new WebSocket(address.replace("http", "ws"));
    await new Promise((resolve) => {
      socket.addEventListener("open", resolve);
    });
    const closed = new Promise((resolve) => {
      socket.addEventListener("close", resolve);
    });
    const answer = ask(address, "eth_chainId").then(
      () => "answered",
      () => "cut",
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    await early.close();
    expect(await answer).to.equal("cut");
    await closed;
    await fetch(address).then(
      () => expect.fail("it still answers"),
      (error: unknown) => expect(error).to.be.instanceOf(TypeError),
    );
  });
});
