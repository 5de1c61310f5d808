// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {Limit} from "../../contracts/types/MarketTypes.sol";
import {LIMITS, LimitValues} from "./LimitValues.sol";
import {MarketPresets} from "../../contracts/mocks/MarketPresets.sol";
import {MarketTest} from "./MarketTest.sol";

/// @notice Shared by the suites about governance.
abstract contract GovernanceTest is MarketTest {
    uint256 internal constant DELAY = MarketPresets.RAISE_DELAY;

    function lower(Limit limit, uint256 value) internal {
        vm.prank(guardian);
        market.lowerLimit(limit, value);
    }

    function schedule(Limit limit, uint256 value) internal {
        vm.prank(riskManager);
        market.scheduleRaise(limit, value);
    }

    function ramp(uint256 target, uint256 duration) internal {
        vm.prank(riskManager);
        market.rampLiquidationLeverage(target, duration);
    }

    function limitOf(Limit limit) internal view returns (uint256) {
        return LimitValues.get(market.limits(), limit);
    }

    function assertNothingScheduled(Limit limit) internal {
        (uint256 value, uint256 validFrom) = market.scheduledRaise(limit);
        assertEq(value, 0);
        assertEq(validFrom, 0);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.NothingScheduled.selector, limit));
        market.applyRaise(limit);
    }

    function anyButLiquidation(uint256 which) internal pure returns (Limit) {
        uint256 limit = which % (LIMITS - 1);
        return Limit(limit < uint256(Limit.LiquidationLeverage) ? limit : limit + 1);
    }

    function invalid(Limit limit, uint256 value) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ILeverageMarket.InvalidLimit.selector, limit, value);
    }
}
