// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

// Chainlink's own name for it:
// solhint-disable interface-starts-with-i

/// @title AggregatorV3Interface
/// @notice A Chainlink price feed. An answer counts in units of `10^-decimals()` of the quote
/// asset.
interface AggregatorV3Interface {
    /// @notice Decimals of the answers.
    function decimals() external view returns (uint8);

    /// @notice What is priced in what.
    function description() external view returns (string memory);

    /// @notice Version of the aggregator.
    function version() external view returns (uint256);

    /// @notice One answer of the past.
    /// @param roundId The round that is asked for.
    function getRoundData(
        uint80 roundId
    ) external view returns (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);

    /// @notice The newest answer.
    /// @return roundId Grows with each round.
    /// @return answer The price.
    /// @return startedAt When the round began, Unix seconds.
    /// @return updatedAt When the answer was computed, Unix seconds; zero in a round without an
    /// answer.
    /// @return answeredInRound The round in which the answer was computed; below `roundId` if it
    /// was carried over.
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}
