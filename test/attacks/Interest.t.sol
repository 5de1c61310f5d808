// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC3156FlashLender} from "@openzeppelin/contracts/interfaces/IERC3156FlashLender.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {Call} from "../../contracts/mocks/ScriptedActor.sol";
import {AttackTest} from "./support/AttackTest.sol";

/// @notice Attacks on interest: by waiting, by haste, and by moving the utilization that it follows.
contract InterestAttackTest is AttackTest {
    function setUp() public override {
        super.setUp();
        open(alice, 10_000e18, 4_000_000e6);
        fund(address(attacker), 10_000e18, 20_000_000e6);
    }

    /// @notice A market that nobody has touched for years: an interest that overflows would lock everybody in for good.
    /// @dev At full utilization, for up to a thousand years. All can pay, close, liquidate and leave.
    function testFuzz_YearsWithoutATouchLockNobodyIn(uint256 elapsed) public {
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

    /// @notice A lender action each second, in a market so small that the interest fee of a second is less than a unit or two.
    /// @dev Of 8,000 lent, with 1 unit a second or so for the buffer, remainders that are dropped were most of the fee.
    function test_ALenderActionEachSecondCostsTheBufferNothing() public {
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
        // 2^-16 of a unit each time, and shares rounded down.
        assertApproxEqRel(small.balanceOf(address(small)), atOnce, 0.0005e18);
    }

    /// @notice A borrower keeps everybody from touching the market, or lenders poke it: what a year costs depends on it.
    /// @dev A known limit. At 90% utilization, virtual cash included: untouched the rate stays at 4% a year; poked daily the
    /// interest itself takes utilization above the target, and the rate with it.
    function test_AYearCostsMoreWhereSomebodyAccruesDaily() public {
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

    /// @notice Interest charged often must not round to nothing, nor run ahead: who pokes the market each second changes
    /// the interest of that time by a millionth at the most, and two units.
    function testFuzz_PokingEverySecondChangesNothing(uint256 seconds_) public {
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

    /// @notice With a flash loan the utilization is taken to its full for an instant, and all time since the last accrual
    /// charged at the rate of that; or the cash is doubled by a deposit for an instant, and it is charged at less.
    /// @dev What is charged is of the utilization that there was, whatever happens in the transaction that charges it.
    function testFuzz_UtilizationOfAnInstantChargesNothing(uint256 elapsed, bool up) public {
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

    /// @notice A deposit an instant before interest is charged, and its withdrawal after it, would take a part of what
    /// others have earned.
    function testFuzz_ADepositForAnInstantEarnsNothing(uint256 elapsed, uint256 amount) public {
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
    /// @dev The rest of the time is not charged at it: the accrual comes first.
    function test_ALoanOfTheLastSecondDoesNotRaiseWhatIsOwed() public {
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
