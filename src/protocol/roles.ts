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
