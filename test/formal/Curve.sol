// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AdaptiveCurve} from "../../contracts/libraries/AdaptiveCurve.sol";

contract UtilizationErrorIsAtMostOne {
    function claim(uint256 debt, uint256 cash) external pure {
        require(debt < 2 ** 165 && cash < 2 ** 129 && debt + cash > 0);
        int256 err = AdaptiveCurve.utilizationError(debt, cash);
        assert(err >= -1e18);
        assert(err <= 1e18);
    }
}

contract RateAboveTheTargetIsAtMostFourTimes {
    function claim(uint256 rateAtTarget, int256 err) external pure {
        require(rateAtTarget < 2 ** 88 && err > 0 && err <= 1e18);
        uint256 rate = AdaptiveCurve.borrowRate(rateAtTarget, err);
        assert(rate >= rateAtTarget);
        assert(rate <= 4 * rateAtTarget);
    }
}

contract RateBelowTheTargetIsAtLeastAQuarter {
    function claim(uint256 rateAtTarget, int256 err) external pure {
        require(rateAtTarget < 2 ** 88 && err <= 0 && err >= -1e18);
        uint256 rate = AdaptiveCurve.borrowRate(rateAtTarget, err);
        assert(rate <= rateAtTarget);
        assert(rate >= rateAtTarget / 4);
    }
}

contract RelaxedRateStaysBetweenItselfAndTheStart {
    function claim(uint256 rateAtTarget, uint256 elapsed) external pure {
        require(rateAtTarget < 2 ** 48 && elapsed < 2 ** 40);
        uint256 start = AdaptiveCurve.INITIAL_RATE_AT_TARGET;
        uint256 rate = AdaptiveCurve.relax(rateAtTarget, elapsed);
        assert(rateAtTarget > start ? rate >= start && rate <= rateAtTarget : rate >= rateAtTarget && rate <= start);
    }
}
