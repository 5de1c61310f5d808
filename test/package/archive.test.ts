import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { manifestOf, packed, project, ROOT, type Manifest } from "./support/packed.ts";
import { output } from "./support/run.ts";

/** What may be in the archive. */
const KINDS: readonly RegExp[] = [
  /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md)$/u,
  /^contracts\/(?:\w+|(?:factory|interfaces|libraries|market|types)\/\w+|(?:oracles|periphery)\/(?:libraries\/)?\w+)\.sol$/u,
  /^dist\/src\/(?:errors|(?:client|events|protocol|cli|keeper|report)\/[\w/-]+)\.(?:js|d\.ts)$/u,
  /^dist\/abis\/\w+\.(?:json|js|d\.ts)$/u,
  /^dist\/types\/(?:common|index|(?:@openzeppelin\/)?contracts\/[\w./-]+)\.d\.ts$/u,
  /^deployments\/(?:README\.md|\d+\.json)$/u,
];
/**
 * Contracts whose code comes along: one that a call executes, and one that a trader in a test pool
 * deploys.
 */
const CODE = /^dist\/abis\/(?:StateReader|PoolOperator)\.(?:js|d\.ts)$/u;
const IMPORT = /\b(?:from|import)\s*\(?\s*["'](?<name>(?:node:)?@?\w[\w./-]*)["']/gu;
/**
 * A private key or another secret of 32 bytes; the protocol's own constants of that size are
 * listed.
 */
const WORD = /\b0x[0-9a-f]{64}\b/giu;

/** Names of the packages that texts import; Node itself is `node`. */
function packagesIn(texts: readonly string[]): ReadonlySet<string> {
  const names = texts.flatMap((text) => [...text.matchAll(IMPORT)].map(({ groups }) => groups?.name ?? ""));
  return new Set(
    names.map((name) => (isBuiltin(name) ? "node" : name.split("/", name.startsWith("@") ? 2 : 1).join("/"))),
  );
}

describe("the packed archive", () => {
  let files: readonly string[];
  let archive: string;
  let texts: ReadonlyMap<string, string>;
  let manifest: Manifest;

  before(async () => {
    ({ archive, files } = await packed());
    const { installed } = await project();
    manifest = await manifestOf(installed);
    texts = new Map(
      await Promise.all(files.map(async (file) => [file, await readFile(join(installed, file), "utf8")] as const)),
    );
  });

  const ending = (pattern: RegExp): readonly string[] =>
    [...texts].filter(([file]) => pattern.test(file)).map(([, text]) => text);

  it("holds sources, compiled code, ABIs and address books, and no test, mock or testnet contract", () => {
    expect(files.filter((file) => !KINDS.some((kind) => kind.test(file)))).to.deep.equal([]);
    expect(files).to.include.members([
      "LICENSE",
      "contracts/interfaces/ILeverageMarket.sol",
      "dist/abis/ILeverageMarket.json",
      "dist/abis/errors.json",
      "deployments/README.md",
      ...["client", "events", "protocol"].flatMap((room) => [
        `dist/src/${room}/index.js`,
        `dist/src/${room}/index.d.ts`,
      ]),
    ]);
    const books = globSync("deployments/*.json", { cwd: ROOT }).filter((book) => !book.endsWith("31337.json"));
    expect(files).to.include.members(books);
    expect(files).not.to.include("deployments/31337.json");
  });

  it("holds every Solidity source that one of its sources imports", () => {
    const sources = files.filter((file) => file.endsWith(".sol"));
    const written = globSync("contracts/**/*.sol", { cwd: ROOT }).filter(
      (file) => !/\/(?:mocks|testnet)\//u.test(file),
    );
    expect([...sources].sort()).to.deep.equal(written.sort());
    for (const source of sources) expect(texts.get(source), source).not.to.match(/from "[^"]*\/(?:mocks|testnet)\//u);
  });

  it("holds no bytecode but what is executed from there, no secret and nothing of this machine", () => {
    for (const [file, text] of texts) {
      if (!CODE.test(file)) expect(text, file).not.to.match(/\b0x[0-9a-f]{600,}/iu);
      for (const place of [ROOT, homedir(), "file://"]) expect(text.includes(place), `${file}: ${place}`).to.be.false;
    }
    // 32 bytes in the code are hashes that the protocol knows.
    const words = new Set(ending(/^dist\/.*\.js$/u).flatMap((text) => text.match(WORD) ?? []));
    expect([...words]).to.deep.equal(["0xe34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54"]);
  });

  it("depends on the packages that its code imports, and on no other", () => {
    const imported = packagesIn(ending(/\.js$/u));
    expect([...imported].filter((name) => name !== "node").sort()).to.deep.equal(
      Object.keys(manifest.dependencies).sort(),
    );
    const solidity = packagesIn(ending(/\.sol$/u));
    expect([...solidity].sort()).to.deep.equal(Object.keys(manifest.peerDependencies).sort());
    const types = packagesIn(ending(/\.d\.ts$/u));
    expect(Object.keys(manifest.dependencies)).to.include.members([...types].filter((name) => name !== "node"));
  });

  it("is what docs/integrating.md says: each import, and what to install for Solidity", async () => {
    const page = await readFile(join(ROOT, "docs/integrating.md"), "utf8");
    const table = [...page.matchAll(/^\| `(?<path>cantilever\/[^`]+)`/gmu)].map(({ groups }) => groups?.path ?? "");
    const inWords = (path: string): string => path.replace(/^\./u, "cantilever").replace(/\*.*/u, "");
    const exported = Object.keys(manifest.exports).filter((path) => path !== "./package.json");
    expect(table.map((path) => path.replace(/[XN…].*/u, ""))).to.have.members(exported.map(inWords));
    expect(page).to.contain(`npm install ${Object.keys(manifest.peerDependencies).join(" ")}\n`);
  });

  it("has its library free of Node", () => {
    const library = ending(/^dist\/src\/(?:client|events|protocol)\/.*\.(?:js|d\.ts)$/u);
    expect([...packagesIn(library)]).to.deep.equal(["ethers"]);
  });

  it("has the command line as its program", () => {
    expect(manifest.bin).to.deep.equal({ cantilever: "dist/src/cli/main.js" });
    expect(texts.get("dist/src/cli/main.js")).to.match(/^#!\/usr\/bin\/env node\n/u);
  });

  it("has nothing for publint to find", async () => {
    const said = await output(process.execPath, ["node_modules/publint/src/cli.js", archive, "--strict"], ROOT);
    expect(said).to.contain("All good!");
  });

  it("has nothing for attw to find, as a package of ES modules", async () => {
    const attw = "node_modules/@arethetypeswrong/cli/dist/index.js";
    const said = await output(process.execPath, [attw, archive, "--profile", "esm-only", "--format", "json"], ROOT);
    const { analysis } = JSON.parse(said) as {
      readonly analysis: {
        readonly entrypoints: object;
        readonly problems: readonly { readonly resolutionKind?: string }[];
      };
    };
    expect(Object.keys(analysis.entrypoints)).to.include.members(["./client", "./events", "./protocol"]);
    const isOurs = ({ resolutionKind = "" }): boolean => !["node10", "node16-cjs"].includes(resolutionKind);
    expect(analysis.problems.filter(isOurs)).to.deep.equal([]);
  });
});
