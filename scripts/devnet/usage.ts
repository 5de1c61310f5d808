import { scenarioNames } from "../../src/lab/scenario/builtin.ts";

/**
 * Ether at some four thousand dollars: ten of it are enough for a position above the market's least
 * debt, before the fall and after it.
 */
export const DEFAULT_SCENARIO = "october-2025";
export const DEFAULT_PORT = 8545;
export const DEFAULT_SPEED = 60;
export const MOST_SPEED = 1_000;
export const DEFAULT_SEED = "1";
export const DEFAULT_BORROWERS = 50;
export const MOST_BORROWERS = 500;
export const DEFAULT_BOOK = "deployments/31337.json";

export const USAGE = `Usage: npm run devnet -- [options]

A living chain on this machine: a lending market with lenders and borrowers, a Uniswap v3 pool and
price feeds that follow a course of prices, and a keeper that liquidates. Wallets, tests and web pages
connect to it by JSON-RPC. It runs until Ctrl-C.

Options:
  --port N            the port on 127.0.0.1, 0 for one that is free (default: ${DEFAULT_PORT})
  --scenario NAME     ${scenarioNames.join(" | ")} (default: ${DEFAULT_SCENARIO}); after its end
                      prices run back, then forth again
  --prices FILE       prices of your own instead: a CSV file of the form in docs/price-files.md
  --speed N           seconds that pass on the chain in one second, 1 to ${MOST_SPEED} (default: ${DEFAULT_SPEED})
  --seed TEXT         another population of borrowers (default: ${DEFAULT_SEED})
  --borrowers N       positions to begin with, 1 to ${MOST_BORROWERS} (default: ${DEFAULT_BORROWERS})
  --no-keeper         nobody liquidates, pokes the guard or aligns the pool
  --book FILE         where to write the addresses, for the other commands (default: ${DEFAULT_BOOK})
  --quiet             no lines while it lives
  --json              one JSON object a line: the first when it is ready, then one for each interval
  --help              print this
`;
