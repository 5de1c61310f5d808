/**
 * Public API of `cantilever/client`: finding markets, reading, quoting, planning, sending, errors
 * in words. It runs in a browser as well. Within the repository, import from the file that defines
 * a name.
 */
export { CantileverError, type Failure } from "../errors.ts";
export { toAddress, type Address } from "../protocol/address.ts";

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
export { checkChain, findMarket, marketsOf, readMarkets, type FactoryAddresses, type Market } from "./markets.ts";

export { readMarket, type MarketReading, type PendingRaise } from "./market-reading.ts";
export {
  readAccount,
  readPositions,
  type AccountReading,
  type PositionReading,
  type WalletReading,
} from "./account-reading.ts";
export {
  lendingProfit,
  profitAndLoss,
  readHistory,
  type HistoryEntry,
  type HistorySource,
  type LendingProfit,
  type ProfitAndLoss,
} from "./account-history.ts";
export { readBorrowers, readRiskiest } from "./borrowers.ts";
export type { GuardReading, GuardStatus, SourceReading } from "./guard-reading.ts";
export type { BlockStamp, StateSource } from "./state-reader.ts";
export { inRanges } from "./log-ranges.ts";

export {
  DEFAULT_SLIPPAGE,
  previewAdjust,
  quoteAdd,
  quoteBorrow,
  quoteLend,
  quoteRedeem,
  quoteRepay,
  quoteWithdraw,
  readBasis,
  type ChangeQuote,
  type LendQuote,
  type PositionChange,
  type QuoteBasis,
  type QuoteOptions,
} from "./quote.ts";
export {
  quoteClose,
  quoteLeverage,
  quoteLower,
  quoteRaise,
  type CloseQuote,
  type LowerOrder,
  type LowerQuote,
  type RaiseOrder,
  type RaiseQuote,
  type Trade,
} from "./leverage-quote.ts";
export type { Bound, BoundName } from "./leverage-bounds.ts";
export type { SwapQuote } from "./swap-quote.ts";

export {
  planAdd,
  planBorrow,
  planClose,
  planLend,
  planLower,
  planOperator,
  planRaise,
  planRedeem,
  planRepay,
  planTakeBack,
  planWithdraw,
} from "./actions.ts";
export type { ApprovalOptions, Plan, PlannedTransaction } from "./plan.ts";
export {
  planAccrue,
  planAlign,
  planFaucet,
  planLiquidate,
  planLiquidateWithOwn,
  planPoke,
  planSetAnswer,
  quoteAlign,
  type Alignment,
  type LiquidationOrder,
} from "./maintenance.ts";
export {
  planApplyRaise,
  planApplySource,
  planCancelCall,
  planCancelSource,
  planExecuteCall,
  planLowerLimit,
  planRamp,
  planScheduleCall,
  planScheduleRaise,
  planScheduleSource,
  type ManagedCall,
  type SourceRole,
} from "./governance.ts";
export {
  operatorToSign,
  permitToSign,
  permitTransaction,
  planLendWithPermit,
  planOperatorBySignature,
  readPermit,
  type OperatorApproval,
  type Permit,
  type ToSign,
} from "./permits.ts";
export {
  outcomeOf,
  receiptOf,
  sentTransaction,
  type Outcome,
  type OutcomeSource,
  type SentTransaction,
  type WaitOptions,
} from "./outcome.ts";

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
export { encodeSwap, type SwapInstruction } from "./leverage.ts";
export { explained, send, sendPlanned, simulate } from "./send.ts";
export { happened, type Happened, type MinedTransaction } from "./receipt-events.ts";
export { contractError, revertDataOf } from "./contract-error.ts";
export { fromUnits, parseAmount, toUnits } from "./units.ts";
export { poolAddress, readPool, readSqrtPriceX96, type PoolState } from "./uniswap-v3-pool.ts";
export {
  AddressBookError,
  AmbiguousMarketError,
  ContractRevertedError,
  InvalidAmountError,
  isRefusal,
  MarketNotFoundError,
  NodeAnswerError,
  PanicError,
  PoolError,
  QuoteError,
  ReadingError,
  RevertReasonError,
  TransactionPendingError,
  TransactionReplacedError,
  TransactionRevertedError,
  UnknownRevertError,
  WrongChainError,
} from "./errors.ts";
