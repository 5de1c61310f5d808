// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket, Limit, MarketParams} from "../../contracts/interfaces/ILeverageMarket.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {Call, Puppet} from "../../contracts/mocks/Puppet.sol";
import {BorrowerTest} from "../support/BorrowerTest.sol";
import {IMarket} from "../support/IMarket.sol";

contract OpeningLimitTest is BorrowerTest {
    function testFuzz_ExactlyTheMaximumIsAllowed(uint256 amount, uint256 price) public {
        price = bound(price, startPrice / 1000, startPrice * 1000);
        amount = bound(amount, (1_000e6 * 1e36) / price, (2_000_000e6 * 1e36) / price);
        // The collateral cap is not the subject here.
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

    function test_MeasuresAtTheOpenPrice() public {
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

    function test_ALoweredLimitBindsNewRiskOnly() public {
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

    function testFuzz_APositionAboveTheLimitGoesDownStepByStepWithoutAnOracle(uint256 seed) public {
        open(alice, 10e18, 16_000e6);
        skipTime(30 days);
        fund(alice, 0, 10_000e6);
        // Above the opening limit, the liquidation limit, and what the collateral is worth.
        oracle.setPrice(priceOf(1500));
        oracle.fail();
        uint256 index = borrowIndex();

        for (uint256 step = 0; step < 6; ++step) {
            (uint256 debtShares, uint256 held) = market.position(alice);
            uint256 repaid = bound(uint256(keccak256(abi.encode(seed, step))), 1e6, market.debtOf(alice) / 3);
            uint256 burned = (repaid * WAD) / index;
            // The most that leaves the ratio of debt to collateral where it is.
            uint256 taken = held - (held * (debtShares - burned) + debtShares - 1) / debtShares;

            vm.expectRevert(MockOracle.OracleFailure.selector);
            move(alice, -int256(taken) - 1, -int256(repaid));
            move(alice, -int256(taken), -int256(repaid));

            assertPosition(alice, debtShares - burned, held - taken);
        }
        move(alice, ALL, ALL);
        assertPosition(alice, 0, 0);
    }

    function test_RevertWhen_ARepaymentTooSmallToCountIsToReleaseCollateral() public {
        open(alice, 10e18, 16_000e6);
        skipTime(30 days);
        oracle.setPrice(priceOf(1700));

        // One unit burns no share, so it pays for no collateral.
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

    function test_RevertWhen_BorrowingAndAddingTooLittle() public {
        open(alice, 10e18, 16_000e6);
        oracle.setPrice(priceOf(1900));
        fund(alice, 10e18, 0);

        // Its own ratio falls, but a call that adds debt must end within the limit.
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.LeverageAboveMaximum.selector, 16_001e6, 19_950e6, 50_000)
        );
        move(alice, 0.5e18, 1e6);
        move(alice, 1e18, 1e6);
    }

    function test_RevertWhen_SomeoneElsesCollateralIsBorrowedAgainst() public {
        open(bob, 100e18, 0);

        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.LeverageAboveMaximum.selector, 100e6, 0, 50_000));
        market.borrow(100e6, alice, alice);
    }

    /// @dev A donation is nobody's collateral.
    function test_RevertWhen_BorrowingAgainstADonation() public {
        open(alice, 10e18, 16_000e6);
        collateral.mint(address(market), 100e18);

        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.LeverageAboveMaximum.selector, 16_000e6 + 1, 20_000e6, 50_000)
        );
        market.borrow(1, alice, alice);
    }
}

