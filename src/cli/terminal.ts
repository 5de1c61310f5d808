import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";

import { ClosedTerminalError, KeystoreError, NotConfirmedError } from "./errors.ts";

/** The streams of a command. It asks on `stderr`, so that `stdout` has only results. */
export interface Terminal {
  readonly stdin: NodeJS.ReadableStream & {
    readonly isTTY?: boolean;
    setRawMode?(mode: boolean): unknown;
    unshift(chunk: string): void;
  };
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** Names a file that holds the password of a keystore, for automation. */
export const PASSWORD_FILE_VARIABLE = "CANTILEVER_PASSWORD_FILE";

/** The characters of Enter, Backspace, Ctrl-C and Ctrl-D. */
const ENTER = new Set(["\r", "\n"]);
const ERASE = new Set(["\u007f", "\b"]);
const INTERRUPT = "\u0003";
const END = "\u0004";

/**
 * The password of a keystore: the content of the file that the environment names, without the line
 * break at its end, or the line that the person types, which the terminal does not show.
 * @param repeat whether to ask twice, for a password that is new.
 * @throws ClosedTerminalError if nobody can type it.
 */
export async function askPassword(
  terminal: Terminal,
  environment: NodeJS.ProcessEnv,
  question: string,
  repeat = false,
): Promise<string> {
  const file = environment[PASSWORD_FILE_VARIABLE];
  if (file !== undefined && file !== "") {
    try {
      return (await readFile(file, "utf8")).replace(/\r?\n$/u, "");
    } catch {
      throw new KeystoreError(
        `The file that ${PASSWORD_FILE_VARIABLE} names can't be read`,
        "Check its path and its permissions.",
      );
    }
  }
  const password = await askSecret(terminal, `${question}: `);
  if (password === "") throw new NotConfirmedError("An empty password was given: nothing was done");
  if (repeat && (await askSecret(terminal, "The same again: ")) !== password) {
    throw new NotConfirmedError("The two passwords differ: nothing was done");
  }
  return password;
}

/**
 * Reads a line without showing it. @throws ClosedTerminalError without a terminal,
 * NotConfirmedError on Ctrl-C.
 */
export async function askSecret({ stdin, stderr }: Terminal, question: string): Promise<string> {
  if (stdin.isTTY !== true || stdin.setRawMode === undefined) {
    const advice = `Run the command in a terminal, or let ${PASSWORD_FILE_VARIABLE} name a file with the password.`;
    throw new ClosedTerminalError("Nobody is here to type a secret: the input is no terminal", advice);
  }
  stdin.setRawMode(true);
  stderr.write(question);
  try {
    return await new Promise<string>((resolve, reject) => {
      let typed: string[] = [];
      const finish = (settle: () => void): void => {
        stdin.off("data", read).off("end", closed).off("close", closed).off("error", closed).pause();
        settle();
      };
      const closed = (): void => {
        finish(() => {
          reject(new ClosedTerminalError("The terminal was closed before the answer", "Run the command again."));
        });
      };
      const read = (chunk: Buffer | string): void => {
        const keys = Array.from(chunk.toString());
        for (const [index, key] of keys.entries()) {
          if (ENTER.has(key)) {
            const rest = keys.slice(index + 1).join("");
            finish(() => {
              resolve(typed.join(""));
            });
            if (rest !== "") stdin.unshift(rest);
            return;
          }
          if (key === INTERRUPT) {
            finish(() => {
              reject(new NotConfirmedError("Interrupted: nothing was done"));
            });
            return;
          }
          if (key === END) {
            closed();
            return;
          }
          if (ERASE.has(key)) typed = typed.slice(0, -1);
          else typed.push(key);
        }
      };
      stdin.on("data", read).on("end", closed).on("close", closed).on("error", closed).resume();
    });
  } finally {
    stdin.setRawMode(false);
    stderr.write("\n");
  }
}

/**
 * The line that a person types to a question.
 * @param instead how to do without a person, for the error.
 * @throws ClosedTerminalError if nobody is there, NotConfirmedError on Ctrl-C.
 */
export async function ask({ stdin, stderr }: Terminal, question: string, instead: string): Promise<string> {
  if (stdin.isTTY !== true) {
    throw new ClosedTerminalError("Nobody is here to answer: the input is no terminal", instead);
  }
  const lines = createInterface({ input: stdin, output: stderr, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once("SIGINT", () => {
        reject(new NotConfirmedError());
      });
      lines.once("close", () => {
        reject(new ClosedTerminalError("The terminal was closed before the answer", "Run the command again."));
      });
      lines.question(question, resolve);
    });
  } finally {
    lines.close();
  }
}

/** Asks for a yes. @throws NotConfirmedError for any other answer. */
export async function confirm(terminal: Terminal, question: string, instead: string): Promise<void> {
  const answer = await ask(terminal, `${question} (yes/no) `, instead);
  if (!/^y(es)?$/iu.test(answer.trim())) throw new NotConfirmedError();
}
