// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ILeverageMarket} from "../interfaces/ILeverageMarket.sol";
import {IAdjustCallback} from "../interfaces/IMarketCallbacks.sol";
import {UniswapV3Trader} from "./UniswapV3Trader.sol";

/// @title UniswapV3Swapper
/// @notice The `receiver` with which an account opens, raises, lowers or closes a leveraged position in one direct call
/// of `ILeverageMarket.adjust`, through a Uniswap v3 pool. It needs no approval and no authorization.
///
/// `data` of the call is `abi.encode(uint24 fee, bool exactOutput, uint160 sqrtPriceLimitX96, uint256 deadline)`:
/// - `fee`: the pool's fee tier, hundredths of a basis point.
/// - `exactOutput`: false to sell all that the market has sent, true to buy just what the market is owed.
/// - `sqrtPriceLimitX96`: the worst price, as the pool counts it. The swap stops there. It has to be named: with zero the
///   pool refuses to sell its token0, and nothing is sold of its token1.
/// - `deadline`: Unix seconds, the last block time at which the call may run. Without it, whoever holds a signed transaction
///   back can have it trade at its price limit on a later day. `type(uint256).max` for none.
///
/// | flow | deltas | what is traded | protection |
/// |---|---|---|---|
/// | open, raise | both above zero | the borrowed loan tokens for collateral | price limit, deadline, `maxCollateralIn` |
/// | lower, close | both below zero | the withdrawn collateral for loan tokens | price limit, deadline, `maxLoanIn` |
///
/// What is bought goes to the market, which takes what is still missing from the caller of `adjust` (within the
/// maximum) and returns to it what is too much. What is not sold goes to that caller too, be it that less was needed
/// or that the price limit stopped the swap.
///
/// @dev Holds nothing between calls. Whoever calls `onAdjust` is taken for a market, and can trade only what it has sent
/// itself in the same call: there are no other tokens here, no allowance leads here, and during a swap there is
/// no way in. So a false market harms nobody but itself. Tokens sent here outside of such a call are anyone's.
contract UniswapV3Swapper is IAdjustCallback, UniswapV3Trader {
    using SafeERC20 for IERC20;
    using SafeCast for int256;
    using SafeCast for uint256;

    /// @notice The call does not exchange debt for collateral: the deltas must both be above zero, or both below.
    error NothingToSwap(int256 collateralDelta, int256 debtDelta);

    /// @notice The block's time is after the deadline that the call names, both in Unix seconds.
    error DeadlinePassed(uint256 deadline, uint256 blockTime);

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
            // One token or both would stay here, for anyone to take.
            revert NothingToSwap(collateralDelta, debtDelta);
        }
    }

    /// @param received Units of `tokenIn` that the market has sent here.
    /// @param owed Units of `tokenOut` that the market asks for.
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
