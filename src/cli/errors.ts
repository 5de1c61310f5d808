import { CantileverError } from "../errors.ts";

/** The command was called in a way that means nothing. */
export class UsageError extends CantileverError {
  constructor(problem: string, advice = "Try --help.") {
    super({ code: "USAGE", problem, advice });
  }
}

/** Nobody is there to answer a question: no terminal, or one that has been closed. */
export class ClosedTerminalError extends CantileverError {
  constructor(problem: string, advice: string) {
    super({ code: "CLOSED_TERMINAL", problem, advice });
  }
}

/** The person was asked, and did not say yes. */
export class NotConfirmedError extends CantileverError {
  constructor(problem = "Not confirmed: nothing was signed and nothing sent") {
    super({ code: "NOT_CONFIRMED", problem, advice: "" });
  }
}

/** The password does not open the keystore. It is in no message. */
export class WrongPasswordError extends CantileverError {
  constructor(name: string) {
    super({
      code: "WRONG_PASSWORD",
      problem: `The password does not open the keystore ${JSON.stringify(name)}`,
      advice: "Try again; a forgotten password can't be recovered, only the account, from its private key.",
    });
  }
}

/** A keystore is missing, can't be read or can't be written. */
export class KeystoreError extends CantileverError {
  constructor(problem: string, advice: string, cause?: unknown) {
    super({ code: "KEYSTORE", problem, advice, cause });
  }
}

/** A text that should be a private key and isn't. It is in no message. */
export class InvalidKeyError extends CantileverError {
  /** @param source where the text is from, like the name of an environment variable. */
  constructor(source: string) {
    super({
      code: "INVALID_KEY",
      problem: `${source} is no private key`,
      advice: "A private key is 64 hexadecimal digits, with or without 0x before them.",
    });
  }
}

/** The node doesn't answer. */
export class NoNetworkError extends CantileverError {
  constructor(problem: string, cause?: unknown) {
    const advice = "Check that it runs, and --rpc-url or CANTILEVER_RPC_URL; then try again.";
    super({ code: "NO_NETWORK", problem, advice, retryable: true, cause });
  }
}

/** The node no longer answers after a transaction was sent: nobody here knows what became of it. */
export class OutcomeUnknownError extends CantileverError {
  constructor(hash: string, cause: CantileverError) {
    super({
      code: "OUTCOME_UNKNOWN",
      problem: `The transaction ${hash} was sent, and may be mined: ${cause.problem}`,
      advice: "Look for it at another node before you run the command again, which would send another one.",
      cause,
    });
  }
}

/** The node's answer is no JSON-RPC, or it is incomplete. */
export class BadAnswerError extends CantileverError {
  constructor(problem: string, cause?: unknown) {
    super({
      code: "BAD_ANSWER",
      problem: `The node's answer is malformed or incomplete: ${problem}`,
      advice: "Try again, or use another node by --rpc-url.",
      retryable: true,
      cause,
    });
  }
}

/** Nothing answers at an address of the address book: no contract is there. */
export class NoContractError extends CantileverError {
  /** @param call that was made. */
  constructor(call: string, cause: unknown) {
    super({
      code: "READING",
      problem: `No contract answers at an address of the address book, asked for ${call}`,
      advice: "Check the node and the book: on a chain that was started anew, deploy again.",
      cause,
    });
  }
}

/** The node answers by an error of its own: no contract's, and none that is known. */
export class NodeRefusedError extends CantileverError {
  constructor(method: string, message: string, cause: unknown) {
    super({
      code: "NODE_REFUSED",
      problem: `The node refused ${method}: ${JSON.stringify(message)}`,
      advice: "Try again later, or use another node by --rpc-url.",
      retryable: true,
      cause,
    });
  }
}

/** Another transaction of the account has the nonce that this one was to have. */
export class NonceTakenError extends CantileverError {
  constructor(cause: unknown) {
    super({
      code: "NONCE_TAKEN",
      problem: "Another transaction of the account was sent at the same time: this one was not",
      advice: "Run the command again.",
      retryable: true,
      cause,
    });
  }
}

/** The node is on another chain than the one that is meant. */
export class WrongChainError extends CantileverError {
  constructor(problem: string, advice: string) {
    super({ code: "WRONG_CHAIN", problem, advice });
  }
}

/** There is no file of addresses for this chain, or none of that name. */
export class NoAddressBookError extends CantileverError {
  constructor(problem: string, advice: string) {
    super({ code: "NO_ADDRESS_BOOK", problem, advice });
  }
}

/** The account lacks tokens, an allowance or ether. */
export class NotEnoughError extends CantileverError {
  constructor(problem: string, advice: string) {
    super({ code: "NOT_ENOUGH", problem, advice });
  }
}

/** Nobody here can sign for the account. */
export class NoKeyError extends CantileverError {
  constructor(problem: string, advice: string) {
    super({ code: "NO_KEY", problem, advice });
  }
}

/** The signature is of another account than the one that was to sign. Nothing has been sent. */
export class WrongSenderError extends CantileverError {
  constructor(expected: string, signer: string) {
    super({
      code: "WRONG_SENDER",
      problem: `The transaction was signed by ${signer} instead of ${expected}, and was not sent`,
      advice: "Name the account that the key belongs to by --from.",
    });
  }
}

/** The trade would move the pool's price too far. */
export class PriceImpactError extends CantileverError {
  constructor(problem: string, advice: string) {
    super({ code: "PRICE_IMPACT", problem, advice });
  }
}

/** In the repository, before the first build. */
export class NotBuiltError extends CantileverError {
  constructor() {
    super({ code: "NOT_BUILT", problem: "The contracts are not compiled yet", advice: "Run `npm run build` once." });
  }
}

/** No market is named, and there is not just one. */
export class MarketNotNamedError extends CantileverError {
  /** @param markets symbols and addresses of those that there are. */
  constructor(markets: readonly string[]) {
    super({
      code: markets.length === 0 ? "MARKET_NOT_FOUND" : "MARKET_AMBIGUOUS",
      problem:
        markets.length === 0 ? "There is no market yet" : `There are ${markets.length} markets, and none is named`,
      advice: markets.length === 0 ? "Deploy one first." : `Name one: ${markets.join(", ")}.`,
    });
  }
}
