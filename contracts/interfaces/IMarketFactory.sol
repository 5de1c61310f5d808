// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {MarketParams} from "../types/MarketTypes.sol";

/// @title IMarketFactory
/// @notice Creates markets from validated parameters, and knows those that it created.
interface IMarketFactory {
    /// @notice A market has been created; its parameters are its initial limits too.
    event MarketCreated(
        address indexed market,
        IERC20 indexed loanToken,
        IERC20 indexed collateralToken,
        MarketParams params,
        bytes32 salt
    );

    error NotAContract(string parameter, address value);
    error SameToken(address token);
    /// @notice The contract does not tell its decimals, its total supply or a balance.
    error NotAToken(string parameter, address value);
    error UnsupportedDecimals(address token, uint256 decimals);
    /// @notice Fewer markets have been created.
    error NoSuchMarket(uint256 index, uint256 count);
    /// @notice A parameter is out of bounds; NatSpec of `createMarket` lists them.
    error InvalidParameter(string parameter, uint256 value);
    /// @notice The oracle's answer is not within a factor of two of what the creator expects: wrong scale, or wrong feed.
    error UnexpectedPrice(uint256 expected, uint256 openPrice, uint256 liquidationPrice);

    /// @notice Creates a market at an address that is the hash of all its parameters and a salt.
    ///
    /// Emits {MarketCreated}.
    ///
    /// Requirements:
    /// - Both tokens are contracts that tell their decimals (24 at most), their total supply and a balance, and they differ;
    ///   oracle and authority are contracts. Name and symbol have 31 bytes at most (`StringTooLong`).
    /// - `entryGap` and `safetyMargin` are above zero and below one, `bonusMax` below one, `bonusSlope` at most one;
    ///   leverages fit 24 bits.
    /// - `1x < targetLeverage <= maxLeverage < liquidationLeverage`, with a price drop of at least `entryGap` between the
    ///   last two; `1x < systemLeverageCap`.
    /// - `0 < bonusMin <= bonusMax`, `(1 + bonusMax) * (1 - 1/liquidationLeverage) < 1`, and
    ///   `1 - (1 + bonusMin) * (1 - 1/liquidationLeverage) >= safetyMargin`.
    /// - Fees are at most one half; buffer target and daily allowance at most one and above zero; caps fit
    ///   their storage (of `supplyCap` three digits are kept, rounded down); the raise delay is two days to a year.
    /// - `1000 <= minDebt <= debtCap * dailyAllowance`, and a thousand collateral token units are worth at most `minDebt`
    ///   (at the price of creation: it isn't checked again).
    /// - Both oracle prices are within a factor of two of `expectedPrice`, which is from 10^6 to 2^176 - 1.
    /// @dev Role of the factory's `AccessManager`: market creator.
    /// @param params See `MarketParams`.
    /// @param salt Distinguishes markets of equal parameters.
    /// @param expectedPrice What the creator takes the price to be, scaled as in `IPriceOracle`.
    /// @return market The new market.
    function createMarket(
        MarketParams calldata params,
        bytes32 salt,
        uint256 expectedPrice
    ) external returns (address market);

    /// @notice The address that `createMarket` gives to these parameters and this salt.
    function marketAddress(MarketParams calldata params, bytes32 salt) external view returns (address);

    /// @notice Whether this factory has created it: then its parameters were validated.
    function isMarket(address market) external view returns (bool);
    /// @notice How many markets there are.
    function marketCount() external view returns (uint256);

    /// @notice The market number `index`, in the order of creation. Errors: {NoSuchMarket}.
    function marketAt(uint256 index) external view returns (address);
}
