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
