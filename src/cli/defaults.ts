/** Where a node is looked for if nothing else is said. */
export const DEFAULT_RPC_URL = "http://127.0.0.1:8545";
export const RPC_URL_VARIABLE = "CANTILEVER_RPC_URL";
/** Holds a private key, for automation. */
export const PRIVATE_KEY_VARIABLE = "CANTILEVER_PRIVATE_KEY";
