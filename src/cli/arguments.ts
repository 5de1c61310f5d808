import { UsageError } from "./errors.ts";

/** A private key, alone or as the value of an option. */
const PRIVATE_KEY = /^(?:-[\w-]+=)?(?:0x)?[0-9a-f]{64}$/iu;
/** Commands whose arguments look like a private key: ids of operations. */
const TAKE_IDS: readonly string[] = ["execute-call", "cancel-call"];

/**
 * Other users of the machine see arguments, and the shell's history keeps them.
 * @throws UsageError for an argument that looks like a private key; its message does not contain
 * it.
 */
export function refusePrivateKeys(words: readonly string[]): void {
  if (!words.some((word) => PRIVATE_KEY.test(word)) || words.some((word) => TAKE_IDS.includes(word))) return;
  throw new UsageError(
    "An argument looks like a private key",
    "Nothing was done. If it is one, delete the line from the shell's history, and give the key to " +
      "`cantilever keys import NAME`, which asks for it.",
  );
}
