// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {IMarketLens} from "../../contracts/interfaces/IMarketLens.sol";
import {LiquidationMath} from "../../contracts/libraries/LiquidationMath.sol";
import {PositionView} from "../../contracts/types/LensTypes.sol";
import {MarketParams} from "../../contracts/types/MarketTypes.sol";
import {BorrowerTest} from "../support/BorrowerTest.sol";

/// @notice Checks the closed forms of leverage in `test/vectors/leverage.json` against real
/// markets. Both tokens have 18 decimals; there are no fees, so the whole payment of a liquidator
/// repays debt.
contract ClosedFormsTest is BorrowerTest {
    string private json;
    IMarketLens private lens;

    constructor() {
        loanDecimals = 18;
    }

    function setUp() public override {
        super.setUp();
        json = vm.readFile("test/vectors/leverage.json");
        lens = IMarketLens(deployCode("MarketLens.sol:MarketLens", ""));
        fund(liquidator, 0, 100_000_000e18);
    }

    /// @dev Limits have four decimals: where a closed form has more, the tests use the next limit
    /// below and above.
    function test_ClosedForm_MaxLeverage() public {
        uint256[] memory ltv = column("maxLeverage.ltv");
        uint256[] memory leverage = column("maxLeverage.leverage");
        for (uint256 i = 0; i < ltv.length; ++i) {
            uint256 limit = leverage[i] / 1e14;
            newMarket(limit, 2 * limit, 0.001e18, i);
            // One more unit of debt is too much; at the limit the ratio is the row's.
            uint256 debt = debtAt(10e18, limit, startPrice);
            fund(alice, 10e18, 0);
            vm.expectRevert(
                abi.encodeWithSelector(ILeverageMarket.LeverageAboveMaximum.selector, debt + 1, 20_000e18, limit)
            );
            move(alice, 10e18, int256(debt + 1));
            move(alice, 10e18, int256(debt));

            assertLe((debt * WAD) / 20_000e18, ltv[i]);
            // An error of 1e-4 in L is an error of 1e-4 / L^2 in the ratio, at most 0.25e-4.
            assertApproxEqAbs((debt * WAD) / 20_000e18, ltv[i], 0.25e14);
            if (limit * 1e14 == leverage[i]) assertEq((debt * WAD) / 20_000e18, ltv[i]);
        }
        assertEq(ltv.length, 10);
    }

    function test_ClosedForm_Loops() public {
        uint256[] memory ltv = column("loops.ltv");
        uint256[] memory liquidationLtv = column("loops.liquidationLtv");
        uint256[] memory loops = column("loops.loops");
        uint256 done = 0;
        for (uint256 i = 0; i < ltv.length; ++i) {
            if (loops[i] == 0) {
                // The next series. Its limit is rounded up, so that it admits the ratio itself.
                uint256 limit = leverageOf(ltv[i]);
                uint256 liquidation = leverageOf(liquidationLtv[i]);
                // A market needs a gap even where both ratios are the same.
                newMarket(limit, liquidation > limit ? liquidation : limit + 1_000, 0.001e18, i);
                open(alice, 100e18, 0);
                done = 0;
            }
            for (; done < loops[i]; ++done) {
                uint256 value = (collateralOf(alice) * startPrice) / 1e36;
                uint256 amount = (value * ltv[i]) / WAD - market.debtOf(alice);
                uint256 bought = (amount * 1e36) / startPrice;
                collateral.mint(alice, bought);
                vm.startPrank(alice);
                market.borrow(amount, alice, bob);
                market.supplyCollateral(bought, alice);
                vm.stopPrank();
            }
            assertLoopRow(i, liquidationLtv[i]);
        }
        assertEq(ltv.length, 28);
    }

    function test_ClosedForm_LiquidationPriceAndDrop() public {
        newMarket(40_000, leverageOf(cell("liquidationPrice.liquidationLtv")), 0.05e18, 0);
        uint256 collateralAmount = cell("liquidationPrice.collateral");
        oracle.setPrice(cell("liquidationPrice.price") * 1e18);
        open(alice, collateralAmount, cell("liquidationPrice.debt"));

        PositionView memory state = stateOf(alice);
        assertEq(state.healthFactor, cell("liquidationPrice.healthFactor"));
        assertEq(state.liquidationPrice, cell("liquidationPrice.liquidationPrice") * 1e18);
        assertEq(state.distanceToLiquidation, cell("liquidationPrice.drop"));

        oracle.setPrice(state.liquidationPrice);
        vm.expectRevert(ILeverageMarket.NothingToLiquidate.selector);
        liquidateOne(alice, type(uint256).max);
        oracle.setPrice(state.liquidationPrice - 1e18);
        liquidateOne(alice, type(uint256).max);
    }

    /// @dev A health factor of one is at leverage 1 / (1 - LTV). This market's target is below it;
    /// the formula is the same.
    function test_ClosedForm_RepaymentToHealth() public view {
        assertEq(cell("repaymentToHealth.health"), WAD);
        assertEq(
            LiquidationMath.repaymentToTarget(
                cell("repaymentToHealth.debt"),
                cell("repaymentToHealth.value"),
                leverageOf(cell("repaymentToHealth.liquidationLtv")),
                cell("repaymentToHealth.bonus")
            ),
            cell("repaymentToHealth.repayment")
        );
    }

    function test_ClosedForm_EquityElasticity() public {
        uint256[] memory leverage = column("equityElasticity.leverage");
        uint256[] memory drop = column("equityElasticity.drop");
        uint256[] memory ratio = column("equityElasticity.ratio");
        newMarket(100_000, 150_000, 0.01e18, 0);
        for (uint256 i = 0; i < leverage.length; ++i) {
            address account = vm.addr(1000 + i);
            oracle.setPrice(startPrice);
            // 60,000 times (L - 1) / L is an integer for each L in the table.
            open(account, 30e18, 60_000e18 - (60_000e18 * WAD) / leverage[i]);
            PositionView memory before = stateOf(account);
            assertEq(before.leverage * 1e14, leverage[i]);

            oracle.setPrice((startPrice * (WAD - drop[i])) / WAD);

            PositionView memory afterwards = stateOf(account);
            assertEq(afterwards.equity * int256(WAD), before.equity * int256(ratio[i]));
        }
        assertEq(leverage.length, 5);
    }

    /// @dev At the frontier a position can still pay for its own liquidation, and no loss is
    /// booked. Above it a liquidation with the full bonus would raise the LTV: this market
    /// liquidates pro rata instead, and the LTV stays the same.
    function test_ClosedForm_ToxicFrontier() public {
        uint256[] memory bonus = column("toxicFrontier.bonus");
        uint256[] memory ltv = column("toxicFrontier.ltv");
        for (uint256 i = 0; i < bonus.length; ++i) {
            newMarket(20_000, 30_000, bonus[i], i);
            open(alice, 10e18, 10_000e18);
            // The value per token at which a debt of 10,000 can just pay the row's bonus.
            uint256 frontier = (1_000e18 * (WAD + bonus[i])) / WAD;
            assertEq((1_000e18 * WAD + frontier / 2) / frontier, ltv[i]);

            uint256 before = vm.snapshotState();
            oracle.setPrice(frontier * 1e18);
            assertEq(lossOf(10_000e18), 0);
            vm.revertToState(before);

            before = vm.snapshotState();
            oracle.setPrice(frontier * 1e18);
            assertLtvDoesNotRise(1_000e18);
            vm.revertToState(before);

            // Far enough below that the loss exceeds the rounding up of payments.
            oracle.setPrice((frontier - 1_000) * 1e18);
            assertLtvDoesNotRise(1_000e18);
            assertGt(lossOf(market.debtOf(alice)), 0);
        }
        assertEq(bonus.length, 7);
    }

    function test_ClosedForm_LossFrontier() public {
        uint256[] memory eligible = column("lossFrontier.eligible");
        uint256[] memory loss = column("lossFrontier.loss");
        for (uint256 i = 0; i < loss.length; ++i) {
            openAtHealth("lossFrontier", i);
            // The liquidation limit has four decimals: an error of at most 1e-4 in the drop.
            assertApproxEqAbs(stateOf(alice).distanceToLiquidation, eligible[i], 1e14);

            oracle.setPrice((startPrice * (WAD - eligible[i] + 1e14)) / WAD);
            vm.expectRevert(ILeverageMarket.NothingToLiquidate.selector);
            liquidateOne(alice, type(uint256).max);

            // The last digits come from the vector and the debt: 1e-15 of a drop is below them.
            uint256 before = vm.snapshotState();
            oracle.setPrice((startPrice * (WAD - loss[i] + 1_000)) / WAD);
            assertEq(lossOf(type(uint256).max), 0);
            vm.revertToState(before);

            oracle.setPrice((startPrice * (WAD - loss[i] - 1_000)) / WAD);
            assertGt(lossOf(type(uint256).max), 0);
        }
        assertEq(loss.length, 4);
    }

    function test_ClosedForm_GapLoss() public {
        uint256[] memory gap = column("gapLoss.gap");
        uint256[] memory badDebt = column("gapLoss.badDebt");
        for (uint256 i = 0; i < gap.length; ++i) {
            openAtHealth("gapLoss", i);
            uint256 debt = market.debtOf(alice);

            oracle.setPrice((startPrice * (WAD - gap[i])) / WAD);

            // Per unit of debt to 18 digits, plus the worth of the vector's last digit.
            assertApproxEqAbs(lossOf(type(uint256).max), (debt * badDebt[i]) / WAD, debt / WAD + 2);
        }
        assertEq(gap.length, 5);
    }

    // ------------------------------------------------------------------ rows

    function assertLoopRow(uint256 row, uint256 liquidationLtv) private view {
        uint256 leverage = column("loops.leverage")[row];
        uint256 debt = column("loops.debt")[row];
        uint256 healthFactor = column("loops.healthFactor")[row];
        PositionView memory state = stateOf(alice);
        // Twenty loops, each rounded to a unit of either token; a loan token unit is worth 5e-4 of
        // a collateral token unit.
        assertApproxEqAbs((state.collateral * WAD) / 100e18, leverage, 100);
        assertApproxEqAbs((state.debt * WAD) / 200_000e18, debt, 100);
        assertEq(state.leverage, (leverage + 1e14 - 1 - 100) / 1e14, "rounded up");
        if (debt == 0) {
            assertEq(state.healthFactor, healthFactor);
        } else {
            // Scales from this market's limit to the row's ratio; they are proportional.
            uint256 limit = market.limits().liquidationLeverage;
            uint256 scaled = (state.healthFactor * liquidationLtv * limit) / (WAD * (limit - ONE_X));
            assertApproxEqAbs(scaled, healthFactor, 1_000);
        }
    }

    /// @dev Creates a market with this row's bonus and liquidation limit, and opens a position of
    /// Alice with its health factor at the start price.
    function openAtHealth(string memory table, uint256 row) private {
        uint256 liquidationLtv = column(string.concat(table, ".liquidationLtv"))[row];
        uint256 ltv = (liquidationLtv * WAD) / column(string.concat(table, ".healthFactor"))[row];
        newMarket(leverageOf(ltv) + 1, leverageOf(liquidationLtv), column(string.concat(table, ".bonus"))[row], row);
        open(alice, 100e18, (200_000e18 * ltv) / WAD);
    }

    /// @dev Liquidates Alice for at most that payment.
    /// @return How much the lenders' assets fell.
    function lossOf(uint256 maxPayment) private returns (uint256) {
        uint256 before = market.totalAssets();
        liquidateOne(alice, maxPayment);
        uint256 afterwards = market.totalAssets();
        return afterwards < before ? before - afterwards : 0;
    }

    function assertLtvDoesNotRise(uint256 maxPayment) private {
        uint256 debtBefore = market.debtOf(alice);
        uint256 heldBefore = collateralOf(alice);
        liquidateOne(alice, maxPayment);
        assertLt(market.debtOf(alice), debtBefore);
        assertLe(market.debtOf(alice) * heldBefore, debtBefore * collateralOf(alice));
    }

    // ------------------------------------------------------------------ markets and vectors

    /// @dev Replaces `market`, at the start price.
    function newMarket(uint256 maxLeverage, uint256 liquidationLeverage, uint256 bonus, uint256 row) private {
        MarketParams memory params = _params();
        params.limits.maxLeverage = maxLeverage;
        params.limits.liquidationLeverage = liquidationLeverage;
        params.limits.systemLeverageCap = maxLeverage;
        params.config.targetLeverage = 15_000;
        params.config.entryGap = 0.0001e18;
        params.config.safetyMargin = 0.0001e18;
        (params.config.bonusMin, params.config.bonusMax) = (bonus, bonus);
        (params.config.interestFee, params.config.liquidationFee) = (0, 0);
        oracle.setPrice(startPrice);
        market = createMarket(params, bytes32(row + 1));
        lend(lender, 10_000_000e18);
        fund(liquidator, 0, 0);
    }

    function stateOf(address account) private view returns (PositionView memory) {
        address[] memory accounts = new address[](1);
        accounts[0] = account;
        (, , PositionView[] memory states) = lens.positionViews(market, accounts);
        return states[0];
    }

    /// @dev 1 / (1 - LTV) in four decimals, rounded up.
    function leverageOf(uint256 ltv) private pure returns (uint256) {
        return (ONE_X * WAD + WAD - ltv - 1) / (WAD - ltv);
    }

    function column(string memory path) private view returns (uint256[] memory) {
        return vm.parseJsonUintArray(json, string.concat(".", path));
    }

    function cell(string memory path) private view returns (uint256) {
        return vm.parseJsonUint(json, string.concat(".", path));
    }
}
