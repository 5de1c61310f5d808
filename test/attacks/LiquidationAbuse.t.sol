// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {AttackTest} from "./support/AttackTest.sol";

/// @notice Attacks on liquidations: by the borrower, by the liquidator, by one person in both
/// roles, and by bystanders.
contract LiquidationAbuseTest is AttackTest {
    function setUp() public override {
        super.setUp();
        fund(liquidator, 0, 10_000_000e6);
        fund(address(attacker), 100e18, 200_000e6);
    }

    // ------------------------------------------------------------------ of oneself

    /// @notice Euler, March 2023: the bonus for liquidating one's own position exceeded the
    /// position's loss.
    /// @dev At any price at which the position is solvent, for any part of it, by the borrower
    /// itself.
    function testFuzz_Liquidate_OneselfGainsNothing(uint256 price, uint256 budget) public {
        openAtMaximum();
        price = (startPrice * bound(price, 8_162, 9_450)) / 10_000;
        oracle.setPrice(price);
        uint256 worth = worthOf(address(attacker), price);
        uint256 lent = lentBy(lender);

        vm.prank(address(attacker));
        market.liquidate(only(address(attacker)), bound(budget, 1_000e6, 200_000e6), 0, address(attacker), "");

        assertLe(worthOf(address(attacker), price), worth, "the attacker has gained");
        assertGe(lentBy(lender), lent, "the lenders have lost");
    }

    /// @dev Below that price the lenders bear a part of the bonus, for any liquidator: at a ratio
    /// `C/D` of 1.01 the payment is 161,600 / 1.02 and a tenth of the bonus, for a debt of 160,000.
    function test_Liquidate_LendersPayTheBonusThatEquityCannot() public {
        openAtMaximum();
        oracle.setPrice(priceOf(1616));
        uint256 lent = lentBy(lender);
        vm.prank(address(attacker));
        (, uint256 payment) = market.liquidate(only(address(attacker)), type(uint256).max, 0, address(attacker), "");
        assertApproxEqAbs(payment, 158_748_235_295, 2);
        assertApproxEqAbs(lent - lentBy(lender), 160_000e6 - 158_748_235_295, 2);
        assertPosition(address(attacker), 0, 0);
    }

    /// @notice Euler, March 2023: `donateToReserves` let the borrower make itself insolvent, to
    /// collect the bonus.
    /// @dev No call allows this: every withdrawal of collateral from under a debt has to stay
    /// within the opening limit.
    function test_WithdrawCollateral_RevertWhen_BorrowerGivesItAway() public {
        openAtMaximum();
        vm.startPrank(address(attacker));
        vm.expectPartialRevert(ILeverageMarket.LeverageAboveMaximum.selector);
        market.withdrawCollateral(20e18, address(attacker), bob);
        // Together with a repayment that is too small for the withdrawal.
        vm.expectPartialRevert(ILeverageMarket.LeverageAboveMaximum.selector);
        market.adjust(address(attacker), -20e18, -20_000e6, bob, 0, 20_000e6, "");
        vm.stopPrank();
    }

    /// @notice Abracadabra, March 2025: in one transaction the owner liquidated its position and
    /// then borrowed against the collateral, which was still counted.
    function test_Borrow_RevertWhen_CollateralWasLiquidated() public {
        openAtMaximum();
        oracle.setPrice(priceOf(1650));
        plan(
            abi.encodeCall(
                ILeverageMarket.liquidate,
                (only(address(attacker)), type(uint256).max, uint256(0), address(attacker), bytes(""))
            )
        );
        plan(abi.encodeCall(ILeverageMarket.borrow, (100_000e6, address(attacker), address(attacker))));
        vm.expectPartialRevert(ILeverageMarket.LeverageAboveMaximum.selector);
        run();
    }

    // ------------------------------------------------------------------ by the liquidator

    /// @notice Known since "An Empirical Study of DeFi Liquidations" (Qin et al., November 2021):
    /// splitting a liquidation in two extracted more than one liquidation up to the close factor.
    /// @dev At any price from half of the debt to the limit. Each part, and the whole, may round by
    /// three units.
    function testFuzz_Liquidate_SplittingExtractsNoMore(uint256 debt, uint256 price, uint256[4] memory budgets) public {
        debt = bound(debt, 100e6, 2_000_000e6);
        open(alice, (debt * 5 * 1e18) / (4 * 2000e6) + 1e12, debt);
        price = (startPrice * bound(price, 400_000, 945_000)) / 1_000_000;
        oracle.setPrice(price);
        uint256 snapshot = vm.snapshotState();
        int256 whole = gain(type(uint256).max, price);
        vm.revertToState(snapshot);

        int256 parts = 0;
        for (uint256 i = 0; i < budgets.length; ++i) parts += gain(bound(budgets[i], 10e6, debt), price);
        parts += gain(type(uint256).max, price);
        assertLe(parts, whole + 3 * 6);
    }

    /// @notice Aave, November 2022 (CRV): each liquidation of a falling position raised its LTV,
    /// until bad debt resulted that the price alone would not have caused.
    /// @dev From steps of 15% on, the position is worth less than its debt and the bonus for its
    /// health factor: there a whole bonus would be toxic. At 18% it still covers the least bonus.
    function testFuzz_Liquidate_CrashCausesNoSpiral(uint256 step) public {
        step = bound(step, 1, 180);
        open(alice, 500e18, 800_000e6);
        uint256 lent = lentBy(lender);
        uint256 price = startPrice;
        for (uint256 i = 0; i < 40; ++i) {
            price -= (price * step) / 1_000;
            oracle.setPrice(price);
            (uint256 shares, uint256 held, ) = market.position(alice);
            tryLiquidate(alice, type(uint256).max);
            assertLtvNotRaised(alice, shares, held);
            assertFalse(isLiquidatable(alice, price));
        }
        assertGe(lentBy(lender), lent);
    }

    // ------------------------------------------------------------------ by bystanders

    /// @notice A liquidator's batch would fail because one of its borrowers has repaid a little
    /// just before, or is listed twice.
    function test_Liquidate_BatchCannotBeMadeToFail() public {
        open(alice, 100e18, 160_000e6);
        open(bob, 100e18, 160_000e6);
        openAtMaximum();
        oracle.setPrice(priceOf(1880));
        vm.startPrank(address(attacker));
        market.repay(30_000e6, address(attacker));
        market.repay(1, alice);
        collateral.mint(address(attacker), 1);
        market.supplyCollateral(1, bob);
        vm.stopPrank();

        address[] memory accounts = new address[](7);
        (accounts[0], accounts[1], accounts[2]) = (address(attacker), alice, address(attacker));
        (accounts[3], accounts[4], accounts[5], accounts[6]) = (address(0), address(market), bob, alice);
        liquidateBatch(accounts, type(uint256).max);

        assertFalse(isLiquidatable(alice, priceOf(1880)));
        assertFalse(isLiquidatable(bob, priceOf(1880)));
        assertPosition(address(attacker), 130_000e6, 100e18);
    }

    /// @notice The same for an insolvent account in the batch, and for a lender that withdraws just
    /// before.
    function test_Liquidate_BatchWithALossCannotBeMadeToFail() public {
        open(alice, 100e18, 160_000e6);
        open(bob, 100e18, 120_000e6);
        oracle.setPrice(priceOf(1400));
        vm.prank(address(attacker));
        market.withdraw(0, address(attacker), lender);
        vm.prank(lender);
        market.withdraw(1_000_000e6, lender, lender);

        address[] memory accounts = new address[](2);
        (accounts[0], accounts[1]) = (alice, bob);
        liquidateBatch(accounts, type(uint256).max);

        assertEq(market.debtOf(alice), 0);
        assertFalse(isLiquidatable(bob, priceOf(1400)));
    }

    // ------------------------------------------------------------------ helpers

    function openAtMaximum() private {
        vm.prank(address(attacker));
        market.adjust(address(attacker), 100e18, 160_000e6, address(attacker), 100e18, 0, "");
    }

    /// @dev The liquidator's gain by one call.
    function gain(uint256 budget, uint256 price) private returns (int256) {
        (uint256 seized, uint256 payment) = tryLiquidate(alice, budget);
        return int256((seized * price) / 1e36) - int256(payment);
    }
}
