import { expect } from "chai";

import { Project } from "../../scripts/proof/engine/project.ts";
import { judge } from "../../scripts/proof/formal/ask.ts";
import { readClaims } from "../../scripts/proof/formal/claims.ts";

describe("the model checker", () => {
  const claims = readClaims(new Project());

  it("refutes a false claim, with an example", async () => {
    const claim = claims.find(({ contract }) => contract === "FalseClaimEveryPositionIsWithin");
    if (claim === undefined) throw new Error("there is no false claim");
    const { verdict, counterexample } = await judge(claim);
    expect(verdict).to.equal("refuted");
    expect(counterexample).to.match(/debt = \d+/u);
  });

  it("does not take silence for a proof", async () => {
    const [claim] = claims;
    if (claim === undefined) throw new Error("there is no claim");
    expect((await judge(claim, 0.01)).verdict).to.equal("unknown");
  });
});
