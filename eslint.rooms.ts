import type { Linter } from "eslint";

/**
 * The rooms of src/, and which of them each may import. Arrows go one way: from the edges, which
 * talk to people and nodes, to the mathematics, which knows nobody. docs/architecture.md draws
 * them.
 */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  events: ["protocol"],
  client: ["protocol", "events"],
  deployment: ["protocol", "events", "client"],
  keeper: ["protocol", "events", "client"],
  lab: ["protocol", "events", "client", "deployment", "keeper"],
  report: [],
  cli: ["protocol", "client", "report"],
};

/**
 * Packages of the rooms that run in a browser as well: these and no others, nothing of Node,
 * nothing of Hardhat.
 */
const BROWSER_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  events: ["ethers"],
  client: ["ethers"],
  deployment: ["ethers", "yaml", "@uniswap/v3-core"],
};
/** Rooms that deploy, and so need bytecode. */
const DEPLOYING: readonly string[] = ["deployment", "lab"];

interface Forbidden {
  readonly regex: string;
  readonly message: string;
  readonly allowTypeImports?: boolean;
}

function forbiddenTo(room: string, allowed: readonly string[]): readonly Forbidden[] {
  const others = Object.keys(ROOMS).filter((other) => other !== room && !allowed.includes(other));
  const patterns: Forbidden[] = others.map((other) => ({
    regex: `^(?:\\.{1,2}/)+${other}/`,
    message: `src/${room} stands below src/${other}, or apart from it: see eslint.rooms.ts.`,
  }));
  patterns.push({
    regex: "^(?:\\.{1,2}/)+(?:contracts|deploy|scripts|src|test)/|[^./]/\\.\\./",
    message:
      "src/ is a library: what one runs imports it, never the other way round, and each file by the shortest path.",
  });
  patterns.push({
    regex: "^(?!(?:\\.{1,2}/)+types/)\\.{1,2}/(?:.*/)?index\\.ts$",
    message: "index.ts is a room's entry for those who install the package: import from the file that defines it.",
  });
  if (!DEPLOYING.includes(room)) {
    patterns.push({
      regex: "^(?:\\.{1,2}/)+types/",
      message: "TypeChain's factories carry bytecode: take types from types/, and ABIs from abis/.",
      allowTypeImports: true,
    });
  }
  const packages = BROWSER_PACKAGES[room];
  if (packages !== undefined) {
    const known = packages.map((name) => `(?!${name}(?:/|$))`).join("");
    patterns.push({ regex: `^(?!\\.{1,2}/)${known}`, message: `src/${room} runs in a browser: see eslint.rooms.ts.` });
  }
  if (room === "protocol") {
    patterns.push({
      regex: "^(?:\\.{1,2}/)+(?:abis|types)/",
      message: "src/protocol is mathematics: it knows no ABI.",
    });
  }
  return patterns;
}

/** Globals of Node that a browser lacks. */
const NODE_GLOBALS = ["Buffer", "global", "process", "require", "setImmediate"];

const NO_BARRELS = {
  selector: "ExportAllDeclaration",
  message: "Import from the file that defines it: no barrel files.",
};
const NO_HIDDEN_IMPORTS = [
  NO_BARRELS,
  { selector: "ImportExpression", message: "Import at the top: an import that is hidden here escapes the rooms." },
];
/**
 * The command line answers --help at once: it loads a command when it runs, from its own room
 * alone.
 */
const NO_FAR_HIDDEN_IMPORTS = [
  NO_BARRELS,
  {
    selector: "ImportExpression[source.value!=/^\\.\\/[^.]/]",
    message: "Import at the top: only a file of the same folder, or below it, may be loaded late.",
  },
];

/**
 * One entry of an ESLint configuration for each room, and one for each folder that stands on src.
 */
export const rooms: Linter.Config[] = [
  ...Object.entries(ROOMS).map(([room, allowed]) => ({
    files: [`src/${room}/**/*.ts`],
    rules: {
      "@typescript-eslint/no-restricted-imports": ["error", { patterns: forbiddenTo(room, allowed) }],
      "no-restricted-syntax": ["error", ...(room === "cli" ? NO_FAR_HIDDEN_IMPORTS : NO_HIDDEN_IMPORTS)],
      ...(BROWSER_PACKAGES[room] === undefined ? {} : { "no-restricted-globals": ["error", ...NODE_GLOBALS] }),
    } satisfies Linter.RulesRecord,
  })),
  {
    // What all rooms share imports none of them.
    files: ["src/*.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        { patterns: [{ regex: ".", message: "Below all rooms." }] },
      ],
      "no-restricted-syntax": ["error", ...NO_HIDDEN_IMPORTS],
    },
  },
  {
    files: ["deploy/**/*.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        { patterns: [{ regex: "^(?:\\.{1,2}/)+(?:scripts|test)/", message: "deploy/ stands below scripts/." }] },
      ],
    },
  },
  {
    files: ["scripts/**/*.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        { patterns: [{ regex: "^(?:\\.{1,2}/)+test/", message: "What one runs does without the tests." }] },
      ],
    },
  },
];
