// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20, SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ShareToken} from "./ShareToken.sol";

/// @title TokenFlow
/// @notice Takes in tokens and checks the amount that arrives.
abstract contract TokenFlow is ShareToken {
    using SafeERC20 for IERC20;

    /// @dev Outgoing tokens never go to the market itself, which would not account for them.
    function _checkReceiver(address receiver) internal view {
        if (receiver == address(0) || receiver == address(this)) revert InvalidReceiver(receiver);
    }

    /// @dev Pulls tokens that somebody can claim back later. Afterwards the market must hold at
    /// least `books`, its accounted amount, which includes `amount`: a token that delivers less is
    /// refused, and nobody can pay into a market that lacks tokens.
    function _pullClaim(IERC20 token, address from, uint256 amount, uint256 books) internal {
        token.safeTransferFrom(from, address(this), amount);
        uint256 balance = token.balanceOf(address(this));
        if (balance < books) revert TokenDeliveredLess(address(token), books, balance);
    }

    /// @dev Pulls a payment and checks that it alone has arrived: debt can be repaid even to a
    /// market that lacks tokens.
    function _pullPayment(IERC20 token, uint256 amount, uint256 maximum) internal {
        if (amount > maximum) revert PullAboveMaximum(address(token), amount, maximum);
        uint256 expected = token.balanceOf(address(this)) + amount;
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 balance = token.balanceOf(address(this));
        if (balance < expected) revert TokenDeliveredLess(address(token), expected, balance);
    }

    /// @dev After a callback: pulls the missing amount from the caller, or returns a surplus to it.
    /// @param balanceBefore The market's balance before the callback. If the token took some of it
    /// during the callback, the caller pays for that too, within its maximum.
    function _settle(IERC20 token, uint256 owed, uint256 balanceBefore, uint256 maximum) internal {
        uint256 expected = balanceBefore + owed;
        uint256 balance = token.balanceOf(address(this));
        if (balance < expected) _pullPayment(token, expected - balance, maximum);
        else if (balance > expected) token.safeTransfer(msg.sender, balance - expected);
    }
}
