import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * The commit of the repository of a folder, with the suffix `-dirty` if tracked files were changed;
 * undefined outside of a repository. Address books are ignored, because every deployment changes
 * one.
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
