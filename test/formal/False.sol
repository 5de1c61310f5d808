// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LeverageMath} from "../../contracts/libraries/LeverageMath.sol";

// Claims that are false, or that hold only because no input satisfies their requirements: a checker
// that accepts them proves nothing.

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

contract FalseClaimOfNoInput {
    function claim(uint256 debt, uint256 value) external pure {
        require(debt < value && value < debt);
        assert(LeverageMath.isWithin(debt, value, 50_000));
    }
}
