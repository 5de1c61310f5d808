// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ILeverageMarket} from "../../../contracts/interfaces/ILeverageMarket.sol";
import {ModelBooks} from "./ModelBooks.sol";

/// @notice Tokens that come in and go out, and what a callback brings.
abstract contract ModelTokenFlows is ModelBooks {
    /// @dev What the next callback will send to the market, as the handler knows its receiver.
    struct Delivery {
        uint256 collateral;
        uint256 loan;
    }

    Delivery private _delivery;

    function setCallbackDelivery(uint256 collateral, uint256 loan) external {
        _delivery = Delivery(collateral, loan);
    }

    /// @notice What the callback delivers is a donation. What it does in other markets comes between the two halves, by
    /// `ModelTransaction`.
    function flashLoan(address receiver, address, uint256 amount, bytes calldata) external returns (bool) {
        lendFlash(receiver, amount);
        balances.move(params.loan, receiver, params.market, _delivery.loan);
        takeBackFlash(receiver, amount);
        return true;
    }

    function lendFlash(address receiver, uint256 amount) public {
        _checkCash(amount);
        _send(params.loan, receiver, amount);
    }

    function takeBackFlash(address receiver, uint256 amount) public {
        balances.move(params.loan, receiver, params.market, amount);
    }

    function _send(IERC20 token, address receiver, uint256 amount) internal {
        balances.move(token, params.market, receiver, amount);
    }

    function _pull(IERC20 token, uint256 amount, uint256 maximum) internal {
        if (amount > maximum) revert ILeverageMarket.PullAboveMaximum(address(token), amount, maximum);
        balances.move(token, _caller, params.market, amount);
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
            balances.move(params.collateral, from, params.market, delivery.collateral);
            balances.move(params.loan, from, params.market, delivery.loan);
        }
        _collectOne(params.collateral, collateralOwed, delivery.collateral, maxCollateral);
        _collectOne(params.loan, loanOwed, delivery.loan, maxLoan);
    }

    function _collectOne(IERC20 token, uint256 owed, uint256 delivered, uint256 maximum) private {
        if (owed > delivered) _pull(token, owed - delivered, maximum);
        else _send(token, _caller, delivered - owed);
    }
}
