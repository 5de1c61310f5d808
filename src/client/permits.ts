import { Interface } from "ethers/abi";
import { Signature } from "ethers/crypto";
import { TypedDataEncoder, type TypedDataDomain, type TypedDataField } from "ethers/hash";

import { toAddress, type Address } from "../protocol/address.ts";
import type { AccountReading } from "./account-reading.ts";
import type { BookedToken } from "./address-book.ts";
import { planLend } from "./actions.ts";
import { MARKET } from "./market-reading.ts";
import type { Market } from "./markets.ts";
import { action, inWords, planOf, type Plan, type PlannedTransaction } from "./plan.ts";
import { ReadBatch, type StateSource } from "./state-reader.ts";

/**
 * What a wallet signs: `signer.signTypedData(domain, types, message)`, or `eth_signTypedData_v4` of
 * it.
 */
export interface ToSign {
  readonly domain: TypedDataDomain;
  readonly types: Record<string, TypedDataField[]>;
  readonly message: Readonly<Record<string, unknown>>;
}

/** An approval of a token by signature (EIP-2612). */
export interface Permit {
  readonly token: BookedToken;
  readonly owner: Address;
  readonly spender: Address;
  /** Token units. */
  readonly value: bigint;
  /** With which the owner signs. */
  readonly nonce: bigint;
  /** Last block time at which it counts, Unix seconds. */
  readonly deadline: bigint;
  readonly domain: TypedDataDomain;
}

/** A market's shares answer all that a token with permits does. */
const PERMIT_TOKEN = new Interface([
  ...MARKET.fragments.filter((one) => one.type === "function"),
  "function version() view returns (string)",
]);

/**
 * What a permit of the token needs: its domain, and the owner's nonce.
 * @returns undefined if the token has no permits, or its domain can't be told.
 */
export async function readPermit(
  source: StateSource,
  token: BookedToken,
  { owner, spender, value, deadline }: Pick<Permit, "owner" | "spender" | "value" | "deadline">,
): Promise<Permit | undefined> {
  const batch = new ReadBatch();
  const ask = (name: string, ...args: unknown[]) => batch.add(token.address, PERMIT_TOKEN, name, ...args);
  const asked = {
    separator: ask("DOMAIN_SEPARATOR"),
    nonce: ask("nonces", owner),
    domain: ask("eip712Domain"),
    name: ask("name"),
    version: ask("version"),
  };
  const answers = await batch.read(source);
  const separator = answers.maybe(asked.separator)?.[0] as string | undefined;
  const nonce = answers.maybe(asked.nonce)?.[0] as bigint | undefined;
  if (separator === undefined || nonce === undefined) return undefined;
  const told = answers.maybe(asked.domain);
  const name = (told?.[1] ?? answers.maybe(asked.name)?.[0]) as string | undefined;
  // Older tokens tell their version by a function of its own, or have the first.
  const version = (told?.[2] ?? answers.maybe(asked.version)?.[0] ?? "1") as string;
  if (name === undefined) return undefined;
  const domain = { name, version, chainId: answers.chainId, verifyingContract: token.address };
  // Some tokens have another domain than they tell: then a signature would be refused.
  if (TypedDataEncoder.hashDomain(domain) !== separator) return undefined;
  return { token, owner, spender, value, nonce, deadline, domain };
}

/** What the owner signs for a permit. */
export function permitToSign({ domain, owner, spender, value, nonce, deadline }: Permit): ToSign {
  return {
    domain,
    types: {
      Permit: [
        { name: "owner", type: "address" },
        { name: "spender", type: "address" },
        { name: "value", type: "uint256" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint256" },
      ],
    },
    message: { owner, spender, value, nonce, deadline },
  };
}

/** A signed permit as a transaction, which anyone may send. */
export function permitTransaction(permit: Permit, signature: string): PlannedTransaction {
  const { token, owner, spender, value, deadline } = permit;
  const { v, r, s } = Signature.from(signature);
  const args = [owner, spender, value, deadline, v, r, s];
  const title = `Let ${spender} take ${inWords(value, token)}, by signature`;
  return { ...action(title, token.address, PERMIT_TOKEN, "permit", args), kind: "approval" };
}

/**
 * Lends with a signed permit in place of an approval. @param assets loan token units, at most those
 * of the permit.
 */
export function planLendWithPermit(reading: AccountReading, assets: bigint, permit: Permit, signature: string): Plan {
  const plan = planLend(reading, assets);
  const calls = plan.transactions.filter(({ kind }) => kind === "action");
  return { title: plan.title, transactions: [permitTransaction(permit, signature), ...calls] };
}

/** An operator that an account approves by signature, or no longer. */
export interface OperatorApproval {
  readonly account: Address;
  readonly operator: Address;
  readonly approved: boolean;
  /** The account's in the market: `wallet.nonce` of its reading. */
  readonly nonce: bigint;
  /** Last block time at which it counts, Unix seconds. */
  readonly deadline: bigint;
}

/** What an account signs to approve an operator. */
export function operatorToSign(market: Market, approval: OperatorApproval): ToSign {
  const { account, operator, approved, nonce, deadline } = approval;
  return {
    domain: { name: market.name, version: "1", chainId: market.chainId, verifyingContract: market.address },
    types: {
      SetOperator: [
        { name: "account", type: "address" },
        { name: "operator", type: "address" },
        { name: "approved", type: "bool" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint256" },
      ],
    },
    message: { account, operator, approved, nonce, deadline },
  };
}

/** A signed approval of an operator, which anyone may send. */
export function planOperatorBySignature(market: Market, approval: OperatorApproval, signature: string): Plan {
  const { account, operator, approved, deadline } = approval;
  const title = `Let ${operator} act for ${account}${approved ? "" : " no longer"}, by signature`;
  const args = [toAddress(account), operator, approved, deadline, signature];
  return planOf(action(title, market.address, MARKET, "setOperatorWithSignature", args));
}
