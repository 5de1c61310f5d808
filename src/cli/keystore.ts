import { scrypt as nodeScrypt } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { decryptKeystoreJson, encryptKeystoreJson, isError, scrypt, Wallet } from "ethers";

import { toAddress, type Address } from "../protocol/address.ts";
import { InvalidKeyError, KeystoreError, WrongPasswordError } from "./errors.ts";

/** A key on disk, encrypted by a password. */
export interface Keystore {
  readonly name: string;
  readonly address: Address;
  /** Path of its file. */
  readonly path: string;
}

const ENDING = ".json";
const NAME = /^[\w-]{1,64}$/u;
/** Work of scrypt: 2^17, as other wallets write it. Tests take less by a parameter. */
const USUAL_WORK = 1 << 17;
/** Memory of scrypt is 128 * N * r bytes; this allows four times the usual. */
const SCRYPT_MEMORY = 1 << 29;

/**
 * All keystores of a folder, by name; none if there is no such folder. Files that are none are left
 * out.
 */
export async function listKeystores(folder: string): Promise<readonly Keystore[]> {
  const files = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw new KeystoreError(`The folder ${folder} can't be read`, "Check who owns it, and its permissions.", error);
  });
  const found: Keystore[] = [];
  for (const file of files.filter((one) => one.endsWith(ENDING)).sort()) {
    const path = join(folder, file);
    const address = addressIn(await readFile(path, "utf8").catch(() => ""));
    if (address !== undefined) found.push({ name: file.slice(0, -ENDING.length), address, path });
  }
  return found;
}

/**
 * The keystore of that name or of that address. @throws KeystoreError if there is none, or more
 * than one.
 */
export async function findKeystore(folder: string, nameOrAddress: string): Promise<Keystore> {
  const all = await listKeystores(folder);
  const named = all.find(({ name }) => name === nameOrAddress);
  if (named !== undefined) return named;
  const [found, ...others] = all.filter(({ address }) => address === nameOrAddress.toLowerCase());
  if (found === undefined) {
    const known = all.map(({ name }) => name).join(", ");
    throw new KeystoreError(
      `There is no keystore ${JSON.stringify(nameOrAddress)} in ${folder}`,
      known === "" ? "Make one by `cantilever keys create NAME`." : `Those that exist: ${known}.`,
    );
  }
  if (others.length > 0) {
    const names = [found, ...others].map(({ name }) => name).join(", ");
    throw new KeystoreError(`Several keystores hold ${nameOrAddress}: ${names}`, "Name one of them.");
  }
  return found;
}

/**
 * Makes sure that a keystore can be made under a name, before anybody types a password for it.
 * @throws KeystoreError if it can't.
 */
export async function checkNewName(folder: string, name: string): Promise<void> {
  checkName(name);
  if ((await readdir(folder).catch((): string[] => [])).includes(`${name}${ENDING}`)) throw taken(name);
}

/** Makes a new key and writes it encrypted. @param work of scrypt, a power of two. */
export async function createKeystore(
  folder: string,
  name: string,
  password: string,
  work = USUAL_WORK,
): Promise<Keystore> {
  return importKey(folder, name, Wallet.createRandom().privateKey, password, work);
}

/**
 * Writes a private key encrypted: a file of mode 600 in a folder of mode 700. Never over another
 * one.
 * @throws InvalidKeyError; its message does not contain the key.
 */
export async function importKey(
  folder: string,
  name: string,
  privateKey: string,
  password: string,
  work = USUAL_WORK,
): Promise<Keystore> {
  checkName(name);
  const wallet = walletOf(privateKey, "The text");
  useNodeScrypt();
  const { address } = wallet;
  const json = await encryptKeystoreJson({ address, privateKey: wallet.privateKey }, password, { scrypt: { N: work } });
  return { name, address: toAddress(address), path: await write(folder, name, json) };
}

/**
 * Takes over an encrypted JSON keystore of another program, as it is, after its password has opened
 * it.
 * @throws WrongPasswordError
 */
