import { expect } from "chai";

import { nodeRequest } from "../../src/client/node-address.ts";

describe("the address of a node", () => {
  it("stays as it is, path and key included", () => {
    const { address, headers } = nodeRequest("https://node.example/v3/key?a=1");
    expect(address.href).to.equal("https://node.example/v3/key?a=1");
    expect(headers).to.deep.equal({ "content-type": "application/json" });
  });

  it("gives its name and password to a header instead", () => {
    const { address, headers } = nodeRequest("https://n%40me:p%C3%A4ss@node.example/v3");
    expect(address.href).to.equal("https://node.example/v3");
    const encoded = headers.authorization?.replace("Basic ", "") ?? "";
    expect(Buffer.from(encoded, "base64").toString()).to.equal("n@me:päss");
  });

  it("takes a sign % that begins no code as it is", () => {
    const { headers } = nodeRequest("http://name:100%@127.0.0.1:8545");
    expect(headers.authorization).to.equal(`Basic ${Buffer.from("name:100%").toString("base64")}`);
  });
});
