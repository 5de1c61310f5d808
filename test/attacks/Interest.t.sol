// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC3156FlashLender} from "@openzeppelin/contracts/interfaces/IERC3156FlashLender.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {Call} from "../../contracts/mocks/ScriptedActor.sol";
import {AttackTest} from "./support/AttackTest.sol";

/// @notice Attacks on interest: by waiting, by accruing often, and by moving the utilization that
/// the rate follows.
contract InterestAttackTest is AttackTest {
    function setUp() public override {
        super.setUp();
        open(alice, 10_000e18, 4_000_000e6);
        fund(address(attacker), 10_000e18, 20_000_000e6);
    }

    /// @notice A market that nobody has called for years: an overflow of the interest would lock
    /// everybody in for good.
    /// @dev At full utilization, for up to a thousand years. Everybody can repay, close, liquidate
    /// and withdraw.
    function testFuzz_Accrue_YearsWithoutACallLockNobodyIn(uint256 elapsed) public {
        uint256 cash = market.maxWithdraw(lender);
        vm.prank(lender);
        market.withdraw(cash, lender, lender);
        skipTime(bound(elapsed, 365 days, 1_000 * 365 days));

        uint256 debt = market.debtOf(alice);
        assertGt(debt, 4_000_000e6);
        market.accrue();
        assertEq(market.debtOf(alice), debt, "an index that doesn't fit");
        skipTime(365 days);
        market.accrue();
        assertGe(market.debtOf(alice), debt);
        fund(liquidator, 0, 50_000_000e6);
        (, uint256 held, ) = market.position(alice);
        (uint256 seized, ) = tryLiquidate(alice, type(uint256).max);
        assertLe(seized, held);
        loan.mint(alice, market.debtOf(alice));
        vm.startPrank(alice);
        loan.approve(address(market), type(uint256).max);
        market.adjust(alice, ALL, ALL, alice, 0, type(uint256).max, "");
        vm.stopPrank();
        assertPosition(alice, 0, 0);
        uint256 paid = redeemMaximum();
        assertGt(cash + paid, 10_000_000e6);
    }

    /// @notice A lender acts each second in a market so small that the interest fee of a second is
    /// one or two units.
    /// @dev With 8,000 lent, about 1 unit a second is the buffer's; dropped remainders would be
    /// most of the fee.
    function test_InterestFee_LenderActionEachSecondCostsTheBufferNothing() public {
        ILeverageMarket small = createMarket(_params(), bytes32("small"));
        loan.mint(address(this), 8_000e6);
        loan.approve(address(small), type(uint256).max);
        small.deposit(8_000e6, lender);
        collateral.mint(bob, 10e18);
        vm.startPrank(bob);
        collateral.approve(address(small), type(uint256).max);
        small.adjust(bob, 10e18, 7_200e6, bob, type(uint256).max, 0, "");
        vm.stopPrank();
        uint256 snapshot = vm.snapshotState();

        skipTime(1200);
        small.deposit(0, address(this));
        uint256 atOnce = small.balanceOf(address(small));
        vm.revertToState(snapshot);
        for (uint256 i = 0; i < 1200; ++i) {
            skipTime(1);
            small.deposit(0, address(this));
        }
        assertGt(atOnce, 500e6);
        // 2^-16 of a unit each time, plus the shares' rounding down.
        assertApproxEqRel(small.balanceOf(address(small)), atOnce, 0.0005e18);
    }

    /// @notice The interest of a year depends on how often the market accrues: a borrower prefers
    /// seldom, lenders often.
    /// @dev A known limit. At 90% utilization, virtual cash included: without calls the rate stays
    /// at 4% a year; with daily calls the interest itself raises utilization above the target, and
    /// with it the rate.
    function test_Accrue_DailyCallsRaiseTheInterestOfAYear() public {
        (uint256 cash, , ) = market.totals();
        uint256 debt = market.debtOf(alice);
        vm.prank(lender);
        market.withdraw(cash - (debt / 9 - 1_000e6), lender, lender);
        uint256 snapshot = vm.snapshotState();
        skipTime(365 days);
        assertApproxEqAbs((market.debtOf(alice) * 10_000) / debt, 10_408, 1);
        vm.revertToState(snapshot);
        for (uint256 i = 0; i < 365; ++i) {
            skipTime(1 days);
            market.accrue();
        }
        assertApproxEqAbs((market.debtOf(alice) * 10_000) / debt, 10_664, 1);
    }

    /// @notice Interest that is charged often must neither round to zero nor exceed the true
    /// amount: accruing each second changes the interest of that time by at most a millionth and
    /// two units.
    function testFuzz_Accrue_EverySecondChangesNothing(uint256 seconds_) public {
        seconds_ = bound(seconds_, 2, 60);
        uint256 debt = market.debtOf(alice);
        uint256 snapshot = vm.snapshotState();
        skipTime(seconds_);
        uint256 interest = market.debtOf(alice) - debt;
        assertGt(interest, 2_000 * seconds_);
        vm.revertToState(snapshot);
        for (uint256 i = 0; i < seconds_; ++i) {
            skipTime(1);
            market.accrue();
        }
        assertApproxEqAbs(market.debtOf(alice) - debt, interest, interest / 1e6 + 2);
    }

    /// @notice A flash loan raises utilization to 100% for an instant, so that all time since the
    /// last accrual would be charged at that rate; or a deposit doubles the cash for an instant, so
    /// that it would be charged at a lower one.
    /// @dev The charge follows the utilization of the elapsed time, whatever happens in the
    /// transaction that accrues.
    function testFuzz_Accrue_UtilizationOfAnInstantChargesNothing(uint256 elapsed, bool up) public {
        elapsed = bound(elapsed, 1, 365 days);
        uint256 snapshot = vm.snapshotState();
        skipTime(elapsed);
        uint256 fair = market.debtOf(alice);
        vm.revertToState(snapshot);

        skipTime(elapsed);
        if (up) {
            Call[] memory accrual = only(marketCall(abi.encodeCall(ILeverageMarket.accrue, ())));
            plan(
                abi.encodeCall(
                    IERC3156FlashLender.flashLoan,
                    (attacker, address(loan), 6_000_000e6, abi.encode(accrual))
                )
            );
        } else {
            plan(abi.encodeCall(IERC4626.deposit, (10_000_000e6, address(attacker))));
            plan(abi.encodeCall(ILeverageMarket.accrue, ()));
            plan(abi.encodeCall(IERC4626.withdraw, (9_999_999e6, address(attacker), address(attacker))));
        }
        run();
        assertEq(market.debtOf(alice), fair);
    }

    /// @notice A deposit just before interest is charged, withdrawn just after it, would take a
    /// part of the other lenders' earnings.
    function testFuzz_Deposit_ForAnInstantEarnsNothing(uint256 elapsed, uint256 amount) public {
        skipTime(bound(elapsed, 1, 365 days));
        amount = bound(amount, 1e6, 20_000_000e6);
        uint256 worth = worthOf(address(attacker), startPrice);
        uint256 lent = lentBy(lender);
        plan(abi.encodeCall(IERC4626.deposit, (amount, address(attacker))));
        plan(abi.encodeCall(ILeverageMarket.accrue, ()));
        plan(abi.encodeCall(IERC4626.withdraw, (amount - 1, address(attacker), address(attacker))));
        run();
        assertLe(worthOf(address(attacker), startPrice), worth);
        assertGe(lentBy(lender), lent);
    }

    /// @notice The whole market is borrowed in the last second before interest is charged.
    /// @dev The earlier time is not charged at the higher rate: the accrual comes first.
    function test_Accrue_LoanOfTheLastSecondRaisesNoDebt() public {
        skipTime(30 days);
        uint256 fair = market.debtOf(alice);
        vm.prank(address(attacker));
        market.adjust(address(attacker), 10_000e18, 3_900_000e6, address(attacker), 10_000e18, 0, "");
        market.accrue();
        assertEq(market.debtOf(alice), fair);
    }

    function redeemMaximum() private returns (uint256) {
        uint256 shares = market.maxRedeem(lender);
        vm.prank(lender);
        return market.redeem(shares, lender, lender);
    }
}
