// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {Call, ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {Limit, MarketParams} from "../../contracts/types/MarketTypes.sol";
import {BorrowerTest} from "../support/BorrowerTest.sol";
import {GovernanceTest} from "../support/GovernanceTest.sol";

contract DebtAllowanceTest is BorrowerTest, GovernanceTest {
    /// @dev Half of the cap of 8 million a day.
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

    function test_DebtAllowance_LaterRepaymentRestoresNothing() public {
        fund(alice, 0, 1);
        vm.startPrank(alice);
        market.borrow(BUCKET, alice, alice);
        market.repay(type(uint256).max, alice);

        assertEq(market.totalDebt(), 0);
        assertEq(market.debtAllowance(), 0);
        vm.expectRevert(allowanceExceeded(100e6, 0));
        market.borrow(100e6, alice, alice);
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

    function test_DebtAllowance_RestoresAtMostTheNewDebtOfTheTransaction() public {
        ScriptedActor actor = operatorOf(alice);
        vm.prank(alice);
        market.borrow(2_000_000e6, alice, address(actor));

        actor.execute(
            steps(
                marketCall(abi.encodeCall(market.borrow, (500_000e6, alice, address(actor)))),
                marketCall(abi.encodeCall(market.repay, (1_200_000e6, alice))),
                marketCall(abi.encodeCall(market.repay, (100_000e6, alice)))
            )
        );

        assertAllowances(actor, 1_500_000e6, 2_000_000e6, 2_000_000e6);
        assertPosition(alice, 1_200_000e6, 20_000e18);
    }

    function test_DebtAllowance_RepaymentBeforeTheBorrowRestoresNothing() public {
        ScriptedActor actor = operatorOf(alice);
        vm.prank(alice);
        market.borrow(2_000_000e6, alice, address(actor));

        actor.execute(
            steps(
                marketCall(abi.encodeCall(market.repay, (1_000_000e6, alice))),
                marketCall(abi.encodeCall(market.borrow, (300_000e6, alice, address(actor)))),
                marketCall(abi.encodeCall(market.repay, (300_000e6, alice)))
            )
        );

        assertAllowances(actor, 2_000_000e6, 1_700_000e6, 2_000_000e6);
    }

    /// @dev The market's new debt is what counts, not whose it is.
    function test_DebtAllowance_RepaymentOfAnothersDebtRestoresIt() public {
        open(bob, 1_000e18, 1_000_000e6);
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

        assertAllowances(actor, 2_300_000e6, 2_900_000e6, 3_000_000e6);
        assertPosition(alice, 700_000e6, 20_000e18);
        assertPosition(bob, 200_000e6, 1_000e18);
    }

    function test_DebtAllowance_NewDebtOfEarlierTransactionsDoesNotCount() public {
        ScriptedActor actor = operatorOf(alice);
        vm.startPrank(address(actor));
        market.borrow(1_000_000e6, alice, address(actor));
        vm.stopPrank();

        actor.execute(
            steps(
                marketCall(abi.encodeCall(market.repay, (500_000e6, alice))),
                marketCall(abi.encodeCall(market.borrow, (100_000e6, alice, address(actor)))),
                marketCall(abi.encodeCall(market.repay, (type(uint256).max, alice)))
            )
        );

        assertAllowances(actor, 3_000_000e6, 2_900_000e6, 3_000_000e6);
        assertEq(market.totalDebt(), 0);
    }

    /// @dev With interest on it, a repayment pays less than it was asked to: what it pays is what it gives back.
    function testFuzz_DebtAllowance_RestoresThePaymentUpToTheNewDebt(
        uint256 borrowed,
        uint256 asked,
        uint256 elapsed
    ) public {
        ScriptedActor actor = operatorOf(alice);
        vm.prank(alice);
        market.borrow(1_000_000e6, alice, alice);
        skipTime(bound(elapsed, 1 days, 3 * 365 days));
        borrowed = bound(borrowed, 1, 2_000_000e6);
        asked = bound(asked, 0, 2 * borrowed);
        vm.assume(asked <= borrowed + 900_000e6);
        fund(address(actor), 0, asked);

        actor.execute(
            steps(
                marketCall(abi.encodeCall(market.borrow, (borrowed, alice, address(actor)))),
                marketCall(abi.encodeCall(market.repay, (asked, alice))),
                marketCall(abi.encodeCall(market.accrue, ()))
            )
        );

        uint256 paid = abi.decode(actor.outcomes()[2].returned, (uint256));
        uint256 index = borrowIndex();
        assertEq(paid, (((asked * WAD) / index) * index + WAD - 1) / WAD);
        uint256 left = BUCKET - borrowed + (paid < borrowed ? paid : borrowed);
        assertAllowances(actor, BUCKET - borrowed, left, left);
    }

    /// @dev Collateral lent for the length of a transaction, all that the allowance admits, and back again: nobody else is
    /// kept from borrowing by it.
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

        // Used up meanwhile.
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

    // ------------------------------------------------------------------ a debt cap that moves

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
        // Interest counts.
        uint256 debt = market.totalDebt();
        assertGt(debt, 500_000e6);
        // Debt shares are minted up, which takes a unit of the room.
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

    /// @dev A higher cap lets the bucket fill faster from now on; it gives nothing at once, not for the past either.
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

    /// @dev An actor that may do all for that account.
    function operatorOf(address account) private returns (ScriptedActor actor) {
        actor = newActor(0, 0);
        vm.prank(account);
        market.setOperator(address(actor), true);
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
    function assertAllowances(ScriptedActor actor, uint256 first, uint256 second, uint256 third) private view {
        ScriptedActor.Outcome[] memory seen = actor.outcomes();
        assertEq(abi.decode(seen[1].returned, (uint256)), first, "first");
        assertEq(abi.decode(seen[3].returned, (uint256)), second, "second");
        assertEq(abi.decode(seen[5].returned, (uint256)), third, "third");
    }

    /// @dev A market that lends the other's collateral token, so that it makes flash loans of it.
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
