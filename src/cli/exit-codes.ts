/** How a command ends, for scripts that call it. docs/cli.md and --help list these. */
export const EXIT_CODES = {
  done: 0,
  defect: 1,
  usage: 2,
  noNetwork: 3,
  wrongChain: 4,
  noSuchMarket: 5,
  ambiguousMarket: 6,
  notEnough: 7,
  key: 8,
  refused: 9,
  notConfirmed: 10,
  closedTerminal: 11,
  badAnswer: 12,
  notMined: 13,
  priceImpact: 14,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** The meaning of each exit code, for people. */
export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT_CODES, string>> = {
  done: "done",
  defect: "a defect of the program",
  usage: "the command is wrong: an option, an amount, an address, a file",
  noNetwork: "the node doesn't answer",
  wrongChain: "the node is on another chain",
  noSuchMarket: "no such market, deployment or address book",
  ambiguousMarket: "several markets of that name",
  notEnough: "the account lacks tokens, an allowance or ether",
  key: "no such key, or a wrong password",
  refused: "a contract refuses, or would",
  notConfirmed: "nobody confirmed: nothing was sent",
  closedTerminal: "no terminal to ask at, or a closed one",
  badAnswer: "the node's answer is malformed, incomplete or an error",
  notMined: "the transaction was replaced, dropped or not mined in time",
  priceImpact: "the trade would move the price too far",
};

/**
 * Codes of the errors (`CantileverError.code`) that end the command, and how it ends. Others are
 * refusals of use.
 */
const ENDINGS: Readonly<Record<string, keyof typeof EXIT_CODES>> = {
  USAGE: "usage",
  NO_NETWORK: "noNetwork",
  NODE: "noNetwork",
  OUTCOME_UNKNOWN: "noNetwork",
  WRONG_CHAIN: "wrongChain",
  MARKET_NOT_FOUND: "noSuchMarket",
  NO_ADDRESS_BOOK: "noSuchMarket",
  READING: "noSuchMarket",
  MARKET_AMBIGUOUS: "ambiguousMarket",
  NOT_ENOUGH: "notEnough",
  INSUFFICIENT_FUNDS: "notEnough",
  WRONG_PASSWORD: "key",
  KEYSTORE: "key",
  INVALID_KEY: "key",
  NO_KEY: "key",
  WRONG_SENDER: "key",
  CONTRACT_REVERTED: "refused",
  REVERT_REASON: "refused",
  PANIC: "refused",
  UNKNOWN_REVERT: "refused",
  TRANSACTION_REVERTED: "refused",
  REFUSED: "refused",
  QUOTE: "refused",
  STEP_FAILED: "refused",
  DEPLOYMENT_DIFFERS: "refused",
  CREATE2_DEPLOYER: "refused",
  NOT_CONFIRMED: "notConfirmed",
  CLOSED_TERMINAL: "closedTerminal",
  BAD_ANSWER: "badAnswer",
  NODE_ANSWER: "badAnswer",
  NODE_REFUSED: "badAnswer",
  UNEXPECTED_LOG: "badAnswer",
  INCONSISTENT_EVENTS: "badAnswer",
  NONCE_TAKEN: "notMined",
  TRANSACTION_NOT_MINED: "notMined",
  TRANSACTION_STUCK: "notMined",
  TRANSACTION_REPLACED: "notMined",
  TRANSACTION_PENDING: "notMined",
  PRICE_IMPACT: "priceImpact",
};

/** Contract errors that mean a lack of tokens; that has its own exit code. */
const LACKS: readonly string[] = ["ERC20InsufficientAllowance", "ERC20InsufficientBalance"];

/**
 * How a command ends by an error of that code. @param errorName of the contract's own error, if it
 * is one.
 */
export function endingOf(code: string, errorName: string | undefined): keyof typeof EXIT_CODES {
  if (errorName !== undefined && LACKS.includes(errorName)) return "notEnough";
  return ENDINGS[code] ?? "usage";
}
