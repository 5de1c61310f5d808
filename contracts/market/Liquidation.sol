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

    /// @dev What is the same for every account of a batch.
    struct Terms {
        uint256 index;
        uint256 price;
        uint256 liquidationLeverage;
        /// @dev Share of the bonus for the buffer: zero once it is full.
        uint256 feeShare;
    }

    /// @dev One account's liquidation, or the sums of a batch.
    struct Outcome {
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
        Outcome memory sum = _liquidateAll(accounts, maxPayment);
        (seized, payment) = (sum.collateral, sum.payment);
        if (seized < minSeized) revert SeizedLessThanMinimum(seized, minSeized);

        if (seized != 0) COLLATERAL_TOKEN.safeTransfer(receiver, seized);
        if (data.length == 0) {
            if (payment != 0) _pull(LOAN_TOKEN, payment, maxPayment);
        } else {
            uint256 before = LOAN_TOKEN.balanceOf(address(this));
            ILiquidateCallback(receiver).onLiquidate(msg.sender, seized, payment, data);
            _settle(LOAN_TOKEN, payment, before, maxPayment);
        }
    }

    function _liquidateAll(
        address[] calldata accounts,
        uint256 maxPayment
    ) private returns (Outcome memory sum) {
        (IndexAndLimits memory state, Totals memory books) = _accrue();
        uint256 index = state.borrowIndex;
        bool full = _isBufferFull(_lenders, books, _totalAssets(books, index));
        Terms memory terms = Terms({
            index: index,
            price: _liquidationPrice(),
            liquidationLeverage: _liquidationLeverage(state),
            feeShare: full ? 0 : LIQUIDATION_FEE
        });

        for (uint256 i = 0; i < accounts.length; ++i) {
            Outcome memory one = _liquidateOne(terms, accounts[i], maxPayment - sum.payment);
            sum.debtShares += one.debtShares;
            sum.collateral += one.collateral;
            sum.payment += one.payment;
            sum.fee += one.fee;
        }
        if (sum.debtShares == 0) revert NothingToLiquidate();

        _collateral.total -= uint128(sum.collateral);
        _settleLenders(books, index, sum);
    }

    /// @dev Books payments and burned shares; credits fees to the buffer first, then takes what is missing from it and
    /// from the lenders.
    function _settleLenders(Totals memory books, uint256 index, Outcome memory sum) private {
        Totals memory settled = Totals({
            cash: (books.cash + sum.payment).toUint128(),
            debtShares: books.debtShares - uint128(sum.debtShares)
        });
        _totals = settled;
        uint256 total = _totalAssets(settled, index);
        uint256 expected = _totalAssets(books, index) + sum.fee;
        // Payments are rounded up: without unpaid debt nothing is missing.
        if (sum.fee == 0 && total >= expected) return;

        (LenderSide memory lenders, ) = _creditBuffer(books, index, sum.fee);
        if (total < expected) _bookLoss(lenders, expected, expected - total);
        _storeLenders(lenders, total);
    }

    function _liquidateOne(
        Terms memory terms,
        address account,
        uint256 budget
    ) private returns (Outcome memory outcome) {
        Position memory held = _positions[account];
        uint256 debt = LeverageMath.debtUp(held.debtShares, terms.index);
        uint256 value = LeverageMath.valueDown(held.collateral, terms.price);
        if (LeverageMath.isWithin(debt, value, terms.liquidationLeverage)) return outcome;

        bool solvent = value * WAD >= (WAD + BONUS_MIN) * debt;
        outcome = solvent
            ? _toTarget(terms, held, debt, value, budget)
            : _proRata(terms, held, debt, budget);
        if (outcome.debtShares == 0) return outcome;

        // Neither exceeds what the position holds.
        unchecked {
            held.debtShares -= uint128(outcome.debtShares);
            held.collateral -= uint128(outcome.collateral);
        }
        _positions[account] = held;
        uint256 settled = LeverageMath.debtUp(outcome.debtShares, terms.index);
        emit Liquidated(
            account,
            msg.sender,
            outcome.debtShares,
            outcome.collateral,
            outcome.payment,
            outcome.fee,
            Math.saturatingSub(settled, outcome.payment)
        );
    }

    /// @dev A solvent position. The debt repaid is rounded down twice and the collateral with it, so that LTV can't rise, not
    /// even by a wei: collateral seized per share is at most (1 + b) * index / price, and the position holds more per share.
    function _toTarget(
        Terms memory terms,
        Position memory held,
        uint256 debt,
        uint256 value,
        uint256 budget
    ) private view returns (Outcome memory outcome) {
        uint256 bonus = LiquidationMath.bonus(
            debt,
            value,
            terms.liquidationLeverage,
            BONUS_MIN,
            BONUS_MAX,
            BONUS_SLOPE
        );
        uint256 feeRate = Math.ceilDiv(bonus * terms.feeShare, WAD);
        uint256 repaid = LiquidationMath.withoutDust(
            LiquidationMath.repaymentToTarget(debt, value, TARGET_LEVERAGE, bonus),
            Math.mulDiv(budget, WAD, WAD + feeRate),
            debt,
            MIN_DEBT
        );
        uint256 shares = repaid == debt ? held.debtShares : LeverageMath.sharesDown(repaid, terms.index);
        uint256 effective = LeverageMath.debtDown(shares, terms.index);
        outcome.debtShares = shares;
        outcome.collateral = LeverageMath.collateralDown(((WAD + bonus) * effective) / WAD, terms.price);
        outcome.fee = Math.ceilDiv(effective * feeRate, WAD);
        outcome.payment = LeverageMath.debtUp(shares, terms.index) + outcome.fee;
    }

    /// @dev An insolvent position, or one without collateral. Linear in the shares burned: splitting gains nothing. What is
    /// paid for the collateral counts as repayment up to the debt burned; the buffer's share of the bonus as well.
    function _proRata(
        Terms memory terms,
        Position memory held,
        uint256 debt,
        uint256 budget
    ) private view returns (Outcome memory outcome) {
        outcome.debtShares = held.debtShares;
        outcome.collateral = held.collateral;
        outcome.payment = _insolventPayment(terms, held.collateral);
        if (outcome.payment > budget) {
            // Three roundings in the payment, each by less than a unit.
            uint256 affordable = Math.mulDiv(debt, Math.saturatingSub(budget, 3), outcome.payment);
            uint256 repaid = LiquidationMath.withoutDust(affordable, affordable, debt, MIN_DEBT);
            outcome.debtShares = LeverageMath.sharesDown(repaid, terms.index);
            outcome.collateral = (outcome.debtShares * held.collateral) / held.debtShares;
            outcome.payment = _insolventPayment(terms, outcome.collateral);
        }
        uint256 settled = LeverageMath.debtUp(outcome.debtShares, terms.index);
        outcome.fee = Math.saturatingSub(outcome.payment, settled);
    }

    /// @dev Price of collateral from an insolvent position: its value less the least bonus, and the buffer's share of the
    /// bonus on top; each rounded up, so that no collateral is free.
    function _insolventPayment(Terms memory terms, uint256 collateral) private view returns (uint256) {
        uint256 value = LeverageMath.valueUp(collateral, terms.price);
        uint256 payment = Math.ceilDiv(value * WAD, WAD + BONUS_MIN);
        return payment + Math.ceilDiv((value - payment) * LIQUIDATION_FEE, WAD);
    }
}
