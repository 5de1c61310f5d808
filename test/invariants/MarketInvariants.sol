// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {LeverageMath} from "../../contracts/libraries/LeverageMath.sol";
import {InvariantTest} from "../utils/InvariantTest.sol";
import {MarketHandler} from "./MarketHandler.sol";
import {SharedTokens} from "./SharedTokens.sol";
import {TestMarket, Environment} from "./Environment.sol";

/// @notice The invariants of the design page, by their numbers, checked after every call of a
/// handler. The handler checks those that concern a whole call, and records violations under their
/// number. Number eleven, that the TypeScript client computes the same as the contract, is tested
/// in TypeScript.
abstract contract MarketInvariants is SharedTokens, InvariantTest {
    MarketHandler internal handler;
    /// @dev Of the current market.
    uint256 private _minDebt;

    function setUp() public override {
        super.setUp();
        handler = _newHandler(_environment());
        targetContract(address(handler));
        targetSelectors(address(handler), handler.selectors());
        for (uint256 i = 0; i < markets.length; ++i) {
            uint256 dollar = markets[i].loanUnit;
            handler.pin(i + 1);
            for (uint256 j = 0; j < 15; ++j) handler.deposit(0, 100_000 * dollar, 0);
            handler.open(1, 200_000 * dollar, 49_000);
            handler.open(2, 100_000 * dollar, 50_000);
            handler.open(3, 50_000 * dollar, 30_000);
        }
        handler.pin(0);
    }

    function _newHandler(Environment memory environment) internal virtual returns (MarketHandler);

    /// @notice The suite isn't vacuous: in a long run every action succeeds, and every outcome
    /// occurs.
    function test_HandlerReachesEveryAction() public {
        bytes4[] memory selectors = handler.selectors();
        for (uint256 i = 0; i < 2_000; ++i) {
            bytes4 selector = selectors[_random(i, 0) % selectors.length];
            bytes memory arguments = abi.encode(_random(i, 1), _random(i, 2), _random(i, 3), _random(i, 4));
            Address.functionCall(address(handler), bytes.concat(selector, arguments));
        }
        string[] memory actions = _actions();
        for (uint256 i = 0; i < actions.length; ++i) assertGt(handler.successes(actions[i]), 0, actions[i]);
        for (uint256 id = 3; id <= 12; ++id) assertEq(handler.violation(id), "");
        assertGe(handler.effectiveCalls() * 2, handler.calls(), "most calls were refused");
    }

    /// @notice Properties of the books at any time. Several invariants share one search, since each
    /// function with this prefix is a search of its own.
    function invariant_01_02_booksAreCoveredAndAddUp() public view {
        address[] memory accounts = handler.accounts();
        for (uint256 i = 0; i < markets.length; ++i) {
            _invariant_01_balancesCoverBooks(markets[i]);
            _invariant_02_totalsAreSums(markets[i].market, accounts);
            _invariant_noDebtBelowMinimum(markets[i], accounts);
        }
    }

    /// @notice The handler's checks around each call.
    function invariant_03_to_08_12_everyCallKeepsItsBounds() public view {
        _invariant_03_openingsStayWithinMaxLeverage();
        _invariant_04_noFreeLunch();
        _invariant_05_sharePriceFallsByLossesOnly();
        _invariant_06_liquidationsRaiseNoLtvAndTakeNoMore();
        _invariant_07_raisedRiskKeepsTheSystemCap();
        _invariant_08_tighteningLiquidatesNobodyAndClearsRaises();
        _invariant_12_newDebtWithinAllowance();
    }

    function _invariant_01_balancesCoverBooks(TestMarket storage here) private view {
        (uint256 cash, , uint256 held) = here.market.totals();
        assertGe(here.loan.balanceOf(address(here.market)), cash, "cash");
        assertGe(here.collateral.balanceOf(address(here.market)), held, "collateral");
    }

    function _invariant_02_totalsAreSums(ILeverageMarket target, address[] memory accounts) private view {
        uint256 debtShares = 0;
        uint256 held = 0;
        uint256 shares = target.balanceOf(address(target));
        for (uint256 i = 0; i < accounts.length; ++i) {
            (uint256 itsDebtShares, uint256 itsCollateral, ) = target.position(accounts[i]);
            debtShares += itsDebtShares;
            held += itsCollateral;
            shares += target.balanceOf(accounts[i]);
        }
        (, uint256 totalDebtShares, uint256 totalCollateral) = target.totals();
        assertEq(debtShares, totalDebtShares, "debt shares");
        assertEq(held, totalCollateral, "collateral");
        assertEq(shares, target.totalSupply(), "shares");
    }

    function _invariant_03_openingsStayWithinMaxLeverage() private view {
        assertEq(handler.violation(3), "", "invariant 03");
    }

    function _invariant_04_noFreeLunch() private view {
        assertEq(handler.violation(4), "", "invariant 04");
    }

    function _invariant_05_sharePriceFallsByLossesOnly() private view {
        assertEq(handler.violation(5), "", "invariant 05");
    }

    function _invariant_06_liquidationsRaiseNoLtvAndTakeNoMore() private view {
        assertEq(handler.violation(6), "", "invariant 06");
    }

    /// @dev A transaction in which any account added debt or raised its LTV never ends with the
    /// market's leverage above both its cap and its value at the start. Withdrawals of idle
    /// collateral only, and liquidations, are exempt.
    function _invariant_07_raisedRiskKeepsTheSystemCap() private view {
        assertEq(handler.violation(7), "", "invariant 07");
    }

    function _invariant_08_tighteningLiquidatesNobodyAndClearsRaises() private view {
        assertEq(handler.violation(8), "", "invariant 08");
    }

    function invariant_09_indexNeverFallsNorReverts() public {
        assertEq(handler.violation(9), "", "invariant 09");
        _turnTo(handler.calls());
        uint256 snapshot = vm.snapshotState();
        (uint256 index, , , ) = market.interest();
        skipTime(30 days);
        (uint256 later, , , ) = market.interest();
        assertGe(later, index, "index");
        market.accrue();
        (uint256 charged, , , ) = market.interest();
        assertEq(charged, later, "the view predicted another index");
        vm.revertToState(snapshot);
    }

    /// @dev Checks one account in one market with one of four oracles at a time; `afterInvariant`
    /// checks all.
    function invariant_10_exitsWorkWhateverTheOracleDoes() public {
        assertEq(handler.violation(10), "", "invariant 10");
        _turnTo(handler.calls());
        uint256 snapshot = vm.snapshotState();
        _setOracle(uint256(keccak256(abi.encode(vm.getBlockTimestamp(), handler.calls()))));
        _leave(handler.actors(handler.calls() % 4));
        vm.revertToState(snapshot);
    }

    function _invariant_12_newDebtWithinAllowance() private view {
        assertEq(handler.violation(12), "", "invariant 12");
        for (uint256 i = 0; i < markets.length; ++i) {
            assertLe(
                handler.newDebt(i) * 1 days,
                (handler.allowanceAtStart(i) + handler.restored(i) + 1) * 1 days + handler.refilled(i),
                "more debt than allowance"
            );
        }
    }

    /// @notice Minimum debt: no call leaves a debt between zero and the minimum.
    function _invariant_noDebtBelowMinimum(TestMarket storage here, address[] memory accounts) private view {
        for (uint256 i = 0; i < accounts.length; ++i) {
            uint256 debt = here.market.debtOf(accounts[i]);
            assertTrue(debt == 0 || debt >= here.config.minDebt, "dust");
        }
    }

    /// @dev The run had effects, all books are correct, and everybody can leave: borrowers first,
    /// then the lenders with everything that is left.
    function afterInvariant() public {
        assertGe(handler.effectiveCalls(), handler.calls() / 3, "most calls were refused");
        address[] memory accounts = handler.accounts();
        for (uint256 i = 0; i < markets.length; ++i) {
            markets[i].model.compare(accounts);
            _turnTo(i);
            oracle.fail();
            for (uint256 j = 0; j < 4; ++j) _closePosition(accounts[j]);
            for (uint256 j = 0; j < 4; ++j) {
                uint256 shares = market.maxRedeem(accounts[j]);
                vm.prank(accounts[j]);
                market.redeem(shares, accounts[j], accounts[j]);
            }
            (uint256 cash, , ) = market.totals();
            assertGe(loan.balanceOf(address(market)), cash, "cash after everybody left");
        }
    }

    /// @dev The helpers of `MarketTest` use this market from now on.
    function _turnTo(uint256 which) private {
        TestMarket storage here = markets[which % markets.length];
        (market, loan, collateral, oracle) = (here.market, here.loan, here.collateral, here.oracle);
        _minDebt = here.config.minDebt;
    }

    /// @dev Actions and outcomes that `test_HandlerReachesEveryAction` must reach.
    function _actions() internal view virtual returns (string[] memory actions) {
        string[37] memory all = [
            "deposit",
            "mintShares",
            "supply cap reached",
            "withdraw",
            "redeem",
            "transferShares",
            "donate",
            "supplyCollateral",
            "withdrawCollateral",
            "open",
            "borrow",
            "repay",
            "close",
            "reduce",
            "setOperator",
            "adjustAsOperator",
            "stranger refused",
            "openThroughSwapper",
            "closeThroughSwapper",
            "openThroughActor",
            "flashLoan",
            "severalCalls",
            "in several calls",
            "in several calls, with new debt",
            "in several calls, with collateral withdrawn",
            "acrossMarkets",
            "mistake passed",
            "mistake refused",
            "accrue",
            "lowerLimit",
            "scheduleRaise",
            "applyRaise",
            "startRamp",
            "wait_",
            "bankRun",
            "liquidate",
            "full buffer"
        ];
        actions = new string[](all.length);
        for (uint256 i = 0; i < all.length; ++i) actions[i] = all[i];
    }

    function _random(uint256 step, uint256 word) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(step, word)));
    }

    function _setOracle(uint256 kind) private {
        if (kind % 4 == 0) oracle.fail();
        else if (kind % 4 == 1) oracle.setPrice(0);
        else if (kind % 4 == 2) oracle.setPrice(type(uint256).max);
        else oracle.setPrice(1e36 / 1_000_000);
    }

    /// @dev Uses every way to leave and to reduce risk.
    function _leave(address account) private {
        fund(account, 1, 0);
        vm.startPrank(account);
        if (market.debtOf(account) != 0) market.supplyCollateral(1, account);
        market.withdraw(market.maxWithdraw(account) / 2, account, account);
        market.redeem(market.maxRedeem(account), account, account);
        vm.stopPrank();
        _reduceByHalf(account);
        _closePosition(account);
    }

    /// @dev Repays half of the debt and withdraws half of the collateral, unless that would leave
    /// dust.
    function _reduceByHalf(address account) private {
        (uint256 debtShares, uint256 held, ) = market.position(account);
        uint256 half = market.debtOf(account) / 2;
        if (half <= _minDebt) return;
        (uint256 index, , , ) = market.interest();
        uint256 freed = (held * LeverageMath.sharesDown(half, index)) / debtShares;
        fund(account, 0, half);
        vm.prank(account);
        market.adjust(account, -int256(freed), -int256(half), account, 0, half, "");
    }

    function _closePosition(address account) private {
        uint256 debt = market.debtOf(account);
        fund(account, 0, debt);
        vm.startPrank(account);
        market.repay(type(uint256).max, account);
        market.withdrawCollateral(type(uint256).max, account, account);
        vm.stopPrank();
        assertEq(debtSharesOf(account), 0, "debt is left");
        assertEq(collateralOf(account), 0, "collateral is left");
    }
}
