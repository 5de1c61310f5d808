import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";

/** A request of JSON-RPC. */
export interface RpcRequest {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What the proxy says instead of the node: a text as it is, or an answer's result or error. */
export type Instead =
  { readonly status?: number; readonly text: string } | { readonly result: unknown } | { readonly error: object };

/** A node's proxy that can lie. */
export interface Proxy {
  readonly url: string;
  /** Methods of the requests that it has seen. */
  readonly methods: readonly string[];
  stop(): Promise<void>;
}

/**
 * Starts a proxy in front of a node.
 * @param answer what it says to a request instead of the node; undefined lets the request through.
 * Given the node's own answer where it asks for it.
 */
export async function startProxy(
  nodeUrl: string,
  answer: (request: RpcRequest, ask: () => Promise<unknown>) => Promise<Instead | undefined> | Instead | undefined,
): Promise<Proxy> {
  const methods: string[] = [];
  const forward = async (body: string): Promise<string> => {
    const headers = { "content-type": "application/json" };
    return (await fetch(nodeUrl, { method: "POST", headers, body })).text();
  };
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const body = await textOf(incoming);
      const request = JSON.parse(body) as RpcRequest;
      methods.push(request.method);
      const ask = async (): Promise<unknown> => (JSON.parse(await forward(body)) as { result: unknown }).result;
      const instead = await answer(request, ask);
      if (instead === undefined) {
        outgoing.end(await forward(body));
      } else if ("text" in instead) {
        outgoing.writeHead(instead.status ?? 200).end(instead.text);
      } else {
        outgoing.end(JSON.stringify({ jsonrpc: "2.0", id: request.id, ...instead }));
      }
    })();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The system gave no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    methods,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of incoming) text += String(chunk);
  return text;
}
