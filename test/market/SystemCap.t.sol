// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket, Limit, MarketParams} from "../../contracts/interfaces/ILeverageMarket.sol";
import {Call, Puppet} from "../../contracts/mocks/Puppet.sol";
import {BorrowerTest} from "../support/BorrowerTest.sol";

contract SystemCapTest is BorrowerTest {
    /// @dev A position may go to 5x, the market only to 3x.
    function _params() internal view override returns (MarketParams memory params) {
        params = super._params();
        params.limits.systemLeverageCap = 30_000;
    }

    function test_SystemCap_BindsTheMarketAsAWhole() public {
        fund(alice, 10e18, 0);
        vm.expectRevert(systemAboveCap(16_000e6, 20_000e6));
        move(alice, 10e18, 16_000e6);

        // What others hold at lower leverage makes room, to the unit.
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

        // The market stands at 40,000 / 54,000 = 0.7407.
        vm.expectRevert(systemAboveCap(41_400e6, 55_800e6));
        move(bob, 1e18, 1_400e6);
        // Exactly its own ratio: 20 / 27 of 1,350 is 1,000.
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
        // Below the market's ratio, so that the market's own rises by this.
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
        Puppet puppet = parking();
        Call[] memory calls = new Call[](3);
        calls[0] = marketCall(abi.encodeCall(market.supplyCollateral, (20e18, address(puppet))));
        calls[1] = marketCall(abi.encodeCall(market.borrow, (16_000e6, alice, address(puppet))));
        calls[2] = marketCall(abi.encodeCall(market.withdrawCollateral, (20e18, address(puppet), address(puppet))));

        vm.expectRevert(systemAboveCap(16_000e6, 20_000e6));
        puppet.execute(calls);
    }

    function test_SystemCap_WithdrawalAfterAnOpeningGoesUpToTheCap() public {
        Puppet puppet = parking();
        Call[] memory calls = new Call[](4);
        calls[0] = marketCall(abi.encodeCall(market.supplyCollateral, (20e18, address(puppet))));
        calls[1] = marketCall(abi.encodeCall(market.borrow, (16_000e6, alice, address(puppet))));
        calls[2] = marketCall(abi.encodeCall(market.withdrawCollateral, (18e18, address(puppet), address(puppet))));
        calls[3] = marketTry(abi.encodeCall(market.withdrawCollateral, (1, address(puppet), address(puppet))));

        puppet.execute(calls);

        assertEq(puppet.outcomes()[3].returned, systemAboveCap(16_000e6, 24_000e6 - 1));
        assertPosition(address(puppet), 0, 2e18);
    }

    function test_SystemCap_RevertWhen_CollateralIsParkedInAnIndebtedAccount() public {
        Puppet puppet = parking();
        open(bob, 1e18, 200e6);
        vm.prank(bob);
        market.setOperator(address(puppet), true);
        Call[] memory calls = new Call[](3);
        calls[0] = marketCall(abi.encodeCall(market.supplyCollateral, (20e18, bob)));
        calls[1] = marketCall(abi.encodeCall(market.borrow, (16_000e6, alice, address(puppet))));
        calls[2] = marketCall(abi.encodeCall(market.withdrawCollateral, (20e18, bob, address(puppet))));

        vm.expectRevert(systemAboveCap(16_200e6, 22_000e6));
        puppet.execute(calls);
    }

    function test_SystemCap_RevertWhen_CollateralIsParkedInTheBorrowingAccount() public {
        Puppet puppet = parking();
        Call[] memory calls = new Call[](3);
        calls[0] = marketCall(abi.encodeCall(market.supplyCollateral, (20e18, alice)));
        calls[1] = marketCall(abi.encodeCall(market.borrow, (16_000e6, alice, address(puppet))));
        calls[2] = marketCall(abi.encodeCall(market.withdrawCollateral, (20e18, alice, address(puppet))));

        vm.expectRevert(systemAboveCap(16_000e6, 20_000e6));
        puppet.execute(calls);
    }

    function test_SystemCap_RevertWhen_ParkedCollateralLeavesByAClose() public {
        Puppet puppet = parking();
        open(bob, 1e18, 200e6);
        vm.prank(bob);
        market.setOperator(address(puppet), true);
        fund(address(puppet), 0, 200e6);
        Call[] memory calls = new Call[](3);
        calls[0] = marketCall(abi.encodeCall(market.supplyCollateral, (20e18, bob)));
        calls[1] = marketCall(abi.encodeCall(market.borrow, (16_000e6, alice, address(puppet))));
        calls[2] = marketCall(
            abi.encodeCall(market.adjust, (bob, ALL, ALL, address(puppet), 0, type(uint256).max, ""))
        );

        vm.expectRevert(systemAboveCap(16_000e6, 20_000e6));
        puppet.execute(calls);
    }

    function test_SystemCap_RevertWhen_CallbackWithdrawsParkedCollateral() public {
        Puppet puppet = parking();
        vm.prank(address(puppet));
        market.supplyCollateral(20e18, address(puppet));
        Call[] memory calls = only(
            marketCall(abi.encodeCall(market.withdrawCollateral, (20e18, address(puppet), address(puppet))))
        );

        vm.expectRevert(ReentrancyGuardReentrantCall.selector);
        move(alice, alice, 0, 16_000e6, address(puppet), abi.encode(calls));
    }

    function test_SystemCap_ParkedCollateralLeavesOnceTheNewDebtIsRepaid() public {
        Puppet puppet = parking();
        Call[] memory calls = new Call[](4);
        calls[0] = marketCall(abi.encodeCall(market.supplyCollateral, (20e18, address(puppet))));
        calls[1] = marketCall(abi.encodeCall(market.borrow, (16_000e6, alice, address(puppet))));
        calls[2] = marketCall(abi.encodeCall(market.repay, (16_000e6, alice)));
        // Nothing is owed to anybody any more: no ratio to raise.
        calls[3] = marketCall(abi.encodeCall(market.withdrawCollateral, (20e18, address(puppet), address(puppet))));

        puppet.execute(calls);

        assertPosition(address(puppet), 0, 0);
        assertEq(market.totalDebt(), 0);
    }

    function test_SystemCap_FailedOpeningDoesNotBindLaterWithdrawals() public {
        Puppet puppet = parking();
        open(bob, 10e18, 12_000e6);
        Call[] memory calls = new Call[](3);
        calls[0] = marketCall(abi.encodeCall(market.supplyCollateral, (20e18, address(puppet))));
        calls[1] = marketTry(abi.encodeCall(market.borrow, (16_001e6, alice, address(puppet))));
        calls[2] = marketCall(abi.encodeCall(market.withdrawCollateral, (20e18, address(puppet), address(puppet))));
        oracle.setPrice(priceOf(1500));

        puppet.execute(calls);

        assertFalse(puppet.outcomes()[1].success);
        assertPosition(address(puppet), 0, 0);
    }

    /// @dev The cap brakes the average: who commits capital for longer than a transaction has truly lowered it.
    function test_SystemCap_BindsWithdrawalsInTheTransactionOfAnOpeningOnly() public {
        Puppet puppet = parking();
        vm.startPrank(address(puppet));
        market.supplyCollateral(20e18, address(puppet));
        market.borrow(16_000e6, alice, address(puppet));
        oracle.fail();
        market.withdrawCollateral(20e18, address(puppet), address(puppet));
        vm.stopPrank();

        assertPosition(address(puppet), 0, 0);
        assertPosition(alice, 16_000e6, 10e18);
    }

    // ------------------------------------------------------------------ collateral taken instead of debt added

    /// @dev Idle collateral leaves, which lifts the market to 5x; an opening that does not raise these 5x; and back it comes.
    function test_RevertWhen_IdleCollateralLeavesBeforeTheOpening() public {
        Puppet puppet = newPuppet(10_000e18, 0);
        vm.prank(address(puppet));
        market.supplyCollateral(5e18, address(puppet));
        open(alice, 15e18, 24_000e6);

        Call[] memory calls = new Call[](3);
        calls[0] = marketCall(
            abi.encodeCall(ILeverageMarket.withdrawCollateral, (5e18, address(puppet), address(puppet)))
        );
        calls[1] = marketCall(
            abi.encodeCall(
                ILeverageMarket.adjust,
                (address(puppet), int256(1000e18), int256(1_600_000e6), address(puppet), 1000e18, 0, "")
            )
        );
        calls[2] = marketCall(abi.encodeCall(ILeverageMarket.supplyCollateral, (5e18, address(puppet))));
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.SystemLeverageAboveCap.selector, 1_624_000e6, 2_030_000e6, 30_000)
        );
        puppet.execute(calls);
    }

    /// @dev From 2.5x to 5x: a withdrawal under debt is an opening too.
    function test_SystemCap_RevertWhen_IndebtedAccountWithdraws() public {
        open(alice, 1000e18, 1_200_000e6);
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.SystemLeverageAboveCap.selector, 1_200_000e6, 1_500_000e6, 30_000)
        );
        vm.prank(alice);
        market.withdrawCollateral(250e18, alice, alice);
    }

    /// @dev At the cap exactly: 900 of collateral worth 1,800,000.
    function test_SystemCap_IndebtedAccountWithdrawsUpToTheCap() public {
        open(alice, 1000e18, 1_200_000e6);
        vm.prank(alice);
        market.withdrawCollateral(100e18, alice, alice);
        assertEq(collateralOf(alice), 900e18);
    }

    /// @dev Above the cap after a fall in price: reducing and closing stay open, whoever withdraws.
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

    // ------------------------------------------------------------------ in a transaction that has added debt

    /// @dev It has taken collateral as well. A repayment takes none, and asks for no price.
    function test_SystemCap_RepaymentAfterAnOpeningNeedsNoOracle() public {
        Puppet puppet = newPuppet(20e18, 0);
        open(address(puppet), 20e18, 0);
        Call[] memory calls = new Call[](4);
        calls[0] = marketCall(
            abi.encodeCall(ILeverageMarket.withdrawCollateral, (1e18, address(puppet), address(puppet)))
        );
        calls[1] = marketCall(abi.encodeCall(ILeverageMarket.borrow, (1_000e6, address(puppet), address(puppet))));
        calls[2] = Call(address(oracle), abi.encodeCall(oracle.fail, ()), true);
        calls[3] = marketCall(abi.encodeCall(ILeverageMarket.repay, (500e6, address(puppet))));
        puppet.execute(calls);
        assertEq(market.debtOf(address(puppet)), 500e6);
    }

    /// @dev What it takes of another account is held against the cap, but not against that account's own limit, if its ratio
    /// stays: Alice stands at 2.5x when the limit is lowered to 2x, and halves her position.
    function test_SystemCap_AccountAboveMaxLeverageIsReducedAfterAnOpening() public {
        Puppet puppet = newPuppet(1000e18, 600_000e6);
        open(alice, 1000e18, 1_200_000e6);
        vm.prank(alice);
        market.setOperator(address(puppet), true);
        vm.prank(guardian);
        market.lowerLimit(Limit.MaxLeverage, 20_000);

        Call[] memory calls = new Call[](2);
        calls[0] = marketCall(
            abi.encodeCall(
                ILeverageMarket.adjust,
                (address(puppet), int256(1000e18), int256(1_000e6), address(puppet), 1000e18, 0, "")
            )
        );
        calls[1] = marketCall(
            abi.encodeCall(ILeverageMarket.adjust, (alice, -500e18, -600_000e6, address(puppet), 0, 600_000e6, ""))
        );
        puppet.execute(calls);
        assertPosition(alice, 600_000e6, 500e18);
    }

    // ------------------------------------------------------------------ helpers

    /// @dev Alice has collateral for 5x, and a puppet for an operator that has flash-borrowed 20 tokens.
    function parking() private returns (Puppet puppet) {
        puppet = newPuppet(20e18, 0);
        open(alice, 10e18, 0);
        vm.prank(alice);
        market.setOperator(address(puppet), true);
    }

    function systemAboveCap(uint256 debt, uint256 value) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILeverageMarket.SystemLeverageAboveCap.selector, debt, value, 30_000);
    }
}
