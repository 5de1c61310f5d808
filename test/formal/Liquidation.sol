// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LiquidationMath} from "../../contracts/libraries/LiquidationMath.sol";

contract DustIsNeverLeft {
    function claim(uint256 wanted, uint256 affordable, uint256 debt, uint256 minDebt) external pure {
        require(wanted <= debt);
        uint256 repaid = LiquidationMath.withoutDust(wanted, affordable, debt, minDebt);
        assert(repaid <= affordable);
        assert(repaid <= debt);
        assert(repaid == 0 || repaid == debt || debt - repaid >= minDebt);
    }
}

contract RepaymentDoesNotOverflow {
    function claim(uint256 debt, uint256 value, uint256 target, uint256 bonus) external pure {
        require(debt < 2 ** 149 && value < 2 ** 150 && target > 10_000 && target < 2 ** 24 && bonus <= 1e18);
        require(target * 1e18 > (1e18 + bonus) * (target - 10_000));
        require(target * debt >= (target - 10_000) * value);
        uint256 excess = target * debt - (target - 10_000) * value;
        uint256 perUnit = target * 1e18 - (1e18 + bonus) * (target - 10_000);
        uint256 repaid = (excess * 1e18 + perUnit - 1) / perUnit;
        assert(LiquidationMath.repaymentToTarget(debt, value, target, bonus) == repaid);
    }
}

contract RepaymentNeverExceedsDebt {
    function claim(uint256 debt, uint256 value, uint256 target, uint256 bonus) external pure {
        require(debt < 2 ** 149 && value < 2 ** 150 && target > 10_000 && target < 2 ** 24 && bonus <= 1e18);
        require(target * 1e18 > (1e18 + bonus) * (target - 10_000));
        require(target * debt >= (target - 10_000) * value);
        require(value * 1e18 >= (1e18 + bonus) * debt);
        assert(LiquidationMath.repaymentToTarget(debt, value, target, bonus) <= debt);
    }
}

/// @dev The multiplication step of `R <= D`: `excess * WAD <= debt * perUnit` where
/// `C >= (1 + b) * D`.
contract RepaymentLemmaExcess {
    function claim(uint256 debt, uint256 value, uint256 target, uint256 bonus) external pure {
        require(debt < 2 ** 149 && value < 2 ** 150 && target > 10_000 && target < 2 ** 24 && bonus <= 1e18);
        require(target * 1e18 > (1e18 + bonus) * (target - 10_000));
        require(target * debt >= (target - 10_000) * value);
        require(value * 1e18 >= (1e18 + bonus) * debt);
        uint256 excess = target * debt - (target - 10_000) * value;
        uint256 perUnit = target * 1e18 - (1e18 + bonus) * (target - 10_000);
        assert(excess * 1e18 <= debt * perUnit);
    }
}

/// @dev The division step: an amount of at most `debt` units is at most `debt` after rounding up.
contract RepaymentLemmaRounding {
    function claim(uint256 excess, uint256 perUnit, uint256 debt) external pure {
        require(excess < 2 ** 175 && debt < 2 ** 149 && perUnit > 0 && perUnit < 2 ** 84);
        require(excess * 1e18 <= debt * perUnit);
        assert((excess * 1e18 + perUnit - 1) / perUnit <= debt);
    }
}

contract BonusIsWithinItsBounds {
    function claim(
        uint256 debt,
        uint256 value,
        uint256 limit,
        uint256 least,
        uint256 most,
        uint256 slope
    ) external pure {
        require(debt > 0 && debt < 2 ** 149 && value >= debt && value < 2 ** 150 && limit > 10_000 && limit < 2 ** 24);
        require(least <= most && most <= 1e18 && slope <= 1e18);
        require(debt * limit > value * (limit - 10_000));
        uint256 bonus = LiquidationMath.bonus(debt, value, limit, least, most, slope);
        assert(bonus >= least);
        assert(bonus <= most);
    }
}

// A liquidation never raises LTV: burning `s` of `S` shares for `k` of `c` collateral leaves
// `k * S <= s * c`. Three steps over whole numbers; `w` is WAD, `n` is WAD plus the bonus, `i` the
// index, `p` the price, `q` its scale.

/// @dev Value seized `v = floor(n * e / w)` of the effective repayment `e = floor(s * i / w)`.
contract LtvLemmaSeizedPerShare {
    function claim(uint256 s, uint256 i, uint256 n, uint256 w) external pure {
        require(s < 2 ** 60 && i < 2 ** 60 && n < 2 ** 60 && w > 0 && w < 2 ** 60);
        uint256 e = (s * i) / w;
        uint256 v = (n * e) / w;
        assert(v * w * w <= n * s * i);
    }
}

/// @dev The position's value covers its debt, rounded up, with the bonus.
contract LtvLemmaHeldPerShare {
    function claim(uint256 total, uint256 i, uint256 n, uint256 w, uint256 value) external pure {
        require(total < 2 ** 60 && i < 2 ** 60 && n < 2 ** 60 && w > 0 && w < 2 ** 60 && value < 2 ** 120);
        uint256 debt = (total * i + w - 1) / w;
        require(value * w >= n * debt);
        assert(value * w * w >= n * total * i);
    }
}

/// @dev With both: the value seized per share is at most the value held per share.
contract LtvLemmaValues {
    function claim(uint256 s, uint256 total, uint256 v, uint256 value, uint256 perShare, uint256 square) external pure {
        require(s < 2 ** 40 && total < 2 ** 40 && v < 2 ** 80 && value < 2 ** 80);
        require(square > 0 && square < 2 ** 120 && perShare < 2 ** 120);
        require(v * square <= perShare * s);
        require(value * square >= perShare * total);
        assert(v * total <= s * value);
    }
}

/// @dev The same for the collateral: `k` is `v` at the price, rounded down; `value` is the value of
/// `c`, rounded down.
contract LtvLemmaCollateral {
    function claim(uint256 s, uint256 total, uint256 v, uint256 value, uint256 c, uint256 p, uint256 q) external pure {
        require(s < 2 ** 60 && total < 2 ** 60 && v < 2 ** 60 && value < 2 ** 60 && c < 2 ** 60);
        require(p > 0 && p < 2 ** 60 && q > 0 && q < 2 ** 60);
        require(v * total <= s * value);
        uint256 k = (v * q) / p;
        require(value * q <= c * p);
        assert(k * total <= s * c);
    }
}

/// @dev The insolvent case, in one step and at full width.
contract LtvNotRaisedProRata {
    function claim(uint256 s, uint256 total, uint256 c) external pure {
        require(total > 0 && total < 2 ** 128 && s <= total && c < 2 ** 128);
        uint256 k = (c * s) / total;
        assert(k * total <= s * c);
        assert(k <= c);
    }
}
