import { CantileverError } from "../../src/errors.ts";

/**
 * The oldest major version of Node that runs this repository: that of `engines` in package.json.
 */
const OLDEST = 24;

/**
 * Says what is wrong where an older Node runs a command: it fails later otherwise, in words that
 * don't help.
 * @param script name of the command for npm.
 * @throws OldNodeError
 */
export function checkNode(script: string, version = process.versions.node): void {
  if (Number.parseInt(version, 10) < OLDEST) throw new OldNodeError(script, version);
}

/** This Node is too old. */
export class OldNodeError extends CantileverError {
  constructor(script: string, version: string) {
    super({
      code: "OLD_NODE",
      problem: `Node ${version} is too old: this needs Node ${OLDEST}`,
      advice: `\`npx -y -p node@${OLDEST} -c "npm run ${script}"\` brings it along.`,
    });
  }
}
