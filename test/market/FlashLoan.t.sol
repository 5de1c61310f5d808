// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC3156FlashBorrower} from "@openzeppelin/contracts/interfaces/IERC3156FlashBorrower.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Errors} from "@openzeppelin/contracts/utils/Errors.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {FeeOnTransferToken} from "../../contracts/mocks/FeeOnTransferToken.sol";
import {MockERC20} from "../../contracts/mocks/MockERC20.sol";
import {Call, ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {MarketTest} from "../support/MarketTest.sol";

contract FlashLoanTest is MarketTest {
    uint256 private constant LENT = 10_000_000e6;

    ScriptedActor private borrower;

    function setUp() public override {
        super.setUp();
        borrower = new ScriptedActor();
        fund(address(borrower), 0, 0);
    }

    function test_FlashLoan_LendsTheCashWithoutAFee() public {
        assertEq(market.maxFlashLoan(address(loan)), LENT);
        assertEq(market.flashFee(address(loan), LENT), 0);
        open(alice, 10e18, 10_000e6);
        assertEq(market.maxFlashLoan(address(loan)), LENT - 10_000e6);
    }

    function test_FlashLoan_LendsNoOtherToken() public {
        assertEq(market.maxFlashLoan(address(collateral)), 0);
        assertEq(market.maxFlashLoan(address(market)), 0);
        bytes memory unsupported = abi.encodeWithSelector(
            ILeverageMarket.UnsupportedFlashToken.selector,
            address(collateral)
        );
        vm.expectRevert(unsupported);
        market.flashFee(address(collateral), 1);
        vm.expectRevert(unsupported);
        market.flashLoan(borrower, address(collateral), 1, "");
    }

    function testFuzz_FlashLoan_LendsUpToAllCashAndGetsItBack(uint256 value) public {
        value = bound(value, 0, LENT);
        Call[] memory calls = only(read(abi.encodeCall(IERC20.balanceOf, (address(borrower))), address(loan)));
        vm.prank(bob);
        assertTrue(market.flashLoan(borrower, address(loan), value, abi.encode(calls)));
        assertEq(borrower.lastCaller(), address(market));
        assertEq(borrower.lastArguments(), abi.encode(bob, address(loan), value, 0));
        assertEq(abi.decode(borrower.outcomes()[0].returned, (uint256)), value);
        assertEq(loan.balanceOf(address(borrower)), 0);
        assertEq(loan.balanceOf(address(market)), LENT);
    }

    /// @dev A flash loan is no withdrawal: views return the same values inside.
    function test_FlashLoan_LeavesTheBooksUnchanged() public {
        Call[] memory calls = new Call[](3);
        calls[0] = read(abi.encodeCall(market.totalAssets, ()), address(market));
        calls[1] = read(abi.encodeCall(market.convertToAssets, (1e18)), address(market));
        calls[2] = read(abi.encodeCall(market.totals, ()), address(market));
        market.flashLoan(borrower, address(loan), LENT, abi.encode(calls));
        ScriptedActor.Outcome[] memory outcomes = borrower.outcomes();
        assertEq(abi.decode(outcomes[0].returned, (uint256)), LENT);
        assertEq(abi.decode(outcomes[1].returned, (uint256)), 1e12);
        assertEq(outcomes[2].returned, abi.encode(LENT, 0, 0));
        (uint256 cash, , ) = market.totals();
        assertEq(cash, LENT);
    }

    function test_FlashLoan_RevertWhen_AmountExceedsTheCash() public {
        loan.mint(address(market), 1e6);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InsufficientCash.selector, LENT, LENT + 1));
        market.flashLoan(borrower, address(loan), LENT + 1, "");
    }

    function testFuzz_FlashLoan_RevertWhen_CallbackReturnsAnotherValue(bytes32 answer) public {
        vm.assume(answer != keccak256("ERC3156FlashBorrower.onFlashLoan"));
        borrower.setFlashAnswer(answer);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.FlashCallbackFailed.selector, address(borrower)));
        market.flashLoan(borrower, address(loan), 1e6, "");
    }

    function test_FlashLoan_RevertWhen_ReceiverHasSpentTheLoan() public {
        Call[] memory calls = only(callTo(address(loan), abi.encodeCall(IERC20.transfer, (bob, 1))));
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, address(borrower), 1e6 - 1, 1e6)
        );
        market.flashLoan(borrower, address(loan), 1e6, abi.encode(calls));
    }

    function test_FlashLoan_RevertWhen_ReceiverHasNotApproved() public {
        ScriptedActor stranger = new ScriptedActor();
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(market), 0, 1e6)
        );
        market.flashLoan(stranger, address(loan), 1e6, "");
    }

    /// @dev Nobody can make an account that has approved the market pay, or make the market lend to
    /// itself.
    function test_FlashLoan_RevertWhen_ReceiverIsNoFlashBorrower() public {
        fund(alice, 0, 1e6);
        vm.expectRevert(abi.encodeWithSelector(Address.AddressEmptyCode.selector, alice));
        market.flashLoan(IERC3156FlashBorrower(alice), address(loan), 1e6, "");
        vm.expectRevert(Errors.FailedCall.selector);
        market.flashLoan(IERC3156FlashBorrower(address(market)), address(loan), 1e6, "");
        vm.expectRevert(Errors.FailedCall.selector);
        market.flashLoan(IERC3156FlashBorrower(address(loan)), address(loan), 1e6, "");
    }

    function test_FlashLoan_LocksTheMarket() public {
        address self = address(borrower);
        Call[] memory calls = new Call[](11);
        calls[0] = attempt(abi.encodeCall(market.deposit, (1e6, self)));
        calls[1] = attempt(abi.encodeCall(market.mint, (1e12, self)));
        calls[2] = attempt(abi.encodeCall(market.withdraw, (0, self, self)));
        calls[3] = attempt(abi.encodeCall(market.redeem, (0, self, self)));
        calls[4] = attempt(abi.encodeCall(market.adjust, (self, 0, 0, self, 0, 0, "")));
        calls[5] = attempt(abi.encodeCall(market.supplyCollateral, (1, self)));
        calls[6] = attempt(abi.encodeCall(market.withdrawCollateral, (1, self, self)));
        calls[7] = attempt(abi.encodeCall(market.borrow, (1, self, self)));
        calls[8] = attempt(abi.encodeCall(market.repay, (1, self)));
        calls[9] = attempt(abi.encodeCall(market.liquidate, (new address[](0), 0, 0, self, "")));
        calls[10] = attempt(abi.encodeCall(market.flashLoan, (borrower, address(loan), 1, "")));
        market.flashLoan(borrower, address(loan), 1e6, abi.encode(calls));
        ScriptedActor.Outcome[] memory outcomes = borrower.outcomes();
        assertEq(outcomes.length, calls.length);
        for (uint256 i = 0; i < outcomes.length; ++i) {
            assertFalse(outcomes[i].success);
            assertEq(outcomes[i].returned, abi.encodeWithSignature("ReentrancyGuardReentrantCall()"));
        }
    }

    function test_FlashLoan_OneAfterAnotherInATransaction() public {
        Call[] memory calls = new Call[](2);
        calls[0] = read(abi.encodeCall(market.flashLoan, (borrower, address(loan), LENT, "")), address(market));
        calls[1] = calls[0];
        borrower.execute(calls);
        assertEq(loan.balanceOf(address(market)), LENT);
    }

    function read(bytes memory data, address target) private pure returns (Call memory) {
        return Call(target, data, true);
    }

    function attempt(bytes memory data) private view returns (Call memory) {
        return Call(address(market), data, false);
    }
}

/// @dev The loan token starts to take a fee after lenders have deposited.
contract FlashLoanOfFeeTokenTest is MarketTest {
    function _newLoanToken() internal override returns (MockERC20) {
        return new FeeOnTransferToken(6, 0);
    }

    function test_FlashLoan_RevertWhen_LessIsReturned() public {
        ScriptedActor borrower = new ScriptedActor();
        fund(address(borrower), 0, 1_000e6);
        FeeOnTransferToken(address(loan)).setFee(100);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILeverageMarket.TokenDeliveredLess.selector,
                address(loan),
                10_000_000e6,
                10_000_000e6 - 1e6
            )
        );
        market.flashLoan(borrower, address(loan), 100e6, "");
    }
}
