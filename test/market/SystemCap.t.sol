// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {Call, ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {Limit, MarketParams} from "../../contracts/types/MarketTypes.sol";
import {BorrowerTest} from "../support/BorrowerTest.sol";

contract SystemCapTest is BorrowerTest {
    /// @dev A position may have up to 5x, the market only up to 3x.
    function _params() internal view override returns (MarketParams memory params) {
        params = super._params();
        params.limits.systemLeverageCap = 30_000;
    }

    function test_SystemCap_BindsTheMarketAsAWhole() public {
        fund(alice, 10e18, 0);
        vm.expectRevert(systemAboveCap(16_000e6, 20_000e6));
        move(alice, 10e18, 16_000e6);

        // Other users' collateral at lower leverage makes room, exact to the unit.
        open(bob, 2e18 - 1, 0);
        vm.expectRevert(systemAboveCap(16_000e6, 24_000e6 - 1));
        move(alice, 10e18, 16_000e6);
        open(bob, 1, 0);
        move(alice, 10e18, 16_000e6);
        assertEq(leverageAt(alice, startPrice), 50_000);
    }

    function test_SystemCap_OpeningAboveItMustNotRaiseSystemLeverage() public {
        open(alice, 30e18, 40_000e6);
        oracle.setPrice(priceOf(1800));
        fund(bob, 3e18, 0);

        // The market's LTV is 40,000 / 54,000 = 0.7407.
        vm.expectRevert(systemAboveCap(41_400e6, 55_800e6));
        move(bob, 1e18, 1_400e6);
        // Exactly the market's own LTV: 20 / 27 of 1,350 is 1,000.
        move(bob, 0.75e18, 1_000e6);
        // Below it.
        move(bob, 1e18, 1_000e6);
    }

    function test_SystemCap_RepayingAndClosingAboveItNeedNoOracle() public {
        open(bob, 30e18, 30_000e6);
        open(alice, 10e18, 8_000e6);
        oracle.setPrice(priceOf(1200));
        fund(alice, 1e18, 0);
        oracle.fail();

        vm.startPrank(alice);
        market.supplyCollateral(1e18, alice);
        market.repay(1_000e6, alice);
        // Below the market's LTV, so this raises the market's LTV.
        market.adjust(alice, ALL, ALL, alice, 0, type(uint256).max, "");
        assertPosition(alice, 0, 0);
    }

    function test_SystemCap_DoesNotBindAWithdrawalWithoutNewDebt() public {
        open(bob, 10e18, 0);
        open(alice, 10e18, 16_000e6);

        vm.prank(bob);
        market.withdrawCollateral(10e18, bob, bob);

        assertPosition(bob, 0, 0);
    }

    // ------------------------------------------------------------------ parked collateral

    function test_SystemCap_RevertWhen_CollateralIsParkedForOneTransaction() public {
        ScriptedActor actor = parking();
        Call[] memory calls = new Call[](3);
        calls[0] = marketCall(abi.encodeCall(market.supplyCollateral, (20e18, address(actor))));
        calls[1] = marketCall(abi.encodeCall(market.borrow, (16_000e6, alice, address(actor))));
        calls[2] = marketCall(abi.encodeCall(market.withdrawCollateral, (20e18, address(actor), address(actor))));

        vm.expectRevert(systemAboveCap(16_000e6, 20_000e6));
        actor.execute(calls);
    }

    function test_SystemCap_WithdrawalAfterAnOpeningGoesUpToTheCap() public {
        ScriptedActor actor = parking();
        Call[] memory calls = new Call[](4);
        calls[0] = marketCall(abi.encodeCall(market.supplyCollateral, (20e18, address(actor))));
        calls[1] = marketCall(abi.encodeCall(market.borrow, (16_000e6, alice, address(actor))));
        calls[2] = marketCall(abi.encodeCall(market.withdrawCollateral, (18e18, address(actor), address(actor))));
        calls[3] = marketTry(abi.encodeCall(market.withdrawCollateral, (1, address(actor), address(actor))));

        actor.execute(calls);

        assertEq(actor.outcomes()[3].returned, systemAboveCap(16_000e6, 24_000e6 - 1));
        assertPosition(address(actor), 0, 2e18);
    }

    function test_SystemCap_RevertWhen_CollateralIsParkedInAnIndebtedAccount() public {
        ScriptedActor actor = parking();
        open(bob, 1e18, 200e6);
        vm.prank(bob);
        market.setOperator(address(actor), true);
        Call[] memory calls = new Call[](3);
        calls[0] = marketCall(abi.encodeCall(market.supplyCollateral, (20e18, bob)));
        calls[1] = marketCall(abi.encodeCall(market.borrow, (16_000e6, alice, address(actor))));
        calls[2] = marketCall(abi.encodeCall(market.withdrawCollateral, (20e18, bob, address(actor))));

        vm.expectRevert(systemAboveCap(16_200e6, 22_000e6));
        actor.execute(calls);
    }

    function test_SystemCap_RevertWhen_CollateralIsParkedInTheBorrowingAccount() public {
        ScriptedActor actor = parking();
        Call[] memory calls = new Call[](3);
        calls[0] = marketCall(abi.encodeCall(market.supplyCollateral, (20e18, alice)));
        calls[1] = marketCall(abi.encodeCall(market.borrow, (16_000e6, alice, address(actor))));
        calls[2] = marketCall(abi.encodeCall(market.withdrawCollateral, (20e18, alice, address(actor))));

        vm.expectRevert(systemAboveCap(16_000e6, 20_000e6));
        actor.execute(calls);
    }

    function test_SystemCap_RevertWhen_ParkedCollateralLeavesByAClose() public {
        ScriptedActor actor = parking();
        open(bob, 1e18, 200e6);
        vm.prank(bob);
        market.setOperator(address(actor), true);
        fund(address(actor), 0, 200e6);
        Call[] memory calls = new Call[](3);
        calls[0] = marketCall(abi.encodeCall(market.supplyCollateral, (20e18, bob)));
        calls[1] = marketCall(abi.encodeCall(market.borrow, (16_000e6, alice, address(actor))));
        calls[2] = marketCall(abi.encodeCall(market.adjust, (bob, ALL, ALL, address(actor), 0, type(uint256).max, "")));

        vm.expectRevert(systemAboveCap(16_000e6, 20_000e6));
        actor.execute(calls);
    }

    function test_SystemCap_RevertWhen_CallbackWithdrawsParkedCollateral() public {
        ScriptedActor actor = parking();
        vm.prank(address(actor));
        market.supplyCollateral(20e18, address(actor));
        Call[] memory calls = only(
            marketCall(abi.encodeCall(market.withdrawCollateral, (20e18, address(actor), address(actor))))
        );

        vm.expectRevert(ReentrancyGuardReentrantCall.selector);
        move(alice, alice, 0, 16_000e6, address(actor), abi.encode(calls));
    }

    function test_SystemCap_ParkedCollateralLeavesOnceTheNewDebtIsRepaid() public {
        ScriptedActor actor = parking();
        Call[] memory calls = new Call[](4);
        calls[0] = marketCall(abi.encodeCall(market.supplyCollateral, (20e18, address(actor))));
        calls[1] = marketCall(abi.encodeCall(market.borrow, (16_000e6, alice, address(actor))));
        calls[2] = marketCall(abi.encodeCall(market.repay, (16_000e6, alice)));
        // No debt is left: there is no LTV to raise.
        calls[3] = marketCall(abi.encodeCall(market.withdrawCollateral, (20e18, address(actor), address(actor))));

        actor.execute(calls);

        assertPosition(address(actor), 0, 0);
        assertEq(market.totalDebt(), 0);
    }

    function test_SystemCap_FailedOpeningDoesNotBindLaterWithdrawals() public {
        ScriptedActor actor = parking();
        open(bob, 10e18, 12_000e6);
        Call[] memory calls = new Call[](3);
        calls[0] = marketCall(abi.encodeCall(market.supplyCollateral, (20e18, address(actor))));
        calls[1] = marketTry(abi.encodeCall(market.borrow, (16_001e6, alice, address(actor))));
        calls[2] = marketCall(abi.encodeCall(market.withdrawCollateral, (20e18, address(actor), address(actor))));
        oracle.setPrice(priceOf(1500));

        actor.execute(calls);

        assertFalse(actor.outcomes()[1].success);
        assertPosition(address(actor), 0, 0);
    }

    /// @dev The cap limits the average: an account that commits capital for longer than a
    /// transaction has really lowered it.
    function test_SystemCap_BindsWithdrawalsInTheTransactionOfAnOpeningOnly() public {
        ScriptedActor actor = parking();
        vm.startPrank(address(actor));
        market.supplyCollateral(20e18, address(actor));
        market.borrow(16_000e6, alice, address(actor));
        oracle.fail();
        market.withdrawCollateral(20e18, address(actor), address(actor));
        vm.stopPrank();

        assertPosition(address(actor), 0, 0);
        assertPosition(alice, 16_000e6, 10e18);
    }

    // ------------------------------------------------- collateral withdrawn instead of debt added

    /// @dev Idle collateral leaves, which raises the market to 5x; then a position is opened that
    /// doesn't raise the 5x; then the collateral returns.
    function test_SystemCap_RevertWhen_IdleCollateralLeavesBeforeTheOpening() public {
        ScriptedActor actor = newActor(10_000e18, 0);
        vm.prank(address(actor));
        market.supplyCollateral(5e18, address(actor));
        open(alice, 15e18, 24_000e6);

        Call[] memory calls = new Call[](3);
        calls[0] = marketCall(
            abi.encodeCall(ILeverageMarket.withdrawCollateral, (5e18, address(actor), address(actor)))
        );
        calls[1] = marketCall(
            abi.encodeCall(
                ILeverageMarket.adjust,
                (address(actor), int256(1000e18), int256(1_600_000e6), address(actor), 1000e18, 0, "")
            )
        );
        calls[2] = marketCall(abi.encodeCall(ILeverageMarket.supplyCollateral, (5e18, address(actor))));
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.SystemLeverageAboveCap.selector, 1_624_000e6, 2_030_000e6, 30_000)
        );
        actor.execute(calls);
    }

    /// @dev From 2.5x to 5x: a withdrawal from under a debt counts as an opening.
    function test_SystemCap_RevertWhen_IndebtedAccountWithdraws() public {
        open(alice, 1000e18, 1_200_000e6);
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.SystemLeverageAboveCap.selector, 1_200_000e6, 1_500_000e6, 30_000)
        );
        vm.prank(alice);
        market.withdrawCollateral(250e18, alice, alice);
    }

    /// @dev Exactly at the cap: 900 of collateral worth 1,800,000.
    function test_SystemCap_IndebtedAccountWithdrawsUpToTheCap() public {
        open(alice, 1000e18, 1_200_000e6);
        vm.prank(alice);
        market.withdrawCollateral(100e18, alice, alice);
        assertEq(collateralOf(alice), 900e18);
    }

    /// @dev Above the cap after a price drop: reducing and closing stay possible, for every
    /// account.
    function test_SystemCap_MarketAboveItCanBeReduced() public {
        open(alice, 1000e18, 1_200_000e6);
        fund(alice, 0, 2_000_000e6);
        oracle.setPrice(priceOf(1600));
        vm.startPrank(alice);
        market.adjust(alice, -100e18, -120_000e6, alice, 0, 120_000e6, "");
        market.adjust(alice, ALL, ALL, alice, 0, 2_000_000e6, "");
        vm.stopPrank();
        assertEq(collateralOf(alice), 0);
        assertEq(market.debtOf(alice), 0);
    }

    /// @dev A raised LTV binds like new debt: up to the cap, exact to the unit.
    function test_SystemCap_WithdrawalAfterARaisedRatioGoesUpToTheCap() public {
        ScriptedActor actor = newActor(20e18, 0);
        open(address(actor), 10e18, 12_000e6);
        Call[] memory calls = new Call[](4);
        calls[0] = marketCall(abi.encodeCall(market.supplyCollateral, (10e18, bob)));
        calls[1] = marketCall(abi.encodeCall(market.withdrawCollateral, (2e18, address(actor), address(actor))));
        // 9 of collateral worth 18,000 support 12,000: 8 are the actor's, and 1 of Bob's has to
        // stay.
        calls[2] = marketCall(abi.encodeCall(market.withdrawCollateral, (9e18, bob, address(actor))));
        calls[3] = marketTry(abi.encodeCall(market.withdrawCollateral, (1, bob, address(actor))));
        vm.prank(bob);
        market.setOperator(address(actor), true);

        actor.execute(calls);

        assertEq(actor.outcomes()[3].returned, systemAboveCap(12_000e6, 18_000e6 - 1));
        assertPosition(bob, 0, 1e18);
    }

    // ------------------------------------------------------ in a transaction that has raised risk

    /// @dev The transaction has withdrawn collateral too. A repayment withdraws none, and needs no
    /// price.
    function test_SystemCap_RepaymentAfterAnOpeningNeedsNoOracle() public {
        ScriptedActor actor = newActor(20e18, 0);
        open(address(actor), 20e18, 0);
        Call[] memory calls = new Call[](4);
        calls[0] = marketCall(
            abi.encodeCall(ILeverageMarket.withdrawCollateral, (1e18, address(actor), address(actor)))
        );
        calls[1] = marketCall(abi.encodeCall(ILeverageMarket.borrow, (1_000e6, address(actor), address(actor))));
        calls[2] = Call(address(oracle), abi.encodeCall(oracle.fail, ()), true);
        calls[3] = marketCall(abi.encodeCall(ILeverageMarket.repay, (500e6, address(actor))));
        actor.execute(calls);
        assertEq(market.debtOf(address(actor)), 500e6);
    }

    /// @dev A withdrawal from another account counts towards the system cap, but not towards that
    /// account's own limit if its LTV doesn't rise: Alice is at 2.5x when the limit is lowered to
    /// 2x, and halves her position.
    function test_SystemCap_AccountAboveMaxLeverageIsReducedAfterAnOpening() public {
        ScriptedActor actor = newActor(1000e18, 600_000e6);
        open(alice, 1000e18, 1_200_000e6);
        vm.prank(alice);
        market.setOperator(address(actor), true);
        vm.prank(guardian);
        market.lowerLimit(Limit.MaxLeverage, 20_000);

        Call[] memory calls = new Call[](2);
        calls[0] = marketCall(
            abi.encodeCall(
                ILeverageMarket.adjust,
                (address(actor), int256(1000e18), int256(1_000e6), address(actor), 1000e18, 0, "")
            )
        );
        calls[1] = marketCall(
            abi.encodeCall(ILeverageMarket.adjust, (alice, -500e18, -600_000e6, address(actor), 0, 600_000e6, ""))
        );
        actor.execute(calls);
        assertPosition(alice, 600_000e6, 500e18);
    }

    // ------------------------------------------------------------------ helpers

    /// @dev Alice has collateral for 5x, and her operator is an actor that has flash-borrowed 20
    /// tokens.
    function parking() private returns (ScriptedActor actor) {
        actor = newActor(20e18, 0);
        open(alice, 10e18, 0);
        vm.prank(alice);
        market.setOperator(address(actor), true);
    }

    function systemAboveCap(uint256 debt, uint256 value) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILeverageMarket.SystemLeverageAboveCap.selector, debt, value, 30_000);
    }
}
