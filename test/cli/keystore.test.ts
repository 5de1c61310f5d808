import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { Wallet } from "ethers";

import { InvalidKeyError, KeystoreError, WrongPasswordError } from "../../src/cli/errors.ts";
import { keystoreFolder } from "../../src/cli/folders.ts";
import {
  createKeystore,
  findKeystore,
  importKey,
  importKeystore,
  listKeystores,
  removeKeystore,
  unlockKeystore,
  walletOf,
} from "../../src/cli/keystore.ts";

const KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
const ACCOUNT = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
/** Of scrypt: tests need no strength. */
const WORK = 1 << 10;

/** The error of an operation that is to fail. */
async function failure(operation: Promise<unknown>): Promise<Error> {
  try {
    await operation;
  } catch (error) {
    return error as Error;
  }
  throw new Error("It did not fail.");
}

describe("A folder of keystores", () => {
  let home = "";
  let folder = "";
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "cantilever-keys-"));
    folder = keystoreFolder({ CANTILEVER_HOME: home });
  });
  afterEach(async () => {
    await rm(home, { recursive: true });
  });

  it("is in the user's configuration folder, or where CANTILEVER_HOME says", () => {
    expect(keystoreFolder({ CANTILEVER_HOME: "/a" })).to.equal(join("/a", "keystores"));
    expect(keystoreFolder({ XDG_CONFIG_HOME: "/b" })).to.equal(join("/b", "cantilever", "keystores"));
    expect(keystoreFolder({ CANTILEVER_HOME: "" })).to.match(/\.config.cantilever.keystores$/u);
  });

  it("has none before the first, and lists them by name", async () => {
    expect(await listKeystores(folder)).to.deep.equal([]);
    const second = await createKeystore(folder, "second", "secret", WORK);
    const first = await importKey(folder, "first", KEY, "secret", WORK);
    await writeFile(join(folder, "other.json"), "{}");
    expect(await listKeystores(folder)).to.deep.equal([first, second]);
    expect(first.address).to.equal(ACCOUNT);
  });

  it("can be read by its owner alone", async () => {
    const { path } = await createKeystore(folder, "mine", "secret", WORK);
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    expect((await stat(folder)).mode & 0o777).to.equal(0o700);
  });

  it("gives the key back to the password, and to no other", async () => {
    await importKey(folder, "mine", KEY.slice(2), "secret", WORK);
    const found = await findKeystore(folder, "mine");
    expect((await unlockKeystore(found, "secret")).privateKey).to.equal(KEY);
    expect(await failure(unlockKeystore(found, "Secret"))).to.be.instanceOf(WrongPasswordError);
    expect(await readFile(found.path, "utf8")).not.to.contain(KEY.slice(2));
  });

  it("does not block the process while it unlocks one of the usual strength", async () => {
    const keystore = await importKey(folder, "mine", KEY, "secret");
    let longest = 0;
    let last = performance.now();
    const clock = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    const started = performance.now();
    await unlockKeystore(keystore, "secret");
    const took = performance.now() - started;
    clearInterval(clock);
    expect(longest).to.be.lessThan(took / 2);
  });

  it("finds a key by its name and by its address, and says which ones there are", async () => {
    const mine = await importKey(folder, "mine", KEY, "secret", WORK);
    expect(await findKeystore(folder, "mine")).to.deep.equal(mine);
    expect(await findKeystore(folder, Wallet.createRandom().address).catch((error: unknown) => String(error))).to.match(
      /There is no keystore .* Those that exist: mine\./u,
    );
    expect(await findKeystore(folder, ACCOUNT.toUpperCase().replace("X", "x"))).to.deep.equal(mine);
    await importKey(folder, "again", KEY, "secret", WORK);
    expect((await failure(findKeystore(folder, ACCOUNT))).message).to.contain("again, mine");
  });

  it("takes no second keystore of a name, and no name that is a path", async () => {
    await importKey(folder, "mine", KEY, "secret", WORK);
    expect((await failure(createKeystore(folder, "mine", "secret", WORK))).message).to.contain("already");
    for (const name of ["", "../mine", "a b", ".hidden"]) {
      expect(await failure(createKeystore(folder, name, "secret", WORK)), name).to.be.instanceOf(KeystoreError);
    }
    expect((await unlockKeystore(await findKeystore(folder, "mine"), "secret")).privateKey).to.equal(KEY);
  });

  it("takes over a keystore of another program once its password has opened it", async () => {
    const json = await new Wallet(KEY).encrypt("other", undefined);
    expect(await failure(importKeystore(folder, "theirs", json, "wrong"))).to.be.instanceOf(WrongPasswordError);
    expect(await listKeystores(folder)).to.deep.equal([]);
    const theirs = await importKeystore(folder, "theirs", json, "other");
    expect((await unlockKeystore(theirs, "other")).privateKey).to.equal(KEY);
    expect(await failure(importKeystore(folder, "none", "{}", "other"))).to.be.instanceOf(KeystoreError);
  });

  it("says of a damaged file that it is damaged", async () => {
    const { path } = await importKey(folder, "mine", KEY, "secret", WORK);
    const json = JSON.parse(await readFile(path, "utf8")) as { Crypto: { kdf: string } };
    await writeFile(path, JSON.stringify({ ...json, Crypto: { ...json.Crypto, kdf: "none" } }));
    const error = await failure(unlockKeystore(await findKeystore(folder, "mine"), "secret"));
    expect(error.message).to.contain("damaged");
  });

  it("forgets a keystore that is removed", async () => {
    await removeKeystore(await importKey(folder, "mine", KEY, "secret", WORK));
    expect(await listKeystores(folder)).to.deep.equal([]);
  });
});

describe("A private key", () => {
  it("is read with and without 0x, and is in no error", async () => {
    expect(walletOf(` ${KEY.slice(2)}\n`, "It").address.toLowerCase()).to.equal(ACCOUNT);
    const wrong = `${KEY}00`;
    const error = await failure(Promise.resolve().then(() => walletOf(wrong, "CANTILEVER_PRIVATE_KEY")));
    expect(error).to.be.instanceOf(InvalidKeyError);
    expect(`${error.message} ${String(error.cause)} ${error.stack ?? ""}`).not.to.contain(KEY.slice(2, 20));
  });
});
