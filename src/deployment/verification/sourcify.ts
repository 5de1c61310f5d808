import type { Address } from "../../protocol/address.ts";
import { VerificationServiceError } from "../errors.ts";
import { fieldsOf, HttpApi, USUAL_TIMING, type Answer, type OnPause, type Timing } from "./http-api.ts";
import type { Submission, Verdict, VerificationService } from "./submission.ts";

/** API of the public Sourcify server. */
export const SOURCIFY_API = "https://sourcify.dev/server";

/**
 * Sourcify, with version 2 of its API (`/v2/verify`, `/v2/contract`). It needs no key and finds
 * constructor arguments itself.
 */
export class Sourcify implements VerificationService {
  readonly name = "Sourcify";
  readonly #base: string;
  readonly #chainId: bigint;
  readonly #api: HttpApi;

  constructor(apiUrl: string, chainId: bigint, timing: Timing = USUAL_TIMING, onPause?: OnPause) {
    this.#base = apiUrl.replace(/\/+$/u, "");
    this.#chainId = chainId;
    this.#api = new HttpApi({ service: this.name, timing, onPause });
  }

  async isVerified(address: Address): Promise<boolean> {
    const answer = await this.#api.ask(this.#url(`contract/${this.#chainId}/${address}`));
    // For an unknown contract, the answer is HTTP 404 with `match: null`.
    const { match } = fieldsOf(answer.body);
    if (match === undefined) this.#refuseUseless(answer);
    return typeof match === "string";
  }

  async verify({ address, input, compilerVersion, identifier }: Submission): Promise<Verdict> {
    const answer = await this.#api.ask(this.#url(`verify/${this.#chainId}/${address}`), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ stdJsonInput: input, compilerVersion, contractIdentifier: identifier }),
    });
    const { verificationId, customCode } = fieldsOf(answer.body);
    if (typeof verificationId === "string") return this.#api.decided(() => this.#verdictOn(verificationId));
    if (customCode === "already_verified") return { status: "already verified" };
    this.#refuseUseless(answer);
    return { status: "refused", reason: this.#reasonOf(answer.body) };
  }

  async #verdictOn(verificationId: string): Promise<Verdict | undefined> {
    const { body } = await this.#api.ask(this.#url(`verify/${verificationId}`));
    const { isJobCompleted, contract, error } = fieldsOf(body);
    if (isJobCompleted === false) return undefined;
    if (isJobCompleted !== true) return { status: "refused", reason: this.#reasonOf(body) };
    if (error === undefined && typeof fieldsOf(contract).match === "string") return { status: "verified" };
    if (fieldsOf(error).customCode === "already_verified") return { status: "already verified" };
    return { status: "refused", reason: this.#reasonOf(error) };
  }

  #url(path: string): URL {
    return new URL(`${this.#base}/v2/${path}`);
  }

  #reasonOf(error: unknown): string {
    const { message, customCode } = fieldsOf(error);
    if (typeof message !== "string")
      return `the answer has no reason: ${this.#api.said(JSON.stringify(error ?? null))}`;
    return this.#api.said(typeof customCode === "string" ? `${message.replace(/\.+$/u, "")} (${customCode})` : message);
  }

  /** @throws VerificationServiceError for an answer that every other request would get too. */
  #refuseUseless({ status, body }: Answer): void {
    const { customCode } = fieldsOf(body);
    if (customCode === "unsupported_chain") {
      throw new VerificationServiceError(
        `Sourcify does not support chain ${this.#chainId}`,
        "Set --sourcify-url to a Sourcify server that does, or leave Sourcify out with --on etherscan.",
        false,
      );
    }
    if (customCode === undefined) {
      throw new VerificationServiceError(
        `The server at ${this.#base} does not offer version 2 of Sourcify's API (HTTP ${status})`,
        "Check --sourcify-url.",
        false,
      );
    }
  }
}
