import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/**
 * The folder of the keystores: in CANTILEVER_HOME if it is set, otherwise in the user's
 * configuration folder (XDG_CONFIG_HOME, or ~/.config).
 */
export function keystoreFolder(environment: NodeJS.ProcessEnv): string {
  const { CANTILEVER_HOME: home, XDG_CONFIG_HOME: configuration } = environment;
  const base = given(home) ?? join(given(configuration) ?? join(homedir(), ".config"), "cantilever");
  return join(base, "keystores");
}

function given(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}

/** Folders that may hold address books, the nearest first: here, and in this package. */
export function bookFolders(): readonly string[] {
  const own = packageFolder();
  const folders = [process.cwd(), ...(own === undefined ? [] : [own])];
  return [...new Set(folders.map((folder) => join(folder, "deployments")))];
}

/** The folder of this package, wherever within it this file is. */
function packageFolder(): string | undefined {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
  }
  return undefined;
}
