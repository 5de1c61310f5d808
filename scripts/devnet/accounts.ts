import { HDNodeWallet, Mnemonic } from "ethers";

/** The phrase of the accounts that every local node has: everybody knows their keys. */
export const PUBLIC_PHRASE = "test test test test test test test test test test test junk";

/** What an account may do beside what everybody may. */
export type Role = "admin" | "guardian" | "riskManager";

/** An account of a person who connects to the chain. */
export interface PublicAccount {
  readonly address: string;
  readonly privateKey: string;
  readonly role: Role | undefined;
}

/**
 * Roles by the number of the account that has them: none of the first ones, which people use for
 * everything else.
 */
const ROLES: Readonly<Record<number, Role>> = { 7: "admin", 8: "guardian", 9: "riskManager" };

const COUNT = 10;

/** The first accounts of the public phrase. */
export function publicAccounts(): readonly PublicAccount[] {
  const parent = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(PUBLIC_PHRASE), "m/44'/60'/0'/0");
  return Array.from({ length: COUNT }, (_, index) => {
    const { address, privateKey } = parent.deriveChild(index);
    return { address, privateKey, role: ROLES[index] };
  });
}
