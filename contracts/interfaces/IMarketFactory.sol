// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {MarketParams} from "../types/MarketTypes.sol";

/// @title IMarketFactory
/// @notice Creates markets from validated parameters and lists those that it has created.
interface IMarketFactory {
    /// @notice A market was created.
    /// @param market Its address.
    /// @param loanToken What is lent.
    /// @param collateralToken What is posted.
    /// @param params All its parameters; `params.limits` are its initial limits.
    /// @param salt As given to {createMarket}.
    event MarketCreated(
        address indexed market,
        IERC20 indexed loanToken,
        IERC20 indexed collateralToken,
        MarketParams params,
        bytes32 salt
    );

    /// @notice Thrown when a token, the oracle or the authority has no code.
    /// @param parameter Name in `MarketParams`.
    /// @param value The address.
    error NotAContract(string parameter, address value);

    /// @notice Thrown when the loan token is the collateral token as well.
    /// @param token The token.
    error SameToken(address token);

    /// @notice Thrown when a token does not answer `decimals`, `totalSupply` and `balanceOf`.
    /// @param parameter Name in `MarketParams`.
    /// @param value The address.
    error NotAToken(string parameter, address value);

    /// @notice Thrown when a token has more than 24 decimals.
    /// @param token The token.
    /// @param decimals Its decimals.
    error UnsupportedDecimals(address token, uint256 decimals);

    /// @notice Thrown when `index` is not below the number of markets.
    /// @param index The index asked for, from zero on.
    /// @param count Number of markets.
    error NoSuchMarket(uint256 index, uint256 count);

    /// @notice Thrown when a parameter is out of bounds; {createMarket} lists the bounds.
    /// @param parameter Name in `MarketParams`.
    /// @param value The refused value, in the units of `MarketParams`.
    error InvalidParameter(string parameter, uint256 value);

    /// @notice Thrown when a price of the oracle is not within a factor of two of the expected one:
    /// it has a wrong scale, or the feed is the wrong one.
    /// @param expected Price that the creator expects, scaled as in `IPriceOracle`, like the other
    /// two.
    /// @param openPrice Open price of the oracle.
    /// @param liquidationPrice Liquidation price of the oracle.
    error UnexpectedPrice(uint256 expected, uint256 openPrice, uint256 liquidationPrice);

    /// @notice Creates a market at an address that is the hash of all its parameters and a salt.
    ///
    /// Emits {MarketCreated}.
    ///
    /// Requirements:
    /// - Both tokens are contracts that answer `decimals` (24 at most), `totalSupply` and
    ///   `balanceOf`, and they differ. Oracle and authority are contracts. Name and symbol have 31
    ///   bytes at most (`StringTooLong`).
    /// - `entryGap` and `safetyMargin` are above zero and below one, `bonusMax` is below one,
    ///   `bonusSlope` at most one; leverages fit 24 bits.
    /// - `1x < targetLeverage <= maxLeverage < liquidationLeverage`, with a price drop of at least
    ///   `entryGap` between the last two; `1x < systemLeverageCap`.
    /// - `0 < bonusMin <= bonusMax`, `(1 + bonusMax) * (1 - 1/liquidationLeverage) < 1`, and
    ///   `1 - (1 + bonusMin) * (1 - 1/liquidationLeverage) >= safetyMargin`.
    /// - Fees are at most one half; buffer target and daily allowance are above zero and at most
    ///   one; caps fit their storage (a `supplyCap` is rounded down to three digits); the raise
    ///   delay is two days to a year.
    /// - `1000 <= minDebt <= debtCap * dailyAllowance`, and a thousand collateral token units are
    ///   worth at most `minDebt` at the price of creation. This is not checked again later.
    /// - Both oracle prices are within a factor of two of `expectedPrice`, which is from 10^6 to
    ///   2^176 - 1.
    /// @dev Role of the factory's `AccessManager`: market creator.
    /// @param params See `MarketParams`.
    /// @param salt Tells apart markets of equal parameters.
    /// @param expectedPrice Price that the creator expects, scaled as in `IPriceOracle`.
    /// @return market The new market.
    function createMarket(
        MarketParams calldata params,
        bytes32 salt,
        uint256 expectedPrice
    ) external returns (address market);

    /// @notice The address that {createMarket} gives to a market with these parameters and this
    /// salt.
    /// @param params See `MarketParams`.
    /// @param salt Tells apart markets of equal parameters.
    function marketAddress(MarketParams calldata params, bytes32 salt) external view returns (address);

    /// @notice Whether this factory has created the market, which means that its parameters were
    /// validated.
    /// @param market Any address.
    function isMarket(address market) external view returns (bool);

    /// @notice Number of markets.
    function marketCount() external view returns (uint256);

    /// @notice A market, in the order of creation. Errors: {NoSuchMarket}.
    /// @param index From zero on.
    function marketAt(uint256 index) external view returns (address);
}
