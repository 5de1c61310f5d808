// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

// The books of a market as its storage holds them, each struct in one slot.

/// @notice What interest and the leverage limits need, read together in every action on debt.
/// @param borrowIndex Debt units per debt share, WAD.
/// @param rateAtTarget Rate at the target utilization per second, WAD.
/// @param lastAccrual When interest was last charged, Unix seconds, the lower 32 bits: differences are good until 2106, and
/// beyond.
/// @param supplyCap Most total assets of the lenders after a deposit, loan token units, as a `DecimalFloat`.
/// @param maxLeverage Opening limit, four decimals.
/// @param liquidationLeverage Liquidation limit, four decimals. Zero while the ramp's slot tells, that of one that has ended
/// included: so only a ramp costs a second read.
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

/// @notice The loan token's side of the market.
/// @param cash Loan token units that the market holds for its lenders.
/// @param debtShares Sum of the positions' debt shares.
struct Totals {
    uint128 cash;
    uint128 debtShares;
}

/// @notice The collateral token's side of the market.
/// @param total Sum of the positions' collateral, collateral token units.
/// @param cap Most of it, collateral token units.
struct CollateralTotals {
    uint128 total;
    uint128 cap;
}

/// @notice The debt cap of a market and its speed limit, a bucket that new debt empties and time refills.
/// @param cap Most debt, loan token units.
/// @param allowance What was left in the bucket at `lastRefill`, loan token units times the seconds of a day: a second's refill
/// is a whole number of those.
/// @param lastRefill Unix seconds, the lower 32 bits: differences are good until 2106, and beyond.
struct DebtCeiling {
    uint104 cap;
    uint120 allowance;
    uint32 lastRefill;
}

/// @notice The market's balance of its own shares, and fees that are still to be turned into shares. In one slot, so that a
/// liquidation touches no other for them.
/// @param shares Share units.
/// @param pendingFees Of liquidations, loan token units.
/// @param feeFraction What is due of the interest fee, but less than a unit: in 2^-16 loan token units.
struct Buffer {
    uint128 shares;
    uint112 pendingFees;
    uint16 feeFraction;
}

/// @notice Of all lenders, the buffer included.
/// @param totalShares Share units.
/// @param lastTotalAssets Total assets when the interest fee was last taken; the fee is due on the growth since then.
struct LenderSide {
    uint128 totalShares;
    uint128 lastTotalAssets;
}

/// @notice The raise of a limit, waiting for its time.
/// @param value The limit to be, in the units of `MarketParams`.
/// @param validFrom Unix seconds.
/// @param epoch The only epoch of the market in which it can be applied; each tightening begins a new one.
struct ScheduledRaise {
    uint128 value;
    uint40 validFrom;
    uint32 epoch;
}
