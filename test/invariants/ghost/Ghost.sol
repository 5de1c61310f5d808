// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILeverageMarket} from "../../../contracts/interfaces/ILeverageMarket.sol";
import {Limit, Ramp} from "../../../contracts/types/MarketTypes.sol";
import {Test} from "../../utils/Test.sol";
import {GhostBooks, Subject} from "./GhostBooks.sol";
import {GhostLiquidation} from "./GhostLiquidation.sol";
import {GhostPositions} from "./GhostPositions.sol";
import {Wallets} from "./Wallets.sol";

/// @notice Foretells what its market does: see `GhostBooks`.
contract Ghost is GhostPositions, GhostLiquidation, Test {
    /// @dev Where a market keeps total shares (lower half) and last total assets (upper half); then the buffer's shares and
    /// pending fees. No view tells the upper halves.
    uint256 private constant LENDERS_SLOT = 25;

    constructor(Subject memory subject_, Wallets wallets_) GhostBooks(subject_, wallets_) {}

    /// @notice Carries out a call of the market by `caller`. Marks of a transaction last as long as this one does.
    /// @return success Whether it should succeed; otherwise nothing has changed.
    /// @return returned What it should return, or its error.
    function on(address caller, bytes calldata data) external returns (bool success, bytes memory returned) {
        _caller = caller;
        // solhint-disable-next-line avoid-low-level-calls
        return address(this).delegatecall(data);
    }

    /// @notice Fails with the first difference between the market and these books.
    function compare(address[] calldata accounts) external view {
        ILeverageMarket market = ILeverageMarket(subject.market);
        _compareTotals(market);
        _compareInterest(market);
        _compareLenders(market);
        _compareLimits(market);
        for (uint256 i = 0; i < accounts.length; ++i) _compareAccount(market, accounts[i]);
    }

    function _compareTotals(ILeverageMarket market) private view {
        (uint256 cash, uint256 debtShares, uint256 collateral) = market.totals();
        _same("cash", _cash, cash);
        _same("debt shares", _debtShares, debtShares);
        _same("collateral", _collateral, collateral);
        _same("allowance", _allowanceNow(), market.debtAllowance());
    }

    function _compareInterest(ILeverageMarket market) private view {
        (uint256 index, , uint256 rateAtTarget, uint256 lastAccrual) = market.interest();
        (uint256 foretoldIndex, uint256 foretoldRate) = _accrued();
        _same("index", foretoldIndex, index);
        _same("rate at target", foretoldRate, rateAtTarget);
        _same("last accrual", _lastAccrual, lastAccrual);
    }

    function _compareLenders(ILeverageMarket market) private view {
        (uint256 index, ) = _accrued();
        uint256 total = _assetsAt(index);
        _same("total shares", _totalShares, market.totalSupply());
        _same("total assets", total, market.totalAssets());
        uint256 worth = _toAssets(1e40, _totalShares + _dueShares(total), total, Math.Rounding.Floor);
        _same("share price", worth, market.convertToAssets(1e40));
        _same("buffer", _shares[address(market)], market.balanceOf(address(market)));
        _same("last total assets", _lastTotalAssets, _upperHalf(LENDERS_SLOT));
        _same("pending fees", _pendingFees, _upperHalf(LENDERS_SLOT + 1));
    }

    function _compareLimits(ILeverageMarket market) private view {
        uint256[5] memory found = abi.decode(abi.encode(market.limits()), (uint256[5]));
        for (uint256 i = 0; i < 5; ++i) {
            _same("limit", _limit(Limit(i)), found[i]);
            (uint256 value, uint256 validFrom) = market.scheduledRaise(Limit(i));
            _same("value of a raise", _pending(Limit(i)).value, value);
            _same("time of a raise", _pending(Limit(i)).validFrom, validFrom);
        }
        Ramp memory ramp = market.ramp();
        _same("start of the ramp", _rampStart, ramp.start);
        _same("end of the ramp", _rampEnd, ramp.end);
        if (_rampEnd != 0) _same("target of the ramp", _limits[1], ramp.to);
    }

    function _compareAccount(ILeverageMarket market, address account) private view {
        (uint256 debtShares, uint256 collateral) = market.position(account);
        _same("debt shares of an account", _positions[account].debtShares, debtShares);
        _same("collateral of an account", _positions[account].collateral, collateral);
        _same("shares of an account", _shares[account], market.balanceOf(account));
    }

    function _upperHalf(uint256 slot) private view returns (uint256) {
        return uint256(vm.load(subject.market, bytes32(slot))) >> 128;
    }

    function _same(string memory what, uint256 foretold, uint256 found) private pure {
        assertEq(found, foretold, what);
    }
}
