import { Transaction, type TransactionLike, type TypedDataDomain, type TypedDataField, type Wallet } from "ethers";

import { parseAddress } from "../client/typed-address.ts";
import { toAddress, type Address } from "../protocol/address.ts";
import { PRIVATE_KEY_VARIABLE } from "./defaults.ts";
import { NoKeyError, NoNetworkError, NotConfirmedError, OutcomeUnknownError, WrongSenderError } from "./errors.ts";
import { keystoreFolder } from "./folders.ts";
import { findKeystore, listKeystores, unlockKeystore, walletOf } from "./keystore.ts";
import type { NodeProvider } from "./node.ts";
import type { Surroundings } from "./surroundings.ts";
import { askPassword } from "./terminal.ts";

/** A transaction with all that belongs to it. */
export type CompleteTransaction = TransactionLike & { readonly nonce: number; readonly gasLimit: bigint };

/** An EIP-712 message. */
export interface TypedData {
  readonly domain: TypedDataDomain;
  readonly types: Record<string, TypedDataField[]>;
  readonly value: Record<string, unknown>;
}

/** Who acts, and how it signs. Its key is not touched before something is signed. */
export interface Signer {
  readonly address: Address;
  /**
   * The holder of its key, for people: `the keystore alice`. Undefined if somebody else will sign.
   */
  readonly holder: string | undefined;
  /** Gets the key ready: asks for the password where there is one. */
  unlock(): Promise<void>;
  signTypedData(data: TypedData): Promise<string>;
  /**
   * Signs and broadcasts. @throws WrongSenderError, before it broadcasts, if the signature is of
   * another account.
   */
  send(transaction: CompleteTransaction): Promise<string>;
}

/**
 * Who acts: the account that `from` names, by its keystore, its key in the environment, or the node
 * on this machine that holds it. Without a name: the key in the environment, the only keystore, or
 * the node's first account.
 * @param signsElsewhere whether any address will do, as nothing is signed here.
 * @throws NoKeyError, KeystoreError or InvalidKeyError
 */
export async function chooseSigner(
  surroundings: Surroundings,
  node: NodeProvider,
  from: string | undefined,
  signsElsewhere = false,
): Promise<Signer> {
  const { environment } = surroundings;
  const folder = keystoreFolder(environment);
  const key = environment[PRIVATE_KEY_VARIABLE];
  const wallet = key === undefined || key === "" ? undefined : walletOf(key, PRIVATE_KEY_VARIABLE);
  const asked = from !== undefined && /^0x[0-9a-f]{40}$/iu.test(from) ? parseAddress(from) : undefined;
  if (wallet !== undefined && (from === undefined || asked === toAddress(wallet.address))) {
    return walletSigner(node, toAddress(wallet.address), `the variable ${PRIVATE_KEY_VARIABLE}`, () =>
      Promise.resolve(wallet),
    );
  }
  const keystores = await listKeystores(folder);
  const isKeystore = (one: (typeof keystores)[number]): boolean =>
    from === undefined ? keystores.length === 1 : one.name === from || one.address === asked;
  if (keystores.some(isKeystore)) {
    const keystore = from === undefined ? keystores[0] : undefined;
    const found = keystore ?? (await findKeystore(folder, from ?? ""));
    return walletSigner(node, found.address, `the keystore ${found.name}`, async () => {
      const { terminal } = surroundings;
      return unlockKeystore(found, await askPassword(terminal, environment, `The password of ${found.name}`));
    });
  }
  if (from !== undefined && asked === undefined) await findKeystore(folder, from);
  if (asked !== undefined && signsElsewhere) return absentSigner(asked);
  const held = node.isLoopback ? await accountsOf(node) : [];
  const address = from === undefined ? held[0] : held.find((one) => one === asked);
  if (address !== undefined) return nodeSigner(node, address);
  if (from === undefined && keystores.length > 1) {
    const names = keystores.map(({ name }) => name).join(", ");
    throw new NoKeyError("Several keystores are there, and none is named", `Name one by --from: ${names}.`);
  }
  throw new NoKeyError(
    from === undefined ? "There is no account to act with" : `Nothing here signs for ${from}`,
    `Make a keystore by \`cantilever keys create\`, set ${PRIVATE_KEY_VARIABLE}, or name an account that the node on ` +
      "this machine holds. For a signer elsewhere, give its address by --from, and --unsigned or --safe.",
  );
}

