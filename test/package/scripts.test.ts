import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";

import { startChain, type Chain } from "./support/chain.ts";
import { marketAt } from "../../src/client/contracts.ts";
import { parseAddressBook, type BookedMarket } from "../../src/client/address-book.ts";
import { project, type Project } from "./support/packed.ts";
import { output } from "./support/run.ts";
import { scriptsOf } from "./support/snippets.ts";
import { typecheck } from "./support/typecheck.ts";

/** With two decimals: further ones depend on the second in which a transaction was mined. */
const shortened = (text: string): string => text.replaceAll(/(?<=\.\d{2})\d+/gu, "");

describe("the scripts of the documentation, in a project that has installed the package", () => {
  const [opening, ...others] = scriptsOf("README.md");
  const scripts = scriptsOf("docs/integrating.md");
  let installed: Project;
  let chain: Chain;
  let market: BookedMarket;

  before(async () => {
    installed = await project();
    chain = await startChain(installed);
    const file = join(installed.folder, "deployments/31337.json");
    const [booked] = parseAddressBook(JSON.parse(await readFile(file, "utf8")), file).deployments[0]?.markets ?? [];
    if (booked === undefined) throw new Error("The address book has no market.");
    market = booked;
    await writeFile(join(installed.folder, "open.ts"), opening?.code ?? "");
    for (const { name, code } of scripts) await writeFile(join(installed.folder, name), code);
  });

  after(async () => {
    await chain.stop();
  });

  it("have types", async () => {
    const files = ["open.ts", ...scripts.map(({ name }) => name)];
    expect(await typecheck(installed, files, "bundler")).to.equal("");
  });

  it("open a position in ten lines, as the README does", async () => {
    expect(others).to.deep.equal([]);
    expect((opening?.code ?? "").split("\n").filter((line) => line !== "")).to.have.length(10);
    const { borrower } = chain;
    await runScript("open.ts", borrower.privateKey);
    const { collateral } = await marketAt(market.address, borrower).position(borrower);
    const debt = await marketAt(market.address, borrower).debtOf(borrower);
    // 10 WETH of its own at 4x: some 40 WETH less what the pool takes, and a debt of some 30 of
    // them.
    expect(collateral).to.be.within(39n * 10n ** 18n, 40n * 10n ** 18n);
    expect(debt).to.be.within(58_000n * 10n ** 6n, 60_000n * 10n ** 6n);
  });

  for (const { name, prints } of scripts) {
    it(`do what docs/integrating.md says: ${name}`, async () => {
      expect(shortened(await runScript(name, chain.integrator.privateKey))).to.equal(shortened(prints ?? ""));
    });
  }

  async function runScript(name: string, privateKey: string): Promise<string> {
    const environment = { RPC_URL: chain.url, PRIVATE_KEY: privateKey };
    return output(process.execPath, [name], installed.folder, environment);
  }
});
