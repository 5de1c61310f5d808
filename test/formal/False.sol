// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LeverageMath} from "../../contracts/libraries/LeverageMath.sol";

// Claims that do not hold: a checker that doesn't refute them proves nothing.

contract FalseClaimEveryPositionIsWithin {
    function claim(uint256 debt, uint256 value) external pure {
        require(debt < value && value < 2 ** 100);
        assert(LeverageMath.isWithin(debt, value, 50_000));
    }
}

contract FalseClaimNoDebtIsTooLarge {
    function claim(uint256 debt, uint256 value) external pure {
        require(value < 2 ** 100);
        assert(LeverageMath.isWithin(debt, value, 50_000) == (debt * 50_000 <= value * 40_000));
    }
}
