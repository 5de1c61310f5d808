import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { ParameterError } from "../src/deployment/errors.ts";
import { parseParameters, type ParameterFile } from "../src/deployment/parameter-file.ts";

/** Parameters of a network, from its file. */
export async function parametersOf(network: string): Promise<ParameterFile> {
  const name = `deploy/parameters/${network}.yaml`;
  let text: string;
  try {
    text = await readFile(join(import.meta.dirname, "..", name), "utf8");
  } catch {
    throw new ParameterError(name, "the file", "can't be read", "--network names a file in deploy/parameters.");
  }
  return parseParameters(text, name);
}
