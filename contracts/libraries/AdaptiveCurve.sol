// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";

import {Exponential} from "./Exponential.sol";

/// @title AdaptiveCurve
/// @notice The borrow rate as a function of utilization, and the adaptation of the whole curve to a
/// lasting utilization.
/// @dev The curve and its parameters are those of Morpho's AdaptiveCurveIRM documentation. Rates
/// are per second, WAD. Nothing overflows: debt and cash are below 2^150, rates below 2^48, the
/// error is at most one WAD, times are below 2^40.
library AdaptiveCurve {
    int256 private constant WAD = 1e18;
    int256 private constant TARGET_UTILIZATION = 0.9e18;
    /// @dev The rate at full utilization is four times the rate at target; the rate at zero
    /// utilization is a quarter of it.
    int256 private constant STEEPNESS = 4;
    int256 private constant ADAPTATION_SPEED = 50e18 / int256(365 days);
    int256 private constant MIN_RATE_AT_TARGET = 0.001e18 / int256(365 days);
    int256 private constant MAX_RATE_AT_TARGET = 2e18 / int256(365 days);
    /// @dev A change by the largest rate takes 30 days.
    uint256 private constant RELAXATION_SPEED = uint256(MAX_RATE_AT_TARGET) / 30 days;
    /// @dev Above ln(2 / 0.001) = 7.6009: a larger change ends at a bound, wherever it starts.
    uint256 private constant MAX_ADAPTATION = 7.7e18;

    /// @notice Initial rate at target of a market: 4% a year.
    uint256 internal constant INITIAL_RATE_AT_TARGET = 0.04e18 / uint256(365 days);

    /// @notice Distance of the utilization from its target, as a share of the largest distance on
    /// that side: -1 to 1, WAD.
    /// @param debt Loan token units.
    /// @param cash Loan token units, including virtual cash. Debt and cash are not both zero.
    function utilizationError(uint256 debt, uint256 cash) internal pure returns (int256) {
        unchecked {
            int256 gap = int256((debt * uint256(WAD)) / (debt + cash)) - TARGET_UTILIZATION;
            return (gap * WAD) / (gap > 0 ? WAD - TARGET_UTILIZATION : TARGET_UTILIZATION);
        }
    }

    /// @notice The borrow rate on the curve, rounded down. Given an integral of the rate at target
    /// over time, the integral of the borrow rate.
    /// @param rateAtTarget Rate at the target utilization, or its integral over a time, below 2^88.
    /// @param err From `utilizationError`.
    function borrowRate(uint256 rateAtTarget, int256 err) internal pure returns (uint256) {
        // Above the target the slope is (k - 1), below it (1 - 1/k) = (k - 1)/k.
        unchecked {
            int256 slope = err > 0 ? (STEEPNESS - 1) * err : ((STEEPNESS - 1) * err) / STEEPNESS;
            return (rateAtTarget * uint256(WAD + slope)) / uint256(WAD);
        }
    }

    /// @notice The rate at target after `elapsed` seconds at a constant error, which is
    /// `start * exp(speed * err * t)` within the curve's bounds, and its integral over that time.
    /// @dev The integral never falls as `elapsed` rises. In each of the two parts it is an
    /// expression that goes one way, as `exp` does, divided by the speed, which is constant. Where
    /// they meet, the first is at most (bound - start) / speed, since `end` has not passed the
    /// bound even before its rounding, and the second is at least that, whatever the error of `ln`.
    /// @param rateAtTarget Within the curve's bounds.
    /// @param err From `utilizationError`.
    /// @param elapsed Seconds, below 2^40.
    /// @return endRate Per second, WAD; rounded down, within the curve's bounds.
    /// @return integral Rate times time, WAD, below 2^76. Rounded down but for the errors of `exp`
    /// and `ln`, a few units of `x`.
    function adapt(
        uint256 rateAtTarget,
        int256 err,
        uint256 elapsed
    ) internal pure returns (uint256 endRate, uint256 integral) {
        unchecked {
            int256 speed = (ADAPTATION_SPEED * err) / WAD;
            int256 x = speed * int256(elapsed);
            if (x == 0) return (rateAtTarget, rateAtTarget * elapsed);

            int256 start = int256(rateAtTarget);
            if (SignedMath.abs(x) <= MAX_ADAPTATION) {
                int256 growth = int256(Exponential.exp(x));
                int256 end = (start * growth) / WAD;
                // A value rounded down to the largest rate may have exceeded it.
                if (end >= MIN_RATE_AT_TARGET && end < MAX_RATE_AT_TARGET) {
                    return (uint256(end), uint256((start * (growth - WAD)) / speed));
                }
            }
            // Exponential up to the bound, which is reached after `toBound / speed` seconds; the
            // bound from then on.
            int256 bound = x > 0 ? MAX_RATE_AT_TARGET : MIN_RATE_AT_TARGET;
            int256 toBound = Exponential.ln(uint256((bound * WAD) / start));
            int256 atBound = (bound * (x - toBound)) / speed;
            return (uint256(bound), uint256(((bound - start) * WAD) / speed + SignedMath.max(atBound, 0)));
        }
    }

    /// @notice The rate at target after `elapsed` seconds without debt: it returns linearly to the
    /// initial rate, from the largest within 30 days, and stays there. Otherwise it would stay
    /// where the last borrower left it.
    /// @param rateAtTarget Within the curve's bounds.
    /// @param elapsed Seconds, below 2^40.
    function relax(uint256 rateAtTarget, uint256 elapsed) internal pure returns (uint256) {
        unchecked {
            uint256 step = elapsed * RELAXATION_SPEED;
            if (rateAtTarget > INITIAL_RATE_AT_TARGET) {
                return rateAtTarget - Math.min(step, rateAtTarget - INITIAL_RATE_AT_TARGET);
            }
            return rateAtTarget + Math.min(step, INITIAL_RATE_AT_TARGET - rateAtTarget);
        }
    }
}
