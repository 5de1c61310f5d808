// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MarketTest} from "../support/MarketTest.sol";

/// @notice The sixth invariant: however a position is liquidated in parts, solvent or not, the
/// liquidator gets no more than in one call, and the position's LTV never rises in between.
contract LiquidationSplitTest is MarketTest {
    struct Sums {
        uint256 seized;
        uint256 payment;
    }

    uint256 private constant PARTS = 12;
    /// @dev Whether a lender's action between the parts turns the fees due into shares.
    bool private _takesFeesBetween;

    function testFuzz_LiquidateInParts_GainsNothing(uint256 debt, uint256 drop, uint256[12] memory parts) public {
        _compare(debt, drop, parts);
    }

    /// @dev The buffer is one unit in 500,000 below its target, and two months' fees are due: a
    /// part with a loss fills it, or an action of the liquidator between two parts.
    function testFuzz_LiquidateInParts_GainsNothingByFillingTheBuffer(
        uint256 debt,
        uint256 drop,
        uint256[12] memory parts
    ) public {
        open(bob, 5_000e18, 4_000_000e6);
        moveToBuffer(lender, 499_999e12);
        skipTime(60 days);
        _takesFeesBetween = drop % 2 == 0;
        _compare(debt, drop, parts);
    }

    /// @dev When half of the excess bounded the bonus, these parts earned 58% more than the whole.
    function test_LiquidateInParts_ManySmallOnesNearInsolvency() public {
        uint256[12] memory parts;
        for (uint256 i = 0; i < PARTS; ++i) parts[i] = 320e6;
        _compare(16_000e6, 8320, parts);
    }

    /// @dev One unit below solvency.
    function test_LiquidateInParts_ThatMakeAnInsolventPositionSolvent() public {
        fund(liquidator, 0, 10_000_000e6);
        open(alice, 10e18, 16_000e6);
        uint256 price = (uint256(16_320e6 - 1) * 1e36) / 10e18;
        oracle.setPrice(price);
        uint256 snapshot = vm.snapshotState();
        Sums memory whole;
        (whole.seized, whole.payment) = liquidateOne(alice, 1e30);
        vm.revertToState(snapshot);
        Sums memory sums;
        for (uint256 i = 0; i < 20; ++i) _liquidate(sums, 1_000);
        _liquidate(sums, 1e30);
        assertEq(debtSharesOf(alice), 0);
        assertLe(_profit(sums, price), _profit(whole, price) + 21);
    }

    /// @dev The position is opened at 5x; at 0.816 of the price and below it is insolvent, above
    /// 0.945 healthy.
    function _compare(uint256 debt, uint256 drop, uint256[12] memory parts) private {
        debt = bound(debt, 1_000e6, 2_000_000e6);
        open(alice, (debt * 5 * 1e18) / (4 * 2000e6) + 1e12, debt);
        fund(liquidator, 0, 10_000_000e6);
        uint256 price = (startPrice * bound(drop, 5000, 9450)) / 10_000;
        oracle.setPrice(price);
        uint256 snapshot = vm.snapshotState();
        Sums memory whole;
        (whole.seized, whole.payment) = liquidateOne(alice, 1e30);
        vm.revertToState(snapshot);

        Sums memory sums;
        for (uint256 i = 0; i < PARTS; ++i) _liquidate(sums, bound(parts[i], 0, debt / 4));
        _liquidate(sums, 1e30);
        // A unit of rounding in each part, of the payment and of the collateral.
        assertLe(_profit(sums, price), _profit(whole, price) + int256(PARTS) + 1);
    }

    function _profit(Sums memory sums, uint256 price) private pure returns (int256) {
        return int256((sums.seized * (price / 1e18)) / 1e18) - int256(sums.payment);
    }

    function _liquidate(Sums memory sums, uint256 budget) private {
        address[] memory accounts = new address[](1);
        accounts[0] = alice;
        (uint256 shares, uint256 held, ) = market.position(alice);
        vm.prank(liquidator);
        try market.liquidate(accounts, budget, 0, liquidator, "") returns (uint256 seized, uint256 payment) {
            sums.seized += seized;
            sums.payment += payment;
        } catch {
            return;
        }
        if (_takesFeesBetween) market.deposit(0, address(this));
        (uint256 sharesLeft, uint256 heldLeft, ) = market.position(alice);
        assertLe(sharesLeft * held, shares * heldLeft);
    }
}
