// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @notice A market now, with interest up to now. Amounts are loan token units unless stated
/// otherwise.
/// @param openKnown Whether the oracle has an open price that the market accepts. If not, every
/// member marked "(open)" is zero.
/// @param liquidationKnown The same for the liquidation price and "(liquidation)".
/// @param openPrice Price at which new risk is measured, scaled as in `IPriceOracle` (open).
/// @param liquidationPrice Price at which liquidations are measured: the higher of the oracle's two
/// (liquidation).
/// @param cash Loan token units that lenders can withdraw and borrowers can borrow.
/// @param debt Debt of all positions, rounded up.
/// @param collateral Collateral of all positions, collateral token units.
/// @param collateralValue At the open price, rounded down (open).
/// @param totalAssets Assets of the lenders and the buffer.
/// @param totalShares Share units.
/// @param sharePrice Whole loan tokens per whole share, WAD, rounded down; 1e18 in a new market.
/// @param utilization Borrowed part of the assets, WAD, rounded down.
/// @param borrowRatePerSecond Borrow rate, WAD.
/// @param borrowRatePerYear `borrowRatePerSecond` times 365 days, WAD, without compounding.
/// @param supplyRatePerSecond Rate that a lender earns, after the fee to the buffer if one is due
/// now; WAD, rounded down.
/// @param supplyRatePerYear `supplyRatePerSecond` times 365 days, WAD, without compounding.
/// @param systemLeverage Leverage of all positions together at the open price, as
/// `PositionView.leverage` (open).
/// @param systemLeverageCap Four decimals.
/// @param marginUtilization Debt divided by the largest debt that all collateral allows at
/// `maxLeverage`, WAD, rounded up; `type(uint256).max` for debt without collateral value (open).
/// @param bufferAssets Assets of the solvency buffer, including fees not yet converted to shares;
/// rounded up.
/// @param bufferRatio `bufferAssets` divided by debt, WAD, rounded down; `type(uint256).max`
/// without debt, zero if both are zero.
/// @param maxLeverage Opening limit, four decimals.
/// @param liquidationLeverage Liquidation limit in force, four decimals.
/// @param debtCap Debt cap.
/// @param collateralCap Collateral cap, collateral token units.
/// @param supplyCap Largest total assets after a deposit.
/// @param debtAllowance New debt that the speed limit allows now.
struct MarketView {
    IERC20 loanToken;
    IERC20 collateralToken;
    address oracle;
    bool openKnown;
    bool liquidationKnown;
    uint256 openPrice;
    uint256 liquidationPrice;
    uint256 cash;
    uint256 debt;
    uint256 collateral;
    uint256 collateralValue;
    uint256 totalAssets;
    uint256 totalShares;
    uint256 sharePrice;
    uint256 utilization;
    uint256 borrowRatePerSecond;
    uint256 borrowRatePerYear;
    uint256 supplyRatePerSecond;
    uint256 supplyRatePerYear;
    uint256 systemLeverage;
    uint256 systemLeverageCap;
    uint256 marginUtilization;
    uint256 bufferAssets;
    uint256 bufferRatio;
    uint256 maxLeverage;
    uint256 liquidationLeverage;
    uint256 debtCap;
    uint256 collateralCap;
    uint256 supplyCap;
    uint256 debtAllowance;
}

/// @notice A position now, with interest up to now. Amounts are loan token units unless stated
/// otherwise.
/// @param account Owner of the position.
/// @param debtShares Debt divided by the borrow index.
/// @param collateral Collateral token units.
/// @param debt Debt, rounded up.
/// @param liquidationPrice Liquidation price below which the position can be liquidated, scaled as
/// in `IPriceOracle`, rounded up; zero without debt, `type(uint256).max` without collateral.
/// @param collateralValue Value of the collateral at the open price, rounded down (open).
/// @param equity Collateral value minus debt (open).
/// @param leverage Collateral value divided by equity, four decimals, rounded up: 10_000 without
/// debt, `type(uint256).max` without equity (open).
/// @param ltv Debt divided by collateral value, WAD, rounded up: `type(uint256).max` for debt
/// without collateral value (open).
/// @param costOfCarry Interest per year per unit of equity, WAD, rounded down:
/// `(leverage - 1) * borrow rate`, without compounding; `type(uint256).max` without equity (open).
/// @param healthFactor Collateral value at the liquidation price times `1 - 1/liquidationLeverage`,
/// divided by debt; WAD, rounded down: `type(uint256).max` without debt. Liquidatable below 1e18
/// (liquidation).
/// @param distanceToLiquidation Fall of the liquidation price, as a share of it, after which the
/// position can be liquidated; WAD, rounded down: 1e18 without debt, zero if it can be liquidated
/// now (liquidation).
/// @param liquidatable Whether the market would liquidate it now (liquidation).
struct PositionView {
    address account;
    uint256 debtShares;
    uint256 collateral;
    uint256 debt;
    uint256 liquidationPrice;
    uint256 collateralValue;
    int256 equity;
    uint256 leverage;
    uint256 ltv;
    uint256 costOfCarry;
    uint256 healthFactor;
    uint256 distanceToLiquidation;
    bool liquidatable;
}

/// @notice Values of a market with which the lens measures all its positions.
/// @param openPrice Zero if unknown.
/// @param liquidationPrice Zero if unknown.
/// @param liquidationLeverage Liquidation limit in force, four decimals.
/// @param borrowRatePerYear Borrow rate per year, WAD, without compounding.
struct Yardstick {
    uint256 openPrice;
    uint256 liquidationPrice;
    uint256 liquidationLeverage;
    uint256 borrowRatePerYear;
}
