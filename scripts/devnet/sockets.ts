import type { Server } from "node:http";

import { WebSocketServer, type RawData, type WebSocket } from "ws";

import { answerTo, MOST_BYTES, type Served } from "./json-rpc.ts";

/** JSON-RPC over WebSocket, with subscriptions, next to what a server answers over HTTP. */
export class Sockets {
  readonly #sockets: WebSocketServer;
  readonly #opened: Promise<Served>;
  readonly #subscribers = new Map<string, WebSocket>();

  /** @param server that listens already. */
  constructor(server: Server, opened: Promise<Served>) {
    this.#sockets = new WebSocketServer({ server, maxPayload: MOST_BYTES });
    this.#opened = opened.then((served) => this.#subscribing(served));
    this.#sockets.on("connection", (socket) => {
      this.#serve(socket);
    });
  }

  /** Ends all connections. */
  close(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
  }

  #subscribing(served: Served): Served {
    served.onMessage(({ type, data }) => {
      const message = { jsonrpc: "2.0", method: type, params: data };
      if (type === "eth_subscription") this.#subscribers.get(data.subscription)?.send(JSON.stringify(message));
    });
    return served;
  }

  #serve(socket: WebSocket): void {
    const opened = this.#opened.then(({ rpc, ...served }) => ({
      ...served,
      rpc: {
        send: async (method: string, params: unknown[]): Promise<unknown> => {
          const result = await rpc.send(method, params);
          if (method === "eth_subscribe") {
            this.#subscribers.set(String(result), socket);
            // Closed while the chain was asked: nobody else would end the subscription.
            if (socket.readyState !== socket.OPEN) await this.#forget(socket);
          }
          if (method === "eth_unsubscribe") this.#subscribers.delete(String(params[0]));
          return result;
        },
      },
    }));
    socket.on("message", (data) => {
      answerTo(textOf(data), opened)
        .then((answer) => {
          socket.send(JSON.stringify(answer));
        })
        // An answer that can't be told ends the connection, not the chain.
        .catch(() => {
          socket.terminate();
        });
    });
    // The connection is closed then: by whom, and why, makes no difference.
    socket.on("error", () => undefined);
    socket.on("close", () => void this.#forget(socket));
  }

  async #forget(socket: WebSocket): Promise<void> {
    const { rpc } = await this.#opened;
    for (const [subscription, subscriber] of this.#subscribers) {
      if (subscriber !== socket) continue;
      this.#subscribers.delete(subscription);
      await rpc.send("eth_unsubscribe", [subscription]).catch(() => undefined);
    }
  }
}

function textOf(data: RawData): string {
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer)).toString();
}
