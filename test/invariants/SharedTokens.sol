// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {IPriceOracle} from "../../contracts/interfaces/IPriceOracle.sol";
import {MockERC20} from "../../contracts/mocks/MockERC20.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {Call, ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {MarketParams} from "../../contracts/types/MarketTypes.sol";
import {MarketTest} from "../support/MarketTest.sol";
import {Ghost} from "./ghost/Ghost.sol";
import {Subject} from "./ghost/GhostBooks.sol";
import {Replay} from "./ghost/Replay.sol";
import {Wallets} from "./ghost/Wallets.sol";
import {Venue, World} from "./World.sol";

/// @notice Three markets of the same two tokens: that of `MarketTest`, a more careful one, and one in which the two tokens have
/// changed places, so that what one lends the other takes as collateral.
abstract contract SharedTokens is MarketTest {
    Venue[] internal venues;
    Wallets private _wallets;

    /// @dev A smaller market than that of the unit tests, so that caps, allowance and cash run out.
    function _params() internal view virtual override returns (MarketParams memory params) {
        params = super._params();
        params.limits.debtCap = 1_500_000 * loanUnit;
        params.limits.systemLeverageCap = 45_000;
        params.limits.collateralCap = 3_000 * collateralUnit;
        params.config.bufferTarget = 0.01e18;
    }

    function _careful() private view returns (MarketParams memory params) {
        params = _params();
        (params.limits.maxLeverage, params.limits.systemLeverageCap) = (40_000, 38_000);
        (params.limits.liquidationLeverage, params.config.targetLeverage) = (43_000, 35_000);
        params.limits.debtCap = 1_000_000 * loanUnit;
        (params.config.bonusMin, params.config.bonusMax) = (0.03e18, 0.1e18);
        (params.config.interestFee, params.config.liquidationFee) = (0.2e18, 0);
        params.config.bufferTarget = 0.5e18;
        params.config.dailyAllowance = 0.25e18;
        params.config.minDebt = 5_000 * loanUnit;
        params.config.raiseDelay = 3 days;
    }

    /// @dev A dollar of collateral token is a 2,000th of a whole one, and 2,000 dollars are as many whole loan tokens.
    function _swapped(MockOracle inverse) private view returns (MarketParams memory params) {
        params = _params();
        (params.loanToken, params.collateralToken, params.oracle) = (collateral, loan, address(inverse));
        params.limits.debtCap = (1_500_000 * collateralUnit) / 2_000;
        params.limits.collateralCap = 6_000_000 * loanUnit;
        params.config.minDebt = (100 * collateralUnit) / 2_000;
    }

    function _world() internal returns (World memory world) {
        world.actors = new address[](4);
        (world.actors[0], world.actors[1]) = (lender, alice);
        (world.actors[2], world.actors[3]) = (bob, liquidator);
        (world.guardian, world.riskManager) = (guardian, riskManager);
        (world.scriptedActor, world.replay, world.startPrice) = (new ScriptedActor(), new Replay(), startPrice);
        _wallets = new Wallets(loan, collateral);
        world.wallets = _wallets;
        MockOracle inverse = new MockOracle(1e72 / startPrice);
        address swapper = deployCode("OracleSwapper.sol:OracleSwapper", abi.encode(loan, collateral, oracle));
        _addVenue(_params(), address(market), swapper, loanUnit, collateralUnit);
        _retellSetUp(venues[0].ghost);
        _addVenue(_careful(), address(createMarket(_careful(), "careful")), swapper, loanUnit, collateralUnit);
        swapper = deployCode("OracleSwapper.sol:OracleSwapper", abi.encode(collateral, loan, inverse));
        address swapped = address(createMarket(_swapped(inverse), "swapped"));
        _addVenue(_swapped(inverse), swapped, swapper, collateralUnit / 2_000, 2_000 * loanUnit);
        for (uint256 i = 0; i < 3; ++i) _prepare(i, world);
        world.venues = venues;
        _wallets.follow(world.actors);
        _wallets.follow(_contracts(address(world.scriptedActor)));
    }

    function _addVenue(
        MarketParams memory params,
        address created,
        address swapper,
        uint256 loanUnit_,
        uint256 collateralUnit_
    ) private {
        Subject memory subject;
        subject.market = created;
        (subject.loan, subject.collateral, subject.oracle) = (
            params.loanToken,
            params.collateralToken,
            IPriceOracle(params.oracle)
        );
        (subject.guardian, subject.riskManager) = (guardian, riskManager);
        subject.limits = abi.decode(abi.encode(params.limits), (uint256[5]));
        subject.config = abi.decode(abi.encode(params.config), (uint256[12]));
        Venue storage venue = venues.push();
        (venue.market, venue.ghost) = (ILeverageMarket(created), new Ghost(subject, _wallets));
        venue.loan = MockERC20(address(params.loanToken));
        venue.collateral = MockERC20(address(params.collateralToken));
        (venue.oracle, venue.swapper) = (MockOracle(params.oracle), swapper);
        (venue.loanUnit, venue.collateralUnit) = (loanUnit_, collateralUnit_);
        venue.isSwapped = address(params.loanToken) != address(loan);
        venue.config = subject.config;
    }

    /// @dev What `MarketTest` has done; and nearly all of it goes again.
    function _retellSetUp(Ghost ghost) private {
        _wallets.mint(loan, lender, 10_000_000 * loanUnit);
        ghost.on(lender, abi.encodeCall(market.deposit, (10_000_000 * loanUnit, lender)));
        bytes memory withdrawal = abi.encodeCall(market.withdraw, (9_900_000 * loanUnit, lender, lender));
        ghost.on(lender, withdrawal);
        vm.prank(lender);
        market.withdraw(9_900_000 * loanUnit, lender, lender);
    }

    /// @dev Roles, and infinite allowances for everybody.
    function _prepare(uint256 which, World memory world) private {
        market = venues[which].market;
        if (which != 0) _grantRoles(market);
        for (uint256 i = 0; i < world.actors.length; ++i) fund(world.actors[i], 0, 0);
        fund(venues[which].swapper, 1e30, 1e30);
        Call[] memory approvals = new Call[](2);
        bytes memory approval = abi.encodeCall(loan.approve, (address(market), type(uint256).max));
        approvals[0] = Call(address(loan), approval, true);
        approvals[1] = Call(address(collateral), approval, true);
        world.scriptedActor.execute(approvals);
        market = venues[0].market;
    }

    function _contracts(address scriptedActor) private view returns (address[] memory all) {
        all = new address[](6);
        (all[0], all[1], all[2]) = (scriptedActor, venues[0].swapper, venues[2].swapper);
        for (uint256 i = 0; i < 3; ++i) all[3 + i] = address(venues[i].market);
    }
}
