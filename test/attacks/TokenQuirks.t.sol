// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {BlocklistToken} from "../../contracts/mocks/BlocklistToken.sol";
import {FeeOnTransferToken} from "../../contracts/mocks/FeeOnTransferToken.sol";
import {MockERC20} from "../../contracts/mocks/MockERC20.sol";
import {ReturnFalseToken} from "../../contracts/mocks/ReturnFalseToken.sol";
import {AttackTest} from "./support/AttackTest.sol";

/// @notice A token whose balances change without a transfer.
contract RebasingToken is MockERC20 {
    constructor() MockERC20("Rebasing", "REBASE", 18) {}

    function rebase(address account, int256 delta) external {
        if (delta > 0) _mint(account, uint256(delta));
        else _burn(account, uint256(-delta));
    }
}

/// @notice A second address for the same balances.
contract SecondEntry {
    MockERC20 private immutable FIRST;

    constructor(MockERC20 first) {
        FIRST = first;
    }

    function balanceOf(address account) external view returns (uint256) {
        return FIRST.balanceOf(account);
    }
}

/// @notice Balancer, June 2020 (STA): the pool counted the amount sent, the token delivered less,
/// and the attacker extracted the difference repeatedly.
contract FeeOnTransferAttackTest is AttackTest {
    function setUp() public override {
        super.setUp();
        open(alice, 100e18, 100_000e6);
        fund(address(attacker), 1_000e18, 1_000_000e6);
    }

    function _newLoanToken() internal override returns (MockERC20) {
        return new FeeOnTransferToken(6, 0);
    }

    function _newCollateralToken() internal override returns (MockERC20) {
        return new FeeOnTransferToken(18, 0);
    }

    /// @dev The fee starts after the market's creation, as USDT's could. No function credits more
    /// than it has received.
    function testFuzz_Deposit_UndeliveredTokensAreNotCredited(uint256 fee) public {
        fee = bound(fee, 1, 10_000);
        FeeOnTransferToken(address(loan)).setFee(fee);
        FeeOnTransferToken(address(collateral)).setFee(fee);
        vm.startPrank(address(attacker));
        vm.expectPartialRevert(ILeverageMarket.TokenDeliveredLess.selector);
        market.supplyCollateral(100e18, address(attacker));
        vm.expectPartialRevert(ILeverageMarket.TokenDeliveredLess.selector);
        market.adjust(address(attacker), 100e18, 1_000e6, address(attacker), 100e18, 0, "");
        vm.expectPartialRevert(ILeverageMarket.TokenDeliveredLess.selector);
        market.deposit(100_000e6, address(attacker));
        vm.expectPartialRevert(ILeverageMarket.TokenDeliveredLess.selector);
        market.repay(10_000e6, alice);
        vm.stopPrank();
        assertPosition(address(attacker), 0, 0);
        assertBacked(0, 0);
    }
}

/// @notice Tokens whose balances grow or shrink by themselves.
contract RebasingAttackTest is AttackTest {
    function setUp() public override {
        super.setUp();
        open(alice, 100e18, 100_000e6);
        fund(address(attacker), 100e18, 200_000e6);
        vm.prank(address(attacker));
        market.supplyCollateral(50e18, address(attacker));
    }

    function _newCollateralToken() internal override returns (MockERC20) {
        return new RebasingToken();
    }

    /// @notice Aave's market of AMPL, found in December 2023: as balances and books diverged, some
    /// withdrew tokens that others had lent.
    /// @dev Rebased growth belongs to nobody: the attacker withdraws what it has supplied, and no
    /// more.
    function testFuzz_WithdrawCollateral_RebasedGrowthIsNotTaken(uint256 growth) public {
        growth = bound(growth, 1, 1e27);
        RebasingToken(address(collateral)).rebase(address(market), int256(growth));
        vm.startPrank(address(attacker));
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.InsufficientCollateral.selector, uint256(50e18), 50e18 + 1)
        );
        market.withdrawCollateral(50e18 + 1, address(attacker), address(attacker));
        market.adjust(address(attacker), 1e18, 0, address(attacker), 1e18, 0, "");
        market.withdrawCollateral(type(uint256).max, address(attacker), address(attacker));
        vm.stopPrank();
        assertEq(collateral.balanceOf(address(attacker)), 100e18);
        assertBacked(0, growth);
    }

    /// @dev The next user doesn't make up for a negative rebase; debts can still be repaid.
    function testFuzz_SupplyCollateral_RebasedLossIsNotFilledByOthers(uint256 shrinkage) public {
        shrinkage = bound(shrinkage, 1, 50e18);
        RebasingToken(address(collateral)).rebase(address(market), -int256(shrinkage));
        fund(bob, 10e18, 0);
        vm.expectPartialRevert(ILeverageMarket.TokenDeliveredLess.selector);
        vm.prank(bob);
        market.supplyCollateral(10e18, bob);
        vm.prank(address(attacker));
        market.repay(100_000e6, alice);
        assertEq(market.debtOf(alice), 0);
    }

    /// @notice Compound, February 2022 (TUSD): the token had a second address, through which a
    /// balance protected under the first one was swept.
    /// @dev No function here takes a token's address and moves any token but the market's own loan
    /// token.
    function test_FlashLoan_SecondEntryPointMovesNothing() public {
        address second = address(new SecondEntry(loan));
        assertEq(market.maxFlashLoan(second), 0);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.UnsupportedFlashToken.selector, second));
        vm.prank(address(attacker));
        market.flashLoan(attacker, second, 1_000e6, "");
    }
}

