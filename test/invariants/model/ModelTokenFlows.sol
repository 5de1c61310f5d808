// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ILeverageMarket} from "../../../contracts/interfaces/ILeverageMarket.sol";
import {ModelBooks} from "./ModelBooks.sol";

/// @notice Incoming and outgoing tokens, and the deliveries of callbacks.
abstract contract ModelTokenFlows is ModelBooks {
    /// @dev Tokens that the next callback will send to the market; the handler knows its receiver.
    struct Delivery {
        uint256 collateral;
        uint256 loan;
    }

    Delivery private _delivery;

    function setCallbackDelivery(uint256 collateral, uint256 loan) external {
        _delivery = Delivery(collateral, loan);
    }

    /// @notice The callback's delivery is a donation. Its calls of other markets come between the
    /// two halves, see `ModelTransaction`.
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

    /// @dev The callback's delivery covers the amount owed as far as possible, and the caller the
    /// rest; a surplus goes to the caller.
    /// @param from Receiver of the callback; zero for none.
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
