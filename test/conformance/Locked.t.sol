// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC3156FlashBorrower} from "@openzeppelin/contracts/interfaces/IERC3156FlashBorrower.sol";
import {IERC3156FlashLender} from "@openzeppelin/contracts/interfaces/IERC3156FlashLender.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

import {VaultStates} from "./VaultStates.sol";

/// @notice A lender that asks the market, from inside its flash loan, what it takes and gives.
contract AskingBorrower is IERC3156FlashBorrower {
    uint256 public promised;
    uint256 public totalAssets;
    uint256 public preview;

    function onFlashLoan(address, address token, uint256 amount, uint256, bytes calldata) external returns (bytes32) {
        IERC4626 vault = IERC4626(msg.sender);
        promised = vault.maxDeposit(address(this)) + vault.maxMint(address(this));
        promised += vault.maxWithdraw(address(this)) + vault.maxRedeem(address(this));
        promised += IERC3156FlashLender(msg.sender).maxFlashLoan(token);
        (totalAssets, preview) = (vault.totalAssets(), vault.previewRedeem(1e12));
        IERC20(token).approve(msg.sender, amount);
        return keccak256("ERC3156FlashBorrower.onFlashLoan");
    }
}

/// @notice ERC-4626 asks for zero where a limit is temporary too: inside a callback of the market, which is locked, no action
/// succeeds. What needs no action answers as outside.
contract LockedVaultTest is VaultStates {
    function _arrange() internal override {
        _arrangeInterest();
    }

    function test_ALockedMarketPromisesNothing() public {
        AskingBorrower borrower = new AskingBorrower();
        vm.prank(bob);
        market.transfer(address(borrower), 1e15);
        (uint256 total, uint256 preview) = (vault.totalAssets(), vault.previewRedeem(1e12));
        assertGt(vault.maxRedeem(address(borrower)), 0);
        market.flashLoan(borrower, address(loan), 1e6, "");
        assertEq(borrower.totalAssets(), total);
        assertEq(borrower.preview(), preview);
        assertEq(borrower.promised(), 0);
    }

    /// @dev Nobody can take the buffer's shares out: not the market either, which owns them.
    function test_TheMarketItselfIsPromisedNothing() public {
        moveToBuffer(lender, 1e15);
        assertEq(vault.maxWithdraw(address(market)), 0);
        assertEq(vault.maxRedeem(address(market)), 0);
        assertEq(vault.maxDeposit(address(market)), 0);
        assertEq(vault.maxMint(address(market)), 0);
    }
}
