// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ILeverageMarket} from "../../../contracts/interfaces/ILeverageMarket.sol";
import {GhostBooks} from "./GhostBooks.sol";

/// @notice Tokens that come in and go out, and what a callback brings.
abstract contract GhostFlows is GhostBooks {
    /// @dev What the next callback will send to the market, as the handler knows its receiver.
    struct Delivery {
        uint256 collateral;
        uint256 loan;
    }

    Delivery private _delivery;

    function foretellDelivery(uint256 collateral, uint256 loan) external {
        _delivery = Delivery(collateral, loan);
    }

    /// @notice What the callback delivers is a donation. What it does in other markets is for `Replay`, between the two halves.
    function flashLoan(address receiver, address, uint256 amount, bytes calldata) external returns (bool) {
        lendFlash(receiver, amount);
        wallets.move(subject.loan, receiver, subject.market, _delivery.loan);
        takeBackFlash(receiver, amount);
        return true;
    }

    function lendFlash(address receiver, uint256 amount) public {
        _checkCash(amount);
        _send(subject.loan, receiver, amount);
    }

    function takeBackFlash(address receiver, uint256 amount) public {
        wallets.move(subject.loan, receiver, subject.market, amount);
    }

    function _send(IERC20 token, address receiver, uint256 amount) internal {
        wallets.move(token, subject.market, receiver, amount);
    }

    function _pull(IERC20 token, uint256 amount, uint256 maximum) internal {
        if (amount > maximum) revert ILeverageMarket.PullAboveMaximum(address(token), amount, maximum);
        wallets.move(token, _caller, subject.market, amount);
    }

    /// @dev What is owed comes from the callback as far as it delivers, and from the caller; a surplus is the caller's.
    /// @param from Who is called back; zero for none.
    function _collect(
        address from,
        uint256 collateralOwed,
        uint256 maxCollateral,
        uint256 loanOwed,
        uint256 maxLoan
    ) internal {
        Delivery memory delivery;
        if (from != address(0)) {
            delivery = _delivery;
            wallets.move(subject.collateral, from, subject.market, delivery.collateral);
            wallets.move(subject.loan, from, subject.market, delivery.loan);
        }
        _collectOne(subject.collateral, collateralOwed, delivery.collateral, maxCollateral);
        _collectOne(subject.loan, loanOwed, delivery.loan, maxLoan);
    }

    function _collectOne(IERC20 token, uint256 owed, uint256 delivered, uint256 maximum) private {
        if (owed > delivered) _pull(token, owed - delivered, maximum);
        else _send(token, _caller, delivered - owed);
    }
}
