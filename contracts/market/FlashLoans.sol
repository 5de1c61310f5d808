// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC3156FlashBorrower} from "@openzeppelin/contracts/interfaces/IERC3156FlashBorrower.sol";
import {IERC3156FlashLender} from "@openzeppelin/contracts/interfaces/IERC3156FlashLender.sol";
import {IERC20, SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

import {LenderVault} from "./LenderVault.sol";

/// @title FlashLoans
/// @notice ERC-3156 flash loans of the market's cash, without a fee. The market is locked during a
/// loan.
abstract contract FlashLoans is LenderVault {
    using SafeERC20 for IERC20;

    bytes32 private constant CALLBACK_SUCCESS = keccak256("ERC3156FlashBorrower.onFlashLoan");

    /// @inheritdoc IERC3156FlashLender
    function maxFlashLoan(address token) external view returns (uint256) {
        return token == address(LOAN_TOKEN) && !_reentrancyGuardEntered() ? _totals.cash : 0;
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
        uint256 cash = _checkCash(value);
        LOAN_TOKEN.safeTransfer(address(receiver), value);
        bytes memory call = abi.encodeCall(IERC3156FlashBorrower.onFlashLoan, (msg.sender, token, value, 0, data));
        if (bytes32(Address.functionCall(address(receiver), call)) != CALLBACK_SUCCESS) {
            revert FlashCallbackFailed(address(receiver));
        }
        _pullClaim(LOAN_TOKEN, address(receiver), value, cash);
        return true;
    }
}
