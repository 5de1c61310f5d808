// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {MarketParams} from "../interfaces/ILeverageMarket.sol";
import {LeverageMath} from "../libraries/LeverageMath.sol";
import {Interest} from "./Interest.sol";
import {ShareToken} from "./ShareToken.sol";
import {TokenFlow} from "./TokenFlow.sol";

/// @title LenderVault
/// @notice ERC-4626 over the loan token, and the solvency buffer: the shares that the market holds itself, fed by fees,
/// the first to bear a loss.
/// @dev Total assets are cash plus debt from the books. Virtual shares (a million per asset) make an empty market's share
/// price immovable. Conversions and previews include the fee shares that the next lender action mints.
abstract contract LenderVault is Interest, ShareToken, TokenFlow, IERC4626 {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    uint256 private constant VIRTUAL_SHARES = 1e6;
    uint256 private constant VIRTUAL_ASSETS = 1;

    uint8 private immutable DECIMALS;

    constructor(MarketParams memory params) {
        DECIMALS = IERC20Metadata(address(params.loanToken)).decimals() + 6;
    }

    // ------------------------------------------------------------------ lenders

    /// @inheritdoc IERC4626
    function deposit(uint256 assets, address receiver) external nonReentrant returns (uint256 shares) {
        (uint256 supply, uint256 total) = _accrueForLender();
        shares = _toSharesDown(assets, supply, total);
        if (shares == 0 && assets != 0) revert ZeroShares(assets);
        _enter(supply, total, assets, shares, receiver);
    }

    /// @inheritdoc IERC4626
    function mint(uint256 shares, address receiver) external nonReentrant returns (uint256 assets) {
        (uint256 supply, uint256 total) = _accrueForLender();
        assets = _toAssetsUp(shares, supply, total);
        _enter(supply, total, assets, shares, receiver);
    }

    /// @inheritdoc IERC4626
    function withdraw(uint256 assets, address receiver, address owner) external nonReentrant returns (uint256 shares) {
        (uint256 supply, uint256 total) = _accrueForLender();
        shares = _toSharesUp(assets, supply, total);
        _exit(supply, total, assets, shares, receiver, owner);
    }

    /// @inheritdoc IERC4626
    function redeem(uint256 shares, address receiver, address owner) external nonReentrant returns (uint256 assets) {
        (uint256 supply, uint256 total) = _accrueForLender();
        assets = _toAssetsDown(shares, supply, total);
        _exit(supply, total, assets, shares, receiver, owner);
    }

    // ------------------------------------------------------------------ views

    /// @inheritdoc IERC4626
    function asset() external view returns (address) {
        return address(LOAN_TOKEN);
    }

    /// @inheritdoc IERC20Metadata
    function decimals() external view returns (uint8) {
        return DECIMALS;
    }

    /// @inheritdoc IERC20
    function totalSupply() external view returns (uint256) {
        return _lenders.totalShares;
    }

    /// @inheritdoc IERC4626
    function totalAssets() external view returns (uint256) {
        return _totalAssets(_index());
    }

    /// @inheritdoc IERC4626
    function convertToShares(uint256 assets) public view returns (uint256) {
        (uint256 supply, uint256 total) = _lenderSide();
        return _toSharesDown(assets, supply, total);
    }

    /// @inheritdoc IERC4626
    function convertToAssets(uint256 shares) public view returns (uint256) {
        (uint256 supply, uint256 total) = _lenderSide();
        return _toAssetsDown(shares, supply, total);
    }

    /// @inheritdoc IERC4626
    function previewDeposit(uint256 assets) external view returns (uint256) {
        return convertToShares(assets);
    }

    /// @inheritdoc IERC4626
    function previewMint(uint256 shares) external view returns (uint256) {
        (uint256 supply, uint256 total) = _lenderSide();
        return _toAssetsUp(shares, supply, total);
    }

    /// @inheritdoc IERC4626
    function previewWithdraw(uint256 assets) external view returns (uint256) {
        (uint256 supply, uint256 total) = _lenderSide();
        return _toSharesUp(assets, supply, total);
    }

    /// @inheritdoc IERC4626
    function previewRedeem(uint256 shares) external view returns (uint256) {
        return convertToAssets(shares);
    }

    /// @inheritdoc IERC4626
    function maxDeposit(address) external view returns (uint256) {
        (uint256 supply, uint256 total) = _lenderSide();
        if (_isClosed(supply, total)) return 0;
        return Math.min(_toAssetsDown(type(uint128).max - supply, supply, total), type(uint128).max - _totals.cash);
    }

    /// @inheritdoc IERC4626
    function maxMint(address) external view returns (uint256) {
        (uint256 supply, uint256 total) = _lenderSide();
        if (_isClosed(supply, total)) return 0;
        return Math.min(type(uint128).max - supply, _toSharesDown(type(uint128).max - _totals.cash, supply, total));
    }

    /// @inheritdoc IERC4626
    function maxWithdraw(address owner) external view returns (uint256) {
        return Math.min(convertToAssets(balanceOf(owner)), _totals.cash);
    }

    /// @inheritdoc IERC4626
    function maxRedeem(address owner) external view returns (uint256) {
        return Math.min(balanceOf(owner), convertToShares(_totals.cash));
    }

    // ------------------------------------------------------------------ books

    /// @dev Rounded down; below 2^165.
    function _totalAssets(uint256 index) internal view returns (uint256) {
        unchecked {
            return _totals.cash + LeverageMath.debtDown(_totals.debtShares, index);
        }
    }

    /// @dev Turns the fees that are due into shares of the buffer: that on the interest since the last time, and those of
    /// liquidations.
    /// @return Total shares with the new ones, to be stored by the caller.
    function _creditBuffer(uint256 supply, uint256 total) internal returns (uint256) {
        uint256 held = _buffer.shares;
        uint256 pendingFees = _buffer.pendingFees;
        uint256 shares = _feeShares(held, pendingFees, supply, total);
        if (shares == 0 && pendingFees == 0) return supply;
        // The supply has 128 bits, and contains the buffer's.
        unchecked {
            _buffer = Buffer(uint128(held + shares), 0);
            emit Transfer(address(0), address(this), shares);
            return supply + shares;
        }
    }

    /// @dev The buffer pays first, by shares burned at the price before the loss; rounded against the buffer.
    /// @param total Total assets before the loss.
    /// @return Total shares without those burned.
    function _bookLoss(uint256 supply, uint256 total, uint256 loss) internal returns (uint256) {
        if (_lenderExited) revert LossAfterLenderExit(loss);
        uint256 shares = Math.min(_buffer.shares, _toSharesUp(loss, supply, total));
        // Just compared; the supply contains them.
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

    /// @dev Whether the buffer has reached its share of all shares. Neither what is borrowed nor a liquidation changes that: so
    /// no borrower changes by it what shares are worth, and no split of a liquidation what it pays.
    function _isBufferFull(uint256 held, uint256 supply) internal view returns (bool) {
        // Shares have 128 bits, rates are at most one.
        unchecked {
            return held != 0 && held * WAD >= supply * BUFFER_TARGET;
        }
    }

    /// @dev Shares for the fees that are due. The interest fee is a share of the growth of total assets since the last time,
    /// less what liquidations paid in fees; none once the buffer is full. Saturating, like the index: an absurd amount of
    /// interest must not lock the lenders in.
    function _feeShares(
        uint256 held,
        uint256 pendingFees,
        uint256 supply,
        uint256 total
    ) private view returns (uint256) {
        // Totals have less than 2^165, rates are at most one.
        unchecked {
            uint256 fee = pendingFees;
            uint256 charged = _lenders.lastTotalAssets + fee;
            uint256 capped = Math.min(total, type(uint128).max);
            if (capped > charged && !_isBufferFull(held, supply)) fee += ((capped - charged) * INTEREST_FEE) / WAD;
            if (fee == 0) return 0;
            return Math.min(_toSharesDown(fee, supply, total - fee), type(uint128).max - supply);
        }
    }

    function _accrueForLender() private returns (uint256 supply, uint256 total) {
        total = _totalAssets(_accrue());
        supply = _creditBuffer(_lenders.totalShares, total);
    }

    function _enter(uint256 supply, uint256 total, uint256 assets, uint256 shares, address receiver) private {
        if (_isClosed(supply, total)) revert DepositsClosed();
        uint256 cash = _totals.cash + assets;
        _totals.cash = cash.toUint128();
        _storeLenders(supply + shares, total + assets);
        _mint(receiver, shares);
        emit Deposit(msg.sender, receiver, assets, shares);
        _pullClaim(LOAN_TOKEN, assets, cash);
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
        if (msg.sender != owner) _spendAllowance(owner, shares);
        if (assets > _totals.cash) revert InsufficientCash(_totals.cash, assets);
        _lenderExited = true;
        _burn(owner, shares);
        // Just compared; what `owner` had, the supply has.
        unchecked {
            _totals.cash -= uint128(assets);
            _storeLenders(supply - shares, total - assets);
        }
        emit Withdraw(msg.sender, receiver, owner, assets, shares);
        LOAN_TOKEN.safeTransfer(receiver, assets);
    }

    // ------------------------------------------------------------------ conversions

    /// @dev After a total loss the old shares would own all that comes in: nobody may come in, for good.
    function _isClosed(uint256 supply, uint256 total) private pure returns (bool) {
        return total == 0 && supply != 0;
    }

    function _toSharesDown(uint256 assets, uint256 supply, uint256 total) private pure returns (uint256) {
        return Math.mulDiv(assets, supply + VIRTUAL_SHARES, total + VIRTUAL_ASSETS);
    }

    function _toSharesUp(uint256 assets, uint256 supply, uint256 total) private pure returns (uint256) {
        return Math.mulDiv(assets, supply + VIRTUAL_SHARES, total + VIRTUAL_ASSETS, Math.Rounding.Ceil);
    }

    function _toAssetsDown(uint256 shares, uint256 supply, uint256 total) private pure returns (uint256) {
        return Math.mulDiv(shares, total + VIRTUAL_ASSETS, supply + VIRTUAL_SHARES);
    }

    function _toAssetsUp(uint256 shares, uint256 supply, uint256 total) private pure returns (uint256) {
        return Math.mulDiv(shares, total + VIRTUAL_ASSETS, supply + VIRTUAL_SHARES, Math.Rounding.Ceil);
    }

    /// @dev The lender side as a lender action in this block would find it, pending fees included.
    function _lenderSide() private view returns (uint256 supply, uint256 total) {
        total = _totalAssets(_index());
        supply = _lenders.totalShares;
        supply += _feeShares(_buffer.shares, _buffer.pendingFees, supply, total);
    }
}
