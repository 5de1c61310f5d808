// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {AggregatorV3Interface} from "../../contracts/interfaces/AggregatorV3Interface.sol";
import {SettableFeed} from "../../contracts/testnet/SettableFeed.sol";
import {Test} from "../utils/Test.sol";

contract SettableFeedTest is Test {
    SettableFeed private feed;
    address private owner = makeAddr("owner");

    function setUp() public {
        vm.warp(1_700_000_000);
        feed = SettableFeed(deployCode("SettableFeed.sol:SettableFeed", abi.encode(uint8(8), "ETH / USD", owner)));
    }

    function test_SettableFeed_KeepsItsParameters() public view {
        AggregatorV3Interface asFeed = AggregatorV3Interface(address(feed));
        assertEq(asFeed.decimals(), 8);
        assertEq(asFeed.description(), "ETH / USD");
        assertEq(asFeed.version(), 1);
        assertEq(feed.owner(), owner);
    }

    function testFuzz_SetAnswer_EachAnswerIsARoundOfItsTime(int192 first, int192 second, uint32 delay) public {
        uint256 start = vm.getBlockTimestamp();
        vm.prank(owner);
        vm.expectEmit(address(feed));
        emit SettableFeed.AnswerUpdated(first, 1, start);
        feed.setAnswer(first);
        assertRound(1, first, start);

        vm.warp(start + delay);
        vm.prank(owner);
        feed.setAnswer(second);
        assertRound(2, second, start + delay);

        (uint80 id, int256 answer, , uint256 updatedAt, ) = feed.getRoundData(1);
        assertEq(id, 1);
        assertEq(answer, first);
        assertEq(updatedAt, start);
    }

    function testFuzz_GetRoundData_RevertWhen_TheRoundDoesNotExist(uint80 id) public {
        vm.expectRevert(abi.encodeWithSelector(SettableFeed.NoData.selector, id));
        feed.getRoundData(id);
        vm.expectRevert(abi.encodeWithSelector(SettableFeed.NoData.selector, 0));
        feed.latestRoundData();
    }

    function testFuzz_SetAnswer_RevertWhen_CallerIsNotTheOwner(address stranger) public {
        vm.assume(stranger != owner);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger));
        feed.setAnswer(1);
    }

    function assertRound(uint80 expectedId, int256 expectedAnswer, uint256 expectedTime) private view {
        (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredIn) = feed.latestRoundData();
        assertEq(id, expectedId);
        assertEq(answer, expectedAnswer);
        assertEq(startedAt, expectedTime);
        assertEq(updatedAt, expectedTime);
        assertEq(answeredIn, expectedId);
    }
}
