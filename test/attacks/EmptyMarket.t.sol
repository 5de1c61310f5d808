// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MarketParams} from "../../contracts/types/MarketTypes.sol";
import {IMathHarness} from "../support/IMathHarness.sol";
import {AttackTest} from "./support/AttackTest.sol";

/// @notice Attacks on an empty market: the first user lends to itself, to leave the next one an
/// extreme rate or a debt that nobody pays. The least debt of a position is 100.
contract EmptyMarketAttackTest is AttackTest {
    uint256 private constant NEWCOMER = 50_000e6;
    /// @dev 4% and 200% a year, per second.
    uint256 private constant START_RATE = 1_268_391_679;
    uint256 private constant MAX_RATE = 63_419_583_967;
    /// @dev From a debt of seven times the least debt on, 700 here, a liquidation is worth its gas,
    /// in one position or in seven: below it no attack may gain anything, at any leverage and rate.
    uint256 private constant WORTH_LIQUIDATING = 7;

    IMathHarness private math;

    function setUp() public override {
        super.setUp();
        math = IMathHarness(deployCode("MathHarness.sol:MathHarness", ""));
        vm.startPrank(lender);
        market.redeem(market.maxRedeem(lender), lender, lender);
        vm.stopPrank();
        assertEq(market.totalAssets(), 0);
    }

    /// @notice In an earlier version, lending 100 dollars to oneself for a month took the rate at
    /// the target to 200% a year, and without debt the rate never moved again: the first borrower,
    /// a year later, paid it.
    function test_Rate_ReturnsAfterAMonthOfLendingToOneself() public {
        lendToOneself(100e6);
        skipTime(30 days);
        repayAll();
        assertLe(rateAtTarget(), START_RATE);
        skipTime(365 days);
        assertEq(rateAtTarget(), START_RATE);
    }

    /// @notice With enough capital the rate can be moved while the capital stays: after a month
    /// without debt it is back at the start.
    function test_Rate_ReturnsToTheStartAfterAMonthWithoutDebt() public {
        lendToOneself(1_000_000e6);
        skipTime(60 days);
        repayAll();
        assertEq(rateAtTarget(), MAX_RATE);
        skipTime(14 days);
        assertEq(rateAtTarget(), MAX_RATE - 14 days * 24_467);
        skipTime(16 days);
        assertEq(rateAtTarget(), START_RATE);
    }

    /// @notice In an earlier version, lending 226 dollars to oneself against collateral at 5x left,
    /// after 240 days, a claim to tens of thousands of interest that nobody would pay; the next
    /// lender paid it out of its deposit of 50,000.
    function test_BadDebt_NextLenderDoesNotPayItsInterest() public {
        (uint256 before, uint256 afterwards) = leaveABadDebt(226e6, 240 days);
        assertLe(afterwards, before, "the attacker gained");
        assertGe(lentBy(bob) + 1, NEWCOMER, "the newcomer lost");
    }

    /// @notice Without a debt worth liquidating the attack gains nothing, whatever the amount and
    /// the duration.
    function testFuzz_BadDebt_NoProfitWithoutADebtWorthLiquidating(uint256 amount, uint256 elapsed) public {
        amount = bound(amount, 100e6, 100e6 * WORTH_LIQUIDATING);
        (uint256 before, uint256 afterwards) = leaveABadDebt(amount, bound(elapsed, 1, 3 * 365 days));
        assertLe(afterwards, before, "the attacker gained");
    }

    /// @notice The same after the attacker has moved the rate to its maximum with capital that it
    /// has withdrawn since.
    /// @dev The market has no interest fee: with one, the buffer keeps its part of the interest,
    /// and that cash alone lowers utilization.
    function testFuzz_BadDebt_NoProfitAtARateMovedByCapital(uint256 amount, uint256 elapsed) public {
        MarketParams memory params = _params();
        params.config.interestFee = 0;
        market = createMarket(params, "no fee");
        lendToOneself(1_000_000e6);
        skipTime(60 days);
        repayAll();
        assertEq(rateAtTarget(), MAX_RATE);
        assertLt(market.totalAssets(), 10);
        amount = bound(amount, 100e6, 100e6 * WORTH_LIQUIDATING);
        (uint256 before, uint256 afterwards) = leaveABadDebt(amount, bound(elapsed, 1, 3 * 365 days));
        assertLe(afterwards, before, "the attacker gained");
    }

    /// @notice The sweep behind the choice of the virtual cash: the least debt, in multiples of the
    /// minimum debt, with which the attacker gains within three years, by virtual cash (in minimum
    /// debts), leverage and initial rate.
    function test_VirtualCash_LeastDebtThatGains() public view {
        // Without virtual cash even the minimum debt gains, at any leverage.
        assertEq(leastDebtThatGains(0, 50_000, START_RATE), 1);
        assertEq(leastDebtThatGains(1, 50_000, START_RATE), 9);
        assertEq(leastDebtThatGains(1, 200_000, MAX_RATE), 1);
        assertEq(leastDebtThatGains(3, 200_000, MAX_RATE), 3);
        // With the actual ten: at 5x 86 minimum debts, or 28 if capital has moved the rate to 200%
        // a year before; at 20x 8.
        assertEq(leastDebtThatGains(10, 50_000, START_RATE), 86);
        assertEq(leastDebtThatGains(10, 50_000, MAX_RATE), 28);
        assertEq(leastDebtThatGains(10, 200_000, START_RATE), 78);
        assertEq(leastDebtThatGains(10, 200_000, MAX_RATE), WORTH_LIQUIDATING + 1);
        assertEq(leastDebtThatGains(100, 200_000, MAX_RATE), 80);
    }

    // ------------------------------------------------------------------ helpers

    /// @dev The attacker borrows all that it has lent, at 5x; the next lender deposits; the
    /// attacker leaves with the cash; a loss is booked.
    /// @return before The attacker's worth before it lends to itself.
    /// @return afterwards Its worth at the end.
    function leaveABadDebt(uint256 amount, uint256 elapsed) private returns (uint256 before, uint256 afterwards) {
        fund(address(attacker), 0, 0);
        before = worthOf(address(attacker), startPrice);
        before += lendToOneself(amount);
        skipTime(elapsed);
        lend(bob, NEWCOMER);
        uint256 most = market.maxWithdraw(address(attacker));
        vm.prank(address(attacker));
        market.withdraw(most, address(attacker), address(attacker));
        afterwards = worthOf(address(attacker), startPrice);
        fund(liquidator, 0, 1_000_000e6);
        tryLiquidate(address(attacker), type(uint256).max);
    }

    /// @return spent Value of the tokens that the attacker was given for it.
    function lendToOneself(uint256 amount) private returns (uint256 spent) {
        uint256 held = ((amount + 10) * 1.25e36) / startPrice;
        fund(address(attacker), held, amount);
        vm.startPrank(address(attacker));
        market.deposit(amount, address(attacker));
        market.adjust(address(attacker), int256(held), int256(amount), address(attacker), held, 0, "");
        vm.stopPrank();
        return amount + (held * startPrice) / 1e36;
    }

    function repayAll() private {
        fund(address(attacker), 0, market.debtOf(address(attacker)));
        vm.startPrank(address(attacker));
        market.adjust(address(attacker), ALL, ALL, address(attacker), 0, type(uint256).max, "");
        market.redeem(market.maxRedeem(address(attacker)), address(attacker), address(attacker));
        vm.stopPrank();
    }

    function rateAtTarget() private view returns (uint256 rate) {
        (, , rate, ) = market.interest();
    }

    /// @dev The first debt, in minimum debts of 100, that outgrows its collateral at this leverage
    /// within three years, accrued daily, if it is all that was lent. From that debt on the
    /// attacker leaves with more than it has put in, unless somebody liquidates.
    function leastDebtThatGains(
        uint256 virtualCash,
        uint256 leverage,
        uint256 rateAtStart
    ) private view returns (uint256) {
        (uint256 low, uint256 high) = (0, 10 * virtualCash + 1);
        while (high - low > 1) {
            uint256 middle = (low + high) / 2;
            if (outgrows(middle * 100e6, virtualCash * 100e6, leverage, rateAtStart)) high = middle;
            else low = middle;
        }
        return high;
    }

    function outgrows(
        uint256 debt,
        uint256 virtualCash,
        uint256 leverage,
        uint256 rateAtStart
    ) private view returns (bool) {
        (uint256 index, uint256 rate) = (WAD, rateAtStart);
        for (uint256 day = 0; day < 3 * 365; ++day) {
            (index, rate) = math.accrue(index, rate, debt, virtualCash, day * 1 days, (day + 1) * 1 days);
            if (index * (leverage - ONE_X) > WAD * leverage) return true;
        }
        return false;
    }
}
