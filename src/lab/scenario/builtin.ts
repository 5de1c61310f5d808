import { UnknownScenarioError } from "./errors.ts";
import { march2020 } from "./march-2020.ts";
import { october2025 } from "./october-2025.ts";
import type { PricePath } from "./types.ts";

const scenarios: readonly PricePath[] = [march2020, october2025];

export const defaultScenario = march2020.name;

/** Names of the built-in scenarios, the default first. */
export const scenarioNames: readonly string[] = scenarios.map((path) => path.name);

/**
 * The built-in scenario of a name.
 * @throws UnknownScenarioError if there is none of that name; its message lists those that there are.
 */
export function builtinScenario(name: string): PricePath {
  const found = scenarios.find((path) => path.name === name);
  if (found === undefined) throw new UnknownScenarioError(name, scenarioNames);
  return found;
}
