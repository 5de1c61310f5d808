// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {Call, ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {Limit, MarketParams} from "../../contracts/types/MarketTypes.sol";
import {BorrowerTest} from "../support/BorrowerTest.sol";
import {GovernanceTest} from "../support/GovernanceTest.sol";

contract DebtAllowanceTest is BorrowerTest, GovernanceTest {
    /// @dev Half of the cap of 8 million, per day.
    uint256 private constant BUCKET = 4_000_000e6;

    function setUp() public override {
        super.setUp();
        open(alice, 20_000e18, 0);
    }

    function test_DebtAllowance_StartsFullAndEmpties() public {
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

    function test_DebtAllowance_RefillsByTheSecondUpToOneBucket() public {
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

    function test_DebtAllowance_RepaymentAtOnceRestoresIt() public {
        fund(alice, 0, 1);
        vm.startPrank(alice);
        market.borrow(BUCKET, alice, alice);
        market.repay(1_000_000e6, alice);
        assertEq(market.debtAllowance(), 1_000_000e6);
        market.repay(type(uint256).max, alice);
        assertEq(market.totalDebt(), 0);
        assertEq(market.debtAllowance(), BUCKET);
    }

    /// @dev An hour after the draw a repayment restores 23 of 24 parts; in that hour a bucket of 4
    /// million has refilled a 24th.
    function test_DebtAllowance_RestorationByRepaymentFallsToZeroInADay() public {
        fund(alice, 0, 100_000e6);
        vm.startPrank(alice);
        market.borrow(BUCKET, alice, alice);
        skipTime(6 hours);
        assertEq(market.debtAllowance(), 1_000_000e6);
        market.repay(2_000_000e6, alice);
        assertEq(market.debtAllowance(), 3_000_000e6, "all of it, as three quarters are left");
        market.repay(type(uint256).max, alice);
        uint256 interest = 1_000e6;
        assertApproxEqAbs(market.debtAllowance(), BUCKET, interest);

        market.borrow(BUCKET, alice, alice);
        skipTime(1 days);
        market.borrow(1_000_000e6, alice, alice);
        assertEq(market.debtAllowance(), 3_000_000e6);
        market.repay(1_000_000e6, alice);
        assertApproxEqAbs(market.debtAllowance(), BUCKET, 1e6, "the new draw alone");
        market.repay(2_000_000e6, alice);
        assertApproxEqAbs(market.debtAllowance(), BUCKET, 1e6);
        vm.stopPrank();
    }

    function test_DebtAllowance_RepaymentOfADayOldDebtRestoresNothing() public {
        ScriptedActor actor = operatorOf(alice);
        fund(alice, 0, 100_000e6);
        vm.prank(alice);
        market.borrow(3_000_000e6, alice, address(actor));
        skipTime(1 days);
        open(bob, 4_000e18, BUCKET);
        assertEq(market.debtAllowance(), 0);
        vm.prank(address(actor));
        market.repay(1_000_000e6, alice);
        assertEq(market.debtAllowance(), 0);
    }

    function test_DebtAllowance_RepaymentInTheSameTransactionRestoresIt() public {
        ScriptedActor actor = operatorOf(alice);

        actor.execute(
            steps(
                marketCall(abi.encodeCall(market.borrow, (1_000_000e6, alice, address(actor)))),
                marketCall(abi.encodeCall(market.repay, (600_000e6, alice))),
                marketCall(abi.encodeCall(market.repay, (400_000e6, alice)))
            )
        );

        assertAllowances(actor, 3_000_000e6, 3_600_000e6, BUCKET);
        assertEq(market.debtAllowance(), BUCKET);
    }

    /// @dev Another account's debt is no draw of this account: its repayment restores the draw of
    /// that account only, and an old debt restores nothing.
    function test_DebtAllowance_RepaymentOfAnOldDebtMakesNoRoomForANewOne() public {
        open(bob, 1_000e18, 1_000_000e6);
        skipTime(1 days);
        ScriptedActor actor = operatorOf(alice);
        fund(address(actor), 0, 100_000e6);

        actor.execute(
            steps(
                marketCall(abi.encodeCall(market.borrow, (700_000e6, alice, address(actor)))),
                marketCall(abi.encodeCall(market.repay, (600_000e6, bob))),
                marketCall(
                    abi.encodeCall(market.adjust, (bob, 0, -200_000e6, address(actor), 0, type(uint256).max, ""))
                )
            )
        );

        assertAllowances(actor, BUCKET - 700_000e6, BUCKET - 700_000e6, BUCKET - 700_000e6);
    }

    /// @dev The average age of the remaining debt is the same after a liquidation as before.
    function test_DebtAllowance_LiquidationRestoresNothing() public {
        open(bob, 1_000e18, 1_500_000e6);
        assertEq(market.debtAllowance(), BUCKET - 1_500_000e6);
        (, , uint40 drawnAt) = market.position(bob);
        oracle.setPrice(priceOf(1700));
        fund(address(this), 0, 2_000_000e6);
        loan.approve(address(market), type(uint256).max);
        address[] memory accounts = new address[](1);
        accounts[0] = bob;
        market.liquidate(accounts, 100_000e6, 0, address(this), "");
        assertEq(market.debtAllowance(), BUCKET - 1_500_000e6);
        (, , uint40 left) = market.position(bob);
        assertEq(left, drawnAt);
    }

    function test_Position_ReportsWhenTheDebtWasDrawnOnAverage() public {
        uint256 start = vm.getBlockTimestamp();
        open(bob, 1_000e18, 100_000e6);
        (, , uint40 drawnAt) = market.position(bob);
        assertEq(drawnAt, start * 256);
        skipTime(6 hours);
        vm.prank(bob);
        market.borrow(300_000e6, bob, bob);
        (, , drawnAt) = market.position(bob);
        // A quarter of the debt, with its interest, is six hours old.
        assertApproxEqAbs(drawnAt, (start + 6 hours) * 256 - uint256(90 minutes) * 256, 1000);
        fund(bob, 0, 1_000e6);
        vm.prank(bob);
        market.repay(type(uint256).max, bob);
        (, , drawnAt) = market.position(bob);
        assertEq(drawnAt, 0);
    }

    /// @dev In one transaction: flash-loaned collateral, as much debt as the allowance admits, and
    /// repayment. Nobody else is kept from borrowing by it.
    function test_DebtAllowance_FlashLoanedPositionLeavesItUnchanged() public {
        ILeverageMarket flash = collateralMarket();
        ScriptedActor actor = newActor(0, 0);
        vm.prank(address(actor));
        collateral.approve(address(flash), type(uint256).max);
        address self = address(actor);
        Call[] memory calls = new Call[](5);
        calls[0] = marketCall(abi.encodeCall(market.supplyCollateral, (2_500e18, self)));
        calls[1] = marketCall(abi.encodeCall(market.borrow, (BUCKET, self, self)));
        calls[2] = marketCall(abi.encodeCall(market.debtAllowance, ()));
        calls[3] = marketCall(abi.encodeCall(market.repay, (type(uint256).max, self)));
        calls[4] = marketCall(abi.encodeCall(market.withdrawCollateral, (type(uint256).max, self, self)));

        flash.flashLoan(actor, address(collateral), 2_500e18, abi.encode(calls));

        // Exhausted in the meantime.
        assertEq(actor.outcomes()[2].returned, abi.encode(0));
        assertEq(market.debtAllowance(), BUCKET);
        assertPosition(self, 0, 0);
        vm.prank(alice);
        market.borrow(BUCKET, alice, alice);
    }

    function test_DebtAllowance_SecondBorrowOfATransactionUsesItAgain() public {
        ScriptedActor actor = operatorOf(alice);

        actor.execute(
            steps(
                marketCall(abi.encodeCall(market.borrow, (BUCKET, alice, address(actor)))),
                marketCall(abi.encodeCall(market.repay, (BUCKET, alice))),
                marketCall(abi.encodeCall(market.borrow, (1_500_000e6, alice, address(actor))))
            )
        );

        assertAllowances(actor, 0, BUCKET, 2_500_000e6);
        assertPosition(alice, 1_500_000e6, 20_000e18);
    }

    function test_DebtAllowance_RepaymentsAndWithdrawalsUseNone() public {
        vm.startPrank(alice);
        market.borrow(BUCKET, alice, alice);

        market.repay(1_000_000e6, alice);
        market.withdrawCollateral(1e18, alice, alice);
        market.adjust(alice, -1e18, -1_000_000e6, alice, 0, type(uint256).max, "");
    }

    function test_DebtAllowance_LoweredDebtCapBindsTheNextBorrow() public {
        vm.prank(guardian);
        market.lowerLimit(Limit.DebtCap, 1_000_000e6);
        assertEq(market.debtAllowance(), 500_000e6);

        vm.prank(alice);
        vm.expectRevert(allowanceExceeded(500_000e6 + 1, 500_000e6));
        market.borrow(500_000e6 + 1, alice, alice);
    }

    function test_DebtCap_ZeroPausesNewDebt() public {
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

    function testFuzz_DebtAllowance_BorrowsWithRepaymentsStayWithinBucketAndRefill(uint256 seed) public {
        uint256 start = vm.getBlockTimestamp();
        uint256 borrowed = 0;
        for (uint256 i = 0; i < 12; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            uint256 wanted = bound(random, 1_000e6, BUCKET / 6);
            uint256 allowance = market.debtAllowance();
            vm.startPrank(alice);
            if (wanted > allowance) {
                vm.expectRevert(allowanceExceeded(wanted, allowance));
                market.borrow(wanted, alice, alice);
            } else {
                market.borrow(wanted, alice, alice);
                assertEq(market.debtAllowance(), allowance - wanted);
                // All of it is restored, except for the seconds that rounding a debt up drops.
                market.repay(wanted / 2, alice);
                assertApproxEqAbs(market.debtAllowance(), allowance - wanted + wanted / 2, BUCKET / 86_400 / 256 + 3);
                borrowed += allowance - market.debtAllowance();
            }
            vm.stopPrank();
            assertLe(borrowed, BUCKET + (BUCKET * (vm.getBlockTimestamp() - start)) / 1 days);
            skipTime(random % 12 hours);
        }
    }

    // ------------------------------------------------------------------ changes of the debt cap

    function test_DebtAllowance_BucketHoldsADay() public {
        assertEq(market.debtAllowance(), 4_000_000e6);
        skipTime(365 days);
        assertEq(market.debtAllowance(), 4_000_000e6);
    }

    function test_DebtAllowance_NewDebtUsesItAndTimeRefillsIt() public {
        open(alice, 10_000e18, 3_000_000e6);
        assertEq(market.debtAllowance(), 1_000_000e6);
        skipTime(6 hours);
        assertEq(market.debtAllowance(), 2_000_000e6);
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.DebtAllowanceExceeded.selector, 2_000_000e6 + 1, 2_000_000e6)
        );
        vm.prank(alice);
        market.borrow(2_000_000e6 + 1, alice, alice);
        vm.prank(alice);
        market.borrow(2_000_000e6, alice, alice);
        assertEq(market.debtAllowance(), 0);
        skipTime(1);
        assertEq(market.debtAllowance(), uint256(4_000_000e6) / 1 days);
    }

    function test_DebtCap_RevertWhen_BorrowAndInterestPassIt() public {
        lower(Limit.DebtCap, 1_000_000e6);
        assertEq(market.debtAllowance(), 500_000e6);
        open(alice, 10_000e18, 500_000e6);
        skipTime(1 days);
        // Interest counts towards the cap.
        uint256 debt = market.totalDebt();
        assertGt(debt, 500_000e6);
        // Debt shares are rounded up, which uses one unit of the room.
        uint256 room = 1_000_000e6 - debt - 1;
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.DebtCapExceeded.selector, 1_000_000e6 + 2, 1_000_000e6));
        vm.prank(alice);
        market.borrow(room + 2, alice, alice);
        vm.prank(alice);
        market.borrow(room, alice, alice);
    }

    function test_DebtAllowance_LoweredDebtCapShrinksTheBucketAtOnce() public {
        open(alice, 10_000e18, 1_000_000e6);
        lower(Limit.DebtCap, 4_000_000e6);
        assertEq(market.debtAllowance(), 2_000_000e6);
        lower(Limit.DebtCap, 0);
        assertEq(market.debtAllowance(), 0);
        skipTime(10 days);
        assertEq(market.debtAllowance(), 0);
    }

    /// @dev A higher cap makes the bucket refill faster from now on; it adds nothing at once, and
    /// nothing for the past.
    function test_DebtAllowance_RaisedDebtCapGivesNothingAtOnce() public {
        open(alice, 10_000e18, 4_000_000e6);
        schedule(Limit.DebtCap, 80_000_000e6);
        skipTime(DELAY);
        assertEq(market.debtAllowance(), 4_000_000e6);
        market.applyRaise(Limit.DebtCap);
        assertEq(market.debtAllowance(), 4_000_000e6);
        skipTime(6 hours);
        assertEq(market.debtAllowance(), 14_000_000e6);
        skipTime(1 days);
        assertEq(market.debtAllowance(), 40_000_000e6);
    }

    function testFuzz_DebtAllowance_BorrowsStayWithinBucketAndRefill(
        uint256[6] memory waits,
        uint256[6] memory debts
    ) public {
        fund(alice, 100_000e18, 0);
        vm.prank(alice);
        market.supplyCollateral(100_000e18, alice);
        uint256 start = vm.getBlockTimestamp();
        uint256 atStart = market.debtAllowance();
        uint256 borrowed = 0;
        for (uint256 i = 0; i < waits.length; ++i) {
            skipTime(bound(waits[i], 0, 8 hours));
            uint256 debt = bound(debts[i], 100e6, 1_500_000e6);
            if (debt > market.debtAllowance() || market.totalDebt() + debt > 8_000_000e6) continue;
            vm.prank(alice);
            market.borrow(debt, alice, alice);
            borrowed += debt;
            uint256 elapsed = vm.getBlockTimestamp() - start;
            assertLe(borrowed, atStart + (4_000_000e6 * elapsed) / 1 days);
        }
    }

    // ------------------------------------------------------------------ helpers

    /// @dev An actor that is an operator of that account.
    function operatorOf(address account) private returns (ScriptedActor actor) {
        actor = newActor(0, 0);
        vm.prank(account);
        market.setOperator(address(actor), true);
    }

    /// @dev Three calls, each followed by a read of the allowance.
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

    /// @dev Checks the allowance after each of the three `steps`.
    function assertAllowances(ScriptedActor actor, uint256 first, uint256 second, uint256 third) private view {
        ScriptedActor.Outcome[] memory seen = actor.outcomes();
        assertEq(abi.decode(seen[1].returned, (uint256)), first, "first");
        assertEq(abi.decode(seen[3].returned, (uint256)), second, "second");
        assertEq(abi.decode(seen[5].returned, (uint256)), third, "third");
    }

    /// @dev A market that lends the collateral token of the other market, for flash loans of it.
    function collateralMarket() private returns (ILeverageMarket other) {
        MarketParams memory params = _params();
        (params.loanToken, params.collateralToken) = (collateral, loan);
        params.oracle = address(new MockOracle((1e36 * collateralUnit) / (2000 * loanUnit)));
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
