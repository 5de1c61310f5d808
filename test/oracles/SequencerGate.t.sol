// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {BoundedRead} from "../../contracts/libraries/BoundedRead.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {OddSource} from "../../contracts/mocks/OddSource.sol";
import {SequencerGate} from "../../contracts/oracles/SequencerGate.sol";
import {Test} from "../utils/Test.sol";

/// @notice An uptime feed like Chainlink's: 0 is up, 1 is down.
contract UptimeFeed {
    int256 public answer;
    uint256 public startedAt = block.timestamp;
    bool public isBroken;

    error Broken();

    function set(int256 answer_, uint256 startedAt_) external {
        (answer, startedAt) = (answer_, startedAt_);
    }

    function breakDown() external {
        isBroken = true;
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        if (isBroken) revert Broken();
        return (1, answer, startedAt, block.timestamp, 1);
    }
}

contract SequencerGateTest is Test {
    uint256 private constant GRACE_PERIOD = 1 hours;
    MockOracle private source;
    UptimeFeed private feed;
    SequencerGate private gate;

    function setUp() public {
        vm.warp(1_700_000_000);
        source = new MockOracle(1);
        source.setPrices(1990, 2000);
        feed = new UptimeFeed();
        gate = create(address(feed), GRACE_PERIOD);
        vm.warp(1_700_000_000 + GRACE_PERIOD);
    }

    function test_Sequencer_UpPassesBothPricesOn() public view {
        assertPrices(1990, 2000);
    }

    function test_Sequencer_DownRefusesOpeningsOnly() public {
        feed.set(1, block.timestamp - 1 days);
        assertPrices(0, 2000);
        feed.set(-1, block.timestamp - 1 days);
        assertPrices(0, 2000);
    }

    function test_Sequencer_UpAgainOpensAfterTheGracePeriod() public {
        feed.set(0, block.timestamp);
        assertPrices(0, 2000);
        skipTime(GRACE_PERIOD - 1);
        assertPrices(0, 2000);
        skipTime(1);
        assertPrices(1990, 2000);
    }

    function test_Sequencer_FeedWithoutARoundRefusesOpenings() public {
        feed.set(0, 0);
        assertPrices(0, 2000);
        feed.set(0, block.timestamp + 1);
        assertPrices(0, 2000);
        feed.set(0, type(uint256).max);
        assertPrices(0, 2000);
    }

    function test_Sequencer_BrokenFeedDoesNotAffectLiquidations() public {
        feed.breakDown();
        assertPrices(0, 2000);
        OddSource odd = new OddSource(1);
        gate = create(address(odd), GRACE_PERIOD);
        for (uint256 kind = 0; kind < 8; ++kind) {
            odd.setKind(OddSource.Kind(kind));
            // Of all these only the bomb returns as many words as a round: its answer says that the
            // sequencer is down.
            assertPrices(0, 2000);
        }
    }

    /// @dev A market liquidates at the higher price: refusing openings must not lower it.
    function test_Sequencer_DownKeepsTheHigherPriceForLiquidations() public {
        source.setPrices(2100, 2000);
        feed.set(1, 1);
        assertPrices(0, 2100);
    }

    function test_Prices_RevertWhen_TheSourceFailsOrGasIsLow() public {
        source.fail();
        vm.expectRevert(abi.encodeWithSelector(MockOracle.OracleFailure.selector));
        gate.prices();
        source.setPrice(1);
        vm.expectPartialRevert(BoundedRead.NotEnoughGas.selector);
        gate.prices{gas: 150_000}();
    }

    function test_Constructor_RevertWhen_AParameterIsInvalid() public {
        vm.expectRevert(abi.encodeWithSelector(SequencerGate.InvalidGracePeriod.selector, 0));
        this.create(address(feed), 0);
        vm.expectRevert(abi.encodeWithSelector(SequencerGate.InvalidGracePeriod.selector, 1 days + 1));
        this.create(address(feed), 1 days + 1);
        vm.expectRevert(abi.encodeWithSelector(SequencerGate.NotAContract.selector, address(1234)));
        this.create(address(1234), GRACE_PERIOD);
    }

    function create(address feed_, uint256 gracePeriod) public returns (SequencerGate) {
        return SequencerGate(deployCode("SequencerGate.sol:SequencerGate", abi.encode(source, feed_, gracePeriod)));
    }

    function assertPrices(uint256 open, uint256 liquidation) private view {
        (uint256 actualOpen, uint256 actualLiquidation) = gate.prices();
        assertEq(actualOpen, open, "open price");
        assertEq(actualLiquidation, liquidation, "liquidation price");
    }
}
