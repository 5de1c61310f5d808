// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {SharesMath} from "../../contracts/libraries/SharesMath.sol";
import {Test} from "../utils/Test.sol";

contract SharesMathTest is Test {
    Math.Rounding private constant DOWN = Math.Rounding.Floor;
    Math.Rounding private constant UP = Math.Rounding.Ceil;
    uint256 private constant MAX = type(uint256).max;

    // ------------------------------------------------------------------ rounding

    function test_Convert_EmptyVaultGivesAMillionSharesForAUnit() public pure {
        assertEq(SharesMath.toShares(1, 0, 0, DOWN), 1e6);
        assertEq(SharesMath.toShares(1, 0, 0, UP), 1e6);
        assertEq(SharesMath.toAssets(1e6, 0, 0, DOWN), 1);
        assertEq(SharesMath.toAssets(1e6 - 1, 0, 0, DOWN), 0);
        assertEq(SharesMath.toAssets(1e6 + 1, 0, 0, UP), 2);
    }

    function test_ToShares_RoundsAsRequested() public pure {
        // 10 * 4e6 / 7 = 5,714,285.7
        assertEq(SharesMath.toShares(10, 3e6, 6, DOWN), 5_714_285);
        assertEq(SharesMath.toShares(10, 3e6, 6, UP), 5_714_286);
        assertEq(SharesMath.toShares(14, 3e6, 6, DOWN), 8e6);
        assertEq(SharesMath.toShares(14, 3e6, 6, UP), 8e6);
    }

    function test_ToAssets_RoundsAsRequested() public pure {
        // 5e6 * 7 / 4e6 = 8.75
        assertEq(SharesMath.toAssets(5e6, 3e6, 6, DOWN), 8);
        assertEq(SharesMath.toAssets(5e6, 3e6, 6, UP), 9);
        assertEq(SharesMath.toAssets(8e6, 3e6, 6, DOWN), 14);
        assertEq(SharesMath.toAssets(8e6, 3e6, 6, UP), 14);
    }

    function test_Convert_ProductMayHaveMoreThan256Bits() public pure {
        assertEq(SharesMath.toShares(2 ** 250, 3e6, 4e6 - 1, DOWN), 2 ** 250);
        assertEq(SharesMath.toShares(2 ** 250, 3e6, 4e6, UP) - SharesMath.toShares(2 ** 250, 3e6, 4e6, DOWN), 1);
        // By one bit: 2^236 * 2^20.
        assertEq(SharesMath.toShares(2 ** 236, 48_576, 1_048_575, DOWN), 2 ** 236);
        assertEq(SharesMath.toAssets(2 ** 250, 3e6, 4e6 - 1, DOWN), 2 ** 250);
        assertEq(SharesMath.toAssets(2 ** 250, 3e6, 8e6 - 1, UP), 2 ** 251);
    }

    /// @dev The definition: the quotient times the divisor is the product, except for the
    /// remainder.
    function testFuzz_Convert_RoundsAsDefined(uint256 amount, uint256 supply, uint256 total) public pure {
        amount = bound(amount, 0, type(uint120).max);
        supply = bound(supply, 0, type(uint120).max);
        total = bound(total, 0, type(uint120).max);
        uint256 product = amount * (supply + 1e6);
        assertEq(SharesMath.toShares(amount, supply, total, DOWN), product / (total + 1));
        assertEq(SharesMath.toShares(amount, supply, total, UP), (product + total) / (total + 1));
        product = amount * (total + 1);
        assertEq(SharesMath.toAssets(amount, supply, total, DOWN), product / (supply + 1e6));
        assertEq(SharesMath.toAssets(amount, supply, total, UP), (product + supply + 1e6 - 1) / (supply + 1e6));
    }

    // ------------------------------------------------------------------ overflows

    function test_ToShares_RevertWhen_TheResultHasTooManyBits() public {
        // (2^256 - 1) / 1e6, rounded down.
        uint256 most = 115_792_089_237_316_195_423_570_985_008_687_907_853_269_984_665_640_564_039_457_584_007_913_129;
        assertEq(SharesMath.toShares(most, 0, 0, UP), most * 1e6);
        refusesShares(most + 1, 0, 0, DOWN);
        refusesShares(MAX, 0, 0, DOWN);
        // The smallest quotient that is too large: 2^256.
        refusesShares(2 ** 255, 1e6, 1e6 - 1, UP);
        assertEq(SharesMath.toShares(2 ** 255, 1e6 - 1, 1e6 - 1, UP), MAX - uint256(2 ** 255) / 1e6 + 1);
    }

    function test_ToAssets_RevertWhen_TheResultHasTooManyBits() public {
        assertEq(SharesMath.toAssets(MAX, 1, 1e6, DOWN), MAX);
        refusesAssets(2 ** 255, 0, 2e6 - 1, DOWN);
        refusesAssets(MAX, 0, 1e6, UP);
    }

    /// @dev Rounded down it still fits: the quotient is 2^256 - 1, with a remainder.
    function test_ToShares_RevertWhen_RoundingUpOverflows() public {
        uint256 assets =
            5_557_781_298_795_329_181_176_616_685_899_525_897_343_373_498_890_294_791_217_941_660_888_412_021;
        assertEq(SharesMath.toShares(assets, 43, 47, DOWN), MAX);
        refusesShares(assets, 43, 47, UP);
        // One unit less is 1,000,043/48 = 20,834.2 shares less.
        assertEq(SharesMath.toShares(assets - 1, 43, 47, UP), MAX - 20_833);
    }

    // ------------------------------------------------------------------ closed vaults

    function test_IsClosed_OnceAUnitIsWorthMoreThanAMillionMillionShares() public pure {
        assertFalse(SharesMath.isClosed(0, 0));
        assertFalse(SharesMath.isClosed(1e12, 0));
        assertTrue(SharesMath.isClosed(1e12 + 1, 0));
        assertFalse(SharesMath.isClosed(1e12 + 1, 1));
        assertFalse(SharesMath.isClosed(2e12, 1));
        assertTrue(SharesMath.isClosed(2e12 + 1, 1));
        assertTrue(SharesMath.isClosed(type(uint128).max, 0));
        assertFalse(SharesMath.isClosed(type(uint128).max, 2 ** 165));
    }

    /// @dev While a vault is open, a deposit's shares fit in 112 bits: for up to 5.19e21 units,
    /// 5,192 whole tokens with 18 decimals.
    function testFuzz_IsClosed_WhileOpenAUnitIsFewShares(uint256 supply, uint256 total, uint256 assets) public pure {
        supply = bound(supply, 0, type(uint128).max);
        total = bound(total, 0, type(uint128).max);
        if (SharesMath.isClosed(supply, total)) total = supply / 1e12;
        assertFalse(SharesMath.isClosed(supply, total));
        assets = bound(assets, 0, 5_192e18);
        assertLe(SharesMath.toShares(assets, supply, total, UP), type(uint112).max);
    }

    // ------------------------------------------------------------------ helpers

    function toShares(
        uint256 assets,
        uint256 supply,
        uint256 total,
        Math.Rounding rounding
    ) external pure returns (uint256) {
        return SharesMath.toShares(assets, supply, total, rounding);
    }

    function toAssets(
        uint256 shares,
        uint256 supply,
        uint256 total,
        Math.Rounding rounding
    ) external pure returns (uint256) {
        return SharesMath.toAssets(shares, supply, total, rounding);
    }

    function refusesShares(uint256 assets, uint256 supply, uint256 total, Math.Rounding rounding) private {
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.AmountTooLarge.selector, assets));
        this.toShares(assets, supply, total, rounding);
    }

    function refusesAssets(uint256 shares, uint256 supply, uint256 total, Math.Rounding rounding) private {
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.AmountTooLarge.selector, shares));
        this.toAssets(shares, supply, total, rounding);
    }
}
