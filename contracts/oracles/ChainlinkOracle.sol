// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {AggregatorV3Interface} from "../interfaces/AggregatorV3Interface.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";

/// @title ChainlinkOracle
/// @notice The price of a collateral token in a loan token from Chainlink feeds: base feed divided
/// by quote feed. Without a quote feed the loan token is itself the unit of the base feed.
/// @dev
/// `price = base * 10^(36 + loanDecimals + quoteDecimals - collateralDecimals - baseDecimals) / quote`,
/// rounded down: by less than 1e-36 loan token units per collateral token unit. An invalid answer
/// is an error. The oracle does not know the least and the greatest answer of a feed's aggregator,
/// and accepts an answer at either bound as a price.
contract ChainlinkOracle is IPriceOracle {
    /// @dev 10^77 is the largest power of ten in 256 bits.
    int256 private constant MAX_EXPONENT = 77;

    /// @notice Feed with the price of one whole collateral token.
    AggregatorV3Interface public immutable baseFeed;

    /// @notice Feed with the price of one whole loan token in the same unit; zero if the loan token
    /// is that unit.
    AggregatorV3Interface public immutable quoteFeed;

    /// @notice Largest age of a valid base answer, seconds.
    uint256 public immutable baseMaxAge;

    /// @notice Largest age of a valid quote answer, seconds; zero without a quote feed.
    uint256 public immutable quoteMaxAge;

    /// @notice Factor of the quotient of both answers: a power of ten.
    uint256 public immutable scale;

    /// @notice Thrown at creation when the decimals of tokens and feeds need a power of ten outside
    /// of 0 to 77.
    /// @param exponent The needed power.
    error UnsupportedDecimals(int256 exponent);

    /// @notice Thrown at creation when a feed has a maximum age of zero, or when a maximum age is
    /// given without a feed.
    /// @param feed The feed.
    /// @param maxAge Seconds.
    error InvalidMaxAge(AggregatorV3Interface feed, uint256 maxAge);

    /// @notice Thrown when the answer of a feed is zero or negative.
    /// @param feed The feed.
    /// @param answer Its answer, with the feed's decimals.
    error NonPositiveAnswer(AggregatorV3Interface feed, int256 answer);

    /// @notice Thrown when the latest round of a feed has no answer of its own.
    /// @param feed The feed.
    /// @param roundId The latest round.
    /// @param answeredInRound The round that its answer is from.
    /// @param updatedAt Time of the answer, Unix seconds; zero if there is none.
    error IncompleteRound(AggregatorV3Interface feed, uint80 roundId, uint80 answeredInRound, uint256 updatedAt);

    /// @notice Thrown when the time of a feed's answer is in the future.
    /// @param feed The feed.
    /// @param updatedAt Time of the answer, Unix seconds.
    error AnswerFromTheFuture(AggregatorV3Interface feed, uint256 updatedAt);

    /// @notice Thrown when the answer of a feed is too old.
    /// @param feed The feed.
    /// @param updatedAt Time of the answer, Unix seconds.
    /// @param maxAge Largest valid age, seconds.
    error StaleAnswer(AggregatorV3Interface feed, uint256 updatedAt, uint256 maxAge);

    /// @param loanToken Token in which prices are quoted.
    /// @param collateralToken Token that is priced.
    /// @param baseFeed_ Feed with the price of one whole collateral token.
    /// @param baseMaxAge_ Largest age of a base answer, seconds: the feed's heartbeat and some
    /// delay.
    /// @param quoteFeed_ Feed with the price of one whole loan token in the unit of the base feed;
    /// zero if it is that unit.
    /// @param quoteMaxAge_ Largest age of a quote answer, seconds; zero without a quote feed.
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
