import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Command, Option } from "commander";

import { LIMIT_NAMES } from "../protocol/parameters.ts";

/** The hidden command by which a shell asks for the candidates of a word. */
export const COMPLETE = "__complete";

/** Where a shell finds candidates that depend on the person's files. */
export interface CompletionSources {
  readonly bookFolders: readonly string[];
  readonly keystoreFolder: string;
}

const SHELLS = {
  bash: `_cantilever() {
  local IFS=$'\\n'
  COMPREPLY=($(cantilever ${COMPLETE} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _cantilever cantilever
`,
  zsh: `#compdef cantilever
_cantilever() {
  local -a candidates
  candidates=("\${(@f)$(cantilever ${COMPLETE} "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if (( \${#candidates} )) && [[ -n "$candidates[1]" ]]; then compadd -a candidates; else _files; fi
}
compdef _cantilever cantilever
`,
  fish: `complete -c cantilever -a "(cantilever ${COMPLETE} (commandline -opc)[2..] (commandline -ct) 2>/dev/null)"
`,
} as const;

/** The script that makes a shell complete the command; undefined for a shell that is not known. */
export function completionScript(shell: string): string | undefined {
  return Object.hasOwn(SHELLS, shell) ? SHELLS[shell as keyof typeof SHELLS] : undefined;
}

/** Shells that there is a script for. */
export const SHELL_NAMES: readonly string[] = Object.keys(SHELLS);

/**
 * The candidates of the last word.
 * @param words of the command line after the program; the last one, empty or begun, is the one to
 * complete.
 */
export function completions(program: Command, words: readonly string[], sources: CompletionSources): readonly string[] {
  const begun = words.at(-1) ?? "";
  const { command, operands, pending } = walk(program, words.slice(0, -1));
  const fits = (candidate: string): boolean => candidate.startsWith(begun);
  if (pending !== undefined) return valuesOf(pending, sources).filter(fits);
  if (begun.startsWith("-"))
    return optionsOf(command)
      .flatMap(({ long }) => long ?? [])
      .filter(fits);
  const subcommands = operands > 0 ? [] : command.commands.map((one) => one.name());
  // A group with a default command takes that one's arguments as well.
  const takesArguments =
    command.commands.find((one) => one.name() === "show") ??
    (command.registeredArguments.length > 0 ? command : undefined);
  const argument = takesArguments?.registeredArguments[operands]?.name();
  return [...subcommands, ...argumentsOf(argument, sources)].filter(fits);
}

interface Place {
  readonly command: Command;
  /** Arguments given so far. */
  readonly operands: number;
  /** An option that waits for its value. */
  readonly pending: Option | undefined;
}

function walk(program: Command, words: readonly string[]): Place {
  let command = program;
  let operands = 0;
  let pending: Option | undefined;
  for (const word of words) {
    if (pending !== undefined) {
      pending = undefined;
      continue;
    }
    if (word.startsWith("-")) {
      const option = optionsOf(command).find(({ long, short }) => long === word || short === word);
      if (option !== undefined && (option.required || option.optional)) pending = option;
      continue;
    }
    const next = operands === 0 ? command.commands.find((one) => one.name() === word) : undefined;
    if (next === undefined) operands++;
    else command = next;
  }
  return { command, operands, pending };
}

function optionsOf(command: Command): readonly Option[] {
  return command.parent === null ? command.options : [...command.options, ...optionsOf(command.parent)];
}

function argumentsOf(name: string | undefined, sources: CompletionSources): readonly string[] {
  switch (name) {
    case "M":
      return marketSymbols(sources.bookFolders);
    case "shell":
      return SHELL_NAMES;
    case "limit":
      return LIMIT_NAMES;
    case "role":
      return ["primary", "secondary"];
    case "amount":
      return ["all"];
    default:
      return [];
  }
}

function valuesOf({ long }: Option, { keystoreFolder }: CompletionSources): readonly string[] {
  if (long !== "--from") return [];
  return filesIn(keystoreFolder).map((file) => file.slice(0, -".json".length));
}

/**
 * Symbols of the markets of all address books. A book that can't be read has none: completion never
 * fails.
 */
function marketSymbols(folders: readonly string[]): readonly string[] {
  const symbols = folders.flatMap((folder) => filesIn(folder).flatMap((file) => symbolsIn(join(folder, file))));
  return [...new Set(symbols)];
}

function symbolsIn(path: string): readonly string[] {
  try {
    const { deployments } = JSON.parse(readFileSync(path, "utf8")) as {
      readonly deployments: readonly { readonly markets: readonly { readonly symbol: string }[] }[];
    };
    return deployments.flatMap(({ markets }) => markets.map(({ symbol }) => symbol));
  } catch {
    return [];
  }
}

function filesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".json")) : [];
}
