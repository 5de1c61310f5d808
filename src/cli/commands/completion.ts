import { completionScript, SHELL_NAMES } from "../completion.ts";
import { UsageError } from "../errors.ts";
import { show } from "../output.ts";
import type { Run } from "../program.ts";
import type { GlobalOptions } from "../surroundings.ts";

export const completion: Run<GlobalOptions> = ({ terminal }, [shell = ""], { json }) => {
  const script = completionScript(shell);
  if (script === undefined) {
    throw new UsageError(
      `There is no completion for ${JSON.stringify(shell)}`,
      `Name one of ${SHELL_NAMES.join(", ")}.`,
    );
  }
  show(terminal, json, { shell, script }, script.trimEnd());
  return Promise.resolve();
};
