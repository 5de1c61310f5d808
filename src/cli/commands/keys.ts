import { readFile } from "node:fs/promises";

import { UsageError } from "../errors.ts";
import { keystoreFolder } from "../folders.ts";
import {
  checkNewName,
  createKeystore,
  findKeystore,
  importKey,
  importKeystore,
  listKeystores,
  removeKeystore,
  type Keystore,
} from "../keystore.ts";
import { show, table } from "../output.ts";
import type { Run } from "../program.ts";
import type { GlobalOptions, Surroundings } from "../surroundings.ts";
import { askPassword, askSecret, confirm } from "../terminal.ts";

interface ImportOptions extends GlobalOptions {
  readonly file?: string;
}
interface RemoveOptions extends GlobalOptions {
  readonly yes?: boolean;
}

export const list: Run<GlobalOptions> = async ({ terminal, environment }, _, { json }) => {
  const folder = keystoreFolder(environment);
  const all = await listKeystores(folder);
  const text =
    all.length === 0
      ? `No keystores in ${folder}. Make one by \`cantilever keys create NAME\`.`
      : table(
          ["name", "address"],
          all.map(({ name, address }) => [name, address]),
        );
  show(terminal, json, all, text);
};

export const create: Run<GlobalOptions> = async ({ terminal, environment }, [name = ""], { json }) => {
  const folder = keystoreFolder(environment);
  await checkNewName(folder, name);
  const password = await askPassword(terminal, environment, `A password for ${name}`, true);
  tell(terminal, json, await createKeystore(folder, name, password));
};

export const importKeys: Run<ImportOptions> = async ({ terminal, environment }, [name = ""], { json, file }) => {
  const folder = keystoreFolder(environment);
  await checkNewName(folder, name);
  if (file === undefined) {
    const key = await askSecret(terminal, "The private key: ");
    const password = await askPassword(terminal, environment, `A password for ${name}`, true);
    tell(terminal, json, await importKey(folder, name, key, password));
    return;
  }
  const content = await readFile(file, "utf8").catch(() => {
    throw new UsageError(`The file ${file} can't be read`, "Check its path, and its permissions.");
  });
  const password = await askPassword(terminal, environment, "The password of that file");
  tell(terminal, json, await importKeystore(folder, name, content, password));
};

export const remove: Run<RemoveOptions> = async ({ terminal, environment }, [name = ""], { json, yes }) => {
  const keystore = await findKeystore(keystoreFolder(environment), name);
  if (yes !== true) {
    terminal.stderr.write(`The key of ${keystore.address} will be gone, unless it is kept elsewhere.\n`);
    await confirm(terminal, `Delete the keystore ${keystore.name}?`, "Give --yes to delete it without asking.");
  }
  await removeKeystore(keystore);
  show(terminal, json, keystore, `Deleted ${keystore.name} (${keystore.address}).`);
};

function tell(terminal: Surroundings["terminal"], json: boolean | undefined, keystore: Keystore): void {
  show(terminal, json, keystore, `${keystore.name} is ${keystore.address}, encrypted in ${keystore.path}.`);
}
