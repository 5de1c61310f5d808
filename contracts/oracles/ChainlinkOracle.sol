// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {AggregatorV3Interface} from "../interfaces/AggregatorV3Interface.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";

/// @title ChainlinkOracle
/// @notice The price of a collateral token in a loan token from Chainlink feeds: base feed divided by quote feed.
/// Without a quote feed the loan token is itself the unit of the base feed.
/// @dev `price = base * 10^(36 + loanDecimals + quoteDecimals - collateralDecimals - baseDecimals) / quote`, rounded down:
/// by less than one unit of 1e-36 loan token units per collateral token unit. An answer that can't be trusted is an error.
/// It doesn't know the least and the greatest answer of a feed's aggregator: one that stands at either is taken for a price.
contract ChainlinkOracle is IPriceOracle {
    /// @dev 10^77 is the greatest power of ten in 256 bits.
    int256 private constant MAX_EXPONENT = 77;

    /// @notice Price of one whole collateral token.
    AggregatorV3Interface public immutable baseFeed;

    /// @notice Price of one whole loan token in the same unit; zero if the loan token is that unit.
    AggregatorV3Interface public immutable quoteFeed;

    /// @notice Oldest base answer that counts, in seconds.
    uint256 public immutable baseMaxAge;

    /// @notice Oldest quote answer that counts, in seconds; zero without a quote feed.
    uint256 public immutable quoteMaxAge;

    /// @notice What a quotient of raw answers is multiplied by: a power of ten.
    uint256 public immutable scale;

    /// @notice The decimals of tokens and feeds ask for a power of ten outside of 0 to 77.
    error UnsupportedDecimals(int256 exponent);

    /// @notice A feed comes with a maximum age of zero, or none with one above zero.
    error InvalidMaxAge(AggregatorV3Interface feed, uint256 maxAge);

    /// @notice The feed says zero or less.
    error NonPositiveAnswer(AggregatorV3Interface feed, int256 answer);

    /// @notice The feed's round has no answer of its own yet.
    error IncompleteRound(AggregatorV3Interface feed, uint80 roundId, uint80 answeredInRound, uint256 updatedAt);

    /// @notice The feed claims an answer that is yet to come.
    error AnswerFromTheFuture(AggregatorV3Interface feed, uint256 updatedAt);

    /// @notice The feed's answer is older than `maxAge` seconds.
    error StaleAnswer(AggregatorV3Interface feed, uint256 updatedAt, uint256 maxAge);

    /// @param loanToken Token in which prices are.
    /// @param collateralToken Token that is priced.
    /// @param baseFeed_ Price of one whole collateral token.
    /// @param baseMaxAge_ Seconds; the feed's heartbeat and some delay.
    /// @param quoteFeed_ Price of one whole loan token in the unit of the base feed; zero if it is that unit.
    /// @param quoteMaxAge_ Seconds; zero without a quote feed.
    constructor(
        IERC20Metadata loanToken,
        IERC20Metadata collateralToken,
        AggregatorV3Interface baseFeed_,
        uint256 baseMaxAge_,
        AggregatorV3Interface quoteFeed_,
        uint256 quoteMaxAge_
    ) {
        bool hasQuote = address(quoteFeed_) != address(0);
        if (baseMaxAge_ == 0) revert InvalidMaxAge(baseFeed_, baseMaxAge_);
        if (hasQuote != (quoteMaxAge_ != 0)) revert InvalidMaxAge(quoteFeed_, quoteMaxAge_);

        int256 exponent = 36 + int256(uint256(loanToken.decimals())) - int256(uint256(collateralToken.decimals()));
        exponent -= int256(uint256(baseFeed_.decimals()));
        if (hasQuote) exponent += int256(uint256(quoteFeed_.decimals()));
        if (exponent < 0 || exponent > MAX_EXPONENT) revert UnsupportedDecimals(exponent);

        baseFeed = baseFeed_;
        quoteFeed = quoteFeed_;
        baseMaxAge = baseMaxAge_;
        quoteMaxAge = quoteMaxAge_;
        scale = 10 ** uint256(exponent);
    }

    /// @inheritdoc IPriceOracle
    function prices() external view returns (uint256 openPrice, uint256 liquidationPrice) {
        uint256 base = _read(baseFeed, baseMaxAge);
        uint256 quote = address(quoteFeed) == address(0) ? 1 : _read(quoteFeed, quoteMaxAge);
        uint256 price = Math.mulDiv(base, scale, quote);
        return (price, price);
    }

    function _read(AggregatorV3Interface feed, uint256 maxAge) private view returns (uint256) {
        (uint80 roundId, int256 answer, , uint256 updatedAt, uint80 answeredInRound) = feed.latestRoundData();
        if (answer <= 0) revert NonPositiveAnswer(feed, answer);
        if (updatedAt == 0 || answeredInRound < roundId) {
            revert IncompleteRound(feed, roundId, answeredInRound, updatedAt);
        }
        if (updatedAt > block.timestamp) revert AnswerFromTheFuture(feed, updatedAt);
        if (block.timestamp - updatedAt > maxAge) revert StaleAnswer(feed, updatedAt, maxAge);
        return uint256(answer);
    }
}
