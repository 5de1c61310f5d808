// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILeverageMarket} from "../../../contracts/interfaces/ILeverageMarket.sol";
import {ModelTokenFlows} from "./ModelTokenFlows.sol";

/// @notice The lenders' side: shares, the buffer and the fees due to it.
abstract contract ModelLenders is ModelTokenFlows {
    uint256 private constant VIRTUAL_SHARES = 1e6;
    uint256 private constant MOST_SHARES_OF_A_UNIT = 1e12;

    function deposit(uint256 assets, address receiver) external returns (uint256 shares) {
        uint256 total = _takeFees();
        shares = _toShares(assets, _totalShares, total, Math.Rounding.Floor);
        if (assets > 0 && shares == 0) revert ILeverageMarket.ZeroShares(assets);
        _enter(total, assets, shares, receiver);
    }

    function mint(uint256 shares, address receiver) external returns (uint256 assets) {
        uint256 total = _takeFees();
        assets = _toAssets(shares, _totalShares, total, Math.Rounding.Ceil);
        _enter(total, assets, shares, receiver);
    }

    function withdraw(uint256 assets, address receiver, address owner) external returns (uint256 shares) {
        uint256 total = _takeFees();
        shares = _toShares(assets, _totalShares, total, Math.Rounding.Ceil);
        _leave(total, assets, shares, receiver, owner);
    }

    function redeem(uint256 shares, address receiver, address owner) external returns (uint256 assets) {
        uint256 total = _takeFees();
        assets = _toAssets(shares, _totalShares, total, Math.Rounding.Floor);
        _leave(total, assets, shares, receiver, owner);
    }

    function transfer(address to, uint256 shares) external returns (bool) {
        _takeShares(_caller, shares);
        _giveShares(to, shares);
        return true;
    }

    function _enter(uint256 total, uint256 assets, uint256 shares, address receiver) private {
        // A unit would be too many shares.
        if (_totalShares > (total + 1) * MOST_SHARES_OF_A_UNIT) revert ILeverageMarket.DepositsClosed();
        uint256 room = Math.saturatingSub(_supplyCap(), total);
        if (assets > room) revert ILeverageMarket.SupplyCapExceeded(assets, room);
        _giveShares(receiver, shares);
        _totalShares += shares;
        _cash += assets;
        _setLastAssets(total + assets);
        _pull(params.loan, assets, assets);
    }

    function _leave(uint256 total, uint256 assets, uint256 shares, address receiver, address owner) private {
        _checkReceiver(receiver);
        _checkCash(assets);
        // No lender here gives another one an allowance.
        if (owner != _caller && shares > 0) revert IERC20Errors.ERC20InsufficientAllowance(_caller, 0, shares);
        if (_hasLiquidated && shares > 0) revert ILeverageMarket.LenderExitAfterLiquidation(shares);
        _takeShares(owner, shares);
        if (shares > 0) _hasLenderLeft = true;
        _totalShares -= shares;
        _cash -= assets;
        _setLastAssets(total - assets);
        _send(params.loan, receiver, assets);
    }

    function _supplyCap() internal view virtual returns (uint256);

    function _takeShares(address owner, uint256 shares) private {
        uint256 held = _shares[owner];
        if (held < shares) revert IERC20Errors.ERC20InsufficientBalance(owner, held, shares);
        _shares[owner] = held - shares;
    }

    /// @dev Only fees add to the buffer.
    function _giveShares(address to, uint256 shares) private {
        if (to == params.market) revert IERC20Errors.ERC20InvalidReceiver(to);
        _shares[to] += shares;
    }

    function _takeFees() private returns (uint256 total) {
        total = _assetsAt(_accrue());
        _feedBuffer(total);
    }

    /// @dev Fees of liquidations, and a share of the interest, become shares of the buffer.
    function _feedBuffer(uint256 total) internal {
        (uint256 due, uint256 fraction) = _dueShares(total);
        _feeFraction = fraction;
        _shares[params.market] += due;
        _totalShares += due;
        _pendingFees = 0;
    }

    function _dueShares(uint256 total) internal view returns (uint256 due, uint256 fraction) {
        uint256 known = _lastTotalAssets + _pendingFees;
        uint256 countable = Math.min(total, type(uint128).max);
        uint256 fee = _pendingFees;
        fraction = _feeFraction;
        if (countable > known && !_isBufferFull()) {
            fraction += ((countable - known) * params.config.interestFee * 65_536) / WAD;
        }
        // A fraction of a unit is kept for the next time.
        fee += fraction / 65_536;
        fraction %= 65_536;
        due = _toShares(fee, _totalShares, total - fee, Math.Rounding.Floor);
        due = Math.min(due, type(uint128).max - _totalShares);
    }

    function _isBufferFull() private view returns (bool) {
        uint256 held = _shares[params.market];
        return held > 0 && held * WAD >= _totalShares * params.config.bufferTarget;
    }

    /// @dev The buffer bears a loss first, and all shares bear the rest.
    /// @param total Total assets before the loss.
    function _bookLoss(uint256 total, uint256 loss) internal {
        if (_hasLenderLeft) revert ILeverageMarket.LossAfterLenderExit(loss);
        uint256 burned = _toShares(loss, _totalShares, total, Math.Rounding.Ceil);
        burned = Math.min(burned, _shares[params.market]);
        _shares[params.market] -= burned;
        _totalShares -= burned;
        _setLastAssets(total - loss);
    }

    function _setLastAssets(uint256 total) private {
        _lastTotalAssets = Math.min(total, type(uint128).max);
    }

    function _toShares(
        uint256 assets,
        uint256 supply,
        uint256 total,
        Math.Rounding rounding
    ) internal pure returns (uint256) {
        return Math.mulDiv(assets, supply + VIRTUAL_SHARES, total + 1, rounding);
    }

    function _toAssets(
        uint256 shares,
        uint256 supply,
        uint256 total,
        Math.Rounding rounding
    ) internal pure returns (uint256) {
        return Math.mulDiv(shares, total + 1, supply + VIRTUAL_SHARES, rounding);
    }
}
