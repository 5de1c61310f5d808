import type { Linter } from "eslint";

/**
 * The rooms of src/, and which of them each may import. Arrows go one way: from the edges, which talk to people and
 * nodes, to the mathematics, which knows nobody. docs/architecture.md draws them.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  events: ["protocol"],
  client: ["protocol"],
  deployment: ["protocol", "client"],
  keeper: ["protocol", "events", "client"],
  lab: ["protocol", "events", "client", "deployment", "keeper"],
  report: ["protocol"],
};

/** Rooms that run in a browser as well: nothing of Node, nothing of Hardhat. */
const BROWSER_SAFE: readonly string[] = ["protocol", "events", "client"];

interface Forbidden {
  readonly regex: string;
  readonly message: string;
}

function forbiddenTo(room: string, allowed: readonly string[]): readonly Forbidden[] {
  const others = Object.keys(ROOMS).filter((other) => other !== room && !allowed.includes(other));
  const patterns: Forbidden[] = others.map((other) => ({
    // The one thing of the lab that a view reads is the record of a run.
    regex: `^(?:\\.\\./)+${other}/${room === "report" && other === "lab" ? "(?!record\\.ts$)" : ""}`,
    message: `src/${room} stands below src/${other}, or apart from it: see eslint.rooms.ts.`,
  }));
  patterns.push({
    regex: "^(?:\\.\\./)+(?:deploy|scripts|test)/",
    message: "src/ is a library: what one runs imports it, never the other way round.",
  });
  if (BROWSER_SAFE.includes(room)) {
    patterns.push({ regex: "^(?:node:|hardhat|@nomicfoundation/)", message: `src/${room} must run in a browser.` });
    patterns.push({
      regex: "/types/factories/",
      message: "TypeChain's factories carry bytecode: take the ABI from abis/, and types from types/.",
    });
  }
  if (room === "protocol") patterns.push({ regex: "^ethers", message: "src/protocol is mathematics alone." });
  return patterns;
}

/** One entry of an ESLint configuration for each room. */
export const rooms: Linter.Config[] = Object.entries(ROOMS).map(([room, allowed]) => ({
  files: [`src/${room}/**/*.ts`],
  rules: { "no-restricted-imports": ["error", { patterns: forbiddenTo(room, allowed) }] },
}));
