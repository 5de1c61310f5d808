// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {HookToken} from "../../contracts/mocks/HookToken.sol";
import {MockERC20} from "../../contracts/mocks/MockERC20.sol";
import {Call, ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {AttackTest} from "./support/AttackTest.sol";

/// @notice Both tokens call hooks of the sender and the receiver, as ERC-777 does, and the attacker
/// reenters the market from each of them. A refused attempt doesn't revert the attacker's own call,
/// so each test shows the result when only the reentrant call fails.
contract AttackByReentrancyTest is AttackTest {
    function setUp() public override {
        super.setUp();
        fund(address(attacker), 1_000e18, 1_000_000e6);
        open(alice, 100e18, 100_000e6);
    }

    function _newLoanToken() internal override returns (MockERC20) {
        return new HookToken(6);
    }

    function _newCollateralToken() internal override returns (MockERC20) {
        return new HookToken(18);
    }

    /// @notice dForce (Lendf.Me), April 2020: the hook of imBTC withdrew in the middle of a
    /// deposit, whose books then overwrote the withdrawal.
    function test_WithdrawCollateral_RefusedInsideADeposit() public {
        vm.startPrank(address(attacker));
        market.supplyCollateral(100e18, address(attacker));
        vm.stopPrank();
        hook(
            collateral,
            abi.encodeCall(ILeverageMarket.withdrawCollateral, (100e18, address(attacker), address(attacker)))
        );

        vm.prank(address(attacker));
        market.supplyCollateral(1e18, address(attacker));

        assertRefused();
        assertPosition(address(attacker), 0, 101e18);
        assertBacked(0, 0);
    }

    /// @notice Cream, August 2021 (the hook of AMP); Hundred Finance, March 2022 (a bridged token
    /// that calls its receiver): the receiver borrowed again before the first loan was in the
    /// books.
    function test_Borrow_RefusedInsideABorrow() public {
        vm.prank(address(attacker));
        market.supplyCollateral(100e18, address(attacker));
        hook(loan, abi.encodeCall(ILeverageMarket.borrow, (160_000e6, address(attacker), address(attacker))));

        vm.prank(address(attacker));
        market.borrow(160_000e6, address(attacker), address(attacker));

        assertRefused();
        assertPosition(address(attacker), 160_000e6, 100e18);
        assertBacked(0, 0);
    }

    /// @notice Rari (Fuse), April 2022: the receiver of a loan withdrew its collateral before the
    /// debt counted.
    function test_WithdrawCollateral_RefusedInsideABorrow() public {
        vm.prank(address(attacker));
        market.supplyCollateral(100e18, address(attacker));
        hook(loan, abi.encodeCall(ILeverageMarket.withdrawCollateral, (100e18, address(attacker), address(attacker))));

        vm.prank(address(attacker));
        market.borrow(160_000e6, address(attacker), address(attacker));

        assertRefused();
        assertPosition(address(attacker), 160_000e6, 100e18);
    }

    /// @notice Agave, March 2022: the borrower liquidated itself and borrowed during the transfer
    /// of the collateral, which was still counted.
    function test_Borrow_RefusedInsideALiquidationOfOneself() public {
        liquidateOneself(abi.encodeCall(ILeverageMarket.borrow, (100_000e6, address(attacker), address(attacker))));
    }

    /// @notice The position is liquidated again, from books that the first liquidation has not
    /// updated yet.
    function test_Liquidate_RefusedInsideALiquidation() public {
        liquidateOneself(
            abi.encodeCall(
                ILeverageMarket.liquidate,
                (only(address(attacker)), type(uint256).max, uint256(0), address(attacker), bytes(""))
            )
        );
    }

    /// @notice A flash loan is returned as a deposit: the same tokens would count as repaid and as
    /// lent.
    function test_Deposit_RefusedInsideAFlashLoan() public {
        Call[] memory calls = only(marketTry(abi.encodeCall(IERC4626.deposit, (5_000_000e6, address(attacker)))));
        uint256 worth = worthOf(address(attacker), startPrice);
        vm.prank(address(attacker));
        market.flashLoan(attacker, address(loan), 5_000_000e6, abi.encode(calls));
        assertRefused();
        assertEq(market.balanceOf(address(attacker)), 0);
        assertEq(worthOf(address(attacker), startPrice), worth);
    }

    /// @notice dForce, February 2023 (a Curve pool); Sentiment, April 2023, and Sturdy, June 2023
    /// (Balancer pools): a price was read from another protocol in the middle of a withdrawal from
    /// it, when half of its books were written.
    /// @dev Read during the callbacks and hooks of every function that moves tokens, the share
    /// price is the one after the call.
    function test_SharePrice_IsCorrectInsideCallbacks() public {
        uint256 sharePrice = market.convertToAssets(1e18);
        Call[] memory read = only(marketCall(abi.encodeCall(IERC4626.convertToAssets, (1e18))));
        bytes memory reading = abi.encode(read);

        vm.startPrank(address(attacker));
        market.adjust(address(attacker), 100e18, 100_000e6, address(attacker), 100e18, 0, reading);
        assertRead(sharePrice);
        market.adjust(address(attacker), -50e18, -50_000e6, address(attacker), 0, 50_000e6, reading);
        assertRead(sharePrice);
        market.flashLoan(attacker, address(loan), 9_000_000e6, reading);
        assertRead(sharePrice);
        vm.stopPrank();

        hook(loan, read[0].data);
        vm.startPrank(address(attacker));
        uint256 shares = market.deposit(500_000e6, address(attacker));
        assertRead(sharePrice);
        market.redeem(shares / 2, address(attacker), address(attacker));
        assertRead(sharePrice);
        vm.stopPrank();
    }

    /// @notice The same during a liquidation with a loss: the share price has fallen before the
    /// liquidator is called.
    function test_SharePrice_IsCorrectInsideALiquidationWithALoss() public {
        open(bob, 1_000e18, 1_600_000e6);
        oracle.setPrice(priceOf(1500));
        Call[] memory read = only(marketCall(abi.encodeCall(IERC4626.convertToAssets, (1e18))));
        fund(address(attacker), 0, 2_000_000e6);
        uint256 before = market.convertToAssets(1e18);

        vm.prank(address(attacker));
        market.liquidate(only(bob), type(uint256).max, 0, address(attacker), abi.encode(read));

        assertLt(market.convertToAssets(1e18), before);
        assertRead(market.convertToAssets(1e18));
    }

    // ------------------------------------------------------------------ helpers

    function liquidateOneself(bytes memory attempt) private {
        vm.prank(address(attacker));
        market.adjust(address(attacker), 100e18, 160_000e6, address(attacker), 100e18, 0, "");
        oracle.setPrice(priceOf(1880));
        uint256 worth = worthOf(address(attacker), priceOf(1880));
        hook(collateral, attempt);

        vm.prank(address(attacker));
        market.liquidate(only(address(attacker)), type(uint256).max, 0, address(attacker), "");

        assertRefused();
        assertLe(worthOf(address(attacker), priceOf(1880)), worth);
        assertBacked(0, 0);
    }

    /// @dev From now on each transfer of the token from or to the attacker triggers this attempt.
    function hook(MockERC20 token, bytes memory attempt) private {
        Call[] memory calls = only(marketTry(attempt));
        attacker.setHookCalls(calls);
        HookToken(address(token)).setHook(address(attacker), attacker);
    }

    function assertRefused() private view {
        ScriptedActor.Outcome[] memory outcomes = attacker.outcomes();
        assertEq(outcomes.length, 1, "the way in was not tried");
        assertFalse(outcomes[0].success);
        assertEq(outcomes[0].returned, abi.encodeWithSelector(ReentrancyGuardReentrantCall.selector));
    }

    function assertRead(uint256 expected) private view {
        assertEq(abi.decode(attacker.outcomes()[0].returned, (uint256)), expected, "read in the middle");
    }
}
