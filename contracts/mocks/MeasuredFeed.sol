// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AggregatorV3Interface} from "../interfaces/AggregatorV3Interface.sol";

/// @notice The aggregator behind a `MeasuredFeed`: it reads the same slots as Chainlink's
/// `AccessControlledOffchainAggregator` for its newest answer (whether the reader is listed, the
/// newest round, and its answer). Gas measurements only.
contract MeasuredAggregator {
    struct Transmission {
        int192 answer;
        uint64 timestamp;
    }

    uint32 private _latestRound;
    mapping(uint32 round => Transmission) private _transmissions;
    mapping(address reader => bool) private _listed;

    error NotListed(address reader);

    /// @notice Allows an account to read.
    function list(address reader) external {
        _listed[reader] = true;
    }

    /// @notice Starts a round with this answer.
    function transmit(int192 answer) external {
        _transmissions[++_latestRound] = Transmission(answer, uint64(block.timestamp));
    }

    /// @notice The newest answer, for listed readers.
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        if (!_listed[msg.sender]) revert NotListed(msg.sender);
        uint32 round = _latestRound;
        Transmission memory newest = _transmissions[round];
        return (round, newest.answer, newest.timestamp, newest.timestamp, round);
    }
}

/// @notice A feed as Chainlink publishes it, behind a proxy: it makes the same call and reads the
/// same slots as `EACAggregatorProxy` for its newest answer (the access controller, which is none,
/// and the phase with its aggregator). Chainlink publishes no bytecode on npm; its own, from an
/// older compiler, costs slightly more. Gas measurements only.
contract MeasuredFeed is AggregatorV3Interface {
    struct Phase {
        uint16 id;
        MeasuredAggregator aggregator;
    }

    uint256 private constant PHASE_OFFSET = 64;

    /// @inheritdoc AggregatorV3Interface
    uint8 public constant decimals = 8;
    /// @inheritdoc AggregatorV3Interface
    string public constant description = "Measured feed";
    /// @inheritdoc AggregatorV3Interface
    uint256 public constant version = 1;

    address private _accessController;
    Phase private _currentPhase;

    error AccessIsControlled();
    error NoHistory();

    constructor(MeasuredAggregator aggregator) {
        _currentPhase = Phase(1, aggregator);
    }

    /// @inheritdoc AggregatorV3Interface
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        if (_accessController != address(0)) revert AccessIsControlled();
        Phase memory phase = _currentPhase;
        (uint80 round, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound) = phase
            .aggregator
            .latestRoundData();
        return (_withPhase(phase.id, round), answer, startedAt, updatedAt, _withPhase(phase.id, answeredInRound));
    }

    /// @inheritdoc AggregatorV3Interface
    function getRoundData(uint80) external pure returns (uint80, int256, uint256, uint256, uint80) {
        revert NoHistory();
    }

    function _withPhase(uint16 phase, uint80 round) private pure returns (uint80) {
        return uint80((uint256(phase) << PHASE_OFFSET) | round);
    }
}
