import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

import { CantileverError } from "../../src/errors.ts";
import { answerTo, MOST_BYTES, type Served } from "./json-rpc.ts";
import { Sockets } from "./sockets.ts";

/** Only this machine. */
const HOST = "127.0.0.1";
/** Web pages may connect, as they do to any local node. */
const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "POST, OPTIONS",
  "access-control-allow-headers": "*",
  "access-control-allow-private-network": "true",
};

/** Something else listens on the port. */
export class PortBusyError extends CantileverError {
  constructor(port: number, cause: unknown) {
    super({
      code: "PORT_BUSY",
      problem: `The port ${port} is in use: another program listens there, a node perhaps`,
      advice: "End that program, or give another port with --port; 0 takes one that is free.",
      cause,
    });
  }
}

/** The port can't be had for another reason. */
export class PortRefusedError extends CantileverError {
  constructor(port: number, cause: Error) {
    const advice = "Give another port with --port, from 1024 on.";
    super({ code: "PORT_REFUSED", problem: `The port ${port} can't be had (${cause.message})`, advice, cause });
  }
}

/**
 * Answers JSON-RPC over HTTP and WebSocket on this machine, on behalf of a chain in this process.
 * Requests that come before the chain is there wait for it.
 */
export class RpcServer {
  readonly #server: Server;
  readonly #opened: Promise<Served>;
  readonly #open: (served: Served) => void;
  readonly #sockets: Sockets;

  private constructor(server: Server) {
    this.#server = server;
    const { promise, resolve } = Promise.withResolvers<Served>();
    this.#opened = promise;
    this.#open = resolve;
    this.#sockets = new Sockets(server, promise);
    server.on("request", (request, response) => void this.#serve(request, response));
  }

  /**
   * Takes the port.
   * @param port 0 for one that is free.
   * @throws PortBusyError or PortRefusedError if it can't be had.
   */
  static async listen(port: number): Promise<RpcServer> {
    const server = createServer();
    try {
      server.listen(port, HOST);
      await once(server, "listening");
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      throw "code" in error && error.code === "EADDRINUSE"
        ? new PortBusyError(port, error)
        : new PortRefusedError(port, error);
    }
    return new RpcServer(server);
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("The server doesn't listen.");
    return `http://${HOST}:${address.port}`;
  }

  /** From now on requests are answered. */
  open(served: Served): void {
    this.#open(served);
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    this.#sockets.close();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(CORS)) response.setHeader(name, value);
    try {
      if (request.method === "OPTIONS") {
        response.writeHead(204).end();
        return;
      }
      if (request.method !== "POST") {
        response.writeHead(405, { allow: "POST, OPTIONS" }).end("JSON-RPC by POST.\n");
        return;
      }
      const answer = await answerTo(await readBody(request), this.#opened);
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
    } catch {
      // Whoever asked has gone.
      response.destroy();
    }
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new RangeError("The request is too long.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
