// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {IOracleGuard} from "../../contracts/interfaces/IOracleGuard.sol";
import {IPriceOracle} from "../../contracts/interfaces/IPriceOracle.sol";
import {GuardParams} from "../../contracts/types/OracleTypes.sol";
import {MarketTest} from "./MarketTest.sol";
import {Vm} from "../utils/Vm.sol";

/// @notice Shared by the suites about liquidations and losses.
abstract contract LiquidationTest is MarketTest {
    /// @dev The data of one account's `Liquidated` event.
    struct Liquidated {
        address account;
        address liquidator;
        uint256 debtShares;
        uint256 collateral;
        uint256 payment;
        uint256 fee;
        uint256 loss;
    }

    /// @dev Maximum deviation 1.5%, below the market's entry gap; ceiling 5% an hour, floor 60% an
    /// hour, grace period one hour.
    function newGuard(IPriceOracle primary, IPriceOracle secondary) internal returns (IOracleGuard) {
        address authority = address(manager);
        return
            IOracleGuard(
                deployCode(
                    "OracleGuard.sol:OracleGuard",
                    abi.encode(
                        GuardParams(
                            address(primary),
                            address(secondary),
                            authority,
                            0.015e18,
                            0.05e18,
                            0.6e18,
                            1 hours,
                            300_000,
                            2 days
                        )
                    )
                )
            );
    }

    // ------------------------------------------------------------------ actions

    function only(address account) internal pure returns (address[] memory accounts) {
        accounts = new address[](1);
        accounts[0] = account;
    }

    function liquidateBatch(
        address[] memory accounts,
        uint256 maxPayment
    ) internal returns (uint256 seized, uint256 payment) {
        vm.prank(liquidator);
        return market.liquidate(accounts, maxPayment, 0, liquidator, "");
    }

    /// @dev Liquidates if that is possible within the budget.
    function tryLiquidate(address account, uint256 maxPayment) internal returns (uint256 seized, uint256 payment) {
        vm.prank(liquidator);
        try market.liquidate(only(account), maxPayment, 0, liquidator, "") returns (uint256 s, uint256 p) {
            return (s, p);
        } catch (bytes memory reason) {
            assertEq(reason, abi.encodeWithSelector(ILeverageMarket.NothingToLiquidate.selector));
        }
    }

    function expectNothingToLiquidate(address[] memory accounts, uint256 maxPayment) internal {
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.NothingToLiquidate.selector));
        vm.prank(liquidator);
        market.liquidate(accounts, maxPayment, 0, liquidator, "");
    }

    /// @dev Removes a position's collateral from the books, except for `left`, which no call of the
    /// market allows.
    function loseCollateral(address account, uint256 left) internal {
        vm.record();
        (uint256 debtShares, uint256 held, uint256 drawnAt) = market.position(account);
        (bytes32[] memory reads, ) = vm.accesses(address(market));
        bytes32 slot = reads[reads.length - 1];
        uint256 others = debtShares | (drawnAt << 216);
        assertEq(uint256(vm.load(address(market), slot)), others | (held << 104));
        vm.store(address(market), slot, bytes32(others | (left << 104)));
        assertEq(collateralOf(account), left);
    }

    // ------------------------------------------------------------------ results

    /// @dev Reads the logs recorded since `vm.recordLogs`.
    function readLogs() internal returns (Liquidated[] memory liquidations, uint256 loss, uint256 bufferSharesBurned) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        liquidations = new Liquidated[](count(logs, ILeverageMarket.Liquidated.selector));
        uint256 found = 0;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == ILeverageMarket.Liquidated.selector) {
                Liquidated memory one = liquidations[found++];
                one.account = address(uint160(uint256(logs[i].topics[1])));
                one.liquidator = address(uint160(uint256(logs[i].topics[2])));
                (one.debtShares, one.collateral, one.payment, one.fee, one.loss) = abi.decode(
                    logs[i].data,
                    (uint256, uint256, uint256, uint256, uint256)
                );
            } else if (logs[i].topics[0] == ILeverageMarket.LossBooked.selector) {
                (loss, bufferSharesBurned) = abi.decode(logs[i].data, (uint256, uint256));
            }
        }
    }

    function count(Vm.Log[] memory logs, bytes32 selector) internal pure returns (uint256 found) {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == selector) ++found;
        }
    }

    function isLiquidatable(address account, uint256 price) internal view returns (bool) {
        uint256 limit = market.limits().liquidationLeverage;
        return market.debtOf(account) * limit > valueOf(account, price) * (limit - ONE_X);
    }

    function isInsolvent(address account, uint256 price) internal view returns (bool) {
        return valueOf(account, price) * WAD < market.debtOf(account) * (WAD + _params().config.bonusMin);
    }

    /// @dev Rounded down; exact, since no product here exceeds 256 bits.
    function valueOf(address account, uint256 price) internal view returns (uint256) {
        return (collateralOf(account) * price) / 1e36;
    }

    /// @dev Exact, in shares, so that interest plays no part.
    function assertLtvNotRaised(address account, uint256 sharesBefore, uint256 collateralBefore) internal view {
        (uint256 shares, uint256 held, ) = market.position(account);
        assertLe(shares * collateralBefore, sharesBefore * held, "LTV has risen");
    }
}
