// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {MockERC20} from "../../contracts/mocks/MockERC20.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {Call, ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {Limit, MarketParams} from "../../contracts/types/MarketTypes.sol";
import {MarketTest} from "../support/MarketTest.sol";
import {MarketModel} from "./model/MarketModel.sol";
import {ModelParams} from "./model/ModelBooks.sol";
import {ModelTransaction} from "./model/ModelTransaction.sol";
import {ModelBalances} from "./model/ModelBalances.sol";
import {TestMarket, Environment} from "./Environment.sol";

/// @notice Three markets of the same two tokens: that of `MarketTest`, a more conservative one
/// without an interest fee, and one with the two tokens swapped, so that the token lent in one
/// market is collateral in the other. The loan token of the swapped market has 24 decimals, the
/// maximum, and liquidations there pay no fee.
abstract contract SharedTokens is MarketTest {
    TestMarket[] internal markets;
    ModelBalances private _balances;

    constructor() {
        collateralDecimals = 24;
    }

    /// @dev A smaller market than in the unit tests, so that caps, allowance and cash are
    /// exhausted.
    function _params() internal view virtual override returns (MarketParams memory params) {
        params = super._params();
        params.limits.debtCap = 1_500_000 * loanUnit;
        params.limits.systemLeverageCap = 45_000;
        params.limits.collateralCap = 3_000 * collateralUnit;
        // The amount that `MarketTest` lends; lowered afterwards.
        params.limits.supplyCap = 10_000_000 * loanUnit;
        params.config.bufferTarget = 0.01e18;
    }

    function _careful() private view returns (MarketParams memory params) {
        params = _params();
        (params.limits.maxLeverage, params.limits.systemLeverageCap) = (40_000, 38_000);
        (params.limits.liquidationLeverage, params.config.targetLeverage) = (43_000, 35_000);
        params.limits.debtCap = 1_000_000 * loanUnit;
        params.limits.supplyCap = 1_650_000 * loanUnit;
        (params.config.bonusMin, params.config.bonusMax) = (0.03e18, 0.1e18);
        (params.config.interestFee, params.config.liquidationFee) = (0, 0.3e18);
        params.config.bufferTarget = 0.5e18;
        params.config.dailyAllowance = 0.25e18;
        params.config.minDebt = 5_000 * loanUnit;
        params.config.raiseDelay = 3 days;
    }

    /// @dev A dollar of the collateral token is a 2,000th of a whole one, and 2,000 dollars are
    /// 2,000 whole loan tokens.
    function _swapped(MockOracle inverse) private view returns (MarketParams memory params) {
        params = _params();
        (params.loanToken, params.collateralToken, params.oracle) = (collateral, loan, address(inverse));
        params.limits.debtCap = (1_500_000 * collateralUnit) / 2_000;
        params.limits.collateralCap = 6_000_000 * loanUnit;
        params.limits.supplyCap = (1_650_000 * collateralUnit) / 2_000;
        params.config.minDebt = (100 * collateralUnit) / 2_000;
        (params.config.interestFee, params.config.liquidationFee) = (0.2e18, 0);
    }

    function _environment() internal returns (Environment memory environment) {
        _balances = new ModelBalances(loan, collateral);
        environment.balances = _balances;
        environment.modelTransaction = new ModelTransaction();
        environment.scriptedActor = new ScriptedActor();
        environment.guardian = guardian;
        environment.riskManager = riskManager;
        environment.startPrice = startPrice;
        address[4] memory actors = [lender, alice, bob, liquidator];
        environment.actors = new address[](actors.length);
        for (uint256 i = 0; i < actors.length; ++i) environment.actors[i] = actors[i];

        MockOracle inverse = new MockOracle(1e72 / startPrice);
        address swapper = deployCode("OracleSwapper.sol:OracleSwapper", abi.encode(loan, collateral, oracle));
        _addMarket(_params(), address(market), swapper, loanUnit, collateralUnit);
        _modelSetUp(markets[0].model);
        _addMarket(_careful(), address(createMarket(_careful(), "careful")), swapper, loanUnit, collateralUnit);
        swapper = deployCode("OracleSwapper.sol:OracleSwapper", abi.encode(collateral, loan, inverse));
        address swapped = address(createMarket(_swapped(inverse), "swapped"));
        _addMarket(_swapped(inverse), swapped, swapper, collateralUnit / 2_000, 2_000 * loanUnit);
        for (uint256 i = 0; i < 3; ++i) _prepare(i, environment);
        environment.markets = markets;
        _balances.follow(environment.actors);
        _balances.follow(_contracts(address(environment.scriptedActor)));
    }

    function _addMarket(
        MarketParams memory params,
        address created,
        address swapper,
        uint256 loanUnit_,
        uint256 collateralUnit_
    ) private {
        ModelParams memory modelParams = ModelParams({
            market: created,
            loan: params.loanToken,
            collateral: params.collateralToken,
            oracle: params.oracle,
            guardian: guardian,
            riskManager: riskManager,
            limits: params.limits,
            config: params.config
        });
        TestMarket storage added = markets.push();
        added.market = ILeverageMarket(created);
        added.model = new MarketModel(modelParams, _balances);
        added.loan = MockERC20(address(params.loanToken));
        added.collateral = MockERC20(address(params.collateralToken));
        added.oracle = MockOracle(params.oracle);
        added.swapper = swapper;
        added.loanUnit = loanUnit_;
        added.collateralUnit = collateralUnit_;
        added.isSwapped = address(params.loanToken) != address(loan);
        added.config = params.config;
    }

    /// @dev Repeats the set-up of `MarketTest` on the model, and withdraws nearly all of it again.
    function _modelSetUp(MarketModel model) private {
        _balances.mint(loan, lender, 10_000_000 * loanUnit);
        model.predict(lender, abi.encodeCall(market.deposit, (10_000_000 * loanUnit, lender)));
        bytes memory withdrawal = abi.encodeCall(market.withdraw, (9_900_000 * loanUnit, lender, lender));
        model.predict(lender, withdrawal);
        vm.prank(lender);
        market.withdraw(9_900_000 * loanUnit, lender, lender);
        model.predict(guardian, abi.encodeCall(market.lowerLimit, (Limit.SupplyCap, 1_650_000 * loanUnit)));
        vm.prank(guardian);
        market.lowerLimit(Limit.SupplyCap, 1_650_000 * loanUnit);
    }

    /// @dev Gives roles, and infinite allowances to all accounts.
    function _prepare(uint256 which, Environment memory environment) private {
        market = markets[which].market;
        if (which != 0) _grantRoles(market);
        for (uint256 i = 0; i < environment.actors.length; ++i) fund(environment.actors[i], 0, 0);
        fund(markets[which].swapper, 1e30, 1e30);
        Call[] memory approvals = new Call[](2);
        bytes memory approval = abi.encodeCall(loan.approve, (address(market), type(uint256).max));
        approvals[0] = Call(address(loan), approval, true);
        approvals[1] = Call(address(collateral), approval, true);
        environment.scriptedActor.execute(approvals);
        market = markets[0].market;
    }

    function _contracts(address scriptedActor) private view returns (address[] memory all) {
        all = new address[](6);
        (all[0], all[1], all[2]) = (scriptedActor, markets[0].swapper, markets[2].swapper);
        for (uint256 i = 0; i < 3; ++i) all[3 + i] = address(markets[i].market);
    }
}
