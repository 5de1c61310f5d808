// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ERC4626, IERC20, IERC4626, SafeERC20} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {DecimalFloat} from "../libraries/DecimalFloat.sol";
import {LeverageMath} from "../libraries/LeverageMath.sol";
import {SharesMath} from "../libraries/SharesMath.sol";
import {SolvencyBuffer} from "../libraries/SolvencyBuffer.sol";
import {LenderSide} from "../types/MarketBooks.sol";
import {Interest} from "./Interest.sol";
import {TokenFlow} from "./TokenFlow.sol";

/// @title LenderVault
/// @notice An ERC-4626 vault over the loan token, and the solvency buffer: shares that the market
/// itself holds. Fees feed the buffer, and it bears losses first.
/// @dev Total assets are stored cash plus debt. Conversions and previews include the fee shares
/// that the next lender action mints. All further modules derive from the vault: a module that
/// derived from `MarketStorage` only would inherit the ERC-4626 functions a second time without the
/// vault's overrides, and each would have to be overridden again.
abstract contract LenderVault is Interest, TokenFlow {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    /// @inheritdoc IERC4626
    function deposit(
        uint256 assets,
        address receiver
    ) public override(ERC4626, IERC4626) nonReentrant returns (uint256 shares) {
        (uint256 supply, uint256 total) = _accrueForLender();
        shares = SharesMath.toShares(assets, supply, total, Math.Rounding.Floor);
        if (shares == 0 && assets != 0) revert ZeroShares(assets);
        _enter(supply, total, assets, shares, receiver);
    }

    /// @inheritdoc IERC4626
    function mint(
        uint256 shares,
        address receiver
    ) public override(ERC4626, IERC4626) nonReentrant returns (uint256 assets) {
        (uint256 supply, uint256 total) = _accrueForLender();
        assets = SharesMath.toAssets(shares, supply, total, Math.Rounding.Ceil);
        _enter(supply, total, assets, shares, receiver);
    }

    /// @inheritdoc IERC4626
    function withdraw(
        uint256 assets,
        address receiver,
        address owner
    ) public override(ERC4626, IERC4626) nonReentrant returns (uint256) {
        (uint256 supply, uint256 total) = _accrueForLender();
        uint256 shares = SharesMath.toShares(assets, supply, total, Math.Rounding.Ceil);
        _exit(supply, total, assets, shares, receiver, owner);
        return shares;
    }

    /// @inheritdoc IERC4626
    function redeem(
        uint256 shares,
        address receiver,
        address owner
    ) public override(ERC4626, IERC4626) nonReentrant returns (uint256) {
        (uint256 supply, uint256 total) = _accrueForLender();
        uint256 assets = SharesMath.toAssets(shares, supply, total, Math.Rounding.Floor);
        _exit(supply, total, assets, shares, receiver, owner);
        return assets;
    }

    /// @inheritdoc IERC4626
    function totalAssets() public view override(ERC4626, IERC4626) returns (uint256) {
        return _totalAssets(_index());
    }

    /// @inheritdoc IERC4626
    function maxDeposit(address receiver) public view override(ERC4626, IERC4626) returns (uint256) {
        return convertToAssets(maxMint(receiver));
    }

    /// @inheritdoc IERC4626
    function maxMint(address receiver) public view override(ERC4626, IERC4626) returns (uint256) {
        (uint256 supply, uint256 total) = _lenderSide();
        if (_isShutTo(receiver) || SharesMath.isClosed(supply, total)) return 0;
        uint256 room = SharesMath.toShares(_supplyRoom(total), supply, total, Math.Rounding.Floor);
        return Math.min(room, type(uint128).max - supply);
    }

    /// @inheritdoc IERC4626
    function maxWithdraw(address owner) public view override(ERC4626, IERC4626) returns (uint256) {
        return Math.min(convertToAssets(balanceOf(owner)), _cashFor(owner));
    }

    /// @inheritdoc IERC4626
    function maxRedeem(address owner) public view override(ERC4626, IERC4626) returns (uint256) {
        return Math.min(balanceOf(owner), convertToShares(_cashFor(owner)));
    }

    /// @dev Cash that the owner may withdraw; zero in a transaction that has liquidated.
    function _cashFor(address owner) private view returns (uint256) {
        return _isShutTo(owner) || _hasLiquidated ? 0 : _totals.cash;
    }

    /// @dev True for everybody while the market is locked, because every action fails then; always
    /// true for the market itself, which can neither lend nor withdraw the buffer.
    function _isShutTo(address account) private view returns (bool) {
        return account == address(this) || _reentrancyGuardEntered();
    }

    /// @dev Assets of the lenders and the buffer, rounded down; below 2^165.
    function _totalAssets(uint256 index) internal view returns (uint256) {
        return _totals.cash + LeverageMath.debtDown(_totals.debtShares, index);
    }

    /// @dev Converts the fees that are due to shares of the buffer.
    /// @return supply Total shares including the new ones. The caller must store it.
    function _creditBuffer(uint256 total) internal returns (uint256 supply) {
        supply = _lenders.totalShares;
        (uint256 due, uint256 fraction) = _dueShares(supply, total);
        if (due == 0 && _buffer.pendingFees == 0 && fraction == _buffer.feeFraction) return supply;
        // Both are at most the supply, which has 128 bits.
        unchecked {
            _buffer.shares += uint128(due);
            _buffer.pendingFees = 0;
            _buffer.feeFraction = uint16(fraction);
            emit Transfer(address(0), address(this), due);
            return supply + due;
        }
    }

    /// @dev The buffer pays first: its shares are burned at the price before the loss, rounded
    /// against the buffer.
    /// @param total Total assets before the loss.
    /// @return Total shares after the burn.
    function _bookLoss(uint256 supply, uint256 total, uint256 loss) internal returns (uint256) {
        if (_lenderExited) revert LossAfterLenderExit(loss);
        uint256 shares = Math.min(_buffer.shares, SharesMath.toShares(loss, supply, total, Math.Rounding.Ceil));
        // `shares` is at most the buffer, which is part of the supply.
        unchecked {
            _buffer.shares -= uint128(shares);
            if (shares != 0) emit Transfer(address(this), address(0), shares);
            emit LossBooked(loss, shares);
            return supply - shares;
        }
    }

    function _storeLenders(uint256 supply, uint256 total) internal {
        _lenders = LenderSide(supply.toUint128(), uint128(Math.min(total, type(uint128).max)));
    }

    function _accrueForLender() private returns (uint256 supply, uint256 total) {
        total = _totalAssets(_accrue());
        supply = _creditBuffer(total);
    }

    function _enter(uint256 supply, uint256 total, uint256 assets, uint256 shares, address receiver) private {
        if (SharesMath.isClosed(supply, total)) revert DepositsClosed();
        uint256 room = _supplyRoom(total);
        if (assets > room) revert SupplyCapExceeded(assets, room);
        // Total assets, and cash as a part of them, are within the cap of 128 bits; shares and
        // their sum are cast with a check.
        unchecked {
            uint256 cash = _totals.cash + assets;
            _totals.cash = uint128(cash);
            _storeLenders(supply + shares.toUint128(), total + assets);
            _mint(receiver, shares);
            emit Deposit(msg.sender, receiver, assets, shares);
            _pullClaim(LOAN_TOKEN, msg.sender, assets, cash);
        }
    }

    function _exit(
        uint256 supply,
        uint256 total,
        uint256 assets,
        uint256 shares,
        address receiver,
        address owner
    ) private {
        _checkReceiver(receiver);
        uint256 cash = _checkCash(assets);
        if (msg.sender != owner) _spendAllowance(owner, msg.sender, shares);
        if (shares != 0 && _hasLiquidated) revert LenderExitAfterLiquidation(shares);
        if (shares != 0) _lenderExited = true;
        _burn(owner, shares);
        // The supply includes the shares of `owner`; total assets include the cash.
        unchecked {
            _totals.cash = uint128(cash - assets);
            _storeLenders(supply - shares, total - assets);
        }
        emit Withdraw(msg.sender, receiver, owner, assets, shares);
        LOAN_TOKEN.safeTransfer(receiver, assets);
    }

    /// @dev Room below the supply cap; zero if interest has taken total assets above it.
    function _supplyRoom(uint256 total) private view returns (uint256) {
        return Math.saturatingSub(DecimalFloat.decode(_state.supplyCap), total);
    }

    function _convertToShares(uint256 assets, Math.Rounding rounding) internal view override returns (uint256) {
        (uint256 supply, uint256 total) = _lenderSide();
        return SharesMath.toShares(assets, supply, total, rounding);
    }

    function _convertToAssets(uint256 shares, Math.Rounding rounding) internal view override returns (uint256) {
        (uint256 supply, uint256 total) = _lenderSide();
        return SharesMath.toAssets(shares, supply, total, rounding);
    }

    /// @dev Total shares and total assets after an accrual in this block, including the fee shares
    /// that are due.
    function _lenderSide() private view returns (uint256 supply, uint256 total) {
        total = _totalAssets(_index());
        supply = _lenders.totalShares;
        (uint256 due, ) = _dueShares(supply, total);
        supply += due;
    }

    /// @dev Shares that are due to the buffer, and the remaining fraction of a fee.
    function _dueShares(uint256 supply, uint256 total) private view returns (uint256, uint256) {
        return SolvencyBuffer.dueShares(_buffer, supply, _lenders.lastTotalAssets, total, INTEREST_FEE, BUFFER_TARGET);
    }
}
