import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createRequire } from "node:module";

import { httpRpc, type Rpc } from "../../../src/deployment/node.ts";

/** A node in its own process. */
export interface RunningNode {
  readonly url: string;
  readonly rpc: Rpc;
  stop(): Promise<void>;
}

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** Anvil's own program: npm's wrapper around it would outlive a test that is killed. */
function program(): string {
  const architecture = ARCHITECTURES[process.arch] ?? process.arch;
  const name = process.platform === "win32" ? "anvil.exe" : "anvil";
  const path = `@foundry-rs/anvil-${process.platform}-${architecture}/bin/${name}`;
  return createRequire(import.meta.url).resolve(path);
}

/**
 * Starts Anvil on a free port.
 * @param options of its command line.
 */
export async function startAnvil(...options: readonly string[]): Promise<RunningNode> {
  const port = await freePort();
  const child = spawn(program(), ["--port", String(port), ...options], { stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit");
  let said = "";
  const started = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (text: Buffer) => {
        said += text.toString();
        if (said.includes("Listening on")) resolve();
      });
    }
  });
  await Promise.race([
    started,
    exited.then(() => {
      throw new Error(`The node ended before it had started. It said: ${said}`);
    }),
  ]);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    rpc: httpRpc(url),
    async stop() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** A free port. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("The system gave no port.");
  return address.port;
}
