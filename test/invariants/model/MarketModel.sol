// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILeverageMarket} from "../../../contracts/interfaces/ILeverageMarket.sol";
import {Limit, Limits, Ramp} from "../../../contracts/types/MarketTypes.sol";
import {LIMITS, LimitValues} from "../../support/LimitValues.sol";
import {MarketStorageSlots} from "../../support/MarketStorageSlots.sol";
import {Test} from "../../utils/Test.sol";
import {ModelBooks, ModelParams} from "./ModelBooks.sol";
import {ModelLiquidation} from "./ModelLiquidation.sol";
import {ModelPositions} from "./ModelPositions.sol";
import {ModelBalances} from "./ModelBalances.sol";

/// @notice Predicts the outcomes of its market's calls: see `ModelBooks`.
contract MarketModel is ModelPositions, ModelLiquidation, Test {
    constructor(ModelParams memory params_, ModelBalances balances_) ModelBooks(params_, balances_) {}

    /// @notice Carries out a call of the market by `caller`. Transient marks last for this
    /// transaction.
    /// @return success Whether it should succeed; otherwise nothing has changed.
    /// @return returned The expected return data, or the expected error.
    function predict(address caller, bytes calldata data) external returns (bool success, bytes memory returned) {
        _caller = caller;
        // solhint-disable-next-line avoid-low-level-calls
        return address(this).delegatecall(data);
    }

    function _supplyCap() internal view override returns (uint256) {
        return _limits[Limit.SupplyCap];
    }

    /// @notice Fails at the first difference between the market and these books.
    function compare(address[] calldata accounts) external view {
        ILeverageMarket market = ILeverageMarket(params.market);
        _compareTotals(market);
        _compareInterest(market);
        _compareLenders(market);
        _compareLimits(market);
        for (uint256 i = 0; i < accounts.length; ++i) _compareAccount(market, accounts[i]);
    }

    function _compareTotals(ILeverageMarket market) private view {
        (uint256 cash, uint256 debtShares, uint256 collateral) = market.totals();
        _assertSame("cash", _cash, cash);
        _assertSame("debt shares", _debtShares, debtShares);
        _assertSame("collateral", _collateral, collateral);
        _assertSame("allowance", _allowanceNow(), market.debtAllowance());
    }

    function _compareInterest(ILeverageMarket market) private view {
        (uint256 index, , uint256 rateAtTarget, uint256 lastAccrual) = market.interest();
        (uint256 predictedIndex, uint256 predictedRate) = _accrued();
        _assertSame("index", predictedIndex, index);
        _assertSame("rate at target", predictedRate, rateAtTarget);
        _assertSame("last accrual", _lastAccrual, lastAccrual);
    }

    function _compareLenders(ILeverageMarket market) private view {
        (uint256 index, ) = _accrued();
        uint256 total = _assetsAt(index);
        _assertSame("total shares", _totalShares, market.totalSupply());
        _assertSame("total assets", total, market.totalAssets());
        (uint256 due, ) = _dueShares(total);
        uint256 worth = _toAssets(1e40, _totalShares + due, total, Math.Rounding.Floor);
        _assertSame("share price", worth, market.convertToAssets(1e40));
        _assertSame("buffer", _shares[address(market)], market.balanceOf(address(market)));
        _assertSame("last total assets", _lastTotalAssets, MarketStorageSlots.lastTotalAssets(market));
        _assertSame("pending fees", _pendingFees, MarketStorageSlots.pendingFees(market));
        _assertSame("fraction of a fee", _feeFraction, MarketStorageSlots.feeFraction(market));
    }

    function _compareLimits(ILeverageMarket market) private view {
        Limits memory limits = market.limits();
        for (uint256 i = 0; i < LIMITS; ++i) {
            Limit limit = Limit(i);
            _assertSame("limit", _limit(limit), LimitValues.get(limits, limit));
            (uint256 value, uint256 validFrom) = market.scheduledRaise(limit);
            _assertSame("value of a raise", _pending(limit).value, value);
            _assertSame("time of a raise", _pending(limit).validFrom, validFrom);
        }
        Ramp memory ramp = market.ramp();
        _assertSame("line of the ramp", _rampFrom, uint256(ramp.from) * RAMP_UNIT - ramp.fraction);
        _assertSame("start of the ramp", _rampStart, ramp.start);
        _assertSame("end of the ramp", _rampEnd, ramp.end);
        if (_rampEnd != 0) _assertSame("target of the ramp", _limits[Limit.LiquidationLeverage], ramp.to);
    }

    function _compareAccount(ILeverageMarket market, address account) private view {
        (uint256 debtShares, uint256 collateral, uint256 drawnAt) = market.position(account);
        if (debtShares != 0) {
            _assertSame("draw time of an account", uint40(uint256(_positions[account].drawnAt)), drawnAt);
        }
        _assertSame("debt shares of an account", _positions[account].debtShares, debtShares);
        _assertSame("collateral of an account", _positions[account].collateral, collateral);
        _assertSame("shares of an account", _shares[account], market.balanceOf(account));
    }

    function _assertSame(string memory what, uint256 predicted, uint256 found) private pure {
        assertEq(found, predicted, what);
    }
}
