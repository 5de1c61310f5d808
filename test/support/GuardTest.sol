// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {IOracleGuard} from "../../contracts/interfaces/IOracleGuard.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {GuardParams, SourceRole} from "../../contracts/types/OracleTypes.sol";
import {Test} from "../utils/Test.sol";

/// @notice A guard of two settable sources at 2,000: maximum deviation 2%, ceiling 5% an hour,
/// floor 60% an hour, grace period one hour.
abstract contract GuardTest is Test {
    uint256 internal constant START = 2000e24;
    uint256 internal constant MAX_DEVIATION = 0.02e18;
    uint256 internal constant MAX_RISE_PER_HOUR = 0.05e18;
    uint256 internal constant MAX_FALL_PER_HOUR = 0.6e18;
    uint256 internal constant GRACE_PERIOD = 1 hours;
    uint256 internal constant SOURCE_GAS = 300_000;
    uint256 internal constant DELAY = 2 days;

    MockOracle internal primary;
    MockOracle internal secondary;
    AccessManager internal authority;
    IOracleGuard internal guard;

    function setUp() public virtual {
        vm.warp(1_700_000_000);
        primary = new MockOracle(START);
        secondary = new MockOracle(START);
        authority = new AccessManager(address(this));
        guard = createGuard(guardParams());
    }

    function guardParams() internal view returns (GuardParams memory) {
        return
            GuardParams(
                address(primary),
                address(secondary),
                address(authority),
                MAX_DEVIATION,
                MAX_RISE_PER_HOUR,
                MAX_FALL_PER_HOUR,
                GRACE_PERIOD,
                SOURCE_GAS,
                DELAY
            );
    }

    function createGuard(GuardParams memory params) internal returns (IOracleGuard) {
        return IOracleGuard(deployCode("OracleGuard.sol:OracleGuard", abi.encode(params)));
    }

    function both(uint256 price) internal {
        primary.setPrice(price);
        secondary.setPrice(price);
    }

    /// @dev Pokes now, and then every `step` seconds until `duration` has passed.
    function pokeFor(uint256 duration, uint256 step) internal {
        guard.poke();
        for (uint256 passed = 0; passed < duration; passed += step) {
            skipTime(step);
            guard.poke();
        }
    }

    function openPrice() internal view returns (uint256 price) {
        (price, ) = guard.prices();
    }

    function liquidationPrice() internal view returns (uint256 price) {
        (, price) = guard.prices();
    }

    function ceiling() internal view returns (uint256 value) {
        (value, , , ) = guard.state();
    }

    function floor() internal view returns (uint256 value) {
        (, value, , ) = guard.state();
    }

    function disagreement() internal view returns (uint256 value) {
        (, , value, ) = guard.state();
    }

    function unavailableFor(SourceRole role) internal view returns (uint256 value) {
        (, value) = guard.sourceOf(role);
    }

    function assertPrices(uint256 open, uint256 liquidation) internal view {
        (uint256 actualOpen, uint256 actualLiquidation) = guard.prices();
        assertEq(actualOpen, open, "open price");
        assertEq(actualLiquidation, liquidation, "liquidation price");
    }

    function expectNoAnswer(bytes memory reason) internal {
        vm.expectRevert(reason);
        guard.prices();
    }

    function noSourceAvailable() internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IOracleGuard.NoSourceAvailable.selector);
    }

    function primaryUnavailable(uint256 left) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IOracleGuard.PrimaryUnavailable.selector, left);
    }
}
