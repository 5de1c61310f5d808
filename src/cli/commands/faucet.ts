import { Contract, Interface } from "ethers";

import { parseAddress } from "../../client/typed-address.ts";
import { abi as tokenAbi } from "../../../abis/FaucetToken.ts";
import type { BookedToken } from "../../client/address-book.ts";
import { planFaucet } from "../../client/maintenance.ts";
import type { PlannedTransaction } from "../../client/plan.ts";
import { parseAmount } from "../../client/units.ts";
import type { Address } from "../../protocol/address.ts";
import { act, type SigningOptions } from "../act.ts";
import { NotEnoughError, UsageError } from "../errors.ts";
import type { NodeProvider } from "../node.ts";
import { amountText } from "../numbers.ts";
import { pairs } from "../output.ts";
import type { Run } from "../program.ts";
import { prepare } from "./acting.ts";

interface FaucetOptions extends SigningOptions {
  readonly loan?: string;
  readonly collateral?: string;
  readonly to?: string;
}

/** Enough for the examples of --help and of the README, in whole tokens. */
const USUAL = { loan: "100000", collateral: "20" } as const;

const TOKEN = new Interface(tokenAbi);

export const faucet: Run<FaucetOptions> = async (surroundings, [said], options) => {
  const { session, found, signer } = await prepare(surroundings, said, options);
  const { market } = found;
  const to = options.to === undefined ? signer.address : parseAddress(options.to);
  const wanted = [
    [market.loanToken, parseAmount(options.loan ?? USUAL.loan, market.loanToken.decimals)],
    [market.collateralToken, parseAmount(options.collateral ?? USUAL.collateral, market.collateralToken.decimals)],
  ] as const;
  const minted = wanted.filter(([, amount]) => amount > 0n);
  if (minted.length === 0) throw new UsageError("Nothing is to be minted", "Name an amount above zero.");
  const calls = await Promise.all(minted.map(async ([token, amount]) => mint(session.node, token, amount, to)));
  const rows = minted.map(([token, amount]) => ["mints", amountText(amount, token)] as const);
  await act(surroundings, session, signer, options, {
    title: `Mint test tokens to ${to}`,
    calls: calls.flat(),
    preview: pairs(rows),
    expected: { to, minted: minted.map(([token, amount]) => ({ token, amount })) },
    happened: async () => {
      const balances = await Promise.all(
        minted.map(async ([token]) => ({ token, balance: await balanceOf(session.node, token, to) })),
      );
      const text = pairs(balances.map(({ token, balance }) => [`${to} has`, amountText(balance, token)]));
      return { text, result: { to, balances } };
    },
  });
};

async function mint(
  node: NodeProvider,
  token: BookedToken,
  amount: bigint,
  to: Address,
): Promise<readonly PlannedTransaction[]> {
  const { transactions } = planFaucet(token, to, amount);
  const left = (await new Contract(token.address, TOKEN, node).getFunction("available").staticCall(to)) as bigint;
  if (amount > left) {
    throw new NotEnoughError(
      `The faucet gives ${amountText(left, token)} more to ${to} today, and ${amountText(amount, token)} are asked for`,
      "Ask for less, or come back tomorrow (UTC).",
    );
  }
  return transactions;
}

async function balanceOf(node: NodeProvider, token: BookedToken, account: Address): Promise<bigint> {
  return (await new Contract(token.address, TOKEN, node).getFunction("balanceOf").staticCall(account)) as bigint;
}
