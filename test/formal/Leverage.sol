// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LeverageMath} from "../../contracts/libraries/LeverageMath.sol";

// Each contract is one claim: the compiler's model checker proves its assertions, and that nothing
// in `claim` overflows or divides by zero. The libraries' own arithmetic is unchecked: a claim that
// it doesn't overflow repeats it with checked arithmetic.

contract OpeningCheckDoesNotOverflow {
    function claim(uint256 debt, uint256 value, uint256 leverage) external pure {
        require(debt < 2 ** 165 && value < 2 ** 201 && leverage >= 10_000 && leverage < 2 ** 24);
        bool exact = debt * leverage <= value * (leverage - 10_000);
        assert(LeverageMath.isWithin(debt, value, leverage) == exact);
    }
}

/// @dev L = C / (C - D) <= leverage, without division: C * 10^4 <= leverage * (C - D). Concerns the
/// check in exact numbers; the claim before shows that the library's check is the same.
contract OpeningCheckIsTheDefinition {
    function claim(uint256 debt, uint256 value, uint256 leverage) external pure {
        require(value < 2 ** 201 && leverage >= 10_000 && leverage < 2 ** 24);
        require(debt < value);
        uint256 weighted = value * leverage;
        uint256 owed = debt * leverage;
        bool isWithin = owed <= weighted - value * 10_000;
        assert(isWithin == (value * 10_000 <= weighted - owed));
    }
}

/// @dev In exact numbers, too.
contract NoEquityIsNeverWithin {
    function claim(uint256 debt, uint256 value, uint256 leverage) external pure {
        require(debt < 2 ** 165 && leverage >= 10_000 && leverage < 2 ** 24);
        require(debt >= value && debt > 0);
        uint256 owed = debt * leverage;
        assert(owed >= value * leverage);
        assert(owed > 0);
        assert(owed > value * leverage - value * 10_000);
    }
}

contract DebtDoesNotOverflow {
    function claim(uint256 shares, uint256 index) external pure {
        require(shares < 2 ** 128 && index >= 1e18 && index < 2 ** 96);
        assert(LeverageMath.debtDown(shares, index) == (shares * index) / 1e18);
        assert(LeverageMath.debtUp(shares, index) == (shares * index + 1e18 - 1) / 1e18);
    }
}

contract DebtRoundsAsItSays {
    function claim(uint256 shares, uint256 index) external pure {
        require(shares < 2 ** 128 && index >= 1e18 && index < 2 ** 96);
        uint256 down = LeverageMath.debtDown(shares, index);
        uint256 up = LeverageMath.debtUp(shares, index);
        assert(down * 1e18 <= shares * index);
        assert(up * 1e18 >= shares * index);
        assert(up <= down + 1);
    }
}

contract SharesDoNotOverflow {
    function claim(uint256 debt, uint256 index) external pure {
        require(debt < 2 ** 165 && index >= 1e18 && index < 2 ** 96);
        assert(LeverageMath.sharesDown(debt, index) == (debt * 1e18) / index);
        assert(LeverageMath.sharesUp(debt, index) == (debt * 1e18 + index - 1) / index);
    }
}

contract SharesRoundAsTheySay {
    function claim(uint256 debt, uint256 index) external pure {
        require(debt < 2 ** 150 && index >= 1e18 && index < 2 ** 96);
        uint256 down = LeverageMath.sharesDown(debt, index);
        uint256 up = LeverageMath.sharesUp(debt, index);
        assert(down * index <= debt * 1e18);
        assert(up * index >= debt * 1e18);
        assert(up <= down + 1);
    }
}

/// @dev A liquidation reduces a debt by at most its payment, and burning shares never costs more
/// than requested.
contract SharesForDebtAreWorthAtMostTheDebt {
    function claim(uint256 debt, uint256 index) external pure {
        require(debt < 2 ** 150 && index >= 1e18 && index < 2 ** 96);
        uint256 shares = LeverageMath.sharesDown(debt, index);
        require(shares < 2 ** 128);
        assert(LeverageMath.debtDown(shares, index) <= debt);
        assert(LeverageMath.debtUp(shares, index) <= debt);
    }
}