contract SystemCapTest is BorrowerTest {
    /// @dev A position may go to 5x, the market only to 3x.
    function _params() internal view override returns (MarketParams memory params) {
        params = super._params();
        params.limits.systemLeverageCap = 30_000;
    }

    function test_BindsTheMarketAsAWhole() public {
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

    function test_AboveTheCapAnOpeningMustNotRaiseIt() public {
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

    function test_AboveTheCapRepayingAndClosingAreFree() public {
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

    function test_AloneAWithdrawalIsNotBoundByIt() public {
        open(bob, 10e18, 0);
        open(alice, 10e18, 16_000e6);

        vm.prank(bob);
        market.withdrawCollateral(10e18, bob, bob);

        assertPosition(bob, 0, 0);
    }

    // ------------------------------------------------------------------ parked collateral

    function test_RevertWhen_CollateralIsParkedForTheLengthOfATransaction() public {
        Puppet puppet = parking();
        Call[] memory calls = new Call[](3);
        calls[0] = marketCall(abi.encodeCall(market.supplyCollateral, (20e18, address(puppet))));
        calls[1] = marketCall(abi.encodeCall(market.borrow, (16_000e6, alice, address(puppet))));
        calls[2] = marketCall(abi.encodeCall(market.withdrawCollateral, (20e18, address(puppet), address(puppet))));

        vm.expectRevert(systemAboveCap(16_000e6, 20_000e6));
        puppet.execute(calls);
    }

    function test_AfterAnOpeningWithdrawalsAreFreeUpToTheCap() public {
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

    function test_RevertWhen_ParkedInAnIndebtedAccount() public {
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

    function test_RevertWhen_ParkedInTheAccountThatBorrows() public {
        Puppet puppet = parking();
        Call[] memory calls = new Call[](3);
        calls[0] = marketCall(abi.encodeCall(market.supplyCollateral, (20e18, alice)));
        calls[1] = marketCall(abi.encodeCall(market.borrow, (16_000e6, alice, address(puppet))));
        calls[2] = marketCall(abi.encodeCall(market.withdrawCollateral, (20e18, alice, address(puppet))));

        vm.expectRevert(systemAboveCap(16_000e6, 20_000e6));
        puppet.execute(calls);
    }

    function test_RevertWhen_TheParkedCollateralLeavesByACloseInTheSameTransaction() public {
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

    function test_RevertWhen_TheCallbackOfTheOpeningUnparks() public {
        Puppet puppet = parking();
        vm.prank(address(puppet));
        market.supplyCollateral(20e18, address(puppet));
        Call[] memory calls = new Call[](1);
        calls[0] = marketCall(abi.encodeCall(market.withdrawCollateral, (20e18, address(puppet), address(puppet))));

        vm.expectRevert(ReentrancyGuardReentrantCall.selector);
        move(alice, alice, 0, 16_000e6, address(puppet), abi.encode(calls));
    }

    function test_TheMarkStaysWhereTheAddedDebtWasRepaidAgain() public {
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

    function test_AFailedOpeningLeavesNoMark() public {
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
    function test_CapitalTrulyParkedCountsAndTheMarkEndsWithTheTransaction() public {
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

contract DebtAllowanceTest is BorrowerTest {
    /// @dev Half of the cap of 8 million a day.
    uint256 private constant BUCKET = 4_000_000e6;

    function setUp() public override {
        super.setUp();
        open(alice, 20_000e18, 0);
    }

    function test_TheFirstBucketIsFullAndEmpties() public {
        assertEq(market.debtAllowance(), BUCKET);
        vm.startPrank(alice);
        vm.expectRevert(allowanceExceeded(BUCKET + 1, BUCKET));
        market.borrow(BUCKET + 1, alice, alice);

        market.borrow(1_000_000e6, alice, alice);
        assertEq(market.debtAllowance(), 3_000_000e6);
        market.borrow(3_000_000e6, alice, alice);
        assertEq(market.debtAllowance(), 0);
        vm.expectRevert(allowanceExceeded(1, 0));
        market.borrow(1, alice, alice);
    }

    function test_RefillsByTheSecondUpToOneBucket() public {
        vm.startPrank(alice);
        market.borrow(BUCKET, alice, alice);

        skipTime(1);
        assertEq(market.debtAllowance(), BUCKET / 86_400);
        skipTime(6 hours - 1);
        assertEq(market.debtAllowance(), 1_000_000e6);
        vm.expectRevert(allowanceExceeded(1_000_000e6 + 1, 1_000_000e6));
        market.borrow(1_000_000e6 + 1, alice, alice);
        market.borrow(1_000_000e6, alice, alice);

        skipTime(1 days);
        assertEq(market.debtAllowance(), BUCKET);
        skipTime(100 days);
        assertEq(market.debtAllowance(), BUCKET, "no more than one bucket");
    }

    // ------------------------------------------------------------------ repayments

    function test_ARepaymentInALaterTransactionDoesNotGiveItBack() public {
        fund(alice, 0, 1);
        vm.startPrank(alice);
        market.borrow(BUCKET, alice, alice);
        market.repay(type(uint256).max, alice);

        assertEq(market.totalDebt(), 0);
        assertEq(market.debtAllowance(), 0);
        vm.expectRevert(allowanceExceeded(100e6, 0));
        market.borrow(100e6, alice, alice);
    }

    function test_ARepaymentInTheSameTransactionGivesItBack() public {
        Puppet puppet = operatorOf(alice);

        puppet.execute(
            steps(
                marketCall(abi.encodeCall(market.borrow, (1_000_000e6, alice, address(puppet)))),
                marketCall(abi.encodeCall(market.repay, (600_000e6, alice))),
                marketCall(abi.encodeCall(market.repay, (400_000e6, alice)))
            )
        );

        assertAllowances(puppet, 3_000_000e6, 3_600_000e6, BUCKET);
        assertEq(market.debtAllowance(), BUCKET);
    }

    function test_NoMoreIsGivenBackThanTheTransactionAdded() public {
        Puppet puppet = operatorOf(alice);
        vm.prank(alice);
        market.borrow(2_000_000e6, alice, address(puppet));

        puppet.execute(
            steps(
                marketCall(abi.encodeCall(market.borrow, (500_000e6, alice, address(puppet)))),
                marketCall(abi.encodeCall(market.repay, (1_200_000e6, alice))),
                marketCall(abi.encodeCall(market.repay, (100_000e6, alice)))
            )
        );

        assertAllowances(puppet, 1_500_000e6, 2_000_000e6, 2_000_000e6);
        assertPosition(alice, 1_200_000e6, 20_000e18);
    }

    function test_WhatWasRepaidBeforeTheBorrowingGivesNothingBack() public {
        Puppet puppet = operatorOf(alice);
        vm.prank(alice);
        market.borrow(2_000_000e6, alice, address(puppet));

        puppet.execute(
            steps(
                marketCall(abi.encodeCall(market.repay, (1_000_000e6, alice))),
                marketCall(abi.encodeCall(market.borrow, (300_000e6, alice, address(puppet)))),
                marketCall(abi.encodeCall(market.repay, (300_000e6, alice)))
            )
        );

        assertAllowances(puppet, 2_000_000e6, 1_700_000e6, 2_000_000e6);
    }

    /// @dev The market's new debt is what counts, not whose it is.
    function test_TheRepaymentOfAnothersDebtGivesItBackToo() public {
        open(bob, 1_000e18, 1_000_000e6);
        Puppet puppet = operatorOf(alice);
        fund(address(puppet), 0, 100_000e6);

        puppet.execute(
            steps(
                marketCall(abi.encodeCall(market.borrow, (700_000e6, alice, address(puppet)))),
                marketCall(abi.encodeCall(market.repay, (600_000e6, bob))),
                marketCall(
                    abi.encodeCall(market.adjust, (bob, 0, -200_000e6, address(puppet), 0, type(uint256).max, ""))
                )
            )
        );

        assertAllowances(puppet, 2_300_000e6, 2_900_000e6, 3_000_000e6);
        assertPosition(alice, 700_000e6, 20_000e18);
        assertPosition(bob, 200_000e6, 1_000e18);
    }

    function test_WhatATransactionAddedIsForgottenAtItsEnd() public {
        Puppet puppet = operatorOf(alice);
        vm.startPrank(address(puppet));
        market.borrow(1_000_000e6, alice, address(puppet));
        vm.stopPrank();

        puppet.execute(
            steps(
                marketCall(abi.encodeCall(market.repay, (500_000e6, alice))),
                marketCall(abi.encodeCall(market.borrow, (100_000e6, alice, address(puppet)))),
                marketCall(abi.encodeCall(market.repay, (type(uint256).max, alice)))
            )
        );

        assertAllowances(puppet, 3_000_000e6, 2_900_000e6, 3_000_000e6);
        assertEq(market.totalDebt(), 0);
    }

    /// @dev With interest on it, a repayment pays less than it was asked to: what it pays is what it gives back.
    function testFuzz_WhatIsPaidIsGivenBackUpToWhatWasAdded(uint256 borrowed, uint256 asked, uint256 elapsed) public {
        Puppet puppet = operatorOf(alice);
        vm.prank(alice);
        market.borrow(1_000_000e6, alice, alice);
        skipTime(bound(elapsed, 1 days, 3 * 365 days));
        borrowed = bound(borrowed, 1, 2_000_000e6);
        asked = bound(asked, 0, 2 * borrowed);
        vm.assume(asked <= borrowed + 900_000e6);
        fund(address(puppet), 0, asked);

        puppet.execute(
            steps(
                marketCall(abi.encodeCall(market.borrow, (borrowed, alice, address(puppet)))),
                marketCall(abi.encodeCall(market.repay, (asked, alice))),
                marketCall(abi.encodeCall(market.accrue, ()))
            )
        );

        uint256 paid = abi.decode(puppet.outcomes()[2].returned, (uint256));
        uint256 index = borrowIndex();
        assertEq(paid, (((asked * WAD) / index) * index + WAD - 1) / WAD);
        uint256 left = BUCKET - borrowed + (paid < borrowed ? paid : borrowed);
        assertAllowances(puppet, BUCKET - borrowed, left, left);
    }

    /// @dev Collateral lent for the length of a transaction, all that the allowance admits, and back again: nobody else is
    /// kept from borrowing by it.
    function test_AFlashLoanLeavesItAsItWas() public {
        IMarket flash = collateralMarket();
        Puppet puppet = newPuppet(0, 0);
        vm.prank(address(puppet));
        collateral.approve(address(flash), type(uint256).max);
        address self = address(puppet);
        Call[] memory calls = new Call[](5);
        calls[0] = marketCall(abi.encodeCall(market.supplyCollateral, (2_500e18, self)));
        calls[1] = marketCall(abi.encodeCall(market.borrow, (BUCKET, self, self)));
        calls[2] = marketCall(abi.encodeCall(market.debtAllowance, ()));
        calls[3] = marketCall(abi.encodeCall(market.repay, (type(uint256).max, self)));
        calls[4] = marketCall(abi.encodeCall(market.withdrawCollateral, (type(uint256).max, self, self)));

        flash.flashLoan(puppet, address(collateral), 2_500e18, abi.encode(calls));

        assertEq(puppet.outcomes()[2].returned, abi.encode(0), "used up meanwhile");
        assertEq(market.debtAllowance(), BUCKET);
        assertPosition(self, 0, 0);
        vm.prank(alice);
        market.borrow(BUCKET, alice, alice);
    }

    function test_ALaterBorrowingOfTheSameTransactionUsesItAgain() public {
        Puppet puppet = operatorOf(alice);

        puppet.execute(
            steps(
                marketCall(abi.encodeCall(market.borrow, (BUCKET, alice, address(puppet)))),
                marketCall(abi.encodeCall(market.repay, (BUCKET, alice))),
                marketCall(abi.encodeCall(market.borrow, (1_500_000e6, alice, address(puppet))))
            )
        );

        assertAllowances(puppet, 0, BUCKET, 2_500_000e6);
        assertPosition(alice, 1_500_000e6, 20_000e18);
    }

    function test_WhatLowersRiskUsesNone() public {
        vm.startPrank(alice);
        market.borrow(BUCKET, alice, alice);

        market.repay(1_000_000e6, alice);
        market.withdrawCollateral(1e18, alice, alice);
        market.adjust(alice, -1e18, -1_000_000e6, alice, 0, type(uint256).max, "");
    }

    function test_ALoweredCapShrinksTheBucketAtOnce() public {
        vm.prank(guardian);
        market.lowerLimit(Limit.DebtCap, 1_000_000e6);
        assertEq(market.debtAllowance(), 500_000e6);

        vm.prank(alice);
        vm.expectRevert(allowanceExceeded(500_000e6 + 1, 500_000e6));
        market.borrow(500_000e6 + 1, alice, alice);
    }

    function test_ACapOfZeroPausesNewDebt() public {
        vm.startPrank(alice);
        market.borrow(1_000e6, alice, alice);
        vm.stopPrank();
        vm.prank(guardian);
        market.lowerLimit(Limit.DebtCap, 0);
        skipTime(1 days);
        uint256 debt = (debtSharesOf(alice) * borrowIndex() + WAD - 1) / WAD;

        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.DebtCapExceeded.selector, debt + 1, 0));
        market.borrow(1, alice, alice);
        market.repay(500e6, alice);
    }

    function testFuzz_NewDebtIsAtMostTheFirstBucketAndWhatRefilled(uint256 seed) public {
        uint256 start = vm.getBlockTimestamp();
        uint256 borrowed = 0;
        for (uint256 i = 0; i < 12; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            uint256 wanted = bound(random, 100e6, BUCKET);
            uint256 allowance = market.debtAllowance();
            vm.startPrank(alice);
            if (wanted > allowance) {
                vm.expectRevert(allowanceExceeded(wanted, allowance));
                market.borrow(wanted, alice, alice);
            } else {
                market.borrow(wanted, alice, alice);
                market.repay(wanted, alice);
                borrowed += wanted;
                assertEq(market.debtAllowance(), allowance - wanted);
            }
            vm.stopPrank();
            assertLe(borrowed, BUCKET + (BUCKET * (vm.getBlockTimestamp() - start)) / 1 days);
            skipTime(random % 12 hours);
        }
    }

    /// @dev A puppet that may do all for that account.
    function operatorOf(address account) private returns (Puppet puppet) {
        puppet = newPuppet(0, 0);
        vm.prank(account);
        market.setOperator(address(puppet), true);
    }

    /// @dev Three calls, and what the allowance is after each.
    function steps(
        Call memory first,
        Call memory second,
        Call memory third
    ) private view returns (Call[] memory calls) {
        Call memory look = marketCall(abi.encodeCall(market.debtAllowance, ()));
        calls = new Call[](6);
        (calls[0], calls[1], calls[2]) = (first, look, second);
        (calls[3], calls[4], calls[5]) = (look, third, look);
    }

    /// @dev After each of the three `steps`.
    function assertAllowances(Puppet puppet, uint256 first, uint256 second, uint256 third) private view {
        Puppet.Outcome[] memory seen = puppet.outcomes();
        assertEq(abi.decode(seen[1].returned, (uint256)), first, "first");
        assertEq(abi.decode(seen[3].returned, (uint256)), second, "second");
        assertEq(abi.decode(seen[5].returned, (uint256)), third, "third");
    }

    /// @dev A market that lends the other's collateral token, so that it makes flash loans of it.
    function collateralMarket() private returns (IMarket other) {
        MarketParams memory params = _params();
        (params.loanToken, params.collateralToken) = (collateral, loan);
        params.oracle = new MockOracle((1e36 * collateralUnit) / (2000 * loanUnit));
        params.config.minDebt = 1e12;
        other = createMarket(params, bytes32("collateral"));
        collateral.mint(lender, 10_000e18);
        vm.startPrank(lender);
        collateral.approve(address(other), type(uint256).max);
        other.deposit(10_000e18, lender);
        vm.stopPrank();
    }

    function allowanceExceeded(uint256 wanted, uint256 allowance) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILeverageMarket.DebtAllowanceExceeded.selector, wanted, allowance);
    }
}

contract DebtCapTest is BorrowerTest {
    /// @dev The whole cap within a day.
    function _params() internal view override returns (MarketParams memory params) {
        params = super._params();
        params.config.dailyAllowance = 1e18;
    }

    function test_BindsToTheUnit() public {
        open(alice, 20_000e18, 0);

        vm.startPrank(alice);
        vm.expectRevert(capExceeded(8_000_000e6 + 1));
        market.borrow(8_000_000e6 + 1, alice, alice);
        market.borrow(8_000_000e6, alice, alice);
        vm.expectRevert(capExceeded(8_000_000e6 + 1));
        market.borrow(1, alice, alice);
    }

    function test_CountsInterestAndAllBorrowers() public {
        open(bob, 10_000e18, 7_000_000e6);
        open(alice, 10_000e18, 0);
        skipTime(30 days);
        uint256 index = borrowIndex();
        uint256 debtShares = 7_000_000e6 + (1_000_000e6 * WAD + index - 1) / index;

        vm.startPrank(alice);
        vm.expectRevert(capExceeded((debtShares * index + WAD - 1) / WAD));
        market.borrow(1_000_000e6, alice, alice);
        market.borrow(8_000_000e6 - market.totalDebt() - 1, alice, alice);

        assertLe(market.totalDebt(), 8_000_000e6);
    }

    function capExceeded(uint256 debt) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILeverageMarket.DebtCapExceeded.selector, debt, 8_000_000e6);
    }
}

contract CollateralCapTest is BorrowerTest {
    function _params() internal view override returns (MarketParams memory params) {
        params = super._params();
        params.limits.collateralCap = 100e18;
    }

    function test_BindsIdleCollateralToTheUnit() public {
        fund(alice, 200e18, 0);
        vm.startPrank(alice);

        vm.expectRevert(capExceeded(100e18 + 1));
        market.supplyCollateral(100e18 + 1, alice);
        market.supplyCollateral(100e18, alice);
        vm.expectRevert(capExceeded(100e18 + 1));
        market.supplyCollateral(1, alice);
    }

    function test_BindsAnOpening() public {
        open(bob, 60e18, 0);
        fund(alice, 50e18, 0);

        vm.expectRevert(capExceeded(100e18 + 1));
        move(alice, 40e18 + 1, 1_000e6);
        move(alice, 40e18, 1_000e6);
    }

    function test_NeverBindsTheRescueOfAnIndebtedAccount() public {
        open(alice, 100e18, 160_000e6);
        oracle.setPrice(priceOf(1500));
        fund(alice, 20e18, 0);
        fund(bob, 30e18, 0);

        vm.prank(bob);
        market.supplyCollateral(30e18, alice);
        move(alice, 20e18, -1_000e6);

        assertPosition(alice, 159_000e6, 150e18);
    }

    function test_NeverBindsAWithdrawal() public {
        open(alice, 100e18, 160_000e6);
        fund(alice, 20e18, 0);
        vm.startPrank(alice);
        market.supplyCollateral(20e18, alice);

        market.withdrawCollateral(1e18, alice, alice);
        market.repay(type(uint256).max, alice);
        market.withdrawCollateral(1e18, alice, alice);
        assertEq(collateralOf(alice), 118e18);
        vm.expectRevert(capExceeded(118e18 + 1));
        market.supplyCollateral(1, alice);
    }

    function test_RevertWhen_DebtIsAddedAboveTheCap() public {
        open(alice, 100e18, 1_000e6);
        fund(alice, 900e18, 0);
        vm.startPrank(alice);
        // A rescue that nobody needed makes room for debt beyond what the cap admits: so that debt is refused.
        market.supplyCollateral(900e18, alice);

        vm.expectRevert(capExceeded(1_000e18));
        market.borrow(1_000_000e6, alice, alice);
    }

    function test_RevertWhen_DebtIsAddedAfterTheCapWasLowered() public {
        open(alice, 50e18, 1_000e6);
        vm.prank(guardian);
        market.lowerLimit(Limit.CollateralCap, 50e18 - 1);

        bytes memory reason = abi.encodeWithSelector(ILeverageMarket.CollateralCapExceeded.selector, 50e18, 50e18 - 1);
        vm.startPrank(alice);
        vm.expectRevert(reason);
        market.borrow(1_000e6, alice, alice);
        vm.expectRevert(reason);
        market.borrow(1, alice, alice);
    }

    function test_DebtIsAddedAtTheCapItself() public {
        open(alice, 50e18, 1_000e6);
        vm.prank(guardian);
        market.lowerLimit(Limit.CollateralCap, 50e18);

        vm.prank(alice);
        market.borrow(1_000e6, alice, alice);

        assertPosition(alice, 2_000e6, 50e18);
    }

    function test_BindsACallThatBorrowsAndTakesByWhatItLeaves() public {
        open(alice, 100e18, 1_000e6);
        fund(alice, 10e18, 0);
        vm.prank(alice);
        market.supplyCollateral(10e18, alice);

        vm.expectRevert(capExceeded(100e18 + 1));
        move(alice, -10e18 + 1, 1_000e6);
        move(alice, -10e18, 1_000e6);

        assertPosition(alice, 2_000e6, 100e18);
    }

    /// @dev Whose collateral stands above the cap makes no difference.
    function test_RevertWhen_AnotherAddsDebtAboveTheCap() public {
        open(bob, 50e18, 0);
        open(alice, 50e18, 1_000e6);
        fund(alice, 1, 0);
        vm.prank(alice);
        market.supplyCollateral(1, alice);

        vm.prank(bob);
        vm.expectRevert(capExceeded(100e18 + 1));
        market.borrow(100e6, bob, bob);
    }

    function capExceeded(uint256 held) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILeverageMarket.CollateralCapExceeded.selector, held, 100e18);
    }
}

contract MinimumDebtTest is BorrowerTest {
    uint256 private constant MINIMUM = 100e6;

    function test_BindsAnOpeningToTheUnit() public {
        open(alice, 10e18, 0);

        vm.startPrank(alice);
        vm.expectRevert(debtBelowMinimum(1));
        market.borrow(1, alice, alice);
        vm.expectRevert(debtBelowMinimum(MINIMUM - 1));
        market.borrow(MINIMUM - 1, alice, alice);
        market.borrow(MINIMUM, alice, alice);
        market.borrow(1, alice, alice);
    }

    function test_BindsARepaymentToTheUnit() public {
        open(alice, 10e18, 1_000e6);

        vm.startPrank(alice);
        vm.expectRevert(debtBelowMinimum(MINIMUM - 1));
        market.repay(900e6 + 1, alice);
        vm.expectRevert(debtBelowMinimum(1));
        market.repay(1_000e6 - 1, alice);
        market.repay(900e6, alice);
        market.repay(MINIMUM, alice);
        assertPosition(alice, 0, 10e18);
    }

    function test_BindsAStrangersRepayment() public {
        open(alice, 10e18, 1_000e6);
        fund(bob, 0, 1_000e6);

        vm.prank(bob);
        vm.expectRevert(debtBelowMinimum(MINIMUM - 1));
        market.repay(900e6 + 1, alice);
    }

    /// @dev A unit less than the debt burns all shares but one or two.
    function test_BindsARepaymentOfAllButAUnitAtAGrownIndex() public {
        open(alice, 10e18, 16_000e6);
        skipTime(30 days);
        market.accrue();
        uint256 index = borrowIndex();
        uint256 paid = market.debtOf(alice) - 1;
        uint256 left = debtSharesOf(alice) - (paid * WAD) / index;
        assertGt(left, 0);

        vm.prank(alice);
        vm.expectRevert(debtBelowMinimum((left * index + WAD - 1) / WAD));
        market.adjust(alice, 0, -int256(paid), alice, 0, type(uint256).max, "");
    }

    function testFuzz_NoCallLeavesADebtBetweenZeroAndIt(uint256 seed) public {
        open(alice, 10e18, 1_000e6);
        fund(alice, 10e18, 100_000e6);
        fund(bob, 10e18, 100_000e6);
        for (uint256 i = 0; i < 10; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            int256 delta = bound(int256(random), -1_100e6, 500e6);
            address caller = delta < 0 && random % 3 == 0 ? bob : alice;
            vm.prank(caller);
            try market.adjust(alice, 0, delta, caller, 0, type(uint256).max, "") {} catch (bytes memory reason) {
                assertEq(bytes32(bytes4(reason)), bytes32(ILeverageMarket.DebtBelowMinimum.selector));
            }
            uint256 debt = market.debtOf(alice);
            assertTrue(debt == 0 || debt >= MINIMUM);
            skipTime(random % 100 days);
        }
    }

    function debtBelowMinimum(uint256 debt) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILeverageMarket.DebtBelowMinimum.selector, debt, MINIMUM);
    }
}
