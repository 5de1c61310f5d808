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
        (Totals memory books, LenderSide memory lenders, uint256 total) = _accrueForLender();
        shares = _toShares(assets, lenders, total, Math.Rounding.Floor);
        if (shares == 0 && assets != 0) revert ZeroShares(assets);
        _enter(books, lenders, total, assets, shares, receiver);
    }

    /// @inheritdoc IERC4626
    function mint(uint256 shares, address receiver) external nonReentrant returns (uint256 assets) {
        (Totals memory books, LenderSide memory lenders, uint256 total) = _accrueForLender();
        assets = _toAssets(shares, lenders, total, Math.Rounding.Ceil);
        _enter(books, lenders, total, assets, shares, receiver);
    }

    /// @inheritdoc IERC4626
    function withdraw(
        uint256 assets,
        address receiver,
        address owner
    ) external nonReentrant returns (uint256 shares) {
        (Totals memory books, LenderSide memory lenders, uint256 total) = _accrueForLender();
        shares = _toShares(assets, lenders, total, Math.Rounding.Ceil);
        _exit(books, lenders, total, assets, shares, receiver, owner);
    }

    /// @inheritdoc IERC4626
    function redeem(
        uint256 shares,
        address receiver,
        address owner
    ) external nonReentrant returns (uint256 assets) {
        (Totals memory books, LenderSide memory lenders, uint256 total) = _accrueForLender();
        assets = _toAssets(shares, lenders, total, Math.Rounding.Floor);
        _exit(books, lenders, total, assets, shares, receiver, owner);
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
    function totalAssets() public view returns (uint256) {
        return _totalAssets(_totals, _index());
    }

    /// @inheritdoc IERC4626
    function convertToShares(uint256 assets) public view returns (uint256) {
        return _previewShares(assets, Math.Rounding.Floor);
    }

    /// @inheritdoc IERC4626
    function convertToAssets(uint256 shares) public view returns (uint256) {
        return _previewAssets(shares, Math.Rounding.Floor);
    }

    /// @inheritdoc IERC4626
    function previewDeposit(uint256 assets) external view returns (uint256) {
        return convertToShares(assets);
    }

    /// @inheritdoc IERC4626
    function previewMint(uint256 shares) external view returns (uint256) {
        return _previewAssets(shares, Math.Rounding.Ceil);
    }

    /// @inheritdoc IERC4626
    function previewWithdraw(uint256 assets) external view returns (uint256) {
        return _previewShares(assets, Math.Rounding.Ceil);
    }

    /// @inheritdoc IERC4626
    function previewRedeem(uint256 shares) external view returns (uint256) {
        return convertToAssets(shares);
    }

    /// @inheritdoc IERC4626
    function maxDeposit(address) external view returns (uint256) {
        (LenderSide memory lenders, uint256 total) = _lenderSide();
        if (_isClosed(lenders, total)) return 0;
        return
            Math.min(
                _toAssets(type(uint128).max - lenders.totalShares, lenders, total, Math.Rounding.Floor),
                type(uint128).max - _totals.cash
            );
    }

    /// @inheritdoc IERC4626
    function maxMint(address) external view returns (uint256) {
        (LenderSide memory lenders, uint256 total) = _lenderSide();
        if (_isClosed(lenders, total)) return 0;
        return
            Math.min(
                type(uint128).max - lenders.totalShares,
                _toShares(type(uint128).max - _totals.cash, lenders, total, Math.Rounding.Floor)
            );
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

    /// @dev Rounded down.
    function _totalAssets(Totals memory books, uint256 index) internal pure returns (uint256) {
        return books.cash + LeverageMath.debtDown(books.debtShares, index);
    }

    /// @dev Credits the interest fee since the last time, and `extra` on top, to the buffer.
    /// @param books Books that don't contain `extra` yet.
    /// @return lenders To be stored by the caller, after `_setLastTotalAssets`.
    /// @return total Total assets with `extra`.
    function _creditBuffer(
        Totals memory books,
        uint256 index,
        uint256 extra
    ) internal returns (LenderSide memory lenders, uint256 total) {
        lenders = _lenders;
        total = _totalAssets(books, index);
        uint256 shares = _feeShares(lenders, books, total, extra);
        total += extra;
        if (shares != 0) _mint(lenders, address(this), uint128(shares));
    }

    /// @dev The buffer pays first, by shares burned at the price before the loss; rounded against the buffer.
    function _bookLoss(LenderSide memory lenders, uint256 total, uint256 loss) internal {
        if (_lenderExited) revert LossAfterLenderExit(loss);
        uint256 shares = Math.min(
            _balances[address(this)],
            _toShares(loss, lenders, total, Math.Rounding.Ceil)
        );
        if (shares != 0) _burn(lenders, address(this), shares);
        emit LossBooked(loss, shares);
    }

    function _storeLenders(LenderSide memory lenders, uint256 total) internal {
        lenders.lastTotalAssets = uint128(Math.min(total, type(uint128).max));
        _lenders = lenders;
    }

    /// @dev Whether the buffer has reached its share of the debt.
    function _isBufferFull(
        LenderSide memory lenders,
        Totals memory books,
        uint256 total
    ) internal view returns (bool) {
        uint256 buffer = _toAssets(_balances[address(this)], lenders, total, Math.Rounding.Floor);
        return buffer * WAD >= (total - books.cash) * BUFFER_TARGET;
    }

    /// @dev Shares that the buffer is due for the growth of `total` since the last time, and for `extra` that comes on top.
    /// Saturating, like the index: an absurd amount of interest must not lock the lenders in.
    function _feeShares(
        LenderSide memory lenders,
        Totals memory books,
        uint256 total,
        uint256 extra
    ) private view returns (uint256) {
        uint256 growth = Math.saturatingSub(Math.min(total, type(uint128).max), lenders.lastTotalAssets);
        uint256 fee = extra;
        if (growth != 0 && !_isBufferFull(lenders, books, total)) fee += (growth * INTEREST_FEE) / WAD;
        if (fee == 0) return 0;
        uint256 shares = _toShares(fee, lenders, total + extra - fee, Math.Rounding.Floor);
        return Math.min(shares, type(uint128).max - lenders.totalShares);
    }

    function _accrueForLender()
        private
        returns (Totals memory books, LenderSide memory lenders, uint256 total)
    {
        IndexAndLimits memory state;
        (state, books) = _accrue();
        (lenders, total) = _creditBuffer(books, state.borrowIndex, 0);
    }

    function _enter(
        Totals memory books,
        LenderSide memory lenders,
        uint256 total,
        uint256 assets,
        uint256 shares,
        address receiver
    ) private {
        if (_isClosed(lenders, total)) revert DepositsClosed();
        books.cash = (books.cash + assets).toUint128();
        _totals = books;
        _mint(lenders, receiver, shares.toUint128());
        _storeLenders(lenders, total + assets);
        emit Deposit(msg.sender, receiver, assets, shares);
        _pull(LOAN_TOKEN, assets, assets);
    }

    function _exit(
        Totals memory books,
        LenderSide memory lenders,
        uint256 total,
        uint256 assets,
        uint256 shares,
        address receiver,
        address owner
    ) private {
        _checkReceiver(receiver);
        if (msg.sender != owner) _spendAllowance(owner, shares);
        if (assets > books.cash) revert InsufficientCash(books.cash, assets);
        _lenderExited = true;
        // Just compared.
        unchecked {
            books.cash -= uint128(assets);
        }
        _totals = books;
        _burn(lenders, owner, shares);
        _storeLenders(lenders, total - assets);
        emit Withdraw(msg.sender, receiver, owner, assets, shares);
        LOAN_TOKEN.safeTransfer(receiver, assets);
    }

    // ------------------------------------------------------------------ conversions

    /// @dev After a total loss the old shares would own all that comes in: nobody may come in, for good.
    function _isClosed(LenderSide memory lenders, uint256 total) private pure returns (bool) {
        return total == 0 && lenders.totalShares != 0;
    }

    function _toShares(
        uint256 assets,
        LenderSide memory lenders,
        uint256 total,
        Math.Rounding rounding
    ) private pure returns (uint256) {
        return Math.mulDiv(assets, lenders.totalShares + VIRTUAL_SHARES, total + VIRTUAL_ASSETS, rounding);
    }

    function _toAssets(
        uint256 shares,
        LenderSide memory lenders,
        uint256 total,
        Math.Rounding rounding
    ) private pure returns (uint256) {
        return Math.mulDiv(shares, total + VIRTUAL_ASSETS, lenders.totalShares + VIRTUAL_SHARES, rounding);
    }

    /// @dev The lender side as a lender action in this block would find it, pending fees included.
    function _lenderSide() private view returns (LenderSide memory lenders, uint256 total) {
        lenders = _lenders;
        Totals memory books = _totals;
        total = _totalAssets(books, _index());
        lenders.totalShares += uint128(_feeShares(lenders, books, total, 0));
    }

    function _previewShares(uint256 assets, Math.Rounding rounding) private view returns (uint256) {
        (LenderSide memory lenders, uint256 total) = _lenderSide();
        return _toShares(assets, lenders, total, rounding);
    }

    function _previewAssets(uint256 shares, Math.Rounding rounding) private view returns (uint256) {
        (LenderSide memory lenders, uint256 total) = _lenderSide();
        return _toAssets(shares, lenders, total, rounding);
    }
}
