import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

const CLI = fileURLToPath(new URL("../../../node_modules/hardhat/dist/src/cli.js", import.meta.url));

export interface RunningNode {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts `hardhat node` in a process of its own, on a port that is free. */
export async function startNode(): Promise<RunningNode> {
  const port = await freePort();
  const child = spawn(process.execPath, [CLI, "node", "--port", String(port)], { stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit");
  let said = "";
  const started = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (text: Buffer) => {
        said += text.toString();
        if (said.includes("Started HTTP")) resolve();
      });
    }
  });
  await Promise.race([
    started,
    exited.then(() => {
      throw new Error(`The node ended before it had started. It said: ${said}`);
    }),
  ]);
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      child.kill();
      await exited;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("The system gave no port.");
  return address.port;
}
