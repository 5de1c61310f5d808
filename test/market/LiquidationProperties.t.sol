// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {DebtCeilings} from "../../contracts/libraries/DebtCeilings.sol";
import {MarketParams} from "../../contracts/types/MarketTypes.sol";
import {LiquidationTest} from "../support/LiquidationTest.sol";

/// @dev Properties for any price, leverage and budget, tested with several pairs of decimals.
abstract contract LiquidationFuzz is LiquidationTest {
    struct FuzzedCase {
        uint256 collateral;
        uint256 leverage;
        uint256 elapsed;
        uint256 price;
        uint256 budget;
    }

    constructor(uint8 ofLoan, uint8 ofCollateral) {
        (loanDecimals, collateralDecimals) = (ofLoan, ofCollateral);
    }

    function setUp() public virtual override {
        super.setUp();
        fund(liquidator, 0, 1_000_000_000 * loanUnit);
    }

    function testFuzz_Liquidate_NeverRaisesLtv(FuzzedCase memory fuzzed) public {
        prepare(fuzzed);
        (uint256 shares, uint256 held, ) = market.position(alice);
        uint256 budget = bound(fuzzed.budget, 0, 2 * market.debtOf(alice));
        (uint256 seized, uint256 payment) = tryLiquidate(alice, budget);
        assertLe(payment, budget);
        assertEq(held - collateralOf(alice), seized);
        assertLtvNotRaised(alice, shares, held);
    }

    function testFuzz_Liquidate_NoneOfManyPartsRaisesLtv(FuzzedCase memory fuzzed, uint256[5] memory budgets) public {
        prepare(fuzzed);
        for (uint256 i = 0; i < budgets.length; ++i) {
            (uint256 shares, uint256 held, ) = market.position(alice);
            if (shares == 0) return;
            tryLiquidate(alice, bound(budgets[i], 0, market.debtOf(alice)));
            assertLtvNotRaised(alice, shares, held);
        }
    }

    function testFuzz_Liquidate_NeverTouchesAHealthyPosition(FuzzedCase memory fuzzed) public {
        prepare(fuzzed);
        (uint256 shares, uint256 held, ) = market.position(alice);
        bool liquidatable = isLiquidatable(alice, fuzzed.price);
        uint256 budget = bound(fuzzed.budget, 0, 2 * market.debtOf(alice));
        (uint256 seized, uint256 payment) = tryLiquidate(alice, budget);
        if (liquidatable) return;
        assertEq(seized, 0);
        assertEq(payment, 0);
        assertEq(debtSharesOf(alice), shares);
        assertEq(collateralOf(alice), held);
    }

    /// @dev With enough budget, a liquidatable position ends at the target leverage or without
    /// debt.
    function testFuzz_Liquidate_CuresAtOnceWithEnoughBudget(FuzzedCase memory fuzzed) public {
        prepare(fuzzed);
        if (!isLiquidatable(alice, fuzzed.price)) return;
        liquidateOne(alice, type(uint256).max);
        assertFalse(isLiquidatable(alice, fuzzed.price));
        uint256 debt = market.debtOf(alice);
        if (debt == 0) return;
        // Within two units of debt: the effect of the repayment's two roundings.
        uint256 atTarget = (valueOf(alice, fuzzed.price) * 35_000) / 45_000;
        assertLe(debt, atTarget + 2 + unitValue(fuzzed.price));
        assertGe(debt + 2 + unitValue(fuzzed.price), atTarget);
    }

    /// @dev The seized collateral is worth at most (1 + b) times the repaid debt. For a solvent
    /// position `b` is at most 6.82%, where excess and slope meet at C/D = 1.0681; for an insolvent
    /// one it is the least bonus.
    function testFuzz_Liquidate_SeizesNoMoreThanTheBonusAllows(FuzzedCase memory fuzzed) public {
        prepare(fuzzed);
        bool insolvent = isInsolvent(alice, fuzzed.price);
        uint256 budget = bound(fuzzed.budget, 0, 2 * market.debtOf(alice));
        (uint256 seized, uint256 payment) = tryLiquidate(alice, budget);
        uint256 bonus = insolvent ? 0.02e18 : 0.0682e18;
        assertLe(((seized * fuzzed.price) / 1e36) * WAD, payment * (WAD + bonus));
    }

    function testFuzz_Liquidate_LeavesNoDebtBelowTheMinimum(FuzzedCase memory fuzzed) public {
        prepare(fuzzed);
        tryLiquidate(alice, bound(fuzzed.budget, 0, 2 * market.debtOf(alice)));
        uint256 debt = market.debtOf(alice);
        assertTrue(debt == 0 || debt >= 100 * loanUnit, "dust");
    }

    function testFuzz_Liquidate_SolventPositionsCostLendersNothing(FuzzedCase memory fuzzed) public {
        prepare(fuzzed);
        if (isInsolvent(alice, fuzzed.price)) return;
        market.accrue();
        uint256 price = market.convertToAssets(1e30);
        uint256 assets = market.totalAssets();
        tryLiquidate(alice, bound(fuzzed.budget, 0, 2 * market.debtOf(alice)));
        assertGe(market.totalAssets(), assets);
        // The pending fee was rounded down by less than a share, of 1e16 or more.
        assertGe(market.convertToAssets(1e30) + price / 1e16, price);
    }

    /// @dev The bonus never rises from one part to the next: many parts earn no more than one.
    function testFuzz_Liquidate_SplittingASolventOneExtractsNothing(
        FuzzedCase memory fuzzed,
        uint256[5] memory budgets
    ) public {
        prepare(fuzzed);
        if (!isLiquidatable(alice, fuzzed.price)) return;
        uint256 debt = market.debtOf(alice);
        uint256 snapshot = vm.snapshotState();
        (uint256 wholeSeized, uint256 wholePayment) = liquidateOne(alice, type(uint256).max);
        vm.revertToState(snapshot);
        (uint256 seized, uint256 payment) = liquidateInParts(budgets);
        int256 wholeProfit = profitOf(wholeSeized, wholePayment, fuzzed.price);
        int256 profit = profitOf(seized, payment, fuzzed.price);
        // One unit for each rounding of the whole, whose bonus is rounded down by less than 1e-18
        // of the debt.
        int256 rounding = int256(unitValue(fuzzed.price) + debt / 1e18 + 5);
        assertLe(profit, wholeProfit + rounding);
    }

    function testFuzz_Liquidate_SplittingAnInsolventOneExtractsNothing(
        FuzzedCase memory fuzzed,
        uint256[5] memory budgets
    ) public {
        prepare(fuzzed);
        if (!isInsolvent(alice, fuzzed.price)) return;
        market.accrue();
        uint256 assets = market.totalAssets();
        uint256 snapshot = vm.snapshotState();
        (uint256 wholeSeized, uint256 wholePayment) = liquidateOne(alice, type(uint256).max);
        // Just below solvency the buffer's fee exceeds the shortfall.
        int256 wholeLoss = int256(assets) - int256(market.totalAssets());
        vm.revertToState(snapshot);
        (uint256 seized, uint256 payment) = liquidateInParts(budgets);
        assertEq(seized, wholeSeized);
        assertGe(payment, wholePayment);
        assertLe(int256(assets) - int256(market.totalAssets()), wholeLoss + int256(budgets.length) + 1);
    }

    // ------------------------------------------------------------------ helpers

    /// @dev Opens a position of Alice at up to 5x, lets time pass, and sets a new price, which is
    /// then `fuzzed.price`.
    function prepare(FuzzedCase memory fuzzed) internal {
        uint256 held = bound(fuzzed.collateral, collateralUnit, 500 * collateralUnit);
        uint256 leverage = bound(fuzzed.leverage, 20_000, 50_000);
        uint256 debt = (((held * startPrice) / 1e36) * (leverage - ONE_X)) / leverage;
        open(alice, held, debt);
        skipTime(bound(fuzzed.elapsed, 0, 30 days));
        fuzzed.price = bound(fuzzed.price, startPrice / 10, startPrice);
        oracle.setPrice(fuzzed.price);
    }

    function liquidateInParts(uint256[5] memory budgets) internal returns (uint256 seized, uint256 payment) {
        for (uint256 i = 0; i <= budgets.length; ++i) {
            uint256 budget = i == budgets.length ? type(uint256).max : bound(budgets[i], 0, market.debtOf(alice) / 2);
            (uint256 s, uint256 p) = tryLiquidate(alice, budget);
            (seized, payment) = (seized + s, payment + p);
        }
    }

    function profitOf(uint256 seized, uint256 payment, uint256 price) internal pure returns (int256) {
        return int256((seized * price) / 1e36) - int256(payment);
    }

    /// @dev The worth of one unit of collateral, rounded up: the granularity of seizing.
    function unitValue(uint256 price) internal pure returns (uint256) {
        return (price + 1e36 - 1) / 1e36;
    }
}

