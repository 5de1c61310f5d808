// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @notice A market as of now, pending interest included. Amounts in units of the loan token if nothing else is said.
/// @param openKnown Whether the oracle gives an open price that the market accepts. If not, every member that says
/// "(open)" is zero.
/// @param liquidationKnown The same for the liquidation price, and "(liquidation)".
/// @param openPrice What new risk is measured with, scaled as in `IPriceOracle` (open).
/// @param liquidationPrice What liquidations are measured with, the higher of the oracle's two (liquidation).
/// @param cash What lenders can withdraw.
/// @param debt Of all positions, rounded up.
/// @param collateral Of all positions, collateral token units.
/// @param collateralValue At the open price, rounded down (open).
/// @param totalAssets What the lenders and the buffer own.
/// @param totalShares Share units.
/// @param sharePrice Whole loan tokens per whole share, WAD, rounded down; 1e18 in a new market.
/// @param utilization Lent part of the assets, WAD, rounded down.
/// @param borrowRatePerSecond WAD.
/// @param borrowRatePerYear That times 365 days, WAD: without compounding.
/// @param supplyRatePerSecond What a lender earns, after the fee to the buffer if it takes one now; WAD, rounded down.
/// @param supplyRatePerYear That times 365 days, WAD: without compounding.
/// @param systemLeverage Of all positions together at the open price, as `PositionView.leverage` (open).
/// @param systemLeverageCap Four decimals.
/// @param marginUtilization Debt over the most debt that all collateral could carry at `maxLeverage`, WAD, rounded up;
/// `type(uint256).max` for debt that nothing carries (open).
/// @param bufferAssets What the solvency buffer owns, fees that are due but not yet shares included; rounded up.
/// @param bufferRatio That over the debt, WAD, rounded down; `type(uint256).max` without debt, and zero if both are zero.
/// @param maxLeverage Opening limit, four decimals.
/// @param liquidationLeverage Liquidation limit in force, four decimals.
/// @param debtCap Most debt.
/// @param collateralCap Most collateral, collateral token units.
/// @param supplyCap Most total assets after a deposit.
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

/// @notice A position as of now, pending interest included. Amounts in units of the loan token if nothing else is said.
/// @param debtShares Debt divided by the borrow index.
/// @param collateral Collateral token units.
/// @param debt Rounded up.
/// @param liquidationPrice The liquidation price below which the position can be liquidated, scaled as in `IPriceOracle`,
/// rounded up; zero without debt, `type(uint256).max` without collateral.
/// @param collateralValue At the open price, rounded down (open).
/// @param equity Collateral value less debt (open).
/// @param leverage Collateral value over equity, four decimals, rounded up: 10_000 without debt, `type(uint256).max` without
/// equity (open).
/// @param ltv Debt over collateral value, WAD, rounded up: `type(uint256).max` for debt without collateral value (open).
/// @param costOfCarry Interest per year per unit of equity, WAD, rounded down: `(leverage - 1) * borrow rate`, without
/// compounding; `type(uint256).max` without equity (open).
/// @param healthFactor Collateral value at the liquidation price, times `1 - 1/liquidationLeverage`, over debt; WAD,
/// rounded down: `type(uint256).max` without debt. Liquidatable below 1e18 (liquidation).
/// @param distanceToLiquidation Part of the liquidation price that must go until the position can be liquidated, WAD,
/// rounded down: 1e18 without debt, zero if it can be already (liquidation).
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

/// @notice What the lens measures all positions of a market with.
/// @param openPrice Zero if unknown.
/// @param liquidationPrice Zero if unknown.
/// @param liquidationLeverage Liquidation limit in force, four decimals.
/// @param borrowRatePerYear WAD, without compounding.
struct Yardstick {
    uint256 openPrice;
    uint256 liquidationPrice;
    uint256 liquidationLeverage;
    uint256 borrowRatePerYear;
}
