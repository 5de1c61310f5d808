// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ILeverageMarket} from "../interfaces/ILeverageMarket.sol";
import {IAdjustCallback} from "../interfaces/IMarketCallbacks.sol";
import {UniswapV3Trader} from "./UniswapV3Trader.sol";

/// @title UniswapV3Swapper
/// @notice A `receiver` for `ILeverageMarket.adjust`: with it an account opens, raises, lowers or
/// closes a leveraged position through a Uniswap v3 pool, in one direct call of the market. It
/// needs no approval and no authorization.
///
/// `data` of the call is
/// `abi.encode(uint24 fee, bool exactOutput, uint160 sqrtPriceLimitX96, uint256 deadline)`:
/// - `fee`: the pool's fee tier, hundredths of a basis point.
/// - `exactOutput`: false to sell all tokens that the market has sent, true to buy exactly the
///   tokens that the market is owed.
/// - `sqrtPriceLimitX96`: the worst price, as the pool's sqrtPriceX96. The swap stops there. It is
///   required: with zero, the pool refuses to sell its token0, and nothing of its token1 is sold.
/// - `deadline`: last block time at which the call may run, Unix seconds. Without it, whoever holds
///   back a signed transaction could execute it at its price limit on a later day.
///   `type(uint256).max` for none.
///
/// | flow | deltas | trade | protection |
/// |---|---|---|---|
/// | open, raise | both positive | borrowed loan tokens for collateral | price limit, deadline, `maxCollateralIn` |
/// | lower, close | both negative | withdrawn collateral for loan tokens | price limit, deadline, `maxLoanIn` |
///
/// Bought tokens go to the market, which pulls a missing rest from the caller of `adjust` (within
/// the maximum) and returns a surplus to it. Unsold tokens go to that caller too, whether less was
/// needed or the price limit stopped the swap.
///
/// @dev Holds nothing between calls. Every caller of `onAdjust` is treated as a market, and can
/// trade only the tokens that it has sent in the same call: the contract has no other tokens and no
/// allowances, and can't be entered during a swap. So a false market harms only itself. Anyone can
/// take tokens sent here outside of such a call.
contract UniswapV3Swapper is IAdjustCallback, UniswapV3Trader {
    using SafeERC20 for IERC20;
    using SafeCast for int256;
    using SafeCast for uint256;

    /// @notice Thrown when a call does not exchange debt for collateral: both deltas must be
    /// positive, or both negative.
    /// @param collateralDelta Collateral token units, as in `IAdjustCallback`.
    /// @param debtDelta Loan token units, as in `IAdjustCallback`.
    error NothingToSwap(int256 collateralDelta, int256 debtDelta);

    /// @notice Thrown when the deadline of the call has passed.
    /// @param deadline Last valid block time, Unix seconds.
    /// @param blockTime Time of the block, Unix seconds.
    error DeadlinePassed(uint256 deadline, uint256 blockTime);

    /// @param uniswapFactory_ The Uniswap v3 factory whose pools are traded in.
    constructor(address uniswapFactory_) UniswapV3Trader(uniswapFactory_) {}

    /// @inheritdoc IAdjustCallback
    function onAdjust(address caller, address, int256 collateralDelta, int256 debtDelta, bytes calldata data) external {
        IERC20 loanToken = IERC20(ILeverageMarket(msg.sender).asset());
        IERC20 collateralToken = ILeverageMarket(msg.sender).collateralToken();

        if (collateralDelta > 0 && debtDelta > 0) {
            _trade(caller, loanToken, collateralToken, debtDelta.toUint256(), collateralDelta.toUint256(), data);
        } else if (collateralDelta < 0 && debtDelta < 0) {
            _trade(caller, collateralToken, loanToken, (-collateralDelta).toUint256(), (-debtDelta).toUint256(), data);
        } else {
            // One token or both would stay here, where anyone could take them.
            revert NothingToSwap(collateralDelta, debtDelta);
        }
    }

    /// @param received Units of `tokenIn` that the market has sent.
    /// @param owed Units of `tokenOut` that the market is owed.
    function _trade(
        address caller,
        IERC20 tokenIn,
        IERC20 tokenOut,
        uint256 received,
        uint256 owed,
        bytes calldata data
    ) private {
        (uint24 fee, bool exactOutput, uint160 sqrtPriceLimitX96, uint256 deadline) = abi.decode(
            data,
            (uint24, bool, uint160, uint256)
        );
        if (block.timestamp > deadline) revert DeadlinePassed(deadline, block.timestamp);
        int256 amount = exactOutput ? -owed.toInt256() : received.toInt256();
        (uint256 sold, ) = _swap(tokenIn, tokenOut, fee, amount, received, sqrtPriceLimitX96, msg.sender);
        if (sold < received) tokenIn.safeTransfer(caller, received - sold);
    }
}
