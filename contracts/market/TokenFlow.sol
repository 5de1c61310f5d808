// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {MarketStorage} from "./MarketStorage.sol";

/// @title TokenFlow
/// @notice Takes in tokens and measures what arrives.
abstract contract TokenFlow is MarketStorage {
    using SafeERC20 for IERC20;

    /// @dev Outgoing tokens never go to the market itself, where the books would not know them.
    function _checkReceiver(address receiver) internal view {
        if (receiver == address(0) || receiver == address(this)) revert InvalidReceiver(receiver);
    }

    /// @dev Pulls `amount` from the caller and sees to it that it arrives: the books have counted it already.
    function _pull(IERC20 token, uint256 amount, uint256 maximum) internal {
        if (amount > maximum) revert PullAboveMaximum(address(token), amount, maximum);
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 arrived = token.balanceOf(address(this)) - before;
        if (arrived < amount) revert TokenDeliveredLess(address(token), amount, arrived);
    }

    /// @dev After a callback: pulls what is still owed, or returns a surplus to the caller.
    /// @param balanceBefore The market's balance before the callback.
    function _settle(IERC20 token, uint256 owed, uint256 balanceBefore, uint256 maxPull) internal {
        uint256 delivered = token.balanceOf(address(this)) - balanceBefore;
        if (delivered < owed) _pull(token, owed - delivered, maxPull);
        else if (delivered > owed) token.safeTransfer(msg.sender, delivered - owed);
    }
}
