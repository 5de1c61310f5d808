import { MaxUint256 } from "ethers/constants";
import { Interface } from "ethers/abi";
import { formatUnits } from "ethers/utils";

import { abi as tokenAbi } from "../../abis/FaucetToken.ts";
import { toAddress, type Address } from "../protocol/address.ts";
import type { BookedToken } from "./address-book.ts";

/**
 * A transaction to be signed: `to`, `data` and `value` are what any ethers signer or EIP-1193
 * wallet sends.
 */
export interface PlannedTransaction {
  /** What it does, in words that a person understands. */
  readonly title: string;
  /** Whether it only lets the market take tokens, or is what was asked for. */
  readonly kind: "approval" | "action";
  readonly to: Address;
  readonly data: string;
  /** Wei. */
  readonly value: bigint;
}

/**
 * The transactions that an action takes, in their order: each is sent once the one before it is in
 * a block.
 */
export interface Plan {
  readonly title: string;
  readonly transactions: readonly PlannedTransaction[];
}

/** How much is approved: what the action can take at the most, or without a limit. */
export interface ApprovalOptions {
  readonly approve?: "exact" | "unlimited";
}

const TOKEN = new Interface(tokenAbi);

/** A call of a contract as a transaction. */
export function action(
  title: string,
  to: string,
  abi: Interface,
  name: string,
  args: readonly unknown[],
): PlannedTransaction {
  return { title, kind: "action", to: toAddress(to), data: abi.encodeFunctionData(name, args), value: 0n };
}

/** A plan of one call. */
export function planOf(transaction: PlannedTransaction): Plan {
  return { title: transaction.title, transactions: [transaction] };
}

/** A token, who is to take it, what it may take now, and what it is to be able to. */
export interface Spending {
  readonly token: BookedToken;
  readonly spender: Address;
  /** What of the spender it is in words: `the market`. */
  readonly spenderName: string;
  readonly allowance: bigint;
  readonly needed: bigint;
}

/** The approvals that spendings need: none where the present allowance suffices. */
export function approvalsFor(
  spendings: readonly Spending[],
  { approve = "exact" }: ApprovalOptions = {},
): readonly PlannedTransaction[] {
  return spendings
    .filter(({ allowance, needed }) => allowance < needed)
    .map(({ token, spender, spenderName, needed }) => {
      const amount = approve === "unlimited" ? MaxUint256 : needed;
      const words = approve === "unlimited" ? `any amount of ${token.symbol}` : inWords(needed, token);
      return {
        title: `Let ${spenderName} take ${words}`,
        kind: "approval",
        to: token.address,
        data: TOKEN.encodeFunctionData("approve", [spender, amount]),
        value: 0n,
      };
    });
}

/** An amount of a token in words: `12.5 ETH`, all its digits. */
export function inWords(amount: bigint, { decimals, symbol }: BookedToken): string {
  return `${formatUnits(amount, decimals).replace(/\.0$/u, "")} ${symbol}`;
}

/** Leverage of four decimals in words: `3.5x`. */
export function leverageInWords(leverage: bigint): string {
  return `${formatUnits(leverage, 4).replace(/\.0$/u, "")}x`;
}
