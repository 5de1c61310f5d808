import { existsSync, globSync } from "node:fs";
import { createRequire } from "node:module";

import hardhatEthers from "@nomicfoundation/hardhat-ethers";
import hardhatEthersChaiMatchers from "@nomicfoundation/hardhat-ethers-chai-matchers";
import hardhatMocha from "@nomicfoundation/hardhat-mocha";
import hardhatNetworkHelpers from "@nomicfoundation/hardhat-network-helpers";
import hardhatTypechain from "@nomicfoundation/hardhat-typechain";
import { defineConfig } from "hardhat/config";
import { HardhatPluginError } from "hardhat/plugins";

import { writeAbis } from "./scripts/build/abis.ts";
import { compileOnce } from "./scripts/build/compile-once.ts";
import { dropKnownWarnings } from "./scripts/build/warnings.ts";
import { RECORDED_PRICES } from "./test/support/recorded-prices.ts";

const require = createRequire(import.meta.url);

/**
 * The compiler is a pinned npm dependency, so that a build needs no download and is the same
 * everywhere.
 */
const compiler = { version: "0.8.37", path: require.resolve("solc/soljson.js") };

const commonSettings = {
  // Transient storage needs Cancun; nothing newer, so that the bytecode runs on every chain that
  // has it.
  evmVersion: "cancun",
  // Without the metadata hash, bytecode depends on the code alone, not on comments or file paths.
  metadata: { bytecodeHash: "none" },
};

const protocol = {
  ...compiler,
  settings: {
    ...commonSettings,
    viaIR: true,
    optimizer: { enabled: true, runs: 400 },
  },
};

/**
 * Test files skip the optimizer, which halves the time to compile them. They deploy the protocol by
 * `deployCode`, from the artifacts of the optimized build: what is tested is the bytecode that is
 * deployed.
 */
const tests = {
  ...compiler,
  settings: { ...commonSettings, viaIR: false, optimizer: { enabled: false } },
};

const build = {
  compilers: [protocol],
  overrides: Object.fromEntries(
    globSync("test/**/*.sol", { cwd: import.meta.dirname }).map((file) => [file.replaceAll("\\", "/"), tests]),
  ),
  isolated: false,
  toolVersionsInBuildInfo: false,
};

/** A number from the environment. */
function setting(name: string, otherwise: number): number {
  const value = process.env[name];
  if (value === undefined) return otherwise;
  if (!/^[1-9][0-9]{0,8}$/.test(value))
    throw new HardhatPluginError("settings", `${name} must be a whole number above zero, not "${value}"`);
  return Number(value);
}

function hexadecimal(name: string, value: string): string {
  if (/^0x[0-9a-f]{1,64}$/iu.test(value)) return value;
  throw new HardhatPluginError("settings", `${name} must be a hexadecimal number like 0x2, not "${value}"`);
}

/** The tiers of tests, by the environment variable FUZZ; the README says what each is for. */
const TIERS = {
  unit: { cases: 32, runs: 4, depth: 32 },
  default: { cases: 256, runs: 32, depth: 64 },
  deep: { cases: 10_000, runs: 256, depth: 256 },
} as const;

function tier(): (typeof TIERS)[keyof typeof TIERS] {
  const name = process.env.FUZZ ?? "default";
  if (Object.hasOwn(TIERS, name)) return TIERS[name as keyof typeof TIERS];
  throw new HardhatPluginError("settings", `FUZZ must be one of ${Object.keys(TIERS).join(", ")}, not "${name}"`);
}

const effort = tier();
/** Where time is the bound, runs are not. */
const seconds = process.env.FUZZ_SECONDS === undefined ? undefined : setting("FUZZ_SECONDS", 1);
const endless = seconds === undefined ? undefined : 999_999_999;
const timeout = seconds === undefined ? {} : { timeout: seconds };
/**
 * In CI no test may be left out: neither by a forgotten `.only`, nor by a skip where what it needs
 * is there.
 */
const isCI = !["", "0", "false"].includes(process.env.CI ?? "");
const hasRecordedPrices = existsSync(RECORDED_PRICES);
/**
 * Always the same one unless another is asked for. It repeats the cases of a fuzz test; the calls
 * of an invariant test vary from run to run even so. A counterexample that is found is printed, and
 * is to be kept.
 */
const seed = process.env.FUZZ_SEED === undefined ? {} : { seed: hexadecimal("FUZZ_SEED", process.env.FUZZ_SEED) };

export default defineConfig({
  plugins: [
    hardhatEthers,
    hardhatEthersChaiMatchers,
    hardhatMocha,
    hardhatNetworkHelpers,
    hardhatTypechain,
    compileOnce,
    dropKnownWarnings,
    writeAbis,
  ],
  solidity: {
    profiles: { default: build },
    // Deployed as it is.
    npmFilesToBuild: ["@openzeppelin/contracts/access/manager/AccessManager.sol"],
    splitTestsCompilation: true,
  },
  paths: {
    sources: "./contracts",
    tests: { mocha: "./test", solidity: "./test" },
    artifacts: "./artifacts",
    cache: "./cache",
  },
  // The generated namespaces are not erasable syntax, hence no checking inside of them; their users
  // are checked.
  typechain: { outDir: "./types", tsNocheck: true },
  test: {
    solidity: {
      // Each top-level call of a test is a transaction of its own, as on a chain: transient storage
      // ends with it.
      isolate: true,
      fsPermissions: { readDirectory: ["./test"] },
      fuzz: { runs: setting("FUZZ_CASES", endless ?? effort.cases), ...timeout, ...seed },
      invariant: {
        runs: setting("FUZZ_RUNS", endless ?? effort.runs),
        depth: setting("FUZZ_DEPTH", effort.depth),
        failOnRevert: true,
        ...timeout,
      },
    },
    mocha: { timeout: 120_000, forbidOnly: isCI, forbidPending: isCI && hasRecordedPrices },
  },
  networks: {
    // The in-process network of tests, and that of `npm run node`.
    default: { type: "edr-simulated", chainType: "l1", allowUnlimitedContractSize: false },
    localhost: { type: "http", chainType: "l1", url: "http://127.0.0.1:8545" },
  },
});
