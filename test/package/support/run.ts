import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

/** What a program said before it ended by itself. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Settings of the npm that runs this test, which mean nothing to one that it starts. */
const OF_THIS_NPM = /^npm_(?:config_(?:call|local_prefix|package)|lifecycle_.*|package_.*|command)$/u;

/** Runs a program in a folder. The environment is that of this process, with changes. */
export async function run(
  program: string,
  args: readonly string[],
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const own = Object.entries(process.env).filter(([name]) => !OF_THIS_NPM.test(name));
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...Object.fromEntries(own), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

/** What a program printed. @throws Error with all that it said, if it failed. */
export async function output(...command: Parameters<typeof run>): Promise<string> {
  const { code, stdout, stderr } = await run(...command);
  if (code !== 0) throw new Error(`${command[0]} ${command[1].join(" ")} ended with ${code}:\n${stdout}\n${stderr}`);
  return stdout;
}
