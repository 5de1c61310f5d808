import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { checkNode, OldNodeError } from "../../../scripts/command/node-version.ts";

describe("checkNode", () => {
  it("refuses a Node that is too old, and says how to get another", () => {
    expect(() => {
      checkNode("demo", "20.20.2");
    }).to.throw(OldNodeError, 'Node 20.20.2 is too old: this needs Node 24. `npx -y -p node@24 -c "npm run demo"`');
  });

  it("takes the oldest one that package.json names, and later ones", () => {
    const text = readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8");
    expect((JSON.parse(text) as { engines: { node: string } }).engines.node).to.equal(">=24");
    for (const version of ["24.0.0", "25.1.0", process.versions.node]) checkNode("demo", version);
  });
});
