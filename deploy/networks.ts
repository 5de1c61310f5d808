import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { UsageError } from "../src/cli/errors.ts";
import { ParameterError } from "../src/deployment/errors.ts";
import { parseParameters, type ParameterFile } from "../src/deployment/parameter-file.ts";

/**
 * The parameters of a network, from its file.
 * @throws ParameterError if the file can't be read or is invalid.
 */
export async function parametersOf(network: string): Promise<ParameterFile> {
  if (!/^[\w-]+$/u.test(network)) {
    throw new UsageError(
      `--network is ${JSON.stringify(network)}`,
      "Give the name of a file in deploy/parameters, such as sepolia.",
    );
  }
  const name = `deploy/parameters/${network}.yaml`;
  let text: string;
  try {
    text = await readFile(join(import.meta.dirname, "..", name), "utf8");
  } catch {
    throw new ParameterError(
      name,
      "the file",
      "can't be read",
      "Give the name of a file in deploy/parameters with --network.",
    );
  }
  return parseParameters(text, name);
}
