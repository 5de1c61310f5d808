// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Config, ILeverageMarket, Limits} from "../interfaces/ILeverageMarket.sol";
import {IMarketLens, MarketState, PositionState} from "../interfaces/IMarketLens.sol";
import {LensMath} from "../libraries/LensMath.sol";
import {LeverageMath} from "../libraries/LeverageMath.sol";
import {SolvencyBuffer} from "../libraries/SolvencyBuffer.sol";

/// @title MarketLens
/// @notice See `IMarketLens`.
contract MarketLens is IMarketLens {
    uint256 private constant WAD = 1e18;
    uint256 private constant YEAR = 365 days;

    /// @dev What all positions of a market are measured with.
    struct Yardstick {
        /// @dev Zero if unknown.
        uint256 openPrice;
        /// @dev Zero if unknown.
        uint256 liquidationPrice;
        uint256 liquidationLeverage;
        uint256 borrowRatePerYear;
    }

    /// @inheritdoc IMarketLens
    function marketState(ILeverageMarket market) external view returns (MarketState memory state) {
        IERC4626 vault = IERC4626(address(market));
        state.loanToken = IERC20(vault.asset());
        state.collateralToken = market.collateralToken();
        state.oracle = market.oracle();
        (state.openPrice, state.liquidationPrice) = LensMath.readPrices(state.oracle);
        state.openKnown = state.openPrice != 0;
        state.liquidationKnown = state.liquidationPrice != 0;
        Limits memory limits = market.limits();
        state.maxLeverage = limits.maxLeverage;
        state.liquidationLeverage = limits.liquidationLeverage;
        state.systemLeverageCap = limits.systemLeverageCap;
        state.debtCap = limits.debtCap;
        state.collateralCap = limits.collateralCap;
        state.debtAllowance = market.debtAllowance();
        (state.cash, , state.collateral) = market.totals();
        state.debt = market.totalDebt();
        state.totalAssets = vault.totalAssets();
        state.totalShares = vault.totalSupply();
        state.sharePrice = _sharePrice(vault, state.loanToken);
        // What the other lenders don't own: fees that are due but not yet shares are the buffer's.
        state.bufferAssets =
            state.totalAssets - vault.convertToAssets(state.totalShares - vault.balanceOf(address(market)));
        state.bufferRatio = LensMath.ratio(state.bufferAssets, WAD, state.debt, Math.Rounding.Floor);
        _fillRates(state, market);
        if (state.openKnown) _fillRisk(state);
    }

    /// @inheritdoc IMarketLens
    function positionStates(
        ILeverageMarket market,
        address[] calldata accounts
    ) external view returns (bool openKnown, bool liquidationKnown, PositionState[] memory positions) {
        Yardstick memory yardstick;
        (yardstick.openPrice, yardstick.liquidationPrice) = LensMath.readPrices(market.oracle());
        yardstick.liquidationLeverage = market.limits().liquidationLeverage;
        (, uint256 borrowRate, , ) = market.interest();
        yardstick.borrowRatePerYear = borrowRate * YEAR;

        positions = new PositionState[](accounts.length);
        for (uint256 i = 0; i < accounts.length; ++i) {
            positions[i] = _positionState(market, accounts[i], yardstick);
        }
        return (yardstick.openPrice != 0, yardstick.liquidationPrice != 0, positions);
    }

    function _fillRates(MarketState memory state, ILeverageMarket market) private view {
        (, state.borrowRatePerSecond, , ) = market.interest();
        Config memory config = market.config();
        uint256 held = IERC4626(address(market)).balanceOf(address(market));
        bool bufferFull = SolvencyBuffer.isFull(held, state.totalShares, config.bufferTarget);
        uint256 lendersShare = bufferFull ? WAD : WAD - config.interestFee;

        if (state.debt != 0) {
            state.utilization = Math.mulDiv(state.debt, WAD, state.debt + state.cash);
        }
        state.supplyRatePerSecond = (state.borrowRatePerSecond * state.utilization * lendersShare) / (WAD * WAD);
        state.borrowRatePerYear = state.borrowRatePerSecond * YEAR;
        state.supplyRatePerYear = (state.borrowRatePerYear * state.utilization * lendersShare) / (WAD * WAD);
    }

    function _fillRisk(MarketState memory state) private pure {
        state.collateralValue = LeverageMath.valueDown(state.collateral, state.openPrice);
        state.systemLeverage = LensMath.leverage(state.debt, state.collateralValue);
        state.marginUtilization = LensMath.ratio(
            state.debt * state.maxLeverage,
            WAD,
            state.collateralValue * (state.maxLeverage - LeverageMath.ONE),
            Math.Rounding.Ceil
        );
    }

    function _positionState(
        ILeverageMarket market,
        address account,
        Yardstick memory yardstick
    ) private view returns (PositionState memory state) {
        state.account = account;
        (state.debtShares, state.collateral) = market.position(account);
        state.debt = market.debtOf(account);
        if (yardstick.openPrice != 0) _fillLeverage(state, yardstick);
        _fillHealth(state, yardstick);
    }

    function _fillLeverage(PositionState memory state, Yardstick memory yardstick) private pure {
        uint256 value = LeverageMath.valueDown(state.collateral, yardstick.openPrice);
        state.collateralValue = value;
        state.equity = int256(value) - int256(state.debt);
        state.leverage = LensMath.leverage(state.debt, value);
        state.ltv = LensMath.ratio(state.debt, WAD, value, Math.Rounding.Ceil);
        uint256 equityOrZero = Math.saturatingSub(value, state.debt);
        state.costOfCarry = LensMath.ratio(state.debt, yardstick.borrowRatePerYear, equityOrZero, Math.Rounding.Floor);
    }

    /// @dev At the limit, `debt * leverage = value * (leverage - 1)`.
    function _fillHealth(PositionState memory state, Yardstick memory yardstick) private pure {
        uint256 debtSide = state.debt * yardstick.liquidationLeverage;
        uint256 carried = yardstick.liquidationLeverage - LeverageMath.ONE;
        uint256 price = yardstick.liquidationPrice;
        state.liquidationPrice = LensMath.ratio(
            debtSide,
            LeverageMath.PRICE_SCALE,
            state.collateral * carried,
            Math.Rounding.Ceil
        );
        if (price == 0) return;

        uint256 valueSide = LeverageMath.valueDown(state.collateral, price) * carried;
        state.liquidatable = debtSide > valueSide;
        state.healthFactor =
            debtSide == 0 ? type(uint256).max : LensMath.ratio(valueSide, WAD, debtSide, Math.Rounding.Floor);
        state.distanceToLiquidation = Math.mulDiv(Math.saturatingSub(price, state.liquidationPrice), WAD, price);
    }

    /// @dev Whole loan tokens per whole share, WAD.
    function _sharePrice(IERC4626 vault, IERC20 loanToken) private view returns (uint256) {
        uint256 loanUnit = 10 ** IERC20Metadata(address(loanToken)).decimals();
        return vault.convertToAssets(10 ** vault.decimals() * WAD) / loanUnit;
    }
}
