// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {AggregatorV3Interface} from "../interfaces/AggregatorV3Interface.sol";
import {FeedRound} from "../types/OracleTypes.sol";
import {TestnetOnly} from "./TestnetOnly.sol";

/// @title SettableFeed
/// @notice A price feed that says what its owner makes it say, as Chainlink's would say it: each answer is a round of its
/// own, of the time at which it was set.
contract SettableFeed is AggregatorV3Interface, Ownable, TestnetOnly {
    /// @inheritdoc AggregatorV3Interface
    uint8 public immutable decimals;

    /// @inheritdoc AggregatorV3Interface
    uint256 public constant version = 1;

    /// @inheritdoc AggregatorV3Interface
    string public description;

    uint80 private _latest;
    mapping(uint80 id => FeedRound) private _rounds;

    /// @notice The same event as a Chainlink aggregator's.
    event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt);

    /// @notice There is no such round, or none yet.
    error NoData(uint80 roundId);

    constructor(uint8 decimals_, string memory description_, address owner_) Ownable(owner_) {
        decimals = decimals_;
        description = description_;
    }

    /// @notice Starts a round with this answer, whatever it is. The owner only.
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
