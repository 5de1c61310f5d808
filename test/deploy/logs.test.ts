import { expect } from "chai";

import { logsOf } from "../../deploy/check/logs.ts";
import { NodeError } from "../../src/deployment/errors.ts";
import { Node } from "../../src/deployment/node.ts";
import { ZERO_ADDRESS } from "../../src/protocol/address.ts";

interface Range {
  readonly fromBlock: string;
  readonly toBlock: string;
}

/** A node of a hundred blocks, with an event in each. */
function nodeThat(answersFor: (blocks: number) => void): Node {
  return new Node({
    send(method, params) {
      if (method === "eth_blockNumber") return Promise.resolve("0x63");
      const [{ fromBlock, toBlock }] = params as [Range];
      const [from, to] = [Number(fromBlock), Number(toBlock)];
      answersFor(to - from + 1);
      return Promise.resolve(
        Array.from({ length: to - from + 1 }, (_, index) => ({ topics: [], data: `${from + index}` })),
      );
    },
  });
}

const read = (node: Node) => logsOf(node, ZERO_ADDRESS, 0n, () => undefined);

describe("The events that a check reads", () => {
  it("are all there, once each, where the node allows few blocks", async () => {
    const node = nodeThat((blocks) => {
      if (blocks > 15) throw new Error("query exceeds max block range 15");
    });
    expect((await read(node)).map(({ data }) => Number(data))).to.deep.equal(Array.from({ length: 100 }, (_, i) => i));
  });

  it("are not asked for in halves of a node that is gone, which is no defect", async () => {
    let asked = 0;
    const node = nodeThat(() => {
      ++asked;
      throw Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNREFUSED" } });
    });
    const error: unknown = await read(node).catch((one: unknown) => one);
    expect(error).to.be.instanceOf(NodeError);
    expect(asked).to.equal(1);
  });
});
