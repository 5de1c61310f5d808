// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AggregatorV3Interface} from "../interfaces/AggregatorV3Interface.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {BoundedRead} from "../libraries/BoundedRead.sol";
import {OraclePrices} from "../libraries/OraclePrices.sol";

/// @title SequencerGate
/// @notice An oracle on a rollup that refuses openings while the sequencer is down, and for a time after: prices from before
/// the outage must not be borrowed against. Liquidation prices go on, whatever the feed says or fails to say.
/// @dev Belongs outside of a guard: one gate for both sources.
contract SequencerGate is IPriceOracle {
    /// @dev A proxy and an aggregator use a tenth of it.
    uint256 private constant FEED_GAS = 200_000;
    /// @dev Words of a round; the second is the answer, the third when it began.
    uint256 private constant ROUND_WORDS = 5;

    /// @notice Whose prices it passes on.
    IPriceOracle public immutable source;

    /// @notice Chainlink's uptime feed: 0 is up, 1 is down; `startedAt` is when that began.
    AggregatorV3Interface public immutable sequencerFeed;

    /// @notice Seconds for which the sequencer must have been up.
    uint256 public immutable gracePeriod;

    error InvalidGracePeriod(uint256 gracePeriod);
    error NotAContract(address feed);

    /// @param gracePeriod_ Seconds, up to a day; an hour is usual.
    constructor(IPriceOracle source_, AggregatorV3Interface sequencerFeed_, uint256 gracePeriod_) {
        if (gracePeriod_ == 0 || gracePeriod_ > 1 days) revert InvalidGracePeriod(gracePeriod_);
        if (address(sequencerFeed_).code.length == 0) revert NotAContract(address(sequencerFeed_));
        (source, sequencerFeed, gracePeriod) = (source_, sequencerFeed_, gracePeriod_);
    }

    /// @inheritdoc IPriceOracle
    /// @dev The open price is zero, which a market refuses, unless the sequencer is known to be up for the grace period.
    /// Errors: those of the source; {ILeverageMarket-InvalidOracleAnswer}, {BoundedRead-NotEnoughGas}.
    function prices() external view returns (uint256 openPrice, uint256 liquidationPrice) {
        (openPrice, liquidationPrice) = OraclePrices.read(source);
        // The price that a market liquidates at must stay when the open price goes.
        liquidationPrice = OraclePrices.forLiquidation(openPrice, liquidationPrice);
        if (!isOpen()) openPrice = 0;
    }

    /// @notice Whether openings have a price, as far as the sequencer is concerned.
    function isOpen() public view returns (bool) {
        bytes memory data = abi.encodeCall(AggregatorV3Interface.latestRoundData, ());
        (bool success, uint256[] memory round) = BoundedRead.read(address(sequencerFeed), data, ROUND_WORDS, FEED_GAS);
        (uint256 answer, uint256 startedAt) = (round[1], round[2]);
        if (!success || answer != 0 || startedAt == 0 || startedAt > block.timestamp) return false;
        return block.timestamp - startedAt >= gracePeriod;
    }
}
