// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC3156FlashBorrower} from "@openzeppelin/contracts/interfaces/IERC3156FlashBorrower.sol";
import {IERC3156FlashLender} from "@openzeppelin/contracts/interfaces/IERC3156FlashLender.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {VaultStates} from "./VaultStates.sol";

/// @notice A borrower as ERC-3156 describes it. It records the arguments of its callback.
contract StandardBorrower is IERC3156FlashBorrower {
    /// @notice The borrower's fault, if any.
    enum Fault {
        None,
        WrongAnswer,
        NoAllowance,
        NotEnough,
        Reverting
    }

    error Refused();

    Fault public fault;
    address public lender;
    address public initiator;
    address public token;
    uint256 public amount;
    uint256 public fee;
    uint256 public held;
    bytes public data;

    function setFault(Fault fault_) external {
        fault = fault_;
    }

    function onFlashLoan(
        address initiator_,
        address token_,
        uint256 amount_,
        uint256 fee_,
        bytes calldata data_
    ) external returns (bytes32) {
        (lender, initiator, token, amount, fee, data) = (msg.sender, initiator_, token_, amount_, fee_, data_);
        held = IERC20(token_).balanceOf(address(this));
        if (fault == Fault.Reverting) revert Refused();
        if (fault != Fault.NoAllowance) IERC20(token_).approve(msg.sender, amount_ + fee_);
        if (fault == Fault.NotEnough) IERC20(token_).transfer(address(1), 1);
        return fault == Fault.WrongAnswer ? bytes32(0) : keccak256("ERC3156FlashBorrower.onFlashLoan");
    }
}

/// @notice ERC-3156, clause by clause, in our own words.
abstract contract FlashLenderTest is VaultStates {
    IERC3156FlashLender private lends;
    StandardBorrower private borrower;

    function setUp() public override {
        super.setUp();
        lends = IERC3156FlashLender(address(market));
        borrower = new StandardBorrower();
    }

    /// @dev Zero, without a revert, for a token that isn't lent.
    function testFuzz_FlashLoan_OfOtherTokensLendsNothing(address token) public {
        vm.assume(token != address(loan));
        assertEq(lends.maxFlashLoan(token), 0);
        (bool success, ) = address(lends).staticcall(abi.encodeCall(IERC3156FlashLender.flashFee, (token, 1)));
        assertFalse(success);
        assertTrue(refuses(token, 1));
    }

    /// @dev The reported maximum is lent, and not one unit more.
    function test_MaxFlashLoan_IsLent() public {
        uint256 most = lends.maxFlashLoan(address(loan));
        assertTrue(refuses(address(loan), most + 1));
        assertTrue(lends.flashLoan(borrower, address(loan), most, ""));
        assertEq(borrower.held(), most);
    }

    /// @dev The receiver has the tokens before its callback, gets all arguments, and returns the
    /// amount and the fee.
    function testFuzz_FlashLoan_CallsTheReceiverAndIsRepaid(
        address initiator,
        uint256 amount,
        bytes calldata data
    ) public {
        amount = bound(amount, 0, lends.maxFlashLoan(address(loan)));
        uint256 fee = lends.flashFee(address(loan), amount);
        loan.mint(address(borrower), fee);
        uint256 before = loan.balanceOf(address(lends));
        vm.prank(initiator);
        assertTrue(lends.flashLoan(borrower, address(loan), amount, data));
        assertEq(borrower.lender(), address(lends));
        assertEq(borrower.initiator(), initiator);
        assertEq(borrower.token(), address(loan));
        assertEq(borrower.amount(), amount);
        assertEq(borrower.fee(), fee);
        assertEq(borrower.data(), data);
        assertEq(borrower.held(), amount + fee);
        assertEq(loan.balanceOf(address(lends)), before + fee);
        assertEq(loan.balanceOf(address(borrower)), 0);
    }

    /// @dev A wrong answer, a revert or a missing repayment reverts the loan.
    function test_FlashLoan_RevertWhen_ReceiverIsAtFault() public {
        uint256 amount = lends.maxFlashLoan(address(loan));
        if (amount == 0) return;
        for (uint8 i = 1; i <= uint8(type(StandardBorrower.Fault).max); ++i) {
            borrower.setFault(StandardBorrower.Fault(i));
            assertTrue(refuses(address(loan), amount));
        }
    }

    function refuses(address token, uint256 amount) private returns (bool) {
        try lends.flashLoan(borrower, token, amount, "") returns (bool) {
            return false;
        } catch {
            return true;
        }
    }
}

contract FreshFlashLenderTest is FlashLenderTest {
    function _arrange() internal override {
        _arrangeFresh();
    }
}

contract InterestFlashLenderTest is FlashLenderTest {
    function _arrange() internal override {
        _arrangeInterest();
    }
}

contract LossFlashLenderTest is FlashLenderTest {
    function _arrange() internal override {
        _arrangeLoss();
    }
}

contract DrainedFlashLenderTest is FlashLenderTest {
    function _arrange() internal override {
        _arrangeDrained();
    }
}
