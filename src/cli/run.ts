import { CommanderError } from "commander";

import { refusePrivateKeys } from "./arguments.ts";
import { COMPLETE, completions } from "./completion.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { failureLine, failureOf, isDebugging } from "./failure.ts";
import { bookFolders, keystoreFolder } from "./folders.ts";
import { buildProgram } from "./program.ts";
import type { Terminal } from "./terminal.ts";

/** Where signals come from: the process. */
interface SignalSource {
  on(signal: "SIGINT" | "SIGHUP", listener: () => void): unknown;
  off(signal: "SIGINT" | "SIGHUP", listener: () => void): unknown;
  exit(code: number): void;
}

/** How a process ends that was interrupted, by convention. */
const INTERRUPTED = 130;

/**
 * Runs a command line to its end, and reports its failure on `stderr`.
 * @param words of the command line after the program.
 * @returns how the command ended.
 */
export async function runCommandLine(
  words: readonly string[],
  around: Terminal & SignalSource,
  environment: NodeJS.ProcessEnv,
): Promise<ExitCode> {
  const { stdout, stderr } = around;
  let interruption: AbortController | undefined;
  const interrupt = (): void => {
    // A second one ends all at once, whatever the command does.
    if (interruption === undefined || interruption.signal.aborted) around.exit(INTERRUPTED);
    interruption?.abort();
  };
  const takeInterrupts = (): AbortSignal => (interruption ??= new AbortController()).signal;
  const hangUp = (): void => {
    around.exit(EXIT_CODES.closedTerminal);
  };
  // Nobody reads the output any more, as after `| head -1`: the command can neither report nor ask.
  stdout.on("error", hangUp);
  stderr.on("error", hangUp);
  around.on("SIGHUP", hangUp);
  around.on("SIGINT", interrupt);
  try {
    const program = buildProgram({ terminal: around, environment, takeInterrupts });
    program.exitOverride().configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: () => undefined,
    });
    for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
      command.copyInheritedSettings(program).exitOverride();
    }
    if (words[0] === COMPLETE) {
      const sources = { bookFolders: bookFolders(), keystoreFolder: keystoreFolder(environment) };
      stdout.write(
        completions(program, words.slice(1), sources)
          .map((one) => `${one}\n`)
          .join(""),
      );
      return EXIT_CODES.done;
    }
    refusePrivateKeys(words);
    await program.parseAsync([...words], { from: "user" });
    return EXIT_CODES.done;
  } catch (error) {
    return tell(error, words, around, environment);
  } finally {
    around.off("SIGINT", interrupt);
    around.off("SIGHUP", hangUp);
  }
}

function tell(
  error: unknown,
  words: readonly string[],
  { stderr }: Terminal,
  environment: NodeJS.ProcessEnv,
): ExitCode {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT_CODES.done;
    // Without any command it has printed its help; otherwise it has said nothing yet.
    if (error.code === "commander.help") return EXIT_CODES.usage;
  }
  const failure =
    error instanceof CommanderError
      ? { exitCode: EXIT_CODES.usage, code: "USAGE", message: sentence(error.message) }
      : failureOf(error, isDebugging(environment));
  stderr.write(failureLine(failure, words.includes("--json")));
  return failure.exitCode;
}

/** The parser's complaint as a sentence. */
function sentence(complaint: string): string {
  const text = complaint
    .replace(/^error: /u, "")
    .replace(/\.+$/u, "")
    .trim()
    .replaceAll("\n", " ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}. Try --help.`;
}
