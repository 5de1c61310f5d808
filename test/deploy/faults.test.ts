import { expect } from "chai";
import { Wallet } from "ethers";

import type { CantileverPlan } from "../../src/deployment/cantilever.ts";
import { CREATE2_DEPLOYER_TRANSACTION } from "../../src/deployment/create2.ts";
import {
  dryRun,
  execute,
  MOST_UNDER_WAY,
  type DeploymentEvent,
  type ExecutionOptions,
} from "../../src/deployment/execute.ts";
import { Node, toBeHexQuantity, type Account, type Rpc } from "../../src/deployment/node.ts";
import type { DeploymentParameters } from "../../src/deployment/parameters.ts";
import { toAddress } from "../../src/protocol/address.ts";
import { SettableFeed__factory } from "../../types/index.ts";
import { startAnvil, type RunningNode } from "./support/anvil.ts";
import { DEPLOYER, localParameters, planOf } from "./support/deploy.ts";
import { expectWhole, sentBy } from "./support/history.ts";

/** Key of the first account of an Anvil node. */
const KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
const wallet = new Wallet(KEY);
const SIGNING: Account = { address: wallet.address, sign: (transaction) => wallet.signTransaction(transaction) };
const UNLOCKED: Account = { address: wallet.address };

/** Short intervals for tests. */
const FAST: ExecutionOptions = { pollInterval: 30, minedWithin: 20_000 };
const INTERVAL = ["--block-time", "0.2"];

/** A node behind a proxy that simulates faults. */
type Intercept = (method: string, params: unknown[], forward: () => Promise<unknown>) => Promise<unknown>;

const isSend = (method: string): boolean => method === "eth_sendRawTransaction" || method === "eth_sendTransaction";

