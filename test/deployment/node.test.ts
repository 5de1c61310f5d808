import { expect } from "chai";

import { httpRpc, Node } from "../../src/deployment/node.ts";
import { freePort } from "../deploy/support/anvil.ts";

describe("Node", () => {
  it("accounts: repeats the request while no node listens", async () => {
    const rpc = httpRpc(`http://127.0.0.1:${await freePort()}`);
    let requests = 0;
    const node = new Node({
      async send(method, params) {
        return ++requests < 3 ? rpc.send(method, params) : ["0x00"];
      },
    });
    expect(await node.accounts()).to.deep.equal(["0x00"]);
    expect(requests).to.equal(3);
  });
});
