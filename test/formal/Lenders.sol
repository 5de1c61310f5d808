// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {SharesMath} from "../../contracts/libraries/SharesMath.sol";
import {SolvencyBuffer} from "../../contracts/libraries/SolvencyBuffer.sol";
import {Buffer} from "../../contracts/types/MarketBooks.sol";

contract FullBufferDoesNotOverflow {
    function claim(uint256 held, uint256 supply, uint256 target) external pure {
        require(held <= supply && supply < 2 ** 128 && target <= 1e18);
        assert(SolvencyBuffer.isFull(held, supply, target) == (held != 0 && held * 1e18 >= supply * target));
    }
}

/// @dev The product has at most 256 bits: all that the books hold, except with absurd interest.
contract SharesOfAssetsRoundDown {
    function claim(uint256 assets, uint256 supply, uint256 total) external pure {
        require(assets < 2 ** 127 && supply < 2 ** 127 && total < 2 ** 127);
        uint256 down = SharesMath.toShares(assets, supply, total, Math.Rounding.Floor);
        assert(down * (total + 1) <= assets * (supply + 1e6));
    }
}

/// @dev As above. In three claims: the checker found no answer for their assertions together.
contract SharesOfAssetsRoundUp {
    function claim(uint256 assets, uint256 supply, uint256 total) external pure {
        require(assets < 2 ** 127 && supply < 2 ** 127 && total < 2 ** 127);
        uint256 up = SharesMath.toShares(assets, supply, total, Math.Rounding.Ceil);
        assert(up * (total + 1) >= assets * (supply + 1e6));
    }
}

/// @dev As above.
contract SharesOfAssetsRoundByLessThanOne {
    function claim(uint256 assets, uint256 supply, uint256 total) external pure {
        require(assets < 2 ** 127 && supply < 2 ** 127 && total < 2 ** 127);
        uint256 down = SharesMath.toShares(assets, supply, total, Math.Rounding.Floor);
        uint256 up = SharesMath.toShares(assets, supply, total, Math.Rounding.Ceil);
        assert(up <= down + 1);
    }
}

/// @dev A deposit that is withdrawn again at the same price returns no more than was deposited.
contract RoundTripsGainNothing {
    function claim(uint256 assets, uint256 supply, uint256 total) external pure {
        require(assets < 2 ** 60 && supply < 2 ** 60 && total < 2 ** 60);
        uint256 shares = SharesMath.toShares(assets, supply, total, Math.Rounding.Floor);
        assert(SharesMath.toAssets(shares, supply, total, Math.Rounding.Floor) <= assets);
    }
}

/// @dev A deposit lowers no share's worth: (T + a + 1) / (S + s + 10^6) >= (T + 1) / (S + 10^6).
contract DepositLowersNoSharePrice {
    function claim(uint256 assets, uint256 supply, uint256 total) external pure {
        require(assets < 2 ** 120 && supply < 2 ** 120 && total < 2 ** 120);
        uint256 shares = SharesMath.toShares(assets, supply, total, Math.Rounding.Floor);
        assert((total + assets + 1) * (supply + 1e6) >= (total + 1) * (supply + shares + 1e6));
    }
}

contract WithdrawalLowersNoSharePrice {
    function claim(uint256 shares, uint256 supply, uint256 total) external pure {
        require(shares <= supply && supply < 2 ** 120 && total < 2 ** 120);
        uint256 assets = SharesMath.toAssets(shares, supply, total, Math.Rounding.Floor);
        require(assets <= total);
        assert((total - assets + 1) * (supply + 1e6) >= (total + 1) * (supply - shares + 1e6));
    }
}

contract DueFeesLemmaHalf {
    function claim(uint256 growth, uint256 rate) external pure {
        require(growth < 2 ** 128 && rate <= 0.5e18);
        assert(growth * rate <= growth * 0.5e18);
    }
}

/// @dev The lemma is assumed. Total assets of more than 128 bits are cut to 128 bits.
contract DueFeesFitTheAssets {
    function claim(uint112 pending, uint128 last, uint128 total, uint256 rate, uint16 fraction) external pure {
        require(pending <= total && rate <= 0.5e18);
        if (total > uint256(last) + pending) {
            uint256 growth = total - last - pending;
            require(growth * rate <= growth * 0.5e18);
        }
        (uint256 fee, uint256 left) = SolvencyBuffer.dueFees(Buffer(0, pending, fraction), last, total, rate);
        assert(fee <= total);
        assert(left < 2 ** 16);
    }
}

/// @dev The due shares are at most those of a deposit of the fees, to which
/// `DepositLowersNoSharePrice` applies.
contract DueSharesFitTheBooks {
    function claim(uint128 held, uint112 pending, uint256 supply, uint256 total, uint16 fraction) external pure {
        require(held <= supply && supply < 2 ** 127 && pending <= total && total < 2 ** 127);
        Buffer memory buffer = Buffer(held, pending, fraction);
        (uint256 due, ) = SolvencyBuffer.dueShares(buffer, supply, 0, total, 0, 0.05e18);
        assert(supply + due < 2 ** 128);
    }
}
