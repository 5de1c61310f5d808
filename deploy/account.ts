import { NoKeyError } from "../src/cli/errors.ts";
import { findKeystore, unlockKeystore, walletOf } from "../src/cli/keystore.ts";
import { keystoreFolder } from "../src/cli/folders.ts";
import { askPassword, PASSWORD_FILE_VARIABLE, type Terminal } from "../src/cli/terminal.ts";
import type { Account, Node } from "../src/deployment/node.ts";
import { toAddress, type Address } from "../src/protocol/address.ts";
import { addressOption } from "./options.ts";

/** The environment variable of the sender's private key. */
export const KEY_VARIABLE = "DEPLOYER_PRIVATE_KEY";

/** The part of a usage text that explains how the sender is chosen. */
export const ACCOUNT_HELP = `The sender is the first of these: the account of the encrypted keystore given by --account (its
password is asked for, or read from the file given by ${PASSWORD_FILE_VARIABLE}); the account whose
private key is in the environment variable ${KEY_VARIABLE}; or an unlocked account of the node.
`;

/** The sender of transactions. Its address is known before anything is signed. */
export interface Sender {
  readonly address: Address;
  /** Returns the account that signs. Asks for the keystore's password if there is one. */
  unlock(): Promise<Account>;
}

/**
 * The sender chosen by the command line and the environment.
 * @param account name or address of a keystore.
 * @param from required address; it also selects among the node's accounts.
 * @throws NoKeyError if there is no such account or its address is not `from`, UsageError if `from`
 * is not an address.
 */
export async function senderOf(
  node: Node,
  terminal: Terminal,
  { account, from }: { readonly account: string | undefined; readonly from: string | undefined },
): Promise<Sender> {
  const expected = from === undefined ? undefined : addressOption("from", from);
  const sender = await chosen(node, terminal, account, expected);
  if (expected === undefined || sender.address === expected) return sender;
  throw new NoKeyError(`The key belongs to ${sender.address}, and --from is ${expected}`, "Give only one of the two.");
}

async function chosen(
  node: Node,
  terminal: Terminal,
  account: string | undefined,
  from: Address | undefined,
): Promise<Sender> {
  if (account !== undefined) {
    const keystore = await findKeystore(keystoreFolder(process.env), account);
    return {
      address: keystore.address,
      async unlock() {
        const password = await askPassword(terminal, process.env, `Password of ${keystore.name}`);
        return signing(await unlockKeystore(keystore, password));
      },
    };
  }
  const key = process.env[KEY_VARIABLE] ?? "";
  if (key !== "") {
    const wallet = walletOf(key, KEY_VARIABLE);
    return { address: toAddress(wallet.address), unlock: () => Promise.resolve(signing(wallet)) };
  }
  const accounts = (await node.accounts()).map(toAddress);
  const address = from ?? accounts[0];
  if (address === undefined || !accounts.includes(address)) {
    throw new NoKeyError(
      address === undefined ? "The node has no unlocked account" : `The account ${address} is not unlocked at the node`,
      `Give a keystore with --account, or put the private key into ${KEY_VARIABLE}.`,
    );
  }
  return { address, unlock: () => Promise.resolve({ address }) };
}

function signing(wallet: ReturnType<typeof walletOf>): Account {
  return { address: wallet.address, sign: (transaction) => wallet.signTransaction(transaction) };
}
