// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {BlocklistToken} from "../../contracts/mocks/BlocklistToken.sol";
import {MockERC20} from "../../contracts/mocks/MockERC20.sol";
import {NoZeroTransferToken} from "../../contracts/mocks/NoZeroTransferToken.sol";
import {Call, ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {BorrowerTest} from "../support/BorrowerTest.sol";
import {LiquidationTest} from "../support/LiquidationTest.sol";

/// @notice The market makes no transfer of zero, which some tokens refuse. A transfer of one unit
/// is made.
contract NoZeroTransferTest is LiquidationTest {
    function setUp() public override {
        super.setUp();
        open(alice, 10e18, 16_000e6);
        fund(alice, 10e18, 10_000e6);
    }

    function _newLoanToken() internal override returns (MockERC20) {
        return new NoZeroTransferToken(6);
    }

    function _newCollateralToken() internal override returns (MockERC20) {
        return new NoZeroTransferToken(18);
    }

    function test_Adjust_MovesAUnitOfOneTokenWithoutTheOther() public {
        assertMoves(1, 0);
        assertMoves(-1, 0);
        assertMoves(0, -1);
        assertMoves(0, 1);
        assertMoves(0, 0);
    }

    function test_Adjust_CallbackThatLeavesNothingToSettleSettlesNothing() public {
        ScriptedActor actor = new ScriptedActor();
        loan.mint(address(actor), 2);
        collateral.mint(address(actor), 2);
        vm.prank(alice);
        market.setOperator(address(this), true);

        Call[] memory calls = only(
            callTo(address(collateral), abi.encodeCall(collateral.transfer, (address(market), 1)))
        );
        market.adjust(alice, 1, 0, address(actor), 0, 0, abi.encode(calls));
        calls[0] = callTo(address(loan), abi.encodeCall(loan.transfer, (address(market), 1)));
        market.adjust(alice, 0, -1, address(actor), 0, 0, abi.encode(calls));
        market.adjust(alice, 0, 1, address(actor), 0, 0, abi.encode(new Call[](0)));

        assertEq(collateral.balanceOf(address(actor)), 1);
        assertEq(loan.balanceOf(address(actor)), 2);
        assertEq(collateralOf(alice), 10e18 + 1);
        assertEq(market.debtOf(alice), 16_000e6);
    }

    function test_Liquidate_WritesOffDebtWithoutCollateralWithoutATransfer() public {
        loseCollateral(alice, 0);
        (uint256 seized, uint256 payment) = liquidateOne(alice, 0);
        assertEq(seized, 0);
        assertEq(payment, 0);
        assertEq(market.debtOf(alice), 0);
    }

    /// @dev At an index of one, since no time passes.
    function assertMoves(int256 collateralDelta, int256 debtDelta) private {
        (uint256 heldCollateral, uint256 heldLoan) = (collateral.balanceOf(alice), loan.balanceOf(alice));
        (uint256 positionCollateral, uint256 debt) = (collateralOf(alice), market.debtOf(alice));
        vm.prank(alice);
        market.adjust(alice, collateralDelta, debtDelta, alice, type(uint256).max, type(uint256).max, "");
        assertEq(int256(collateral.balanceOf(alice)), int256(heldCollateral) - collateralDelta);
        assertEq(int256(loan.balanceOf(alice)), int256(heldLoan) + debtDelta);
        assertEq(int256(collateralOf(alice)), int256(positionCollateral) + collateralDelta);
        assertEq(int256(market.debtOf(alice)), int256(debt) + debtDelta);
    }
}

contract BlocklistTest is BorrowerTest {
    function setUp() public override {
        super.setUp();
        open(alice, 10e18, 16_000e6);
        open(bob, 10e18, 10_000e6);
        fund(bob, 10e18, 20_000e6);
        BlocklistToken(address(loan)).setBlocked(alice, true);
        BlocklistToken(address(collateral)).setBlocked(alice, true);
    }

    function _newLoanToken() internal override returns (MockERC20) {
        return new BlocklistToken(6);
    }

    function _newCollateralToken() internal override returns (MockERC20) {
        return new BlocklistToken(18);
    }

    function test_BlocklistToken_RevertWhen_ReceiverIsBlocked() public {
        vm.startPrank(bob);
        vm.expectRevert(abi.encodeWithSelector(BlocklistToken.Blocked.selector, alice));
        market.borrow(100e6, bob, alice);
        vm.expectRevert(abi.encodeWithSelector(BlocklistToken.Blocked.selector, alice));
        market.withdrawCollateral(1e18, bob, alice);
        market.withdrawCollateral(1e18, bob, bob);
    }

    function test_BlocklistToken_BlockedBorrowerIsHelpedAndLiquidatedByOthers() public {
        vm.startPrank(bob);
        market.repay(1_000e6, alice);
        market.supplyCollateral(1e18, alice);
        vm.stopPrank();
        assertPosition(alice, 15_000e6, 11e18);

        oracle.setPrice(priceOf(1500));
        fund(liquidator, 0, 20_000e6);
        liquidateOne(alice, type(uint256).max);
        assertApproxEqAbs(leverageAt(alice, priceOf(1500)), 45_000, 2);
    }

    function test_BlocklistToken_BlockedBorrowerSendsItsCollateralElsewhere() public {
        vm.prank(bob);
        market.repay(type(uint256).max, alice);

        vm.prank(alice);
        market.withdrawCollateral(type(uint256).max, alice, bob);

        assertPosition(alice, 0, 0);
    }

    function test_BlocklistToken_RevertWhen_PayerIsBlocked() public {
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(BlocklistToken.Blocked.selector, alice));
        market.repay(1_000e6, alice);
    }

    function test_BlocklistToken_RevertWhen_MarketItselfIsBlocked() public {
        BlocklistToken(address(loan)).setBlocked(address(market), true);

        vm.startPrank(bob);
        vm.expectRevert(abi.encodeWithSelector(BlocklistToken.Blocked.selector, address(market)));
        market.borrow(100e6, bob, bob);
        vm.expectRevert(abi.encodeWithSelector(BlocklistToken.Blocked.selector, address(market)));
        market.repay(100e6, bob);
        market.supplyCollateral(1e18, bob);
        market.withdrawCollateral(1e18, bob, bob);
    }
}
