import { expect } from "chai";
import { Interface } from "ethers";

import { abi as marketFactoryAbi } from "../../../abis/MarketFactory.ts";
import type { CantileverPlan } from "../../../src/deployment/cantilever.ts";
import { dryRun } from "../../../src/deployment/execute.ts";
import { Node, type Rpc } from "../../../src/deployment/node.ts";

/** A mined transaction. */
export interface MinedTransaction {
  readonly hash: string;
  readonly to: string | null;
  readonly input: string;
  readonly succeeded: boolean;
}

/** All transactions of an account, from the first block. */
export async function sentBy(rpc: Rpc, account: string): Promise<readonly MinedTransaction[]> {
  const last = Number(await rpc.send("eth_blockNumber", []));
  const sent: MinedTransaction[] = [];
  for (let number = 1; number <= last; number++) {
    const block = (await rpc.send("eth_getBlockByNumber", [`0x${number.toString(16)}`, true])) as {
      transactions: { hash: string; from: string; to: string | null; input: string }[];
    };
    for (const { hash, from, to, input } of block.transactions) {
      if (from.toLowerCase() !== account.toLowerCase()) continue;
      const receipt = (await rpc.send("eth_getTransactionReceipt", [hash])) as { status: string };
      sent.push({ hash, to, input, succeeded: receipt.status === "0x1" });
    }
  }
  return sent;
}

const factory = new Interface(marketFactoryAbi);

/**
 * Expects that a deployment is complete and that nothing was created twice.
 * @param allowed further transactions that the deployer may have sent: for other purposes, or
 * rejected repetitions.
 */
export async function expectWhole(
  rpc: Rpc,
  plan: CantileverPlan,
  allowed: { readonly foreign?: boolean; readonly refused?: boolean } = {},
): Promise<void> {
  const { steps } = await dryRun(plan, new Node(rpc));
  expect(steps.filter(({ done }) => !done).map(({ step }) => step.id)).to.deep.equal([]);
  const sent = await sentBy(rpc, plan.deployer);
  const successes = sent.filter(({ input, succeeded }) => succeeded && input !== "0x");
  expect(new Set(successes.map(({ to, input }) => `${to ?? ""} ${input}`)).size).to.equal(successes.length);
  expect(successes).to.have.length(plan.steps.length);
  if (allowed.refused !== true) expect(sent.filter(({ succeeded }) => !succeeded)).to.deep.equal([]);
  if (allowed.foreign !== true && allowed.refused !== true) expect(sent).to.have.length(plan.steps.length);
  const { market } = plan.addresses;
  const data = factory.encodeFunctionData("marketCount");
  const count = await new Node(rpc).call({ to: plan.addresses.factory, data });
  expect(factory.decodeFunctionResult("marketCount", count)[0], market).to.equal(1n);
}
