// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice What is the same for every position of a batch. Leverage in four decimals, rates in WAD and at most one.
/// @param index Borrow index, WAD.
/// @param price Scaled as in `IPriceOracle`.
/// @param liquidationLeverage A position above it is liquidated.
/// @param targetLeverage Where a solvent position is brought.
/// @param bonusMin Least bonus.
/// @param bonusMax Greatest bonus.
/// @param bonusSlope Growth of the bonus per unit of `1 - health factor`.
/// @param fee Share of the bonus that goes to the buffer, on top of the payment; for an insolvent position it counts as
/// repayment first. The same for both, or a part that makes an insolvent one solvent would gain.
/// @param minDebt Least debt that may be left, loan token units.
struct LiquidationTerms {
    uint256 index;
    uint256 price;
    uint256 liquidationLeverage;
    uint256 targetLeverage;
    uint256 bonusMin;
    uint256 bonusMax;
    uint256 bonusSlope;
    uint256 fee;
    uint256 minDebt;
}

/// @notice What one liquidation, or a batch of them, moves.
/// @param shares Debt shares burned.
/// @param seized Collateral token units taken, rounded down.
/// @param payment Loan token units to pay, the fee included, rounded up.
/// @param fee The part of it that is the buffer's.
struct LiquidationAmounts {
    uint256 shares;
    uint256 seized;
    uint256 payment;
    uint256 fee;
}

/// @notice A Uniswap v3 pool to sell seized collateral in.
/// @param fee Its fee tier, hundredths of a basis point.
/// @param sqrtPriceLimitX96 The worst price, as the pool counts it: the sale goes on in the next pool from there.
struct Sale {
    uint24 fee;
    uint160 sqrtPriceLimitX96;
}