contract Liquidation6And18Test is LiquidationFuzz(6, 18) {}

contract Liquidation8And6Test is LiquidationFuzz(8, 6) {}

contract Liquidation18And18Test is LiquidationFuzz(18, 18) {}

contract Liquidation18And8Test is LiquidationFuzz(18, 8) {
    constructor() {
        wholePrice = 60_000;
    }

    /// @dev At this price the largest cases exceed the usual caps.
    function _params() internal view override returns (MarketParams memory params) {
        params = super._params();
        params.limits.debtCap = DebtCeilings.MAX_CAP;
        params.config.dailyAllowance = 1e18;
    }

    function setUp() public override {
        super.setUp();
        lend(lender, 30_000_000 * loanUnit);
    }
}

/// @dev The collateral token has two decimals: one unit of it is worth 20 loan tokens, the coarsest
/// that a market accepts.
contract LiquidationOfCoarseTokensTest is LiquidationTest {
    constructor() {
        collateralDecimals = 2;
    }

    /// @dev The least minimum debt that this allows: a thousand units.
    function _params() internal view override returns (MarketParams memory params) {
        params = super._params();
        params.config.minDebt = 20_000e6;
    }

    /// @dev The budget is less than one unit of collateral. Burning debt for nothing would cure the
    /// position at the lenders' expense.
    function test_Liquidate_BudgetBelowOneUnitOfCollateralBurnsNoDebt() public {
        fund(liquidator, 0, 200_000e6);
        open(alice, 10_000, 160_000e6);
        oracle.setPrice(priceOf(1600));
        uint256 lenders = market.totalAssets();
        expectNothingToLiquidate(only(alice), 15e6);
        assertEq(market.debtOf(alice), 160_000e6);
        assertEq(market.totalAssets(), lenders);
    }

    /// @dev The same in a batch that lists the account many times.
    function testFuzz_Liquidate_LossOfTheSplitIsTheLossOfTheWhole(uint256[6] memory budgets, uint256 price) public {
        fund(liquidator, 0, 300_000e6);
        open(alice, 10_000, 160_000e6);
        oracle.setPrice(priceOf(bound(price, 200, 1631)));
        uint256 lenders = market.totalAssets();
        uint256 snapshot = vm.snapshotState();
        liquidateOne(alice, type(uint256).max);
        int256 whole = int256(lenders) - int256(market.totalAssets());
        vm.revertToState(snapshot);
        for (uint256 i = 0; i < budgets.length; ++i)
            tryLiquidate(alice, bound(budgets[i], 0, i % 2 == 0 ? 50_000e6 : 100e6));
        tryLiquidate(alice, type(uint256).max);
        // One unit for the rounding of each part.
        assertLe(int256(lenders) - int256(market.totalAssets()), whole + 7);
    }
}
