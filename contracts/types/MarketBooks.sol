// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

// The storage of a market. Each struct takes one slot.

/// @notice State of interest and leverage limits, which every action on debt reads together.
/// @param borrowIndex Debt per debt share, WAD.
/// @param rateAtTarget Borrow rate at the target utilization, per second, WAD.
/// @param lastAccrual Time of the last accrual, Unix seconds, the lower 32 bits: differences stay
/// right after 2106.
/// @param supplyCap Most total assets of the lenders after a deposit, loan token units, as a
/// `DecimalFloat`.
/// @param maxLeverage Opening limit, four decimals.
/// @param liquidationLeverage Liquidation limit, four decimals. Zero while a ramp, running or
/// finished, defines the limit; then `_ramp` holds it. So only a ramp costs a second storage read.
/// @param systemLeverageCap Limit for the whole market's leverage, four decimals.
struct IndexAndLimits {
    uint96 borrowIndex;
    uint40 rateAtTarget;
    uint32 lastAccrual;
    uint16 supplyCap;
    uint24 maxLeverage;
    uint24 liquidationLeverage;
    uint24 systemLeverageCap;
}

/// @notice Totals in the loan token.
/// @param cash Loan token units that the market holds for its lenders.
/// @param debtShares Sum of the positions' debt shares.
struct Totals {
    uint128 cash;
    uint128 debtShares;
}

/// @notice Totals in the collateral token.
/// @param total Sum of the positions' collateral, collateral token units.
/// @param cap Collateral cap, collateral token units.
struct CollateralTotals {
    uint128 total;
    uint128 cap;
}

/// @notice The debt cap of a market, and its speed limit: an allowance that new debt uses up and
/// time refills.
/// @param cap Most debt, loan token units.
/// @param allowance Allowance left at `lastRefill`, loan token units times the seconds of a day, so
/// that the refill of a second is a whole number.
/// @param lastRefill Unix seconds, the lower 32 bits: differences stay right after 2106.
struct DebtCeiling {
    uint104 cap;
    uint120 allowance;
    uint32 lastRefill;
}

/// @notice The solvency buffer: the market's balance of its own shares, and fees not yet converted
/// to shares. In one slot, so that a liquidation writes no other one for its fees.
/// @param shares Share units.
/// @param pendingFees Liquidation fees not yet converted, loan token units.
/// @param feeFraction Part of the interest fee that is due but below one unit, in 2^-16 loan token
/// units.
struct Buffer {
    uint128 shares;
    uint112 pendingFees;
    uint16 feeFraction;
}

/// @notice Totals of all lenders, including the buffer.
/// @param totalShares Share units.
/// @param lastTotalAssets Total assets when the interest fee was last taken, loan token units; the
/// fee is due on the growth since then.
struct LenderSide {
    uint128 totalShares;
    uint128 lastTotalAssets;
}

/// @notice A scheduled raise of a limit.
/// @param value The new value, in the units of `Limits`.
/// @param validFrom First block time at which it may be applied, Unix seconds.
/// @param epoch The only epoch of the market in which it can be applied. Each tightening starts a
/// new epoch.
struct ScheduledRaise {
    uint128 value;
    uint40 validFrom;
    uint32 epoch;
}