describe("a deployment on a node in another process", () => {
  let anvil: RunningNode;
  afterEach(async () => {
    await anvil.stop();
  });

  /** Deploys; returns the plan and the reported events. */
  async function deploy(
    intercept: Intercept,
    options: ExecutionOptions = {},
    { account = SIGNING, parameters }: { account?: Account; parameters?: DeploymentParameters } = {},
  ): Promise<{ plan: CantileverPlan; events: readonly DeploymentEvent[] }> {
    const rpc: Rpc = {
      send: (method, params) => intercept(method, params, () => anvil.rpc.send(method, params)),
    };
    const plan = await planOf(parameters, "test", toAddress(account.address));
    const events: DeploymentEvent[] = [];
    await execute(plan, new Node(rpc), account, { ...FAST, ...options, onEvent: (event) => events.push(event) });
    return { plan, events };
  }

  const untouched: Intercept = (_, __, forward) => forward();

  async function messageOf(attempt: Promise<unknown>): Promise<string> {
    try {
      await attempt;
    } catch (error) {
      return String(error);
    }
    throw new Error("It did not fail.");
  }

  /** Sends ether from the deployer to itself, as another program would. */
  async function sendForeign(nonce: number, gwei: bigint): Promise<void> {
    const raw = await wallet.signTransaction({
      chainId: 31_337n,
      type: 2,
      to: wallet.address,
      nonce,
      gasLimit: 21_000n,
      maxFeePerGas: gwei * 10n ** 9n,
      maxPriorityFeePerGas: gwei * 10n ** 9n,
    });
    await anvil.rpc.send("eth_sendRawTransaction", [raw]);
  }

  for (const [kind, account] of [
    ["with a private key", SIGNING],
    ["unlocked at the node", UNLOCKED],
  ] as const) {
    /** Tests that don't depend on the signer run with both only in `npm run test:deploy`. */
    const inDepth = account === SIGNING || process.env.FUZZ === "deep" ? it : () => undefined;
    describe(`by an account ${kind}`, () => {
      it("completes and reports each event", async () => {
        anvil = await startAnvil(...INTERVAL);
        const { plan, events } = await deploy(untouched, {}, { account });
        await expectWhole(anvil.rpc, plan);
        const sent = events.filter(({ kind: what }) => what === "sent");
        expect(sent).to.have.length(plan.steps.length);
        const history = await sentBy(anvil.rpc, DEPLOYER);
        const hashes = history.map(({ hash }) => hash);
        expect(sent.map((event) => ("hash" in event ? event.hash : undefined))).to.have.members(hashes);
      });

      inDepth("sends nothing when it is repeated", async () => {
        anvil = await startAnvil();
        await deploy(untouched, {}, { account });
        const count = await new Node(anvil.rpc).transactionCount(DEPLOYER, "pending");
        await deploy(
          async (method, _, forward) => {
            if (isSend(method)) throw new Error("It sends.");
            return forward();
          },
          {},
          { account },
        );
        expect(await new Node(anvil.rpc).transactionCount(DEPLOYER, "pending")).to.equal(count);
      });

      it("continues if the answer to a broadcast is lost", async () => {
        anvil = await startAnvil(...INTERVAL);
        let sends = 0;
        const { plan } = await deploy(
          async (method, _, forward) => {
            const answer = await forward();
            if (isSend(method) && ++sends % 3 === 0) throw new Error("socket hang up");
            return answer;
          },
          {},
          { account },
        );
        await expectWhole(anvil.rpc, plan);
      });

      inDepth("continues if a broadcast is lost before it reaches the node", async () => {
        anvil = await startAnvil(...INTERVAL);
        let sends = 0;
        const { plan, events } = await deploy(
          async (method, _, forward) => {
            if (isSend(method) && ++sends % 4 === 2) throw new Error("connect ECONNREFUSED 127.0.0.1:8545");
            return forward();
          },
          {},
          { account },
        );
        await expectWhole(anvil.rpc, plan);
        expect(events.map(({ kind: what }) => what)).to.include("rebroadcast");
      });

      inDepth("broadcasts transactions again that the node dropped", async () => {
        anvil = await startAnvil(...INTERVAL);
        const dropped = new Set<unknown>();
        let sends = 0;
        const { plan, events } = await deploy(
          async (method, _, forward) => {
            const hash = await forward();
            // The first of several: the others wait for its nonce. Each is lost only once,
            // otherwise none would ever be mined.
            if (
              isSend(method) &&
              ++sends % 5 === 1 &&
              !dropped.has(hash) &&
              (await anvil.rpc.send("anvil_dropTransaction", [hash])) !== null
            ) {
              dropped.add(hash);
            }
            return hash;
          },
          {},
          { account },
        );
        expect(dropped.size).to.be.greaterThan(1);
        expect(events.filter(({ kind: what }) => what === "rebroadcast")).to.have.length.greaterThanOrEqual(
          dropped.size,
        );
        await expectWhole(anvil.rpc, plan);
      });

      inDepth("uses the next nonce if a foreign transaction used its own", async () => {
        anvil = await startAnvil(...INTERVAL);
        let sends = 0;
        const { plan } = await deploy(
          async (method, _, forward) => {
            if (isSend(method) && ++sends % 4 === 0) {
              await sendForeign(await new Node(anvil.rpc).transactionCount(DEPLOYER, "pending"), 50n);
            }
            return forward();
          },
          {},
          { account },
        );
        await expectWhole(anvil.rpc, plan, { foreign: true });
      });

      inDepth("checks a step again if a foreign transaction replaces its own", async () => {
        anvil = await startAnvil("--no-mining");
        let sends = 0;
        const mine = setInterval(() => void anvil.rpc.send("evm_mine", []).catch(() => undefined), 300);
        try {
          const { plan, events } = await deploy(
            async (method, _, forward) => {
              const answer = await forward();
              if (isSend(method) && ++sends === 2) await sendForeign(1, 500n);
              return answer;
            },
            {},
            { account },
          );
          expect(events.filter(({ kind: what }) => what === "displaced")).to.have.length(1);
          await expectWhole(anvil.rpc, plan, { foreign: true });
        } finally {
          clearInterval(mine);
        }
      });

      inDepth("completes on a node whose view is some blocks old", async () => {
        anvil = await startAnvil(...INTERVAL);
        let asked = 0;
        const { plan } = await deploy(
          async (method, params, forward) => {
            const behind = params.map((param) => (param === "latest" || param === "pending" ? "lagging" : param));
            const lags = /^eth_(getTransactionCount|getCode|call|getBalance)$/u.test(method) && ++asked % 3 !== 0;
            if (!lags) return forward();
            const block = BigInt((await anvil.rpc.send("eth_blockNumber", [])) as string);
            const lagging = toBeHexQuantity(block > 2n ? block - 2n : 0n);
            return anvil.rpc.send(
              method,
              behind.map((param) => (param === "lagging" ? lagging : param)),
            );
          },
          { lag: 2_000 },
          { account },
        );
        // A step that a lagging node reports as missing may be sent twice. The second transaction
        // reverts, so no contract exists twice.
        await expectWhole(anvil.rpc, plan, { refused: true });
      });

      it("raises the fee of a transaction if the base fee rises above it", async () => {
        anvil = await startAnvil(...INTERVAL);
        let sends = 0;
        const { plan, events } = await deploy(
          async (method, _, forward) => {
            const answer = await forward();
            if (isSend(method) && ++sends === 3) {
              await anvil.rpc.send("anvil_setNextBlockBaseFeePerGas", [toBeHexQuantity(40n * 10n ** 9n)]);
            }
            return answer;
          },
          { replaceAfter: 600 },
          { account },
        );
        expect(events.map(({ kind: what }) => what)).to.include("replaced");
        await expectWhole(anvil.rpc, plan);
      });
    });
  }

  it("never has more than eight pending transactions", async () => {
    anvil = await startAnvil("--no-mining");
    // A block only after a second without a broadcast, so that all that may be pending is.
    let lastSend = Date.now();
    const mine = setInterval(() => {
      if (Date.now() - lastSend < 1_000) return;
      lastSend = Date.now();
      void anvil.rpc.send("evm_mine", []).catch(() => undefined);
    }, 50);
    try {
      let most = 0;
      const node = new Node(anvil.rpc);
      const { plan } = await deploy(async (method, _, forward) => {
        const answer = await forward();
        if (isSend(method)) {
          lastSend = Date.now();
          const [mined, all] = await Promise.all([
            node.transactionCount(DEPLOYER, "latest"),
            node.transactionCount(DEPLOYER, "pending"),
          ]);
          most = Math.max(most, all - mined);
        }
        return answer;
      });
      expect(most).to.equal(MOST_UNDER_WAY);
      await expectWhole(anvil.rpc, plan);
    } finally {
      clearInterval(mine);
    }
  });

  it("never exceeds the maximum fee, and finally fails with the reason", async () => {
    anvil = await startAnvil("--base-fee", "50000000000");
    const mostPerGas = 2n * 10n ** 9n;
    const message = await messageOf(deploy(untouched, { mostPerGas, minedWithin: 300 }));
    expect(message).to.match(/The base fee is \d+ wei per gas, above the maximum fee of 2000000000/u);
    expect(await sentBy(anvil.rpc, DEPLOYER)).to.be.empty;
  });

  it("waits for the transactions of an earlier run, and finally fails", async () => {
    anvil = await startAnvil("--no-mining");
    await sendForeign(0, 50n);
    await sendForeign(1, 50n);
    const message = await messageOf(deploy(untouched, { minedWithin: 300 }));
    expect(message).to.contain("TransactionStuckError: The transactions with the nonces 0 to 1 of");
    await anvil.rpc.send("evm_mine", []);
    await anvil.rpc.send("evm_setAutomine", [true]);
    const { plan } = await deploy(untouched);
    await expectWhole(anvil.rpc, plan, { foreign: true });
  });

  it("decodes the error of a constructor, whether estimated or mined", async () => {
    anvil = await startAnvil("--chain-id", "424242");
    const parameters = { ...(await localParameters()), chainId: 424_242n };
    for (const options of [{}, { gas: 10_000_000n }]) {
      const message = await messageOf(deploy(untouched, options, { parameters, account: UNLOCKED }));
      expect(message).to.contain("StepFailedError: The step TestLiquidity failed");
      expect(message).to.contain("NotATestnet(chainId: 424242)");
    }
  });

  it("decodes the error of a call, whether estimated or mined", async () => {
    anvil = await startAnvil();
    const [, , , , , owner] = await new Node(anvil.rpc).accounts();
    if (owner === undefined) throw new Error("The node has too few accounts.");
    const { plan } = await deploy(untouched, {}, { account: { address: owner } });
    const local = await localParameters();
    const { baseFeed, quoteFeed } = plan.addresses;
    const parameters = {
      ...local,
      baseFeed: { ...local.baseFeed, source: { address: baseFeed } },
      quoteFeed: { ...local.quoteFeed, source: { address: quoteFeed } },
    };
    const setAnswer = async (dollars: bigint): Promise<void> => {
      const data = SettableFeed__factory.createInterface().encodeFunctionData("setAnswer", [dollars * 10n ** 8n]);
      await anvil.rpc.send("eth_sendTransaction", [{ from: owner, to: baseFeed, data }]);
    };
    const second = await planOf(parameters, "second");
    for (const options of [{}, { gas: 10_000_000n }]) {
      // The feed moves away once the guard exists. Then there is no open price, and the factory
      // reverts.
      let hasGuard = false;
      let hasMoved = false;
      const rpc: Rpc = {
        send: async (method, params) => {
          if (hasGuard && !hasMoved) {
            hasMoved = true;
            await setAnswer(3_000n);
          }
          return anvil.rpc.send(method, params);
        },
      };
      const onEvent = (event: DeploymentEvent): void => {
        if (event.kind === "done" && event.step.id === "OracleGuard") hasGuard = true;
      };
      const message = await messageOf(execute(second, new Node(rpc), SIGNING, { ...FAST, ...options, onEvent }));
      expect(message).to.contain("StepFailedError: The step Market failed");
      expect(message).to.contain("UnexpectedPrice(");
    }
    // Once the sources agree again, the same deployment continues.
    await setAnswer(2_000n);
    await execute(second, new Node(anvil.rpc), SIGNING, FAST);
    expect(await new Node(anvil.rpc).hasCode(second.addresses.market)).to.be.true;
  });

  it("creates the deterministic deployer on a chain that lacks it, once", async () => {
    anvil = await startAnvil("--disable-default-create2-deployer", ...INTERVAL);
    const { plan, events } = await deploy(untouched);
    await expectWhole(anvil.rpc, plan, { foreign: true });
    expect(events.filter((event) => "label" in event && event.label === "Create2Deployer")).to.have.length(1);
  });

  it("fails with the reason if a node rejects the transaction of the deterministic deployer", async () => {
    anvil = await startAnvil("--disable-default-create2-deployer");
    const message = await messageOf(
      deploy(async (_, [raw], forward) => {
        if (raw !== CREATE2_DEPLOYER_TRANSACTION) return forward();
        throw new Error("only replay-protected (EIP-155) transactions allowed over RPC");
      }),
    );
    expect(message).to.contain("Create2DeployerError: The chain has no deterministic deployer");
    expect(message).to.contain("EIP-155");
  });

  it("fails at a node of another chain before anything is sent", async () => {
    anvil = await startAnvil("--chain-id", "1337");
    expect(await messageOf(deploy(untouched))).to.contain("The node belongs to chain 1337");
    expect(await sentBy(anvil.rpc, DEPLOYER)).to.be.empty;
  });

  it("is not mistaken for a different deployment if a market is mined between two requests", async () => {
    anvil = await startAnvil("--no-mining");
    const mine = setInterval(() => void anvil.rpc.send("evm_mine", []).catch(() => undefined), 100);
    const finished = await deploy(untouched).finally(() => {
      clearInterval(mine);
    });
    const { market } = finished.plan.addresses;
    // The first request finds no market, all later ones find it, and no role has been transferred
    // yet.
    let looks = 0;
    const before = new Node({
      send: async (method, params) => {
        if (method === "eth_getCode" && toAddress(String(params[0])) === market && ++looks === 1) return "0x";
        return anvil.rpc.send(method, params);
      },
    });
    expect((await dryRun(finished.plan, before, 10)).steps.map(({ done }) => done)).not.to.include(false);
    expect(looks).to.be.greaterThan(1);
  });

  it("names an account that can't pay", async () => {
    anvil = await startAnvil();
    const poor = Wallet.createRandom();
    const account: Account = { address: poor.address, sign: (transaction) => poor.signTransaction(transaction) };
    expect(await messageOf(deploy(untouched, {}, { account }))).to.match(/InsufficientFundsError: The account 0x/u);
  });
});
