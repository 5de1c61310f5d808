import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * The commit of the sources in a folder, with `-dirty` behind it if tracked files differ from it; undefined in no repository.
 * Address books don't count: to deploy is to change one.
 */
export async function commitOf(folder: string): Promise<string | undefined> {
  try {
    const { stdout: commit } = await run("git", ["rev-parse", "HEAD"], { cwd: folder });
    const changes = ["status", "--porcelain", "--untracked-files=no", "--", ":/", ":(top,exclude)deployments"];
    const { stdout: changed } = await run("git", changes, { cwd: folder });
    return `${commit.trim()}${changed.trim() === "" ? "" : "-dirty"}`;
  } catch {
    return undefined;
  }
}
