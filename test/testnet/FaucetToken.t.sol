// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {FaucetToken} from "../../contracts/testnet/FaucetToken.sol";
import {Test} from "../utils/Test.sol";

contract FaucetTokenTest is Test {
    uint256 private constant CAP = 1_000e6;
    uint256 private constant STOCK = 5_000e6;

    FaucetToken private token;
    address private alice = makeAddr("alice");
    address private bob = makeAddr("bob");
    address private holder = makeAddr("holder");

    function setUp() public {
        vm.warp(1_700_000_000);
        token = FaucetToken(
            deployCode("FaucetToken.sol:FaucetToken", abi.encode("Test dollar", "tUSD", uint8(6), CAP, holder, STOCK))
        );
    }

    function test_FaucetToken_KeepsItsParameters() public view {
        assertEq(token.name(), "Test dollar");
        assertEq(token.symbol(), "tUSD");
        assertEq(token.decimals(), 6);
        assertEq(token.dailyCap(), CAP);
    }

    function test_FaucetToken_MintsItsStockOnceBesidesTheCap() public view {
        assertEq(token.totalSupply(), STOCK);
        assertEq(token.balanceOf(holder), STOCK);
        assertEq(token.available(holder), CAP);
    }

    function testFuzz_Mint_ToAnyoneUpToTheCap(address caller, uint256 first, uint256 second) public {
        first = bound(first, 0, CAP);
        second = bound(second, 0, CAP - first);
        vm.startPrank(caller);
        token.mint(alice, first);
        token.mint(alice, second);
        vm.stopPrank();
        assertEq(token.balanceOf(alice), first + second);
        assertEq(token.available(alice), CAP - first - second);
        assertEq(token.available(bob), CAP);
    }

    function testFuzz_Mint_RevertWhen_AboveTheCap(uint256 first, uint256 second) public {
        first = bound(first, 0, CAP);
        second = bound(second, CAP - first + 1, type(uint256).max);
        token.mint(alice, first);
        vm.expectRevert(abi.encodeWithSelector(FaucetToken.FaucetCapExceeded.selector, alice, second, CAP - first));
        token.mint(alice, second);
    }

    function test_Mint_CapReturnsTheNextDay() public {
        token.mint(alice, CAP);
        assertEq(token.available(alice), 0);
        vm.warp((vm.getBlockTimestamp() / 1 days + 1) * 1 days);
        token.mint(alice, CAP);
        assertEq(token.balanceOf(alice), 2 * CAP);
    }
}
