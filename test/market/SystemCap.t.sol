// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {Call, ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {Limit, MarketParams} from "../../contracts/types/MarketTypes.sol";
import {BorrowerTest} from "../support/BorrowerTest.sol";

/// @notice Ways past the system cap of 3x that take collateral instead of adding debt.
contract SystemCapTest is BorrowerTest {
    function _params() internal view override returns (MarketParams memory params) {
        params = super._params();
        params.limits.systemLeverageCap = 30_000;
    }

    /// @dev Idle collateral leaves, which lifts the market to 5x; an opening that does not raise these 5x; and back it comes.
    function test_RevertWhen_IdleCollateralLeavesBeforeTheOpening() public {
        ScriptedActor actor = newActor(10_000e18, 0);
        vm.prank(address(actor));
        market.supplyCollateral(5e18, address(actor));
        open(alice, 15e18, 24_000e6);

        Call[] memory calls = new Call[](3);
        calls[0] = marketCall(
            abi.encodeCall(ILeverageMarket.withdrawCollateral, (5e18, address(actor), address(actor)))
        );
        calls[1] = marketCall(
            abi.encodeCall(
                ILeverageMarket.adjust,
                (address(actor), int256(1000e18), int256(1_600_000e6), address(actor), 1000e18, 0, "")
            )
        );
        calls[2] = marketCall(abi.encodeCall(ILeverageMarket.supplyCollateral, (5e18, address(actor))));
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.SystemLeverageAboveCap.selector, 1_624_000e6, 2_030_000e6, 30_000)
        );
        actor.execute(calls);
    }

    /// @dev From 2.5x to 5x: a withdrawal under debt is an opening too.
    function test_RevertWhen_AnIndebtedAccountTakesCollateral() public {
        open(alice, 1000e18, 1_200_000e6);
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.SystemLeverageAboveCap.selector, 1_200_000e6, 1_500_000e6, 30_000)
        );
        vm.prank(alice);
        market.withdrawCollateral(250e18, alice, alice);
    }

    /// @dev At the cap exactly: 900 of collateral worth 1,800,000.
    function test_AnIndebtedAccountTakesCollateralUpToTheCap() public {
        open(alice, 1000e18, 1_200_000e6);
        vm.prank(alice);
        market.withdrawCollateral(100e18, alice, alice);
        assertEq(collateralOf(alice), 900e18);
    }

    /// @dev Above the cap after a fall in price: reducing and closing stay open, whoever withdraws.
    function test_AMarketAboveItsCapCanBeReduced() public {
        open(alice, 1000e18, 1_200_000e6);
        fund(alice, 0, 2_000_000e6);
        oracle.setPrice(priceOf(1600));
        vm.startPrank(alice);
        market.adjust(alice, -100e18, -120_000e6, alice, 0, 120_000e6, "");
        market.adjust(alice, ALL, ALL, alice, 0, 2_000_000e6, "");
        vm.stopPrank();
        assertEq(collateralOf(alice), 0);
        assertEq(market.debtOf(alice), 0);
    }

    // ------------------------------------------------------------------ in a transaction that has added debt

    /// @dev It has taken collateral as well. A repayment takes none, and asks for no price.
    function test_ARepaymentNeedsNoOracle() public {
        ScriptedActor actor = newActor(20e18, 0);
        open(address(actor), 20e18, 0);
        Call[] memory calls = new Call[](4);
        calls[0] = marketCall(
            abi.encodeCall(ILeverageMarket.withdrawCollateral, (1e18, address(actor), address(actor)))
        );
        calls[1] = marketCall(abi.encodeCall(ILeverageMarket.borrow, (1_000e6, address(actor), address(actor))));
        calls[2] = Call(address(oracle), abi.encodeCall(oracle.fail, ()), true);
        calls[3] = marketCall(abi.encodeCall(ILeverageMarket.repay, (500e6, address(actor))));
        actor.execute(calls);
        assertEq(market.debtOf(address(actor)), 500e6);
    }

    /// @dev What it takes of another account is held against the cap, but not against that account's own limit, if its ratio
    /// stays: Alice stands at 2.5x when the limit is lowered to 2x, and halves her position.
    function test_AnotherAccountAboveItsLimitIsReduced() public {
        ScriptedActor actor = newActor(1000e18, 600_000e6);
        open(alice, 1000e18, 1_200_000e6);
        vm.prank(alice);
        market.setOperator(address(actor), true);
        vm.prank(guardian);
        market.lowerLimit(Limit.MaxLeverage, 20_000);

        Call[] memory calls = new Call[](2);
        calls[0] = marketCall(
            abi.encodeCall(
                ILeverageMarket.adjust,
                (address(actor), int256(1000e18), int256(1_000e6), address(actor), 1000e18, 0, "")
            )
        );
        calls[1] = marketCall(
            abi.encodeCall(ILeverageMarket.adjust, (alice, -500e18, -600_000e6, address(actor), 0, 600_000e6, ""))
        );
        actor.execute(calls);
        assertPosition(alice, 600_000e6, 500e18);
    }
}
