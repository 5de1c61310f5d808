// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {LeverageMath} from "../../contracts/libraries/LeverageMath.sol";
import {LiquidationMath} from "../../contracts/libraries/LiquidationMath.sol";
import {Call} from "../../contracts/mocks/ScriptedActor.sol";
import {Vm} from "../utils/Vm.sol";
import {HandlerBase} from "./HandlerBase.sol";

/// @notice Liquidations: batches of healthy, unhealthy, insolvent, empty and repeated accounts.
abstract contract LiquidationActions is HandlerBase {
    /// @dev A position before the call.
    struct PositionBefore {
        uint256 debtShares;
        uint256 collateral;
        bool liquidatable;
    }

    /// @dev The data of a `Liquidated` event.
    struct Liquidation {
        uint256 debtShares;
        uint256 collateral;
        uint256 payment;
        uint256 fee;
        uint256 loss;
    }

    function liquidate(uint256 who, uint256 first, uint256 budget, uint256 kind) external observed {
        address caller = _actor(who);
        (bool unlimited, bool callback) = (kind % 2 == 0, kind % 3 == 0);
        budget = unlimited ? 1e30 : bound(budget, 0, 200_000 * loanUnit);
        address[] memory batch = _batch(first);
        _fund(caller, 0, unlimited ? market.totalDebt() * 2 : budget);
        if (callback) model.setCallbackDelivery(0, 0);
        bytes memory call = abi.encodeCall(
            market.liquidate,
            (
                batch,
                budget,
                0,
                callback ? address(scriptedActor) : caller,
                callback ? abi.encode(new Call[](0)) : bytes("")
            )
        );
        _run(caller, batch, call, unlimited);
    }

    function _run(address caller, address[] memory batch, bytes memory call, bool unlimited) private {
        PositionBefore[] memory was = new PositionBefore[](batch.length);
        bool any = false;
        for (uint256 i = 0; i < batch.length; ++i) {
            (was[i].debtShares, was[i].collateral, ) = market.position(batch[i]);
            was[i].liquidatable = !_oracleBroken && _isLiquidatable(batch[i]);
            any = any || was[i].liquidatable;
        }
        vm.recordLogs();
        (bool success, bytes memory returned) = _attempt(caller, call);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        if (!success) {
            _justify(returned, PRICE | NOTHING);
            _expect(6, _oracleBroken || !any || !unlimited, "an unhealthy position could not be liquidated");
            return;
        }
        _count("liquidate");
        _checkPositions(batch, was);
        _checkLogs(logs, batch, was);
    }

    /// @dev LTVs in shares, compared crosswise: exact, without rounding.
    function _checkPositions(address[] memory batch, PositionBefore[] memory was) private {
        for (uint256 i = 0; i < batch.length; ++i) {
            (uint256 debtShares, uint256 held, ) = market.position(batch[i]);
            _expect(6, debtShares * was[i].collateral <= was[i].debtShares * held, "a liquidation raised an LTV");
            bool untouched = debtShares == was[i].debtShares && held == was[i].collateral;
            _expect(6, was[i].liquidatable || untouched, "a healthy position was touched");
        }
    }

    function _checkLogs(Vm.Log[] memory logs, address[] memory batch, PositionBefore[] memory was) private {
        _noteLoss(logs);
        bool[] memory seen = new bool[](batch.length);
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != ILeverageMarket.Liquidated.selector) continue;
            address account = address(uint160(uint256(logs[i].topics[1])));
            Liquidation memory one = abi.decode(logs[i].data, (Liquidation));
            for (uint256 j = 0; j < batch.length; ++j) {
                // A repeated account has changed in between: only the terms of its first
                // liquidation are known.
                if (batch[j] != account) continue;
                if (!seen[j]) _checkOne(was[j], one);
                seen[j] = true;
            }
        }
    }

    /// @dev Compares the seized with the repaid value: at the position's own bonus, or at the least
    /// bonus for an insolvent position.
    function _checkOne(PositionBefore memory was, Liquidation memory one) private {
        (uint256 index, , , ) = market.interest();
        uint256 liquidationPrice = _liquidationPrice();
        uint256 debt = LeverageMath.debtUp(was.debtShares, index);
        uint256 value = LeverageMath.valueDown(was.collateral, liquidationPrice);
        uint256 bonus = config.bonusMin;
        bool solvent = value * WAD >= (WAD + config.bonusMin) * debt;
        if (solvent) {
            uint256 limit = market.limits().liquidationLeverage;
            bonus = LiquidationMath.bonus(debt, value, limit, config.bonusMin, config.bonusMax, config.bonusSlope);
            _count("liquidated to the target");
        } else _count("liquidated pro rata");
        uint256 taken = LeverageMath.valueDown(one.collateral, liquidationPrice);
        uint256 repaid = solvent ? one.payment - one.fee : one.payment;
        _expect(6, taken * WAD <= (WAD + bonus) * repaid, "more than (1 + b) times the repayment was taken");
        _expect(6, !solvent || one.loss == 0, "a solvent position left a loss");
    }

    /// @dev All accounts, one of them twice, and one without a position.
    function _batch(uint256 first) private view returns (address[] memory batch) {
        uint256 count = actors.length + 3;
        batch = new address[](count);
        for (uint256 i = 0; i < count - 1; ++i) batch[i] = _borrower((first % 1_000) + i);
        batch[count - 1] = address(this);
    }
}
