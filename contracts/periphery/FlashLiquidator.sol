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
/// @notice Liquidates a batch of positions without capital: sells the seized collateral in Uniswap v3 pools, pays the market
/// from the proceeds, and sends the profit to its owner.
/// @dev Holds nothing between calls and approves nothing: the payment is sent to the market. Its callbacks answer only the
/// market, and the pool, of a call that its owner has started.
contract FlashLiquidator is ILiquidateCallback, UniswapV3Trader, Ownable2Step {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    /// @dev The market that is being called.
    address private transient _market;
    /// @dev Carried from the callback to the end of the call.
    uint256 private transient _profit;

    /// @notice A callback from someone other than the market that is being called, if any.
    error UnexpectedMarket(address expected, address actual);

    /// @notice The proceeds less the payment, in loan token units, do not reach the floor; below zero if they don't even
    /// cover the payment.
    error ProfitBelowFloor(int256 profit, uint256 floor);

    constructor(address uniswapFactory_, address owner_) UniswapV3Trader(uniswapFactory_) Ownable(owner_) {}

    /// @notice Liquidates those of `accounts` that can be, sells the collateral pool by pool, each down to its price
    /// limit, and sends the profit to the owner: loan tokens, and such collateral as no pool took within its limit.
    /// @dev The owner only. Reverts as `ILeverageMarket.liquidate` does, and if the profit is below the floor.
    /// @param market The market; it is trusted with what it sends here, and with nothing else.
    /// @param accounts Whose positions.
    /// @param maxPayment Most loan token units to pay.
    /// @param minSeized Least collateral token units to seize.
    /// @param sales The pools to sell in, in this order.
    /// @param minProfit The floor, loan token units. Unsold collateral does not count.
    /// @return seized Collateral token units.
    /// @return payment Loan token units that the market took.
    /// @return profit Loan token units that the owner got.
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
