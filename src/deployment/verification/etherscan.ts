import type { Address } from "../../protocol/address.ts";
import { VerificationServiceError } from "../errors.ts";
import { fieldsOf, HttpApi, USUAL_TIMING, type Answer, type OnPause, type Timing } from "./http-api.ts";
import type { Submission, Verdict, VerificationService } from "./submission.ts";

/** API of Etherscan, version 2: one URL for all chains. */
export const ETHERSCAN_API = "https://api.etherscan.io/v2/api";

/** Messages in answers of Etherscan and Blockscout. */
const SAYS = {
  later: /rate limit|calls per sec|too many invalid api key/iu,
  /** The explorer has not indexed the contract's block yet. */
  notSeenYet: /unable to locate contractcode|is not a smart contract|not found on the chain/iu,
  pending: /pending in queue|in progress/iu,
  verified: /^pass\b/iu,
  alreadyVerified: /already verified/iu,
  /** Every request will be rejected. */
  badKey: /invalid api key|missing.{0,20}api ?key/iu,
  noSuchChain: /unsupported chainid|not supported for this chain|free api access is not supported/iu,
  tooManyToday: /daily limit/iu,
} as const;

/** An explorer's API. */
export interface EtherscanOptions {
  /** Display name of the explorer. */
  readonly name: string;
  /**
   * URL of its API, such as `https://api.etherscan.io/v2/api` or `https://explorer.example/api`.
   */
  readonly apiUrl: string;
  readonly chainId: bigint;
  /** Undefined for an explorer that needs none. */
  readonly apiKey: string | undefined;
}

/** Etherscan and explorers with a compatible API, such as Blockscout. */
export class Etherscan implements VerificationService {
  readonly name: string;
  readonly #options: EtherscanOptions;
  readonly #api: HttpApi;

  constructor(options: EtherscanOptions, timing: Timing = USUAL_TIMING, onPause?: OnPause) {
    this.name = options.name;
    this.#options = options;
    this.#api = new HttpApi({ service: options.name, timing, secret: options.apiKey, onPause });
  }

  async isVerified(address: Address): Promise<boolean> {
    const { body } = await this.#api.ask(this.#url("getsourcecode", { address }), {}, busy);
    const { result } = fieldsOf(body);
    this.#refuseUseless(textOf(body));
    // Etherscan returns a list, some versions of Blockscout a single object.
    const source = fieldsOf(Array.isArray(result) ? result[0] : result).SourceCode;
    return typeof source === "string" && source !== "";
  }

  async verify(submission: Submission): Promise<Verdict> {
    const encoded = submission.constructorArguments.replace(/^0x/u, "");
    const form = new URLSearchParams({
      contractaddress: submission.address,
      sourceCode: JSON.stringify(submission.input),
      codeformat: "solidity-standard-json-input",
      contractname: submission.identifier,
      compilerversion: `v${submission.compilerVersion}`,
      // The documented name and the older misspelled one, which some explorers still require.
      constructorArguments: encoded,
      constructorArguements: encoded,
    });
    const request = { method: "POST", body: form };
    const { body } = await this.#api.ask(
      this.#url("verifysourcecode"),
      request,
      (answer) => busy(answer) ?? notSeenYet(answer),
    );
    const said = textOf(body);
    this.#refuseUseless(said);
    if (SAYS.alreadyVerified.test(said)) return { status: "already verified" };
    if (fieldsOf(body).status !== "1") return { status: "refused", reason: this.#api.said(said) };
    return this.#api.decided(() => this.#verdictOn(said));
  }

  /** @param guid the receipt of a submission. */
  async #verdictOn(guid: string): Promise<Verdict | undefined> {
    const { body } = await this.#api.ask(this.#url("checkverifystatus", { guid }), {}, busy);
    const said = textOf(body);
    this.#refuseUseless(said);
    if (SAYS.pending.test(said)) return undefined;
    if (SAYS.verified.test(said)) return { status: "verified" };
    if (SAYS.alreadyVerified.test(said)) return { status: "already verified" };
    return { status: "refused", reason: this.#api.said(said) };
  }

  #url(action: string, parameters: Readonly<Record<string, string>> = {}): URL {
    const { apiUrl, chainId, apiKey } = this.#options;
    const url = new URL(apiUrl);
    const all = { chainid: String(chainId), module: "contract", action, ...parameters };
    for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value);
    if (apiKey !== undefined) url.searchParams.set("apikey", apiKey);
    return url;
  }

  /** @throws VerificationServiceError for an answer that every other request would get too. */
  #refuseUseless(said: string): void {
    const problem = `${this.name} answers: ${this.#api.said(said)}`;
    if (SAYS.badKey.test(said)) {
      throw new VerificationServiceError(
        problem,
        "Check the API key. A new key becomes valid after some minutes.",
        false,
      );
    }
    if (SAYS.noSuchChain.test(said)) {
      const advice =
        "Set --api-url to the API of an explorer with this chain, or verify on Sourcify only (--on sourcify).";
      throw new VerificationServiceError(problem, advice, false);
    }
    if (SAYS.tooManyToday.test(said)) {
      const advice = "Run the same command again tomorrow: it continues with the missing contracts.";
      throw new VerificationServiceError(problem, advice, true);
    }
  }
}

/** The text of an answer; empty if it has none. */
function textOf(body: unknown): string {
  const { result, message } = fieldsOf(body);
  if (typeof result === "string" && result !== "") return result;
  return typeof message === "string" && !Array.isArray(result) ? message : "";
}

function busy({ body }: Answer): string | undefined {
  const said = textOf(body);
  return fieldsOf(body).status !== "1" && SAYS.later.test(said) ? said : undefined;
}

function notSeenYet({ body }: Answer): string | undefined {
  const said = textOf(body);
  return fieldsOf(body).status !== "1" && SAYS.notSeenYet.test(said) ? said : undefined;
}
