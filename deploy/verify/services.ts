import { UsageError } from "../../src/cli/errors.ts";
import { ETHERSCAN_API, Etherscan } from "../../src/deployment/verification/etherscan.ts";
import type { OnPause, Timing } from "../../src/deployment/verification/http-api.ts";
import { Sourcify } from "../../src/deployment/verification/sourcify.ts";
import type { VerificationService } from "../../src/deployment/verification/submission.ts";
import { ETHERSCAN_KEY, EXPLORER_KEY, type Options } from "./options.ts";

/**
 * The services to use.
 * @throws UsageError if only Etherscan is requested and there is no key.
 */
export function servicesOf(
  options: Options,
  chainId: bigint,
  usual: Timing,
  onPause: OnPause,
): readonly VerificationService[] {
  const { on, apiUrl, sourcifyUrl, timeout } = options;
  const timing = timeout === undefined ? usual : { ...usual, checkedWithin: timeout };
  const services: VerificationService[] = [];
  const key = process.env[apiUrl === undefined ? ETHERSCAN_KEY : EXPLORER_KEY];
  const apiKey = key === "" ? undefined : key;
  if (on === "etherscan" && apiUrl === undefined && apiKey === undefined) {
    throw new UsageError(
      `Etherscan requires an API key, and ${ETHERSCAN_KEY} is not set`,
      "Get a key at etherscan.io/apidashboard, or use another explorer with --api-url.",
    );
  }
  if (on !== "sourcify" && (apiUrl !== undefined || apiKey !== undefined)) {
    const name = apiUrl === undefined ? "Etherscan" : new URL(apiUrl).host;
    services.push(new Etherscan({ name, apiUrl: apiUrl ?? ETHERSCAN_API, chainId, apiKey }, timing, onPause));
  }
  if (on !== "etherscan") services.push(new Sourcify(sourcifyUrl, chainId, timing, onPause));
  return services;
}
