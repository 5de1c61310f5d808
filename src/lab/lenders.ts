import { MaxUint256, type Signer } from "ethers";

import { send } from "../client/send.ts";
import { toUnits } from "../client/units.ts";
import type { Deployment } from "./deploy.ts";
import { SETTINGS, USD_DECIMALS } from "./settings.ts";

/** Lenders deposit what the borrowers will take, and what stays idle at the utilization of the settings. */
export async function fundLenders(
  { market, loanToken }: Deployment,
  lenders: readonly Signer[],
  debtUsd: number,
): Promise<void> {
  for (const [index, share] of SETTINGS.lenderShares.entries()) {
    const lender = lenders[index];
    if (lender === undefined) throw new RangeError(`There is no account for lender ${index}.`);
    const assets = toUnits((debtUsd / SETTINGS.utilization) * share, USD_DECIMALS);
    await send(loanToken.mint(lender, assets));
    await send(loanToken.connect(lender).approve(market, MaxUint256));
    await send(market.connect(lender).deposit(assets, lender));
  }
}
