// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20, SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ILeverageMarket} from "../interfaces/ILeverageMarket.sol";
import {ILiquidateCallback} from "../interfaces/IMarketCallbacks.sol";
import {LeverageMath} from "../libraries/LeverageMath.sol";
import {LiquidationMath} from "../libraries/LiquidationMath.sol";
import {OraclePrices} from "../libraries/OraclePrices.sol";
import {LiquidationAmounts, LiquidationTerms} from "../types/LiquidationTypes.sol";
import {Position} from "../types/MarketTypes.sol";
import {LeverageLimits} from "./LeverageLimits.sol";

/// @title Liquidation
/// @notice Brings positions above the liquidation limit to the target leverage, and liquidates
/// insolvent ones pro rata.
abstract contract Liquidation is LeverageLimits {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

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

        if (seized != 0) collateralToken.safeTransfer(receiver, seized);
        if (data.length == 0) {
            if (payment != 0) _pullPayment(LOAN_TOKEN, payment, maxPayment);
        } else {
            uint256 before = LOAN_TOKEN.balanceOf(address(this));
            bytes memory call = abi.encodeCall(ILiquidateCallback.onLiquidate, (msg.sender, seized, payment, data));
            Address.functionCall(receiver, call);
            _settle(LOAN_TOKEN, payment, before, maxPayment);
        }
    }

    function _liquidateAll(address[] calldata accounts, uint256 maxPayment) private returns (uint256, uint256) {
        LiquidationTerms memory terms = LiquidationTerms({
            index: _accrue(),
            price: OraclePrices.liquidationPrice(oracle),
            liquidationLeverage: _liquidationLeverage(),
            targetLeverage: TARGET_LEVERAGE,
            bonusMin: BONUS_MIN,
            bonusMax: BONUS_MAX,
            bonusSlope: BONUS_SLOPE,
            fee: LIQUIDATION_FEE,
            minDebt: MIN_DEBT
        });
        uint256 total = _totalAssets(terms.index);
        LiquidationAmounts memory sum;
        for (uint256 i = 0; i < accounts.length; ++i) _liquidate(terms, sum, accounts[i], maxPayment - sum.payment);
        if (sum.shares == 0) revert NothingToLiquidate();
        _hasLiquidated = true;

        _totals.cash = (_totals.cash + sum.payment).toUint128();
        // The totals include the amounts of the positions.
        unchecked {
            _totals.debtShares -= uint128(sum.shares);
            _collateral.total -= uint128(sum.seized);
        }
        if (sum.fee != 0) _buffer.pendingFees = (_buffer.pendingFees + sum.fee).toUint112();

        // Payments are rounded up, so total assets can fall only by unpaid debt. Fees of this batch
        // are credited to the buffer before it pays for a loss.
        uint256 newTotal = _totalAssets(terms.index);
        total += sum.fee;
        if (newTotal < total) {
            uint256 supply = _bookLoss(_creditBuffer(total), total, total - newTotal);
            _storeLenders(supply, newTotal);
        }
        return (sum.seized, sum.payment);
    }

    function _liquidate(
        LiquidationTerms memory terms,
        LiquidationAmounts memory sum,
        address account,
        uint256 budget
    ) private {
        Position storage held = position[account];
        (uint256 debtShares, uint256 collateral) = (held.debtShares, held.collateral);
        LiquidationAmounts memory one = LiquidationMath.amounts(terms, debtShares, collateral, budget);
        if (one.shares == 0) return;
        // Both amounts are at most those of the position.
        unchecked {
            held.debtShares = uint104(debtShares - one.shares);
            held.collateral = uint112(collateral - one.seized);
        }
        LiquidationMath.add(sum, one);
        uint256 loss = Math.saturatingSub(LeverageMath.debtUp(one.shares, terms.index), one.payment);
        emit Liquidated(account, msg.sender, one.shares, one.seized, one.payment, one.fee, loss);
    }
}
