// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AdaptiveCurve} from "../libraries/AdaptiveCurve.sol";
import {Exponential} from "../libraries/Exponential.sol";
import {InterestMath} from "../libraries/InterestMath.sol";
import {LeverageMath} from "../libraries/LeverageMath.sol";
import {LiquidationMath} from "../libraries/LiquidationMath.sol";
import {LiquidationAmounts, LiquidationTerms} from "../types/LiquidationTypes.sol";
import {Config, Limits} from "../types/MarketTypes.sol";
import {MarketPresets} from "./MarketPresets.sol";

/// @notice Exposes the mathematics of the market, and the parameters of tests, to tests that
/// compare other implementations with them.
contract MathHarness {
    function exp(int256 x) external pure returns (uint256) {
        return Exponential.exp(x);
    }

    function ln(uint256 x) external pure returns (int256) {
        return Exponential.ln(x);
    }

    function utilizationError(uint256 debt, uint256 cash) external pure returns (int256) {
        return AdaptiveCurve.utilizationError(debt, cash);
    }

    function borrowRate(uint256 rateAtTarget, int256 err) external pure returns (uint256) {
        return AdaptiveCurve.borrowRate(rateAtTarget, err);
    }

    function adapt(
        uint256 rateAtTarget,
        int256 err,
        uint256 elapsed
    ) external pure returns (uint256 endRate, uint256 integral) {
        return AdaptiveCurve.adapt(rateAtTarget, err, elapsed);
    }

    function relax(uint256 rateAtTarget, uint256 elapsed) external pure returns (uint256) {
        return AdaptiveCurve.relax(rateAtTarget, elapsed);
    }

    function countedCash(uint256 cash, uint256 minDebt) external pure returns (uint256) {
        return InterestMath.countedCash(cash, minDebt);
    }

    function accrue(
        uint256 index,
        uint256 rateAtTarget,
        uint256 debtShares,
        uint256 cash,
        uint256 from,
        uint256 to
    ) external pure returns (uint256 newIndex, uint256 newRateAtTarget) {
        return InterestMath.accrue(index, rateAtTarget, debtShares, cash, from, to);
    }

    function isWithin(uint256 debt, uint256 collateralValue, uint256 leverage) external pure returns (bool) {
        return LeverageMath.isWithin(debt, collateralValue, leverage);
    }

    function valueDown(uint256 collateral, uint256 price) external pure returns (uint256) {
        return LeverageMath.valueDown(collateral, price);
    }

    function valueUp(uint256 collateral, uint256 price) external pure returns (uint256) {
        return LeverageMath.valueUp(collateral, price);
    }

    function collateralDown(uint256 value, uint256 price) external pure returns (uint256) {
        return LeverageMath.collateralDown(value, price);
    }

    function debtDown(uint256 shares, uint256 index) external pure returns (uint256) {
        return LeverageMath.debtDown(shares, index);
    }

    function debtUp(uint256 shares, uint256 index) external pure returns (uint256) {
        return LeverageMath.debtUp(shares, index);
    }

    function sharesDown(uint256 debt, uint256 index) external pure returns (uint256) {
        return LeverageMath.sharesDown(debt, index);
    }

    function sharesUp(uint256 debt, uint256 index) external pure returns (uint256) {
        return LeverageMath.sharesUp(debt, index);
    }

    function bonus(
        uint256 debt,
        uint256 value,
        uint256 liquidationLeverage,
        uint256 bonusMin,
        uint256 bonusMax,
        uint256 slope
    ) external pure returns (uint256) {
        return LiquidationMath.bonus(debt, value, liquidationLeverage, bonusMin, bonusMax, slope);
    }

    function repaymentToTarget(
        uint256 debt,
        uint256 value,
        uint256 target,
        uint256 bonusRate
    ) external pure returns (uint256) {
        return LiquidationMath.repaymentToTarget(debt, value, target, bonusRate);
    }

    function withoutDust(
        uint256 wanted,
        uint256 affordable,
        uint256 debt,
        uint256 minDebt
    ) external pure returns (uint256) {
        return LiquidationMath.withoutDust(wanted, affordable, debt, minDebt);
    }

    function amounts(
        LiquidationTerms calldata terms,
        uint256 debtShares,
        uint256 collateral,
        uint256 budget
    ) external pure returns (LiquidationAmounts memory) {
        return LiquidationMath.amounts(terms, debtShares, collateral, budget);
    }

    function fiveTimesOnEther() external pure returns (Limits memory limits, Config memory config) {
        return MarketPresets.fiveTimesOnEther(1e6, 1e18);
    }
}
