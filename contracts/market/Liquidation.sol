// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ILeverageMarket} from "../interfaces/ILeverageMarket.sol";
import {ILiquidateCallback} from "../interfaces/IMarketCallbacks.sol";
import {LeverageMath} from "../libraries/LeverageMath.sol";
import {LiquidationMath} from "../libraries/LiquidationMath.sol";
import {Governance} from "./Governance.sol";
import {LenderVault} from "./LenderVault.sol";

/// @title Liquidation
/// @notice Brings positions above the liquidation limit back to the target, and settles insolvent ones pro rata.
abstract contract Liquidation is LenderVault, Governance {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    /// @dev A batch: what is the same for every account of it, and the sums so far.
    struct Batch {
        uint256 index;
        uint256 price;
        uint256 liquidationLeverage;
        /// @dev Share of the bonus for the buffer: zero once it is full.
        uint256 feeShare;
        uint256 debtShares;
        uint256 collateral;
        uint256 payment;
        uint256 fee;
    }

    /// @inheritdoc ILeverageMarket
    function liquidate(
        address[] calldata accounts,
        uint256 maxPayment,
        uint256 minSeized,
        address receiver,
        bytes calldata data
    ) external nonReentrant returns (uint256 seized, uint256 payment) {
        _checkReceiver(receiver);
        (seized, payment) = _liquidateAll(accounts, maxPayment);
        if (seized < minSeized) revert SeizedLessThanMinimum(seized, minSeized);

        if (seized != 0) COLLATERAL_TOKEN.safeTransfer(receiver, seized);
        if (data.length == 0) {
            if (payment != 0) _pullPayment(LOAN_TOKEN, payment, maxPayment);
        } else {
            uint256 before = LOAN_TOKEN.balanceOf(address(this));
            _checkCallable(receiver);
            ILiquidateCallback(receiver).onLiquidate(msg.sender, seized, payment, data);
            _settle(LOAN_TOKEN, payment, before, maxPayment);
        }
    }

    function _liquidateAll(
        address[] calldata accounts,
        uint256 maxPayment
    ) private returns (uint256 seized, uint256 payment) {
        uint256 index = _accrue();
        uint256 total = _totalAssets(index);
        Batch memory batch = Batch({
            index: index,
            price: _liquidationPrice(),
            liquidationLeverage: _liquidationLeverage(),
            feeShare: _isBufferFull(_buffer.shares, _lenders.totalShares) ? 0 : LIQUIDATION_FEE,
            debtShares: 0,
            collateral: 0,
            payment: 0,
            fee: 0
        });
        for (uint256 i = 0; i < accounts.length; ++i) _liquidateOne(batch, accounts[i], maxPayment);
        if (batch.debtShares == 0) revert NothingToLiquidate();

        (seized, payment) = (batch.collateral, batch.payment);
        _totals.cash = (_totals.cash + payment).toUint128();
        // Sums of what positions held.
        unchecked {
            _totals.debtShares -= uint128(batch.debtShares);
            _collateral.total -= uint128(seized);
        }
        if (batch.fee != 0) _buffer.pendingFees = (_buffer.pendingFees + batch.fee).toUint128();

        // Payments are rounded up: nothing is missing but unpaid debt. Fees, of this batch too, go to the buffer before it pays.
        uint256 newTotal = _totalAssets(index);
        total += batch.fee;
        if (newTotal < total) {
            uint256 supply = _bookLoss(_creditBuffer(_lenders.totalShares, total), total, total - newTotal);
            _storeLenders(supply, newTotal);
        }
    }

    function _liquidateOne(Batch memory batch, address account, uint256 maxPayment) private {
        Position storage held = _positions[account];
        uint256 debtShares = held.debtShares;
        uint256 collateral = held.collateral;
        uint256 debt = LeverageMath.debtUp(debtShares, batch.index);
        uint256 value = LeverageMath.valueDown(collateral, batch.price);
        if (LeverageMath.isWithin(debt, value, batch.liquidationLeverage)) return;

        // Payments never exceed the maximum. Above the limit a position is worth less than its debt times L/(L - 1), which is
        // at most 10^4: less than 2^163, as debts have less than 2^149. Rates are at most one.
        unchecked {
            uint256 budget = maxPayment - batch.payment;
            (uint256 shares, uint256 seized, uint256 payment, uint256 fee) = value * WAD >= (WAD + BONUS_MIN) * debt
                ? _toTarget(batch, debtShares, debt, value, budget)
                : _proRata(batch, debtShares, collateral, debt, budget);
            if (shares == 0) return;

            held.debtShares = uint128(debtShares - shares);
            held.collateral = uint128(collateral - seized);
            batch.debtShares += shares;
            batch.collateral += seized;
            batch.payment += payment;
            batch.fee += fee;
            uint256 loss = Math.saturatingSub(LeverageMath.debtUp(shares, batch.index), payment);
            emit Liquidated(account, msg.sender, shares, seized, payment, fee, loss);
        }
    }

    /// @dev A solvent position. The debt repaid is rounded down twice and the collateral with it, so that LTV can't rise, not
    /// even by a wei: collateral seized per share is at most (1 + b) * index / price, and the position holds more per share.
    function _toTarget(
        Batch memory batch,
        uint256 debtShares,
        uint256 debt,
        uint256 value,
        uint256 budget
    ) private view returns (uint256 shares, uint256 seized, uint256 payment, uint256 fee) {
        uint256 index = batch.index;
        uint256 bonus = LiquidationMath.bonus(
            debt,
            value,
            batch.liquidationLeverage,
            BONUS_MIN,
            BONUS_MAX,
            BONUS_SLOPE
        );
        // Debts have less than 2^149, rates are at most one.
        unchecked {
            uint256 feeRate = (bonus * batch.feeShare + WAD - 1) / WAD;
            // No budget above twice the debt makes a difference.
            uint256 affordable = (Math.min(budget, 2 * debt) * WAD) / (WAD + feeRate);
            uint256 wanted = LiquidationMath.repaymentToTarget(debt, value, TARGET_LEVERAGE, bonus);
            uint256 repaid = LiquidationMath.withoutDust(wanted, affordable, debt, MIN_DEBT);
            shares = repaid == debt ? debtShares : LeverageMath.sharesDown(repaid, index);
            uint256 effective = LeverageMath.debtDown(shares, index);
            seized = LeverageMath.collateralDown(((WAD + bonus) * effective) / WAD, batch.price);
            fee = (effective * feeRate + WAD - 1) / WAD;
            payment = LeverageMath.debtUp(shares, index) + fee;
        }
    }

    /// @dev An insolvent position, or one without collateral. Linear in the shares burned: splitting gains nothing. What is
    /// paid for the collateral counts as repayment up to the debt burned; the buffer's share of the bonus as well.
    function _proRata(
        Batch memory batch,
        uint256 debtShares,
        uint256 collateral,
        uint256 debt,
        uint256 budget
    ) private view returns (uint256 shares, uint256 seized, uint256 payment, uint256 fee) {
        shares = debtShares;
        seized = collateral;
        payment = _insolventPayment(seized, batch.price);
        if (payment > budget) {
            // Three roundings in the payment, each by less than a unit.
            uint256 affordable = Math.mulDiv(debt, Math.saturatingSub(budget, 3), payment);
            uint256 repaid = LiquidationMath.withoutDust(affordable, affordable, debt, MIN_DEBT);
            seized = (LeverageMath.sharesDown(repaid, batch.index) * collateral) / debtShares;
            // Only the shares that this much collateral stands for: or else debt would go unpaid where it rounds to nothing.
            shares = Math.ceilDiv(seized * debtShares, collateral);
            payment = _insolventPayment(seized, batch.price);
        }
        fee = Math.saturatingSub(payment, LeverageMath.debtUp(shares, batch.index));
    }

    /// @dev Price of collateral from an insolvent position: its value less the least bonus, and the buffer's share of the
    /// bonus on top; each rounded up, so that no collateral is free.
    function _insolventPayment(uint256 collateral, uint256 price) private view returns (uint256) {
        uint256 value = LeverageMath.valueUp(collateral, price);
        uint256 payment = Math.ceilDiv(value * WAD, WAD + BONUS_MIN);
        return payment + Math.ceilDiv((value - payment) * LIQUIDATION_FEE, WAD);
    }
}
