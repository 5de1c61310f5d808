// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {GuardRules, GuardState, Reading} from "../../contracts/libraries/GuardRules.sol";
import {LeverageMath} from "../../contracts/libraries/LeverageMath.sol";

contract AgreementHasNoOrder {
    function claim(uint256 a, uint256 b, uint256 bound) external pure {
        require(a <= LeverageMath.MAX_PRICE && b <= LeverageMath.MAX_PRICE && bound <= 1e18);
        assert(GuardRules.agree(a, b, bound) == GuardRules.agree(b, a, bound));
    }
}

/// @dev The theorem of the guard: of whatever state, whatever the secondary says, at whatever time.
contract GuardIsNeverBelowALivePrimary {
    function claim(
        GuardState memory state,
        Reading memory primary,
        Reading memory secondary,
        uint256 deadFor,
        uint256 grace
    ) external pure {
        require(grace > 0 && grace <= 8 hours && state.disagreement <= 2 * grace);
        require(primary.liquidation > 0 && primary.liquidation <= LeverageMath.MAX_PRICE);
        require(secondary.liquidation <= LeverageMath.MAX_PRICE);
        require(state.seen & GuardRules.PRIMARY_DEAD == 0);
        (, uint256 liquidation) = GuardRules.prices(state, primary, secondary, deadFor, grace);
        assert(liquidation >= primary.liquidation);
        assert(liquidation <= primary.liquidation || liquidation <= secondary.liquidation);
    }
}

contract GuardOpensAboveNeitherSourceNorCeiling {
    function claim(
        GuardState memory state,
        Reading memory primary,
        Reading memory secondary,
        uint256 deadFor,
        uint256 grace
    ) external pure {
        require(grace > 0 && grace <= 8 hours && state.disagreement <= 2 * grace);
        require(primary.liquidation <= LeverageMath.MAX_PRICE && secondary.liquidation <= LeverageMath.MAX_PRICE);
        (uint256 open, ) = GuardRules.prices(state, primary, secondary, deadFor, grace);
        assert(open <= state.ceiling);
        assert(open == 0 || (open <= primary.open && open <= secondary.open));
        assert(open == 0 || state.seen == 0);
    }
}

contract GuardRefusesNobodysWordForAPrice {
    function claim(uint256 primary, uint256 secondary, uint256 bound) external pure {
        require(primary <= LeverageMath.MAX_PRICE && secondary <= LeverageMath.MAX_PRICE && bound <= 1e18);
        uint8 seen = GuardRules.look(Reading(0, primary), Reading(0, secondary), bound);
        assert((seen & GuardRules.PRIMARY_DEAD != 0) == (primary == 0));
        assert((seen & GuardRules.SECONDARY_DEAD != 0) == (secondary == 0));
        assert(seen != 0 || GuardRules.agree(primary, secondary, bound));
    }
}

/// @dev For ceilings of 180 bits; of more, the product of the rise passes 256.
contract CeilingRisesByAtMostTheSlewInAPoke {
    function claim(uint256 ceiling, uint256 slew, uint256 span) external pure {
        require(ceiling < 2 ** 180 && slew <= 1e18 && span < 2 ** 40);
        uint256 risen = GuardRules.riseDown(ceiling, slew, span);
        assert(risen >= ceiling);
        assert((risen - ceiling) * 1e18 <= ceiling * slew);
    }
}

contract DisagreementCountsNoMoreThanTheSpan {
    function claim(uint256 counted, bool sameAtBothEnds, uint256 span) external pure {
        require(counted <= 16 hours && span < 2 ** 40);
        uint256 next = GuardRules.count(counted, sameAtBothEnds, span);
        assert(next <= counted + span);
        if (!sameAtBothEnds || span > GuardRules.MAX_SPAN) assert(next == 0 || next + span == counted);
    }
}

contract DeathCountsFromTheFirstPokeOfARow {
    function claim(uint256 deadFor, uint8 before, uint8 seen, uint8 flag, uint256 span) external pure {
        require(deadFor < 2 ** 40 && span < 2 ** 40);
        uint256 counted = GuardRules.countDeath(deadFor, before, seen, flag, span);
        assert(counted == 0 || (counted == deadFor + span && span <= GuardRules.MAX_SPAN));
        if (seen & flag == 0) assert(counted == 0);
    }
}
