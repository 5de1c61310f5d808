import { VerificationServiceError } from "../errors.ts";
import { sleep } from "../node.ts";
import type { Verdict } from "./submission.ts";

/** Pauses and time limits of requests, milliseconds. */
export interface Timing {
  /**
   * Pauses before each repetition of a request that got no answer or was postponed. After the last,
   * the request fails.
   */
  readonly pauses: readonly number[];
  /** Minimum time between two requests, because services limit requests per second. */
  readonly gap: number;
  /** Time between two status requests of a submission. */
  readonly pollInterval: number;
  /** Time limit for the check of a submission. */
  readonly checkedWithin: number;
}

/** Default timing. */
export const USUAL_TIMING: Timing = {
  pauses: [1_000, 3_000, 8_000, 20_000, 40_000],
  gap: 400,
  pollInterval: 3_000,
  checkedWithin: 300_000,
};

/** Timeout of a request, milliseconds. A submission has several hundred thousand characters. */
const ANSWER_TIMEOUT = 60_000;
/** Longest pause that a service may request, milliseconds. */
const LONGEST_PAUSE = 120_000;
/** Maximum length of a service's message that is shown, characters. */
const LONGEST_REASON = 500;

/** HTTP statuses that don't concern the request itself: a bot check, a timeout, too early. */
const PASSING: readonly number[] = [403, 408, 425];

/** An answer of a service. */
export interface Answer {
  /** HTTP status. */
  readonly status: number;
  /** Parsed JSON. */
  readonly body: unknown;
}

interface NoAnswer {
  readonly failure: string;
  /** Whether the same request would fail again. */
  readonly isFinal?: boolean;
  /** Pause that the service requests, milliseconds; zero if none. */
  readonly askedPause: number;
}

/**
 * Called before a request is repeated.
 * @param milliseconds until then.
 */
export type OnPause = (service: string, reason: string, milliseconds: number) => void;

/** Options of `HttpApi`. */
export interface HttpApiOptions {
  /** Display name of the service. */
  readonly service: string;
  readonly timing: Timing;
  /** Removed from every message. */
  readonly secret?: string | undefined;
  readonly onPause?: OnPause | undefined;
}

/** Makes requests to a JSON service: at a limited rate, and repeated without an answer. */
export class HttpApi {
  readonly #service: string;
  readonly #timing: Timing;
  readonly #secret: string;
  readonly #onPause: OnPause;
  #nextAt = 0;

  constructor({ service, timing, secret = "", onPause = () => undefined }: HttpApiOptions) {
    this.#service = service;
    this.#timing = timing;
    this.#secret = secret;
    this.#onPause = onPause;
  }

  /**
   * Makes a request, and repeats it until there is an answer.
   * @param laterReason the message of an answer that postpones the request; undefined for any other
   * answer.
   * @throws VerificationServiceError if the last attempt has no answer, or if the URL is not a JSON
   * API.
   */
  async ask(
    url: URL,
    request: RequestInit = {},
    laterReason: (answer: Answer) => string | undefined = () => undefined,
  ): Promise<Answer> {
    for (let attempt = 0; ; attempt++) {
      await this.#turn();
      const answer = await answerOf(url, request);
      const failure = "failure" in answer ? answer.failure : laterReason(answer);
      if (failure === undefined) return answer as Answer;
      if ("isFinal" in answer && answer.isFinal) {
        const problem = `There is no such API at ${url.host}${url.pathname}: ${failure}`;
        throw new VerificationServiceError(problem, "Check the address.", false);
      }
      const pause = this.#timing.pauses[attempt];
      if (pause === undefined) {
        throw new VerificationServiceError(
          `${this.#service} at ${url.host} does not accept requests at the moment: ${this.said(failure)}`,
          "Run the same command again later: it continues with the missing contracts.",
          true,
        );
      }
      const milliseconds = Math.max(pause, "failure" in answer ? answer.askedPause : 0);
      this.#onPause(this.#service, this.said(failure), milliseconds);
      await sleep(milliseconds);
    }
  }

  /**
   * Repeats a status request until there is a verdict. After `checkedWithin` the verdict is a
   * refusal.
   * @param question returns undefined while the submission is not checked yet.
   */
  async decided(question: () => Promise<Verdict | undefined>): Promise<Verdict> {
    const until = Date.now() + this.#timing.checkedWithin;
    while (Date.now() <= until) {
      const verdict = await question();
      if (verdict !== undefined) return verdict;
      await sleep(this.#timing.pollInterval);
    }
    const seconds = Math.round(this.#timing.checkedWithin / 1_000);
    const reason = `it is not checked after ${seconds} seconds. Run the same command again later: it asks for the status first`;
    return { status: "refused", reason };
  }

  /**
   * A service's message in a form that may be shown: on one line, without the secret and without a
   * final full stop.
   */
  said(text: string): string {
    const open = this.#secret === "" ? text : text.replaceAll(this.#secret, "(the API key)");
    const line = open.replaceAll(/\s+/gu, " ").trim().replace(/\.+$/u, "");
    return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON)} …` : line;
  }

  /** Waits until the rate limit allows the next request. */
  async #turn(): Promise<void> {
    const now = Date.now();
    const wait = this.#nextAt - now;
    this.#nextAt = Math.max(now, this.#nextAt) + this.#timing.gap;
    if (wait > 0) await sleep(wait);
  }
}

async function answerOf(url: URL, request: RequestInit): Promise<Answer | NoAnswer> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { ...request, signal: AbortSignal.timeout(ANSWER_TIMEOUT) });
    text = await response.text();
  } catch (error) {
    return { failure: connectionFailure(error), askedPause: 0 };
  }
  const { status } = response;
  if (status === 429 || status >= 500) {
    const seconds = Number(response.headers.get("retry-after") ?? 0);
    const askedPause = seconds > 0 ? Math.min(seconds * 1_000, LONGEST_PAUSE) : 0;
    return { failure: status === 429 ? "too many requests (HTTP 429)" : `HTTP ${status}`, askedPause };
  }
  try {
    return { status, body: JSON.parse(text) as unknown };
  } catch {
    const isFinal = status >= 400 && !PASSING.includes(status);
    return { failure: `no JSON (HTTP ${status})`, isFinal, askedPause: 0 };
  }
}

/** The reason of a failed connection. `fetch` states it only in the cause of its error. */
function connectionFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${ANSWER_TIMEOUT / 1_000} seconds`;
  return error.cause instanceof Error && error.cause.message !== "" ? error.cause.message : error.message;
}

/** The fields of a JSON object; empty for any other value. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