/** The account that a command is about: the one that is named, or the one that would act. */
export async function chooseAccount(
  surroundings: Surroundings,
  node: NodeProvider,
  named: string | undefined,
  from: string | undefined,
): Promise<Address> {
  if (named !== undefined) return parseAddress(named);
  return (await chooseSigner(surroundings, node, from, true)).address;
}

async function accountsOf(node: NodeProvider): Promise<readonly Address[]> {
  const accounts = (await node.send("eth_accounts", []).catch(() => [])) as unknown;
  return Array.isArray(accounts) ? accounts.map((account) => toAddress(String(account))) : [];
}

function walletSigner(node: NodeProvider, address: Address, holder: string, open: () => Promise<Wallet>): Signer {
  let wallet: Wallet | undefined;
  const opened = async (): Promise<Wallet> => (wallet ??= await open());
  return {
    address,
    holder,
    async unlock() {
      const { address: actual } = await opened();
      if (toAddress(actual) !== address) throw new WrongSenderError(address, toAddress(actual));
    },
    signTypedData: async ({ domain, types, value }) => (await opened()).signTypedData(domain, types, value),
    send: async (transaction) => broadcast(node, address, await (await opened()).signTransaction(transaction)),
  };
}

/** An account of a node on this machine, or of a wallet that answers like one. */
function nodeSigner(node: NodeProvider, address: Address): Signer {
  return {
    address,
    holder: "the node",
    unlock: () => Promise.resolve(),
    signTypedData: async ({ domain, types, value }) => {
      const signer = await node.getSigner(address);
      return orDeclined(signer.signTypedData(domain, types, value));
    },
    async send(transaction) {
      const request = node.getRpcTransaction({ ...transaction, from: address });
      let signed: unknown;
      try {
        signed = await node.send("eth_signTransaction", [request]);
      } catch (error) {
        if (isDeclined(error)) throw declined();
        if (error instanceof NoNetworkError) throw error;
        // Most wallets and some nodes only sign what they send themselves, for the account that the
        // request names.
        return String(await orDeclined(node.send("eth_sendTransaction", [request])));
      }
      const raw = typeof signed === "string" ? signed : (signed as { readonly raw?: string }).raw;
      return broadcast(node, address, raw ?? "");
    },
  };
}

function absentSigner(address: Address): Signer {
  const refuse = (): Promise<never> =>
    Promise.reject(new NoKeyError(`Nothing here signs for ${address}`, "Give --unsigned or --safe."));
  return { address, holder: undefined, unlock: refuse, signTypedData: refuse, send: refuse };
}

/** Broadcasts a signed transaction, if the signature is of the account. */
async function broadcast(node: NodeProvider, address: Address, raw: string): Promise<string> {
  const { from, hash } = Transaction.from(raw);
  if (from === null || hash === null || toAddress(from) !== address) {
    throw new WrongSenderError(address, from ?? "nobody");
  }
  try {
    await node.send("eth_sendRawTransaction", [raw]);
  } catch (error) {
    // A proxy may lose the answer of a node that has the transaction, and a repeated request is
    // then refused.
    if (await knows(node, hash)) return hash;
    throw error instanceof NoNetworkError ? new OutcomeUnknownError(hash, error) : error;
  }
  return hash;
}

async function knows(node: NodeProvider, hash: string): Promise<boolean> {
  const found: unknown = await node.send("eth_getTransactionByHash", [hash]).catch(() => null);
  return found !== null;
}

const DECLINED = 4001;

function isDeclined(error: unknown): boolean {
  const { error: inner, code } = error as { readonly error?: { readonly code?: number }; readonly code?: unknown };
  return inner?.code === DECLINED || code === "ACTION_REJECTED";
}

function declined(): NotConfirmedError {
  return new NotConfirmedError("The wallet declined: nothing was sent");
}

async function orDeclined<T>(request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    throw isDeclined(error) ? declined() : error;
  }
}
