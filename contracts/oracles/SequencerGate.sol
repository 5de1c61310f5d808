// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AggregatorV3Interface} from "../interfaces/AggregatorV3Interface.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {BoundedRead} from "../libraries/BoundedRead.sol";
import {OraclePrices} from "../libraries/OraclePrices.sol";

/// @title SequencerGate
/// @notice An oracle on a rollup that refuses openings while the sequencer is down and for a grace
/// period after: nobody must borrow against prices from before the outage. Liquidation prices are
/// passed on regardless of the uptime feed.
/// @dev Wraps a guard, not one of its sources: one gate for both.
contract SequencerGate is IPriceOracle {
    /// @dev Ten times the gas that a proxy and an aggregator use.
    uint256 private constant FEED_GAS = 200_000;
    /// @dev Words of a round; the second is the answer, the third the start time.
    uint256 private constant ROUND_WORDS = 5;

    /// @notice The oracle whose prices are passed on.
    IPriceOracle public immutable source;

    /// @notice Chainlink's uptime feed: 0 is up, 1 is down, since `startedAt`.
    AggregatorV3Interface public immutable sequencerFeed;

    /// @notice Seconds for which the sequencer must be up before openings have a price.
    uint256 public immutable gracePeriod;

    /// @notice Thrown at creation when the grace period is zero or above a day.
    /// @param gracePeriod Seconds.
    error InvalidGracePeriod(uint256 gracePeriod);

    /// @notice Thrown at creation when the uptime feed has no code.
    /// @param feed The address.
    error NotAContract(address feed);

    /// @param source_ The oracle whose prices are passed on.
    /// @param sequencerFeed_ Chainlink's uptime feed.
    /// @param gracePeriod_ Seconds, above zero and up to a day; an hour is usual.
    constructor(IPriceOracle source_, AggregatorV3Interface sequencerFeed_, uint256 gracePeriod_) {
        if (gracePeriod_ == 0 || gracePeriod_ > 1 days) revert InvalidGracePeriod(gracePeriod_);
        if (address(sequencerFeed_).code.length == 0) revert NotAContract(address(sequencerFeed_));
        (source, sequencerFeed, gracePeriod) = (source_, sequencerFeed_, gracePeriod_);
    }

    /// @inheritdoc IPriceOracle
    /// @dev The open price is zero, which a market refuses, unless the sequencer has been up for
    /// the grace period. Errors: those of the source; {ILeverageMarket-InvalidOracleAnswer},
    /// {BoundedRead-NotEnoughGas}.
    function prices() external view returns (uint256 openPrice, uint256 liquidationPrice) {
        (openPrice, liquidationPrice) = OraclePrices.read(source);
        // A market liquidates at the higher price, so it must not change when the open price is
        // dropped.
        liquidationPrice = OraclePrices.forLiquidation(openPrice, liquidationPrice);
        if (!isOpen()) openPrice = 0;
    }

    /// @notice Whether the sequencer has been up for the grace period, so that openings have a
    /// price.
    function isOpen() public view returns (bool) {
        bytes memory data = abi.encodeCall(AggregatorV3Interface.latestRoundData, ());
        (bool success, uint256[] memory round) = BoundedRead.read(address(sequencerFeed), data, ROUND_WORDS, FEED_GAS);
        (uint256 answer, uint256 startedAt) = (round[1], round[2]);
        if (!success || answer != 0 || startedAt == 0 || startedAt > block.timestamp) return false;
        return block.timestamp - startedAt >= gracePeriod;
    }
}
