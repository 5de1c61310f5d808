import { VerificationServiceError } from "../errors.ts";
import { sleep } from "../node.ts";
import type { Verdict } from "./submission.ts";

/** How patient requests are, in milliseconds. */
export interface Timing {
  /** Pauses before a request is made again that got no answer, or the answer to come later; after the last it is given up. */
  readonly pauses: readonly number[];
  /** From one request to the next at least: services allow few a second. */
  readonly gap: number;
  /** From one question whether a submission has been checked to the next. */
  readonly pollInterval: number;
  /** After this a submission that isn't checked yet is given up. */
  readonly checkedWithin: number;
}

export const USUAL_TIMING: Timing = {
  pauses: [1_000, 3_000, 8_000, 20_000, 40_000],
  gap: 400,
  pollInterval: 3_000,
  checkedWithin: 300_000,
};

/** For an answer to a request: a submission has some hundred thousand characters. */
const ANSWER_TIMEOUT = 60_000;
/** The longest pause that a service may ask for. */
const LONGEST_PAUSE = 120_000;
/** Of what a service says, characters that are passed on to people. */
const LONGEST_REASON = 500;

/** Answers of HTTP that say nothing of the request itself: a check for robots, a timeout, too early. */
const PASSING: readonly number[] = [403, 408, 425];

export interface Answer {
  /** Of HTTP. */
  readonly status: number;
  /** Parsed JSON. */
  readonly body: unknown;
}

interface NoAnswer {
  readonly failure: string;
  /** Whether the same request would fail again. */
  readonly isFinal?: boolean;
  /** Milliseconds, if the service says them. */
  readonly askedPause: number;
}

/** Told before a request is made again. @param milliseconds until then. */
export type OnPause = (service: string, reason: string, milliseconds: number) => void;

export interface HttpApiOptions {
  /** As people call it. */
  readonly service: string;
  readonly timing: Timing;
  /** Never appears in what is said about a failure. */
  readonly secret?: string | undefined;
  readonly onPause?: OnPause | undefined;
}

/** Requests to one service that answers in JSON: not too fast, and again if there is no answer. */
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
   * Makes a request until it is answered.
   * @param laterReason what an answer says that asks to come later; undefined for any other answer.
   * @throws VerificationServiceError if there is no answer to the last attempt.
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
        const problem = `What answers at ${url.host}${url.pathname} is no such API: ${failure}`;
        throw new VerificationServiceError(problem, "Check the address.", false);
      }
      const pause = this.#timing.pauses[attempt];
      if (pause === undefined) {
        throw new VerificationServiceError(
          `${this.#service} at ${url.host} doesn't take requests at the moment: ${this.said(failure)}`,
          "Run the same command again later: it goes on with what is missing.",
          true,
        );
      }
      const milliseconds = Math.max(pause, "failure" in answer ? answer.askedPause : 0);
      this.#onPause(this.#service, this.said(failure), milliseconds);
      await sleep(milliseconds);
    }
  }

  /**
   * Asks until there is a verdict.
   * @param question undefined while the submission isn't checked yet.
   */
  async decided(question: () => Promise<Verdict | undefined>): Promise<Verdict> {
    const until = Date.now() + this.#timing.checkedWithin;
    while (Date.now() <= until) {
      const verdict = await question();
      if (verdict !== undefined) return verdict;
      await sleep(this.#timing.pollInterval);
    }
    const seconds = Math.round(this.#timing.checkedWithin / 1_000);
    const reason = `it isn't checked after ${seconds} seconds. Run the same command again later: it asks first`;
    return { status: "refused", reason };
  }

  /** What a service has said, as it may be shown: on one line, without the secret or a full stop at the end. */
  said(text: string): string {
    const open = this.#secret === "" ? text : text.replaceAll(this.#secret, "(the API key)");
    const line = open.replaceAll(/\s+/gu, " ").trim().replace(/\.+$/u, "");
    return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON)} …` : line;
  }

  /** Waits until the next request may be made. */
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

/** What has broken. The message of `fetch` itself doesn't tell: its cause does. */
function connectionFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${ANSWER_TIMEOUT / 1_000} seconds`;
  return error.cause instanceof Error && error.cause.message !== "" ? error.cause.message : error.message;
}

/** The fields of a JSON object; none if it is no object. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
