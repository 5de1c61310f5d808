// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC3156FlashBorrower} from "@openzeppelin/contracts/interfaces/IERC3156FlashBorrower.sol";
import {IERC3156FlashLender} from "@openzeppelin/contracts/interfaces/IERC3156FlashLender.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

import {VaultStates} from "./VaultStates.sol";

/// @notice A lender that reads the market's maxima during its flash loan.
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

/// @notice ERC-4626 requires zero for a temporary limit too: during a callback the market is locked
/// and every action reverts. Views that describe no action return the same as outside.
contract LockedVaultTest is VaultStates {
    function _arrange() internal override {
        _arrangeInterest();
    }

    function test_Maxima_AreZeroWhileTheMarketIsLocked() public {
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

    /// @dev Nobody can withdraw the buffer's shares, not even the market, which owns them.
    function test_Maxima_AreZeroForTheMarketItself() public {
        moveToBuffer(lender, 1e15);
        assertEq(vault.maxWithdraw(address(market)), 0);
        assertEq(vault.maxRedeem(address(market)), 0);
        assertEq(vault.maxDeposit(address(market)), 0);
        assertEq(vault.maxMint(address(market)), 0);
    }
}
