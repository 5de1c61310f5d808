import { NoKeyError, UsageError } from "../src/cli/errors.ts";
import { findKeystore, unlockKeystore, walletOf } from "../src/cli/keystore.ts";
import { keystoreFolder } from "../src/cli/folders.ts";
import { askPassword, PASSWORD_FILE_VARIABLE, type Terminal } from "../src/cli/terminal.ts";
import type { Account, Node } from "../src/deployment/node.ts";
import { toAddress, type Address } from "../src/protocol/address.ts";

export const KEY_VARIABLE = "DEPLOYER_PRIVATE_KEY";

/** The part of a help that says whose transactions are sent. */
export const ACCOUNT_HELP = `The sender is, in this order: the account of the encrypted keystore that --account names (its password
is asked for, or is in the file that ${PASSWORD_FILE_VARIABLE} names); the one whose private key is
in the environment variable ${KEY_VARIABLE}; or an account that the node holds unlocked.
`;

/** Who sends, known before anything is signed. */
export interface Sender {
  readonly address: Address;
  /** Asks for the password, if there is one. */
  unlock(): Promise<Account>;
}

/**
 * The sender that a command line and the environment name.
 * @param account name or address of a keystore.
 * @param from address that it must have; of an account of the node, which one.
 */
export async function senderOf(
  node: Node,
  terminal: Terminal,
  { account, from }: { readonly account: string | undefined; readonly from: string | undefined },
): Promise<Sender> {
  const expected = from === undefined ? undefined : addressOf(from);
  const sender = await chosen(node, terminal, account, expected);
  if (expected === undefined || sender.address === expected) return sender;
  throw new NoKeyError(`The key is that of ${sender.address}, and --from is ${expected}`, "Name one of the two only.");
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
      address === undefined ? "The node holds no account" : `The node doesn't hold the account ${address}`,
      `Name a keystore by --account, or put the private key into ${KEY_VARIABLE}.`,
    );
  }
  return { address, unlock: () => Promise.resolve({ address }) };
}

function signing(wallet: ReturnType<typeof walletOf>): Account {
  return { address: wallet.address, sign: (transaction) => wallet.signTransaction(transaction) };
}

function addressOf(text: string): Address {
  try {
    return toAddress(text);
  } catch {
    throw new UsageError("--from is no address", "An address is 0x and 40 hexadecimal digits.");
  }
}
