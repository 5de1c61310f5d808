// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MarketParams} from "../../contracts/types/MarketTypes.sol";
import {IMathHarness} from "../support/IMathHarness.sol";
import {AttackTest} from "./support/AttackTest.sol";

/// @notice Attacks on a market that nobody uses yet: whoever comes first lends to itself, to leave the next a rate or a debt that
/// nobody pays. The least debt of a position is 100.
contract EmptyMarketAttackTest is AttackTest {
    uint256 private constant NEWCOMER = 50_000e6;
    /// @dev 4% and 200% a year, per second.
    uint256 private constant START_RATE = 1_268_391_679;
    uint256 private constant MAX_RATE = 63_419_583_967;
    /// @dev A debt of seven least debts, 700 here, is worth liquidating, in one position or in seven: below it nothing may be
    /// gained, at whatever leverage and rate.
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

    /// @notice 100 dollars lent to oneself for a month took the rate at the target to 200% a year, and without debt it never
    /// moved again: whoever borrowed first, a year later, paid it.
    function test_AMonthOfLendingToOneselfLeavesNoRateBehind() public {
        lendToOneself(100e6);
        skipTime(30 days);
        repayAll();
        assertLe(rateAtTarget(), START_RATE);
        skipTime(365 days);
        assertEq(rateAtTarget(), START_RATE);
    }

    /// @notice With the capital for it the rate can be moved, as long as the capital stays: in a month without debt it is back.
    function test_WithoutDebtTheRateIsBackInAMonth() public {
        lendToOneself(1_000_000e6);
        skipTime(60 days);
        repayAll();
        assertEq(rateAtTarget(), MAX_RATE);
        skipTime(14 days);
        assertEq(rateAtTarget(), MAX_RATE - 14 days * 24_467);
        skipTime(16 days);
        assertEq(rateAtTarget(), START_RATE);
    }

    /// @notice 226 dollars lent to oneself against collateral for 5x: in 240 days interest that nobody pays made a claim of
    /// tens of thousands of it, which the next lender of 50,000 paid out.
    function test_TheNextLenderDoesNotPayForInterestOnABadDebt() public {
        (uint256 before, uint256 afterwards) = leaveABadDebt(226e6, 240 days);
        assertLe(afterwards, before, "the attacker gained");
        assertGe(lentBy(bob) + 1, NEWCOMER, "the newcomer lost");
    }

    /// @notice No profit, whatever is lent for however long, without a debt worth liquidating.
    function testFuzz_NoProfitWithoutADebtWorthLiquidating(uint256 amount, uint256 elapsed) public {
        amount = bound(amount, 100e6, 100e6 * WORTH_LIQUIDATING);
        (uint256 before, uint256 afterwards) = leaveABadDebt(amount, bound(elapsed, 1, 3 * 365 days));
        assertLe(afterwards, before, "the attacker gained");
    }

    /// @notice The same after the attacker has moved the rate to its greatest, by capital that it has withdrawn.
    /// @dev In a market without an interest fee: elsewhere the buffer keeps its part of the interest, and that cash alone holds
    /// utilization down.
    function testFuzz_NoProfitAtARateThatCapitalHasMoved(uint256 amount, uint256 elapsed) public {
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

    /// @notice The sweep that the multiple was chosen by: the least debt, in least debts, with which the attacker gains within
    /// three years, by virtual cash in least debts, the leverage, and the rate at the start.
    function test_TheLeastDebtThatGainsByVirtualCash() public view {
        // Without virtual cash the least debt gains, at any leverage.
        assertEq(leastDebtThatGains(0, 50_000, START_RATE), 1);
        assertEq(leastDebtThatGains(1, 50_000, START_RATE), 9);
        assertEq(leastDebtThatGains(1, 200_000, MAX_RATE), 1);
        assertEq(leastDebtThatGains(3, 200_000, MAX_RATE), 3);
        // Ten, as it is: at 5x 86 least debts, 28 where capital has moved the rate to 200% a year before; at 20x 8.
        assertEq(leastDebtThatGains(10, 50_000, START_RATE), 86);
        assertEq(leastDebtThatGains(10, 50_000, MAX_RATE), 28);
        assertEq(leastDebtThatGains(10, 200_000, START_RATE), 78);
        assertEq(leastDebtThatGains(10, 200_000, MAX_RATE), WORTH_LIQUIDATING + 1);
        assertEq(leastDebtThatGains(100, 200_000, MAX_RATE), 80);
    }

    // ------------------------------------------------------------------ helpers

    /// @dev The attacker's worth before it lends to itself, and after the next lender has come and it has left with the cash. It
    /// borrows all at 5x. Whatever then is a loss is booked.
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

    /// @return spent What the attacker was given for it.
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

    /// @dev In least debts of 100: the first with which the debt, all that was lent, outgrows its collateral at the leverage
    /// within three years, accrued each day. From there on the attacker leaves with more than it has put in, unless somebody
    /// liquidates.
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
