import { expect } from "chai";

import { Project } from "../../../scripts/proof/engine/project.ts";
import { judge } from "../../../scripts/proof/formal/ask.ts";
import { readClaims } from "../../../scripts/proof/formal/claims.ts";
import { withoutUnreached } from "../../../scripts/proof/formal/reached.ts";

describe("the model checker", () => {
  const claims = readClaims(new Project());

  it("refutes a false claim with a counterexample", async () => {
    const claim = claims.find(({ contract }) => contract === "FalseClaimEveryPositionIsWithin");
    if (claim === undefined) throw new Error("there is no false claim");
    const { verdict, counterexample } = await judge(claim);
    expect(verdict).to.equal("refuted");
    expect(counterexample).to.match(/debt = \d+/u);
  });

  it("reports a claim as vacuous if no input fulfills its premises", async () => {
    const claim = claims.find(({ contract }) => contract === "FalseClaimOfNoInput");
    if (claim === undefined) throw new Error("there is no such claim");
    expect((await judge(claim)).verdict).to.equal("vacuous");
  });

  it("gets only the library functions that a claim reaches", () => {
    const sources = new Project().closure(["test/formal/Liquidation.sol"]);
    const library = "contracts/libraries/LiquidationMath.sol";
    const functionsOf = (text = ""): string[] => [...text.matchAll(/function (\w+)\(/gu)].map(([, name = ""]) => name);
    const all = functionsOf(sources.get(library));
    const left = withoutUnreached(sources, "test/formal/Liquidation.sol");
    expect(all).to.include.members(["bonus", "withoutDust", "amounts", "_proRata"]);
    expect(functionsOf(left.get(library))).to.have.members(["bonus", "repaymentToTarget", "withoutDust"]);
    expect(left.get("test/formal/Liquidation.sol")).to.equal(sources.get("test/formal/Liquidation.sol"));
  });

  it("does not report a timeout as proved", async () => {
    const [claim] = claims;
    if (claim === undefined) throw new Error("there is no claim");
    expect((await judge(claim, "bmc", 0.01)).verdict).to.equal("unknown");
  });
});
