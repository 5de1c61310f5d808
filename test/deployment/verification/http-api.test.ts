import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";

import { expect } from "chai";

import { VerificationServiceError } from "../../../src/deployment/errors.ts";
import { HttpApi, type HttpApiOptions, type Timing } from "../../../src/deployment/verification/http-api.ts";

const TIMING: Timing = { pauses: [1, 2], gap: 0, pollInterval: 1, checkedWithin: 1_000 };

describe("HttpApi", () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function serve(listener: RequestListener): Promise<URL> {
    server = createServer(listener).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The system gave no port.");
    return new URL(`http://127.0.0.1:${address.port}/`);
  }

  const api = (options: Partial<HttpApiOptions> = {}): HttpApi =>
    new HttpApi({ service: "Explorer", timing: TIMING, ...options });

  async function failureOf(attempt: Promise<unknown>): Promise<VerificationServiceError> {
    try {
      await attempt;
    } catch (error) {
      if (error instanceof VerificationServiceError) return error;
      throw error;
    }
    throw new Error("It did not fail.");
  }

  it("ask: returns the parsed JSON and the status, also for an error status of the request", async () => {
    const url = await serve((_, response) => response.writeHead(404).end('{"match":null}'));
    expect(await api().ask(url)).to.deep.equal({ status: 404, body: { match: null } });
  });

  it("ask: waits as long as the service requests, and reports the pause", async () => {
    let asked = 0;
    const url = await serve((_, response) =>
      ++asked === 1 ? response.writeHead(429, { "retry-after": "1" }).end() : response.end("{}"),
    );
    const pauses: number[] = [];
    const began = Date.now();
    await api({ onPause: (_, __, milliseconds) => pauses.push(milliseconds) }).ask(url);
    expect(pauses).to.deep.equal([1_000]);
    expect(Date.now() - began).to.be.at.least(990);
  });

  it("ask: keeps the minimum time between two requests", async () => {
    const times: number[] = [];
    const url = await serve((_, response) => {
      times.push(Date.now());
      response.end("{}");
    });
    const spaced = api({ timing: { ...TIMING, gap: 60 } });
    await Promise.all([spaced.ask(url), spaced.ask(url), spaced.ask(url)]);
    const [first = 0, , third = 0] = times;
    expect(third - first).to.be.at.least(100);
  });

  it("ask: throws a retryable error after the last pause", async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked++;
      response.writeHead(503).end();
    });
    const error = await failureOf(api().ask(url));
    expect(asked).to.equal(1 + TIMING.pauses.length);
    expect(error.retryable).to.be.true;
    expect(error.message).to.contain(`Explorer at ${url.host} does not accept requests at the moment: HTTP 503.`);
  });

  it("ask: throws at once if the URL is not such an API", async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked++;
      response.writeHead(404).end("<html>Not found</html>");
    });
    const error = await failureOf(api().ask(new URL("/wrong", url)));
    expect(asked).to.equal(1);
    expect(error.retryable).to.be.false;
    expect(error.message).to.equal(`There is no such API at ${url.host}/wrong: no JSON (HTTP 404). Check the address.`);
  });

  it("said: removes the secret, even if the service repeats it", async () => {
    const url = await serve((_, response) => response.end('{"result":"the key TOPSECRET is over its rate limit"}'));
    const told: string[] = [];
    const options = { secret: "TOPSECRET", onPause: (_: string, reason: string) => told.push(reason) };
    const later = ({ body }: { body: unknown }): string => (body as { result: string }).result;
    const error = await failureOf(api(options).ask(url, {}, later));
    expect([...told, error.message].join("\n")).not.to.contain("TOPSECRET");
    expect(error.message).to.contain("the key (the API key) is over its rate limit");
  });

  it("ask: states the reason of a failed connection", async () => {
    const url = await serve((_, response) => response.destroy());
    server?.closeAllConnections();
    server?.close();
    const error = await failureOf(api().ask(url));
    expect(error.message).to.match(/ECONNREFUSED/u);
  });

  it("said: shortens a message of the service to one line", () => {
    const said = api().said(`Fail.\n  Because ${"x".repeat(1_000)}.`);
    expect(said).to.match(/^Fail\. Because x+ …$/u);
    expect(said.length).to.be.below(510);
    expect(api().said(" Not so.\n")).to.equal("Not so");
  });
});
