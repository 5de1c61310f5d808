import { Interface, type Result } from "ethers";

import { abi as leverageMarketAbi } from "../../abis/LeverageMarket.ts";
import type { BookedMarket } from "../../src/client/address-book.ts";
import type { Node } from "../../src/deployment/node.ts";
import { CONFIG_NAMES, LIMIT_NAMES, type LimitName, type MarketParameters } from "../../src/protocol/parameters.ts";
import { threeDigitsDown } from "../../src/protocol/rounding.ts";
import { Findings, type Finding } from "./finding.ts";
import { marketValue, moment } from "./words.ts";

const marketInterface = new Interface(leverageMarketAbi);

/**
 * Compares a market's limits with those of its deployment. Holders of roles may change limits
 * within the market's rules, so a difference is `changed`, not `wrong`.
 */
export async function checkLimits(
  node: Node,
  market: BookedMarket,
  values: MarketParameters,
): Promise<readonly Finding[]> {
  const findings = new Findings("limits");
  const { symbol, address } = market;
  const read = async (name: string, args: readonly unknown[] = []): Promise<unknown> =>
    (await node.answer(address, marketInterface, name, args))?.[0];
  const [limits, config, ramp] = (await Promise.all(
    ["limits", "config", "ramp"].map((name) => read(name)),
  )) as Result[];
  if (limits === undefined || config === undefined || ramp === undefined) {
    findings.wrong(symbol, `${address} doesn't answer as a market`, "See the finding about its code.");
    return findings.list;
  }
  const now = { ...limits.toObject(), ...config.toObject() } as Readonly<Record<string, bigint>>;
  const isRamping = (ramp.toObject() as Readonly<Record<string, bigint>>).end !== 0n;

  let unchanged = 0;
  for (const [index, name] of LIMIT_NAMES.entries()) {
    const subject = `${symbol} ${name}`;
    const deployed = name === "supplyCap" ? threeDigitsDown(values[name]) : values[name];
    const present = now[name] ?? 0n;
    if (present !== deployed && !(name === "liquidationLeverage" && isRamping)) {
      findings.changed(subject, difference(name, present, deployed, market));
    } else {
      ++unchanged;
    }
    const [value, validFrom] = ((await node.answer(address, marketInterface, "scheduledRaise", [index])) ??
      []) as bigint[];
    if (value === undefined || validFrom === undefined || validFrom === 0n) continue;
    findings.changed(
      subject,
      `a raise from ${marketValue(name, present, market)} to ${marketValue(name, value, market)} is scheduled; anyone ` +
        `may apply it from ${moment(validFrom)}`,
      "If it is unwanted, the guardian can clear it: call lowerLimit with the current value of any limit.",
    );
  }
  if (isRamping) {
    const { to, end } = ramp.toObject() as Readonly<Record<"to" | "end", bigint>>;
    const [from, until] = [now.liquidationLeverage ?? 0n, to].map((value) =>
      marketValue("liquidationLeverage", value, market),
    );
    findings.changed(
      `${symbol} liquidationLeverage`,
      `falls from ${from ?? ""} to ${until ?? ""} until ${moment(end)}`,
    );
  }
  if (unchanged === LIMIT_NAMES.length) findings.passed(`${symbol} limits`, "all six as deployed");

  const fixed = CONFIG_NAMES.filter((name) => now[name] !== values[name]);
  if (fixed.length === 0) {
    findings.passed(`${symbol} fixed parameters`, `all ${CONFIG_NAMES.length} as deployed`);
  } else {
    const differing = fixed.map((name) => {
      const [present, deployed] = [now[name] ?? 0n, values[name]].map((value) => marketValue(name, value, market));
      return `${name} is ${present ?? ""} instead of ${deployed ?? ""}`;
    });
    const advice =
      "Don't use the market: these parameters can't change, so the address book or the contract belongs to another market.";
    findings.wrong(`${symbol} fixed parameters`, differing.join("; "), advice);
  }
  return findings.list;
}

function difference(name: LimitName, present: bigint, deployed: bigint, market: BookedMarket): string {
  const word = present < deployed ? "lowered" : "raised";
  return `${word} to ${marketValue(name, present, market)}, deployed with ${marketValue(name, deployed, market)}`;
}
