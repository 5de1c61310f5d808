// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {AggregatorV3Interface} from "../interfaces/AggregatorV3Interface.sol";
import {FeedRound} from "../types/OracleTypes.sol";
import {TestnetOnly} from "./TestnetOnly.sol";

/// @title SettableFeed
/// @notice A price feed whose owner sets its answers, with the interface of a Chainlink feed. Each
/// answer is a round of its own, with the time at which it was set.
contract SettableFeed is AggregatorV3Interface, Ownable, TestnetOnly {
    /// @inheritdoc AggregatorV3Interface
    uint8 public immutable decimals;

    /// @inheritdoc AggregatorV3Interface
    uint256 public constant version = 1;

    /// @inheritdoc AggregatorV3Interface
    string public description;

    uint80 private _latest;
    mapping(uint80 id => FeedRound) private _rounds;

    /// @notice An answer was set. The same event as that of a Chainlink aggregator.
    /// @param current The answer, with the feed's decimals.
    /// @param roundId Its round.
    /// @param updatedAt Unix seconds.
    event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt);

    /// @notice Thrown when a round does not exist, or when no answer was set yet.
    /// @param roundId The round.
    error NoData(uint80 roundId);

    /// @param decimals_ Decimals of the answers.
    /// @param description_ The pair, like `ETH / USD`.
    /// @param owner_ Who may set answers.
    constructor(uint8 decimals_, string memory description_, address owner_) Ownable(owner_) {
        decimals = decimals_;
        description = description_;
    }

    /// @notice Starts a round with this answer, without any check. Only the owner.
    /// @param answer In units of `10^-decimals`.
    function setAnswer(int192 answer) external onlyOwner {
        ++_latest;
        _rounds[_latest] = FeedRound(answer, uint64(block.timestamp));
        emit AnswerUpdated(answer, _latest, block.timestamp);
    }

    /// @inheritdoc AggregatorV3Interface
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return getRoundData(_latest);
    }

    /// @inheritdoc AggregatorV3Interface
    function getRoundData(uint80 roundId) public view returns (uint80, int256, uint256, uint256, uint80) {
        FeedRound memory round = _rounds[roundId];
        if (round.updatedAt == 0) revert NoData(roundId);
        return (roundId, round.answer, round.updatedAt, round.updatedAt, roundId);
    }
}
