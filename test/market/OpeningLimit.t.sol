// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {Limit} from "../../contracts/types/MarketTypes.sol";
import {BorrowerTest} from "../support/BorrowerTest.sol";

contract OpeningLimitTest is BorrowerTest {
    function testFuzz_MaxLeverage_IsAllowedToTheUnit(uint256 amount, uint256 price) public {
        price = bound(price, startPrice / 1000, startPrice * 1000);
        amount = bound(amount, (1_000e6 * 1e36) / price, (2_000_000e6 * 1e36) / price);
        // Stays below the collateral cap, which is not tested here.
        vm.assume(amount <= 1_000_000e18);
        oracle.setPrice(price);
        uint256 debt = debtAt(amount, 50_000, price);
        uint256 value = (amount * price) / 1e36;

        uint256 before = vm.snapshotState();
        fund(alice, amount, 0);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.LeverageAboveMaximum.selector, debt + 1, value, 50_000));
        move(alice, int256(amount), int256(debt + 1));
        vm.revertToState(before);

        open(alice, amount, debt);
        assertLe(leverageAt(alice, price), 50_000);
        assertPosition(alice, debt, amount);
    }

    function test_MaxLeverage_IsMeasuredAtTheOpenPrice() public {
        oracle.setPrices(priceOf(1000), priceOf(2000));
        open(alice, 10e18, 8_000e6);

        vm.startPrank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.LeverageAboveMaximum.selector, 8_000e6 + 1, 10_000e6, 50_000)
        );
        market.borrow(1, alice, alice);

        oracle.setPrices(priceOf(2000), priceOf(1000));
        market.borrow(8_000e6, alice, alice);
    }

    function test_MaxLeverage_LoweredBindsNewRiskOnly() public {
        open(alice, 10e18, 16_000e6);
        vm.prank(guardian);
        market.lowerLimit(Limit.MaxLeverage, 20_000);
        fund(alice, 1e18, 0);

        vm.startPrank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.LeverageAboveMaximum.selector, 16_000e6 + 1, 20_000e6, 20_000)
        );
        market.borrow(1, alice, alice);
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.LeverageAboveMaximum.selector, 16_000e6, 20_000e6 - 1, 20_000)
        );
        market.withdrawCollateral(1, alice, alice);

        market.repay(1_000e6, alice);
        market.supplyCollateral(1e18, alice);
        market.adjust(alice, -5.5e18, -7_500e6, alice, 0, type(uint256).max, "");
        assertPosition(alice, 7_500e6, 5.5e18);
    }

    function testFuzz_MaxLeverage_PositionAboveItIsReducedWithoutOracle(uint256 seed) public {
        open(alice, 10e18, 16_000e6);
        skipTime(30 days);
        fund(alice, 0, 10_000e6);
        // Above the opening limit, above the liquidation limit, and with less collateral value than
        // debt.
        oracle.setPrice(priceOf(1500));
        oracle.fail();
        uint256 index = borrowIndex();

        for (uint256 step = 0; step < 6; ++step) {
            (uint256 debtShares, uint256 held, ) = market.position(alice);
            uint256 repaid = bound(uint256(keccak256(abi.encode(seed, step))), 1e6, market.debtOf(alice) / 3);
            uint256 burned = (repaid * WAD) / index;
            // The greatest withdrawal that doesn't raise the LTV.
            uint256 taken = held - (held * (debtShares - burned) + debtShares - 1) / debtShares;

            vm.expectRevert(MockOracle.OracleFailure.selector);
            move(alice, -int256(taken) - 1, -int256(repaid));
            move(alice, -int256(taken), -int256(repaid));

            assertPosition(alice, debtShares - burned, held - taken);
        }
        move(alice, ALL, ALL);
        assertPosition(alice, 0, 0);
    }

    function test_MaxLeverage_RevertWhen_RepaymentOfNoShareReleasesCollateral() public {
        open(alice, 10e18, 16_000e6);
        skipTime(30 days);
        oracle.setPrice(priceOf(1700));

        // One unit burns no share, so it releases no collateral.
        vm.expectRevert(
            abi.encodeWithSelector(
                ILeverageMarket.LeverageAboveMaximum.selector,
                market.debtOf(alice),
                17_000e6 - 1,
                50_000
            )
        );
        move(alice, -1, -1);
    }

    function test_MaxLeverage_RevertWhen_BorrowingWithTooLittleNewCollateral() public {
        open(alice, 10e18, 16_000e6);
        oracle.setPrice(priceOf(1900));
        fund(alice, 10e18, 0);

        // The account's own LTV falls, but a call that adds debt must end within the limit.
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.LeverageAboveMaximum.selector, 16_001e6, 19_950e6, 50_000)
        );
        move(alice, 0.5e18, 1e6);
        move(alice, 1e18, 1e6);
    }

    function test_MaxLeverage_RevertWhen_BorrowingAgainstAnothersCollateral() public {
        open(bob, 100e18, 0);

        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.LeverageAboveMaximum.selector, 100e6, 0, 50_000));
        market.borrow(100e6, alice, alice);
    }

    /// @dev A donation is no account's collateral.
    function test_MaxLeverage_RevertWhen_BorrowingAgainstADonation() public {
        open(alice, 10e18, 16_000e6);
        collateral.mint(address(market), 100e18);

        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.LeverageAboveMaximum.selector, 16_000e6 + 1, 20_000e6, 50_000)
        );
        market.borrow(1, alice, alice);
    }
}
