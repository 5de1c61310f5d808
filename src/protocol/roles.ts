/** Role numbers in the `AccessManager`, which defines role 0 as its admin. */
export const ADMIN_ROLE = 0n;
/** May lower limits. */
export const GUARDIAN_ROLE = 1n;
/** May schedule raises, and start a ramp of the liquidation limit. */
export const RISK_MANAGER_ROLE = 2n;
/** May create markets. */
export const MARKET_CREATOR_ROLE = 3n;
/** The role that everyone has. As `marketCreationRole` it lets everyone create markets. */
export const PUBLIC_ROLE = 2n ** 64n - 1n;

const NAMES: ReadonlyMap<bigint, string> = new Map([
  [ADMIN_ROLE, "admin"],
  [GUARDIAN_ROLE, "guardian"],
  [RISK_MANAGER_ROLE, "risk manager"],
  [MARKET_CREATOR_ROLE, "market creator"],
  [PUBLIC_ROLE, "everyone"],
]);

/** Whether Cantilever gives a role a meaning: an admin may make others. */
export function isKnownRole(role: bigint): boolean {
  return NAMES.has(role);
}

/** A role in words: `risk manager`, or `role 7` for one that Cantilever does not know. */
export function roleName(role: bigint): string {
  return NAMES.get(role) ?? `role ${role}`;
}
