/**
 * Public API of `cantilever/client`: finding markets, typed contracts, opening positions, errors in words. It runs in a
 * browser as well. Within the repository, import from the file that defines a name.
 */
export { CantileverError, type Failure } from "../errors.ts";

export {
  formatAddressBook,
  parseAddressBook,
  withDeployment,
  type AddressBook,
  type BookedDeployment,
  type BookedFeed,
  type BookedMarket,
  type BookedToken,
  type Placed,
  type SharedContracts,
} from "./address-book.ts";
export {
  connectProtocol,
  faucetTokenAt,
  flashLiquidatorAt,
  lensAt,
  marketAt,
  oracleGuardAt,
  priceOracleAt,
  settableFeedAt,
  swapperAt,
  type Protocol,
  type ProtocolAddresses,
} from "./contracts.ts";
export { encodeSwap, openLeverage, type LeverageOrder, type SwapInstruction } from "./leverage.ts";
export { explained, send } from "./send.ts";
export { contractError, revertDataOf } from "./contract-error.ts";
export { fromUnits, parseAmount, toUnits } from "./units.ts";
export { poolAddress, readPool, readSqrtPriceX96, type PoolState } from "./uniswap-v3-pool.ts";
export {
  AddressBookError,
  ContractRevertedError,
  InvalidAmountError,
  isRefusal,
  PanicError,
  PoolError,
  RevertReasonError,
  TransactionNotMinedError,
  TransactionRevertedError,
  UnknownRevertError,
} from "./errors.ts";
