// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LimitRules} from "../../contracts/libraries/LimitRules.sol";
import {Limit} from "../../contracts/types/MarketTypes.sol";

contract GapPutsTheLowerLimitBelow {
    function claim(uint256 lower, uint256 upper, uint256 gap) external pure {
        require(lower >= 10_000 && lower < 2 ** 24 && upper < 2 ** 24 && gap > 0 && gap < 1e18);
        if (LimitRules.keepsGap(lower, upper, gap)) assert(lower < upper);
    }
}

contract RaisingTheUpperLimitKeepsTheGap {
    function claim(uint256 lower, uint256 upper, uint256 gap) external pure {
        require(lower >= 10_000 && lower < 2 ** 24 && upper < 2 ** 24 - 1 && gap < 1e18);
        if (LimitRules.keepsGap(lower, upper, gap)) assert(LimitRules.keepsGap(lower, upper + 1, gap));
    }
}

contract PayableLeavesEquity {
    function claim(uint256 limit, uint256 least, uint256 most, uint256 margin, uint256 debt) external pure {
        require(limit >= 10_000 && limit < 2 ** 24 && least <= most && most <= 1e18 && margin <= 1e18);
        require(debt > 0 && debt < 2 ** 149);
        if (LimitRules.isPayable(limit, least, most, margin)) {
            assert((1e18 + most) * debt * (limit - 10_000) < debt * limit * 1e18);
        }
    }
}

contract RangeFitsStorage {
    function claim(uint256 value) external pure {
        if (LimitRules.isInRange(Limit.MaxLeverage, value)) assert(value >= 10_000 && value < 2 ** 24);
        if (LimitRules.isInRange(Limit.DebtCap, value)) assert(value < 2 ** 104);
        if (LimitRules.isInRange(Limit.CollateralCap, value)) assert(value < 2 ** 128);
        if (LimitRules.isInRange(Limit.SupplyCap, value)) assert(value < 2 ** 128);
    }
}
