// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {MarketTest} from "./MarketTest.sol";

/// @notice Shared by the suites about the lenders' side.
abstract contract LenderVaultTest is MarketTest {
    uint256 internal constant LENT = 10_000_000e6;
    uint256 internal constant BORROWED = 3_500_000e6;

    function newMarket(bytes32 salt) internal returns (ILeverageMarket) {
        return createMarket(_params(), salt);
    }

    function deposit(ILeverageMarket target, address account, uint256 assets) internal returns (uint256) {
        loan.mint(account, assets);
        vm.startPrank(account);
        loan.approve(address(target), assets);
        uint256 shares = target.deposit(assets, account);
        vm.stopPrank();
        return shares;
    }

    /// @dev Lets interest accumulate, so that a fee becomes due.
    function earn(uint256 elapsed) internal {
        open(alice, 10_000e18, BORROWED);
        skipTime(bound(elapsed, 0, 3 * 365 days));
    }

    /// @dev Lends most of the cash until the index has reached its greatest value.
    function saturate() internal {
        open(alice, 100_000e18, 4_000_000e6);
        vm.prank(lender);
        market.withdraw(6_000_000e6, lender, lender);
        skipTime(100 * 365 days);
    }
}
