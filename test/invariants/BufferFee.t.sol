// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MarketParams} from "../../contracts/interfaces/ILeverageMarket.sol";
import {MarketTest} from "../support/MarketTest.sol";

/// @notice The fee to the buffer stops when the buffer is full. Whether it is must not be for a borrower to decide afterwards.
contract BufferFeeTest is MarketTest {
    function _params() internal view override returns (MarketParams memory params) {
        params = super._params();
        params.config.bufferTarget = 0.00014e18;
    }

    /// @notice The fifth invariant: nothing but a loss lowers the share price.
    function test_BorrowingDoesNotLowerTheSharePrice() public {
        _fillBuffer();
        skipTime(60 days);
        uint256 sharePrice = market.convertToAssets(1e30);
        open(bob, 3_000e18, 1_900_000e6);
        assertGe(market.convertToAssets(1e30), sharePrice);
    }

    /// @dev A buffer that has just passed its share of a debt of 3.9 million, in a market of 6 million.
    function _fillBuffer() private {
        vm.prank(lender);
        market.withdraw(4_000_000e6, lender, lender);
        open(alice, 3_000e18, 3_900_000e6);
        skipTime(30 days);
        lend(bob, 1e6);
    }
}
