// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILeverageMarket} from "../../../contracts/interfaces/ILeverageMarket.sol";
import {IPriceOracle} from "../../../contracts/interfaces/IPriceOracle.sol";
import {ModelLiquidationAmounts} from "./ModelLiquidationAmounts.sol";

/// @notice Batches of liquidations, and their losses.
abstract contract ModelLiquidation is ModelLiquidationAmounts {
    function liquidate(
        address[] calldata accounts,
        uint256 maxPayment,
        uint256 minSeized,
        address receiver,
        bytes calldata data
    ) external returns (uint256 seized, uint256 payment) {
        _checkReceiver(receiver);
        uint256 total = _assetsAt(_accrue());
        Amounts memory sum = _liquidateAll(accounts, maxPayment);
        _bookAll(total, sum);
        if (sum.seized < minSeized) revert ILeverageMarket.SeizedLessThanMinimum(sum.seized, minSeized);
        _send(params.collateral, receiver, sum.seized);
        _collect(data.length == 0 ? address(0) : receiver, 0, 0, sum.payment, maxPayment);
        return (sum.seized, sum.payment);
    }

    function _liquidateAll(address[] calldata accounts, uint256 budget) private returns (Amounts memory sum) {
        uint256 price = _liquidationPrice();
        uint256 fee = params.config.liquidationFee;
        for (uint256 i = 0; i < accounts.length; ++i) {
            ModelPosition storage held = _positions[accounts[i]];
            Amounts memory one = _amountsOf(held, price, fee, budget);
            if (one.shares == 0) continue;
            held.debtShares -= one.shares;
            held.collateral -= one.seized;
            budget -= one.payment;
            sum.shares += one.shares;
            sum.seized += one.seized;
            sum.payment += one.payment;
            sum.fee += one.fee;
        }
        if (sum.shares == 0) revert ILeverageMarket.NothingToLiquidate();
        _hasLiquidated = true;
    }

    /// @param total Total assets before the liquidations.
    function _bookAll(uint256 total, Amounts memory sum) private {
        _debtShares -= sum.shares;
        _collateral -= sum.seized;
        _cash += sum.payment;
        _pendingFees += sum.fee;
        // Payments repay debt and pay fees. If less is left, the difference is a loss.
        uint256 expected = total + sum.fee;
        uint256 left = _assetsAt(_index);
        if (left >= expected) return;
        _feedBuffer(expected);
        _bookLoss(expected, expected - left);
    }

    function _liquidationPrice() private view returns (uint256) {
        (uint256 openPrice, uint256 liquidationPrice) = IPriceOracle(params.oracle).prices();
        return _usable(Math.max(openPrice, liquidationPrice));
    }
}