/// @notice Tokens that return false, or nothing, where others revert (described in June 2018, of
/// 130 tokens): a contract that takes a missing answer, or a false one, for success credits tokens
/// that never arrived.
contract ReturnFalseAttackTest is AttackTest {
    function _newLoanToken() internal override returns (MockERC20) {
        return new ReturnFalseToken(6);
    }

    function _newCollateralToken() internal override returns (MockERC20) {
        return new ReturnFalseToken(18);
    }

    function test_Transfer_RevertWhen_ItReturnsFalse() public {
        open(alice, 100e18, 100_000e6);
        vm.startPrank(address(attacker));
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, collateral));
        market.supplyCollateral(100e18, address(attacker));
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, loan));
        market.deposit(100_000e6, address(attacker));
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, loan));
        market.repay(100_000e6, alice);
        vm.stopPrank();
        assertEq(worthOf(address(attacker), startPrice), 0);
        assertEq(market.debtOf(alice), 100_000e6);
    }
}

/// @notice A token whose issuer can take it from any account.
contract WipingAttackTest is AttackTest {
    function _newCollateralToken() internal override returns (MockERC20) {
        return new RebasingToken();
    }

    /// @dev The caller makes up for tokens that are taken from the market during its callback,
    /// within its maximum; the other users' collateral stays covered.
    function test_Adjust_CallerMakesUpForTokensTakenDuringItsCallback() public {
        open(alice, 10e18, 10_000e6);
        fund(address(attacker), 10e18, 0);
        plan(address(collateral), abi.encodeCall(RebasingToken.rebase, (address(market), -1e18)));
        bytes memory data = abi.encode(takePlan());
        vm.startPrank(address(attacker));
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.PullAboveMaximum.selector, address(collateral), 3e18, 3e18 - 1)
        );
        market.adjust(address(attacker), 2e18, 0, address(attacker), 3e18 - 1, 0, data);
        market.adjust(address(attacker), 2e18, 0, address(attacker), 3e18, 0, data);
        vm.stopPrank();
        assertEq(collateral.balanceOf(address(market)), 12e18);
        assertPosition(address(attacker), 0, 2e18);
    }
}

/// @notice Tokens whose issuer blocks accounts, as Circle did in August 2022.
contract BlocklistAttackTest is AttackTest {
    function _newLoanToken() internal override returns (MockERC20) {
        return new BlocklistToken(6);
    }

    function _newCollateralToken() internal override returns (MockERC20) {
        return new BlocklistToken(18);
    }

    /// @dev A blocked borrower can't receive tokens; but a liquidation pays it nothing, so it is
    /// liquidated like any other.
    function test_Liquidate_BlockedBorrowerIsLiquidated() public {
        fund(address(attacker), 100e18, 0);
        vm.prank(address(attacker));
        market.adjust(address(attacker), 100e18, 160_000e6, address(attacker), 100e18, 0, "");
        BlocklistToken(address(loan)).setBlocked(address(attacker), true);
        BlocklistToken(address(collateral)).setBlocked(address(attacker), true);
        oracle.setPrice(priceOf(1880));
        uint256 lent = lentBy(lender);
        fund(liquidator, 0, 200_000e6);
        liquidateOne(address(attacker), type(uint256).max);
        assertFalse(isLiquidatable(address(attacker), priceOf(1880)));
        assertGe(lentBy(lender), lent);
    }
}
