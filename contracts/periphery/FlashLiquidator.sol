// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ILeverageMarket} from "../interfaces/ILeverageMarket.sol";
import {ILiquidateCallback} from "../interfaces/IMarketCallbacks.sol";
import {Sale} from "../types/LiquidationTypes.sol";
import {UniswapV3Trader} from "./UniswapV3Trader.sol";

/// @title FlashLiquidator
/// @notice Liquidates a batch of positions without capital: sells the seized collateral in Uniswap
/// v3 pools, pays the market from the proceeds, and sends the profit to its owner.
/// @dev Holds nothing between calls and approves nothing: the payment is sent to the market. Its
/// callbacks accept only the market and the pool of a call that its owner has started.
contract FlashLiquidator is ILiquidateCallback, UniswapV3Trader, Ownable2Step {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    /// @dev The market that is being called.
    address private transient _market;
    /// @dev Passed from the callback to the end of the call, loan token units.
    uint256 private transient _profit;

    /// @notice Thrown when a callback does not come from the market that is being called.
    /// @param expected That market; zero outside of a call.
    /// @param actual The caller.
    error UnexpectedMarket(address expected, address actual);

    /// @notice Thrown when the profit is below the least one.
    /// @param profit Proceeds less the payment, loan token units; negative if they do not cover the
    /// payment.
    /// @param floor Least profit, loan token units.
    error ProfitBelowFloor(int256 profit, uint256 floor);

    /// @param uniswapFactory_ The Uniswap v3 factory whose pools are traded in.
    /// @param owner_ Who may liquidate and gets the profit.
    constructor(address uniswapFactory_, address owner_) UniswapV3Trader(uniswapFactory_) Ownable(owner_) {}

    /// @notice Liquidates those of `accounts` that are liquidatable, sells the collateral pool by
    /// pool, in each down to its price limit, and sends the profit to the owner: loan tokens, and
    /// the collateral that no pool took within its limit.
    /// @dev Only the owner. Errors: {ProfitBelowFloor}, and those of `ILeverageMarket.liquidate`.
    /// @param market The market. It is trusted only with the tokens that it sends here.
    /// @param accounts Owners of the positions.
    /// @param maxPayment Most loan token units to pay.
    /// @param minSeized Least collateral token units to seize.
    /// @param sales The pools to sell in, in this order.
    /// @param minProfit Least profit, loan token units. Unsold collateral does not count.
    /// @return seized Collateral token units seized.
    /// @return payment Loan token units paid to the market.
    /// @return profit Loan token units sent to the owner.
    function liquidate(
        ILeverageMarket market,
        address[] calldata accounts,
        uint256 maxPayment,
        uint256 minSeized,
        Sale[] calldata sales,
        uint256 minProfit
    ) external onlyOwner returns (uint256 seized, uint256 payment, uint256 profit) {
        _market = address(market);
        bytes memory data = abi.encode(sales, minProfit);
        (seized, payment) = market.liquidate(accounts, maxPayment, minSeized, address(this), data);
        profit = _profit;
        (_market, _profit) = (address(0), 0);
    }

    /// @inheritdoc ILiquidateCallback
    function onLiquidate(address, uint256 seized, uint256 payment, bytes calldata data) external {
        if (msg.sender != _market) revert UnexpectedMarket(_market, msg.sender);
        (Sale[] memory sales, uint256 minProfit) = abi.decode(data, (Sale[], uint256));
        IERC20 loanToken = IERC20(ILeverageMarket(msg.sender).asset());
        IERC20 collateralToken = ILeverageMarket(msg.sender).collateralToken();

        (uint256 unsold, uint256 proceeds) = _sell(collateralToken, loanToken, seized, sales);
        int256 profit = proceeds.toInt256() - payment.toInt256();
        if (profit < minProfit.toInt256()) revert ProfitBelowFloor(profit, minProfit);

        _profit = uint256(profit);
        if (payment > 0) loanToken.safeTransfer(msg.sender, payment);
        if (profit > 0) loanToken.safeTransfer(owner(), uint256(profit));
        if (unsold > 0) collateralToken.safeTransfer(owner(), unsold);
    }

    function _sell(
        IERC20 collateralToken,
        IERC20 loanToken,
        uint256 amount,
        Sale[] memory sales
    ) private returns (uint256 unsold, uint256 proceeds) {
        unsold = amount;
        for (uint256 i = 0; i < sales.length && unsold > 0; ++i) {
            (uint256 sold, uint256 bought) = _swap(
                collateralToken,
                loanToken,
                sales[i].fee,
                unsold.toInt256(),
                unsold,
                sales[i].sqrtPriceLimitX96,
                address(this)
            );
            unsold -= sold;
            proceeds += bought;
        }
    }
}
