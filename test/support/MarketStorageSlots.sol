// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {Vm, VM_ADDRESS} from "../utils/Vm.sol";

/// @notice Stored values of a market that no view returns. Each slot is shared with a number that a
/// view returns; every read checks that number, so that a changed layout is noticed.
library MarketStorageSlots {
    Vm private constant vm = Vm(VM_ADDRESS);

    /// @dev `LenderSide`: total shares in the lower half, last total assets in the upper.
    uint256 private constant LENDERS = 25;
    /// @dev `Buffer`: its shares in the lower half, then pending fees of 112 bits and the fraction
    /// of a fee.
    uint256 private constant BUFFER = 26;

    /// @notice Total assets when the interest fee was last taken.
    function lastTotalAssets(ILeverageMarket market) internal view returns (uint256) {
        return _upperHalf(market, LENDERS, market.totalSupply(), "MarketStorageSlots: LENDERS is another slot now");
    }

    /// @notice Fees of liquidations that are not shares of the buffer yet.
    function pendingFees(ILeverageMarket market) internal view returns (uint256) {
        return uint112(_buffer(market));
    }

    /// @notice The part of the interest fee due that is less than a unit, in 2^-16 loan token
    /// units.
    function feeFraction(ILeverageMarket market) internal view returns (uint256) {
        return _buffer(market) >> 112;
    }

    function _buffer(ILeverageMarket market) private view returns (uint256) {
        uint256 shares = market.balanceOf(address(market));
        return _upperHalf(market, BUFFER, shares, "MarketStorageSlots: BUFFER is another slot now");
    }

    function _upperHalf(
        ILeverageMarket market,
        uint256 slot,
        uint256 lowerHalf,
        string memory otherwise
    ) private view returns (uint256) {
        uint256 word = uint256(vm.load(address(market), bytes32(slot)));
        vm.assertEq(uint256(uint128(word)), lowerHalf, otherwise);
        return word >> 128;
    }
}
