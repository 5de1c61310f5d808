// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice Terms of a liquidation, the same for all positions of a batch. Leverage has four
/// decimals; rates are WAD, at most one.
/// @param index Borrow index, WAD.
/// @param price Scaled as in `IPriceOracle`.
/// @param liquidationLeverage Positions above it are liquidated.
/// @param targetLeverage Leverage that a solvent position is brought to.
/// @param bonusMin Least bonus.
/// @param bonusMax Greatest bonus.
/// @param bonusSlope Growth of the bonus per unit of `1 - health factor`.
/// @param fee Share of the bonus that the liquidator pays to the buffer, on top of the payment; for
/// an insolvent position it counts as repayment first. It is the same for both: otherwise a partial
/// liquidation that makes an insolvent position solvent would earn more.
/// @param minDebt Least debt that may remain, loan token units.
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

/// @notice Amounts of one liquidation, or of a batch.
/// @param shares Debt shares burned.
/// @param seized Collateral token units seized, rounded down.
/// @param payment Loan token units to pay, the fee included, rounded up.
/// @param fee Part of the payment that goes to the buffer.
struct LiquidationAmounts {
    uint256 shares;
    uint256 seized;
    uint256 payment;
    uint256 fee;
}

/// @notice A Uniswap v3 pool to sell seized collateral in.
/// @param fee Fee tier of the pool, hundredths of a basis point.
/// @param sqrtPriceLimitX96 Worst price, as the pool's sqrtPriceX96. The sale stops there and
/// continues in the next pool.
struct Sale {
    uint24 fee;
    uint160 sqrtPriceLimitX96;
}
