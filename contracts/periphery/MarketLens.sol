// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILeverageMarket} from "../interfaces/ILeverageMarket.sol";
import {IMarketLens} from "../interfaces/IMarketLens.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {LeverageMath} from "../libraries/LeverageMath.sol";
import {OraclePrices} from "../libraries/OraclePrices.sol";
import {SolvencyBuffer} from "../libraries/SolvencyBuffer.sol";
import {MarketView, PositionView, Yardstick} from "../types/LensTypes.sol";
import {Config, Limits} from "../types/MarketTypes.sol";
import {LensMath} from "./libraries/LensMath.sol";

/// @title MarketLens
/// @notice See `IMarketLens`.
contract MarketLens is IMarketLens {
    uint256 private constant WAD = 1e18;
    uint256 private constant YEAR = 365 days;

    /// @dev Gas that an oracle gets. The most expensive combination of the oracles here, a guard of
    /// two sources in a `VaultShareOracle` in a `SequencerGate`, needs 15.6 million. The gas limit
    /// of a transaction (2^24, EIP-7825) covers it.
    uint256 private constant ORACLE_GAS = 15_800_000;

    /// @inheritdoc IMarketLens
    function marketView(ILeverageMarket market) external view returns (MarketView memory shown) {
        shown.loanToken = IERC20(market.asset());
        shown.collateralToken = market.collateralToken();
        IPriceOracle oracle = market.oracle();
        shown.oracle = address(oracle);
        (shown.openPrice, shown.liquidationPrice) = OraclePrices.tryRead(oracle, ORACLE_GAS);
        shown.openKnown = shown.openPrice != 0;
        shown.liquidationKnown = shown.liquidationPrice != 0;
        Limits memory limits = market.limits();
        shown.maxLeverage = limits.maxLeverage;
        shown.liquidationLeverage = limits.liquidationLeverage;
        shown.systemLeverageCap = limits.systemLeverageCap;
        shown.debtCap = limits.debtCap;
        shown.collateralCap = limits.collateralCap;
        shown.supplyCap = limits.supplyCap;
        shown.debtAllowance = market.debtAllowance();
        (shown.cash, , shown.collateral) = market.totals();
        shown.debt = market.totalDebt();
        shown.totalAssets = market.totalAssets();
        shown.totalShares = market.totalSupply();
        shown.sharePrice = _sharePrice(market, shown.loanToken);
        // The assets that the other lenders don't own: fees that are due but not yet shares belong
        // to the buffer.
        shown.bufferAssets =
            shown.totalAssets - market.convertToAssets(shown.totalShares - market.balanceOf(address(market)));
        shown.bufferRatio = LensMath.ratio(shown.bufferAssets, WAD, shown.debt, Math.Rounding.Floor);
        _fillRates(shown, market);
        if (shown.openKnown) _fillRisk(shown);
    }

    /// @inheritdoc IMarketLens
    function positionViews(
        ILeverageMarket market,
        address[] calldata accounts
    ) external view returns (bool openKnown, bool liquidationKnown, PositionView[] memory positions) {
        Yardstick memory yardstick;
        (yardstick.openPrice, yardstick.liquidationPrice) = OraclePrices.tryRead(market.oracle(), ORACLE_GAS);
        yardstick.liquidationLeverage = market.limits().liquidationLeverage;
        (, uint256 borrowRate, , ) = market.interest();
        yardstick.borrowRatePerYear = borrowRate * YEAR;

        positions = new PositionView[](accounts.length);
        for (uint256 i = 0; i < accounts.length; ++i) {
            positions[i] = _positionView(market, accounts[i], yardstick);
        }
        return (yardstick.openPrice != 0, yardstick.liquidationPrice != 0, positions);
    }

    function _fillRates(MarketView memory shown, ILeverageMarket market) private view {
        (, shown.borrowRatePerSecond, , ) = market.interest();
        Config memory config = market.config();
        uint256 held = market.balanceOf(address(market));
        bool bufferFull = SolvencyBuffer.isFull(held, shown.totalShares, config.bufferTarget);
        uint256 lendersShare = bufferFull ? WAD : WAD - config.interestFee;

        if (shown.debt != 0) {
            shown.utilization = Math.mulDiv(shown.debt, WAD, shown.debt + shown.cash);
        }
        shown.supplyRatePerSecond = (shown.borrowRatePerSecond * shown.utilization * lendersShare) / (WAD * WAD);
        shown.borrowRatePerYear = shown.borrowRatePerSecond * YEAR;
        shown.supplyRatePerYear = (shown.borrowRatePerYear * shown.utilization * lendersShare) / (WAD * WAD);
    }

    function _fillRisk(MarketView memory shown) private pure {
        shown.collateralValue = LeverageMath.valueDown(shown.collateral, shown.openPrice);
        shown.systemLeverage = LensMath.leverage(shown.debt, shown.collateralValue);
        shown.marginUtilization = LensMath.ratio(
            shown.debt * shown.maxLeverage,
            WAD,
            shown.collateralValue * (shown.maxLeverage - LeverageMath.ONE),
            Math.Rounding.Ceil
        );
    }

    function _positionView(
        ILeverageMarket market,
        address account,
        Yardstick memory yardstick
    ) private view returns (PositionView memory shown) {
        shown.account = account;
        (shown.debtShares, shown.collateral, ) = market.position(account);
        shown.debt = market.debtOf(account);
        if (yardstick.openPrice != 0) _fillLeverage(shown, yardstick);
        _fillHealth(shown, yardstick);
    }

    function _fillLeverage(PositionView memory shown, Yardstick memory yardstick) private pure {
        uint256 value = LeverageMath.valueDown(shown.collateral, yardstick.openPrice);
        shown.collateralValue = value;
        shown.equity = int256(value) - int256(shown.debt);
        shown.leverage = LensMath.leverage(shown.debt, value);
        shown.ltv = LensMath.ratio(shown.debt, WAD, value, Math.Rounding.Ceil);
        uint256 equityOrZero = Math.saturatingSub(value, shown.debt);
        shown.costOfCarry = LensMath.ratio(shown.debt, yardstick.borrowRatePerYear, equityOrZero, Math.Rounding.Floor);
    }

    /// @dev At the limit, `debt * leverage = value * (leverage - 1)`.
    function _fillHealth(PositionView memory shown, Yardstick memory yardstick) private pure {
        uint256 debtSide = shown.debt * yardstick.liquidationLeverage;
        uint256 carried = yardstick.liquidationLeverage - LeverageMath.ONE;
        uint256 price = yardstick.liquidationPrice;
        shown.liquidationPrice = LensMath.ratio(
            debtSide,
            LeverageMath.PRICE_SCALE,
            shown.collateral * carried,
            Math.Rounding.Ceil
        );
        if (price == 0) return;

        uint256 valueSide = LeverageMath.valueDown(shown.collateral, price) * carried;
        shown.liquidatable = debtSide > valueSide;
        shown.healthFactor =
            debtSide == 0 ? type(uint256).max : LensMath.ratio(valueSide, WAD, debtSide, Math.Rounding.Floor);
        shown.distanceToLiquidation = Math.mulDiv(Math.saturatingSub(price, shown.liquidationPrice), WAD, price);
    }

    /// @dev Whole loan tokens per whole share, WAD.
    function _sharePrice(ILeverageMarket market, IERC20 loanToken) private view returns (uint256) {
        uint256 loanUnit = 10 ** IERC20Metadata(address(loanToken)).decimals();
        return market.convertToAssets(10 ** market.decimals() * WAD) / loanUnit;
    }
}
