import { expect } from "chai";

import type { Result } from "../../../scripts/proof/mutation/pool.ts";
import { passes, renderScore, scoreOf } from "../../../scripts/proof/mutation/score.ts";
import type { Outcome } from "../../../scripts/proof/mutation/try.ts";

const result = (id: string, outcome: Outcome): Result => ({
  mutant: { id, file: "A.sol", line: 1, start: 0, end: 1, operator: "logic", replacement: "" },
  outcome,
});
const killed = (id: string): Result => result(id, { status: "killed", suite: "S", test: "t" });
const survived = (id: string): Result => result(id, { status: "survived" });

describe("scoreOf", () => {
  it("leaves out equivalent and invalid mutants, and counts timeouts as killed", () => {
    const results = [killed("a"), result("b", { status: "timeout" }), result("c", { status: "same-code" })];
    const score = scoreOf([...results, survived("d"), result("e", { status: "invalid" })], []);
    expect(score).to.include({ mutants: 5, killed: 1, endless: 1, equivalent: 1, invalid: 1, rate: 2 / 3 });
    expect(passes(score)).to.be.false;
  });

  it("accepts survivors with a reason, but counts them as survivors", () => {
    const many = Array.from({ length: 19 }, (_, index) => killed(String(index)));
    const accepted = [
      { id: "e", equivalent: true, reason: "" },
      { id: "s", equivalent: false, reason: "" },
    ];
    const score = scoreOf([...many, survived("e"), survived("s")], accepted);
    expect(score).to.include({ equivalent: 1, rate: 0.95 });
    expect(passes(score)).to.be.true;
    expect(passes(scoreOf([...many, survived("x")], accepted))).to.be.false;
  });

  it("trusts the list of equivalent mutants for those not tried", () => {
    const listed = result("e", { status: "listed" });
    expect(scoreOf([killed("a"), listed], [{ id: "e", equivalent: true, reason: "" }])).to.include({
      mutants: 2,
      killed: 1,
      equivalent: 1,
      rate: 1,
    });
  });

  it("reports listed mutants that don't exist, if the results of their source are complete", () => {
    const accepted = [{ id: "A.sol | f | logic | x => y", equivalent: true, reason: "" }];
    expect(scoreOf([killed("a")], accepted, new Set(["A.sol"])).gone).to.deep.equal([accepted[0]?.id]);
    expect(scoreOf([killed("a")], accepted, new Set(["B.sol"])).gone).to.be.empty;
    expect(scoreOf([killed("A.sol | f | logic | x => y")], accepted, new Set(["A.sol"])).gone).to.be.empty;
    expect(renderScore([killed("a")], accepted, new Set(["A.sol"]))).to.contain("but no mutant:\n  A.sol | f");
  });

  it("reports listed mutants that are killed", () => {
    const accepted = [{ id: "a", equivalent: true, reason: "" }];
    expect(renderScore([killed("a")], accepted)).to.match(/Listed in accepted\.json, but killed:\n {2}a$/u);
  });
});
