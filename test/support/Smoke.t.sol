// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;
import {MarketTest} from "./MarketTest.sol";
contract SmokeTest is MarketTest {
    function test_Flow() public {
        open(alice, 10e18, 10_000e6);
        skipTime(1 days);
        vm.assertEq(market.debtOf(alice) > 10_000e6, true);
        oracle.setPrice(priceOf(1100));
        fund(liquidator, 0, 100_000e6);
        liquidateOne(alice, type(uint256).max);
        uint256 lev = leverageAt(alice, priceOf(1100));
        vm.assertApproxEqAbs(lev, 45_000, 2);
        fund(alice, 0, 10_000e6);
        vm.startPrank(alice);
        market.repay(type(uint256).max, alice);
        market.withdrawCollateral(type(uint256).max, alice, alice);
        vm.stopPrank();
        vm.prank(lender);
        market.withdraw(1_000e6, lender, lender);
    }
}
