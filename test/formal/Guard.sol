// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LeverageMath} from "../../contracts/libraries/LeverageMath.sol";
import {GuardRules} from "../../contracts/oracles/libraries/GuardRules.sol";
import {GuardState, Reading} from "../../contracts/types/OracleTypes.sol";

contract AgreementHasNoOrder {
    function claim(uint256 a, uint256 b, uint256 maxDeviation) external pure {
        require(a <= LeverageMath.MAX_PRICE && b <= LeverageMath.MAX_PRICE && maxDeviation <= 1e18);
        assert(GuardRules.agree(a, b, maxDeviation) == GuardRules.agree(b, a, maxDeviation));
    }
}

/// @dev The theorem of the guard: for any state, any price of the secondary, at any time.
contract GuardIsNeverBelowAnAvailablePrimary {
    function claim(
        GuardState memory state,
        Reading memory primary,
        Reading memory secondary,
        uint256 unavailableFor,
        uint256 gracePeriod
    ) external pure {
        require(gracePeriod > 0 && gracePeriod <= 8 hours && state.disagreement <= 2 * gracePeriod);
        require(primary.liquidation > 0 && primary.liquidation <= LeverageMath.MAX_PRICE);
        require(secondary.liquidation <= LeverageMath.MAX_PRICE);
        require(state.seen & GuardRules.PRIMARY_UNAVAILABLE == 0);
        require(state.seen != GuardRules.PRIMARY_LOWER || primary.liquidation < secondary.liquidation);
        (, uint256 liquidation) = GuardRules.prices(state, primary, secondary, unavailableFor, gracePeriod);
        assert(liquidation >= primary.liquidation);
        assert(
            liquidation <= primary.liquidation || liquidation <= secondary.liquidation || liquidation <= state.floor
        );
    }
}

/// @dev The guarantee of the grace period: before it has passed, with both sources available, for
/// any state.
contract GuardIsNotBelowTheSecondaryBeforeTheGracePeriod {
    function claim(
        GuardState memory state,
        Reading memory primary,
        Reading memory secondary,
        uint256 maxDeviation,
        uint256 gracePeriod
    ) external pure {
        require(maxDeviation <= 0.2e18 && gracePeriod > 0 && state.disagreement <= gracePeriod);
        require(gracePeriod <= 8 hours);
        require(primary.liquidation > 0 && primary.liquidation <= LeverageMath.MAX_PRICE);
        require(secondary.liquidation > 0 && secondary.liquidation <= LeverageMath.MAX_PRICE);
        state.seen = GuardRules.look(primary, secondary, maxDeviation);
        (, uint256 liquidation) = GuardRules.prices(state, primary, secondary, 0, gracePeriod);
        assert(liquidation >= secondary.liquidation || state.seen == 0);
        assert(liquidation * 1e18 >= secondary.liquidation * (1e18 - maxDeviation));
    }
}

contract GuardOpensAboveNeitherSourceNorCeiling {
    function claim(
        GuardState memory state,
        Reading memory primary,
        Reading memory secondary,
        uint256 unavailableFor,
        uint256 gracePeriod
    ) external pure {
        require(gracePeriod > 0 && gracePeriod <= 8 hours && state.disagreement <= 2 * gracePeriod);
        require(primary.liquidation <= LeverageMath.MAX_PRICE && secondary.liquidation <= LeverageMath.MAX_PRICE);
        require(state.seen != GuardRules.PRIMARY_LOWER || primary.liquidation < secondary.liquidation);
        (uint256 open, ) = GuardRules.prices(state, primary, secondary, unavailableFor, gracePeriod);
        assert(open <= state.ceiling);
        assert(open == 0 || (open <= primary.open && open <= secondary.open));
        assert(open == 0 || state.seen == 0);
    }
}

contract GuardRefusesNobodysWordForAPrice {
    function claim(uint256 primary, uint256 secondary, uint256 maxDeviation) external pure {
        require(primary <= LeverageMath.MAX_PRICE && secondary <= LeverageMath.MAX_PRICE && maxDeviation <= 1e18);
        uint8 seen = GuardRules.look(Reading(0, primary), Reading(0, secondary), maxDeviation);
        assert((seen & GuardRules.PRIMARY_UNAVAILABLE != 0) == (primary == 0));
        assert((seen & GuardRules.SECONDARY_UNAVAILABLE != 0) == (secondary == 0));
        assert(seen != 0 || GuardRules.agree(primary, secondary, maxDeviation));
    }
}

/// @dev For ceilings of 180 bits; with more, the product of the rise exceeds 256 bits.
contract CeilingRisesByAtMostTheMaximumInAPoke {
    function claim(uint256 ceiling, uint256 maxRisePerHour, uint256 span) external pure {
        require(ceiling < 2 ** 180 && maxRisePerHour <= 1e18 && span < 2 ** 40);
        uint256 risen = GuardRules.riseDown(ceiling, maxRisePerHour, span);
        assert(risen >= ceiling);
        assert((risen - ceiling) * 1e18 <= ceiling * maxRisePerHour);
    }
}

/// @dev For floors of 180 bits, as above.
contract FloorFallsByAtMostTheMaximumBetweenTwoPokes {
    function claim(uint256 floor, uint256 maxFallPerHour, uint256 span) external pure {
        require(floor < 2 ** 180 && maxFallPerHour <= 1e18 && span <= GuardRules.MAX_SPAN);
        uint256 fallen = GuardRules.fallUp(floor, maxFallPerHour, span);
        assert(fallen <= floor);
        assert((floor - fallen) * 6 <= floor);
    }
}

contract OnlyALowerPrimaryCountsAndNoMoreThanTheSpan {
    function claim(uint256 counted, uint8 before, uint8 seen, uint256 span) external pure {
        require(counted <= 16 hours && span < 2 ** 40);
        uint256 next = GuardRules.countDisagreement(counted, before, seen, span);
        assert(next <= counted + span);
        bool isLower = before == GuardRules.PRIMARY_LOWER && seen == GuardRules.PRIMARY_LOWER;
        if (!isLower || span > GuardRules.MAX_SPAN) assert(next == 0 || next + span == counted);
    }
}

contract OutageCountsFromTheFirstPokeOfARow {
    function claim(uint256 unavailableFor, uint8 before, uint8 seen, uint8 flag, uint256 span) external pure {
        require(unavailableFor < 2 ** 40 && span < 2 ** 40);
        uint256 counted = GuardRules.countOutage(unavailableFor, before, seen, flag, span);
        assert(counted == 0 || (counted == unavailableFor + span && span <= GuardRules.MAX_SPAN));
        if (seen & flag == 0) assert(counted == 0);
    }
}