export async function importKeystore(folder: string, name: string, json: string, password: string): Promise<Keystore> {
  checkName(name);
  if (addressIn(json) === undefined) {
    throw new KeystoreError(
      "This file is no encrypted JSON keystore",
      "Take a file of the version 3 format, which most wallets export.",
    );
  }
  const { address } = await decrypt(name, json, password);
  return { name, address: toAddress(address), path: await write(folder, name, json) };
}

/**
 * The wallet of a keystore. Takes about a second, in which the process goes on: the work is done
 * beside it.
 * @throws WrongPasswordError
 */
export async function unlockKeystore({ name, path }: Keystore, password: string): Promise<Wallet> {
  let json: string;
  try {
    json = await readFile(path, "utf8");
  } catch (error) {
    throw new KeystoreError(`The keystore ${path} can't be read`, "Check who owns it, and its permissions.", error);
  }
  return decrypt(name, json, password);
}

/** Deletes a keystore. The key is gone with it, unless it is kept elsewhere. */
export async function removeKeystore({ path }: Keystore): Promise<void> {
  await rm(path);
}

/**
 * A wallet from a private key. @param source of the key, for the error, which does not contain the
 * key.
 */
export function walletOf(privateKey: string, source: string): Wallet {
  try {
    const digits = privateKey.trim();
    return new Wallet(digits.startsWith("0x") ? digits : `0x${digits}`);
  } catch {
    // Without the cause, which may have the key in its message.
    throw new InvalidKeyError(source);
  }
}

async function decrypt(name: string, json: string, password: string): Promise<Wallet> {
  useNodeScrypt();
  try {
    const { privateKey } = await decryptKeystoreJson(json, password);
    return new Wallet(privateKey);
  } catch (error) {
    if (isError(error, "INVALID_ARGUMENT") && error.argument === "password") throw new WrongPasswordError(name);
    // Without the cause, which may have parts of the file in its message.
    throw new KeystoreError(
      `The keystore ${JSON.stringify(name)} can't be decrypted: its file is damaged`,
      "Restore it from a copy, or import its private key again.",
    );
  }
}

async function write(folder: string, name: string, json: string): Promise<string> {
  const path = join(folder, `${name}${ENDING}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(path, json, { mode: 0o600, flag: "wx", flush: true });
    return path;
  } catch (error) {
    if (codeOf(error) === "EEXIST") {
      throw taken(name);
    }
    throw new KeystoreError(`The keystore ${path} can't be written`, "Check the folder's permissions.", error);
  }
}

function taken(name: string): KeystoreError {
  return new KeystoreError(`There is a keystore ${JSON.stringify(name)} already`, "Choose another name.");
}

function checkName(name: string): void {
  if (NAME.test(name)) return;
  throw new KeystoreError(
    `${JSON.stringify(name.slice(0, 70))} is no name for a keystore`,
    "Use letters, digits, - and _, at most 64 of them.",
  );
}

/** The address in an encrypted JSON keystore; undefined for any other text. */
function addressIn(json: string): Address | undefined {
  try {
    const { address, version, Version } = JSON.parse(json) as Readonly<Record<string, unknown>>;
    if (Number(version ?? Version) !== 3 || typeof address !== "string") return undefined;
    return toAddress(address.startsWith("0x") ? address : `0x${address}`);
  } catch {
    return undefined;
  }
}

let registered = false;

/**
 * Lets ethers work by Node's scrypt, which runs in a thread of its own: its own one blocks the
 * process for seconds.
 */
function useNodeScrypt(): void {
  if (registered) return;
  registered = true;
  scrypt.register(
    async (password, salt, N, r, p, length) =>
      new Promise((resolve, reject) => {
        nodeScrypt(password, salt, length, { N, r, p, maxmem: SCRYPT_MEMORY }, (error, key) => {
          if (error === null) resolve(`0x${key.toString("hex")}`);
          else reject(error);
        });
      }),
  );
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === "ENOENT";
}

function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}
