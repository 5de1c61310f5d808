// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC3156FlashBorrower} from "@openzeppelin/contracts/interfaces/IERC3156FlashBorrower.sol";
import {IERC3156FlashLender} from "@openzeppelin/contracts/interfaces/IERC3156FlashLender.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {TokenFlow} from "./TokenFlow.sol";

/// @title FlashLoans
/// @notice ERC-3156 loans of the loan token's cash within a transaction, without a fee. The market is locked meanwhile.
abstract contract FlashLoans is TokenFlow, IERC3156FlashLender {
    using SafeERC20 for IERC20;

    bytes32 private constant CALLBACK_SUCCESS = keccak256("ERC3156FlashBorrower.onFlashLoan");

    /// @inheritdoc IERC3156FlashLender
    function maxFlashLoan(address token) external view returns (uint256) {
        return token == address(LOAN_TOKEN) ? _totals.cash : 0;
    }

    /// @inheritdoc IERC3156FlashLender
    function flashFee(address token, uint256) external view returns (uint256) {
        if (token != address(LOAN_TOKEN)) revert UnsupportedFlashToken(token);
        return 0;
    }

    /// @inheritdoc IERC3156FlashLender
    function flashLoan(
        IERC3156FlashBorrower receiver,
        address token,
        uint256 value,
        bytes calldata data
    ) external nonReentrant returns (bool) {
        if (token != address(LOAN_TOKEN)) revert UnsupportedFlashToken(token);
        uint256 cash = _totals.cash;
        if (value > cash) revert InsufficientCash(cash, value);

        LOAN_TOKEN.safeTransfer(address(receiver), value);
        if (receiver.onFlashLoan(msg.sender, token, value, 0, data) != CALLBACK_SUCCESS) {
            revert FlashCallbackFailed(address(receiver));
        }
        LOAN_TOKEN.safeTransferFrom(address(receiver), address(this), value);
        uint256 balance = LOAN_TOKEN.balanceOf(address(this));
        if (balance < cash) revert TokenDeliveredLess(token, cash, balance);
        return true;
    }
}
