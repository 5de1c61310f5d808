// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {LenderVaultTest} from "../support/LenderVaultTest.sol";
import {Vm} from "../utils/Vm.sol";

/// @notice The buffer's share of the interest.
contract BufferInterestFeeTest is LenderVaultTest {
    function test_InterestFee_BufferReceivesItsShare() public {
        earn(30 days);
        uint256 interest = market.totalAssets() - LENT;
        uint256 supply = market.totalSupply();
        uint256 fee = interest / 10;
        uint256 due = Math.mulDiv(fee, supply + 1e6, LENT + interest - fee + 1);
        vm.prank(lender);
        market.withdraw(1, lender, lender);
        assertEq(market.balanceOf(address(market)), due);
        assertApproxEqAbs(market.convertToAssets(due), fee, 1);
    }

    function test_InterestFee_LendersReceiveTheRest() public {
        earn(30 days);
        uint256 interest = market.totalAssets() - LENT;
        assertGt(interest, 1_000e6);
        assertApproxEqAbs(market.convertToAssets(market.balanceOf(lender)), LENT + interest - interest / 10, 2);
    }

    function test_InterestFee_IsNotMintedByBorrowersCalls() public {
        earn(30 days);
        vm.prank(alice);
        market.borrow(1e6, alice, alice);
        vm.prank(alice);
        market.repay(1e6, alice);
        assertEq(market.balanceOf(address(market)), 0);
        fund(bob, 0, 1);
        vm.prank(bob);
        market.deposit(1, bob);
        assertGt(market.balanceOf(address(market)), 0);
    }

    function test_InterestFee_MintsNothingWhenNothingIsDue() public {
        vm.recordLogs();
        lend(bob, 1e6);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        bytes32 toMarket = bytes32(uint256(uint160(address(market))));
        for (uint256 i = 0; i < logs.length; ++i) {
            bool isOfShares = logs[i].emitter == address(market) && logs[i].topics[0] == IERC20.Transfer.selector;
            assertFalse(isOfShares && logs[i].topics[2] == toMarket);
        }
    }

    function test_InterestFee_EmitsATransferToTheBuffer() public {
        earn(30 days);
        uint256 supply = market.totalSupply();
        vm.recordLogs();
        vm.prank(lender);
        market.deposit(0, lender);
        Vm.Log memory first = vm.getRecordedLogs()[1];
        assertEq(first.topics[0], IERC20.Transfer.selector);
        assertEq(first.topics[1], bytes32(0));
        assertEq(first.topics[2], bytes32(uint256(uint160(address(market)))));
        uint256 due = abi.decode(first.data, (uint256));
        assertGt(due, 0);
        assertEq(market.balanceOf(address(market)), due);
        assertEq(market.totalSupply(), supply + due);
    }

    function test_InterestFee_FullBufferTakesNone() public {
        // 5% of all shares.
        moveToBuffer(lender, (LENT * 1e6) / 20);
        uint256 buffer = market.balanceOf(address(market));
        open(alice, 10_000e18, BORROWED);
        skipTime(30 days);
        vm.prank(lender);
        market.withdraw(1, lender, lender);
        assertEq(market.balanceOf(address(market)), buffer);

        // New shares of others: the buffer no longer has 5%.
        lend(lender, 1000e6);
        assertEq(market.balanceOf(address(market)), buffer, "for the time it was full nothing is due");
        skipTime(1 days);
        vm.prank(lender);
        market.withdraw(1, lender, lender);
        assertGt(market.balanceOf(address(market)), buffer);
    }

    function testFuzz_InterestFee_NeverLowersTheSharePrice(uint256 elapsed, uint256 assets) public {
        assets = bound(assets, 1, LENT - BORROWED);
        earn(1 days);
        uint256 price = market.convertToAssets(1e30);
        skipTime(bound(elapsed, 0, 365 days));
        vm.prank(lender);
        market.withdraw(assets, lender, lender);
        assertGe(market.convertToAssets(1e30), price);
        price = market.convertToAssets(1e30);
        lend(bob, assets);
        assertGe(market.convertToAssets(1e30), price);
    }
}
