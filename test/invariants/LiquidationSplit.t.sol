// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MarketParams} from "../../contracts/interfaces/ILeverageMarket.sol";
import {MarketTest} from "../support/MarketTest.sol";

/// @notice The sixth invariant: a solvent position liquidated in two parts gives the liquidator no more than in one, where
/// the bonus follows health: above C/D = 1.105, which is a price of 0.884 of the start here. Nearer to insolvency half of the
/// excess bounds the bonus, and each part raises it for the next (see the architecture page).
contract LiquidationSplitTest is MarketTest {
    uint256 private _target = 0.05e18;

    function _params() internal view override returns (MarketParams memory params) {
        params = super._params();
        params.bufferTarget = _target;
    }

    function testFuzz_NoGainWhileTheBufferTakesFees(uint256 debt, uint256 drop, uint256 part) public {
        _compare(debt, drop, part);
    }

    function testFuzz_NoGainWhereTheBufferFillsUp(uint256 debt, uint256 drop, uint256 part, uint256 target) public {
        _target = bound(target, 1, 0.001e18);
        market = createMarket(_params(), "2");
        _grantRoles(market);
        lend(lender, 10_000_000e6);
        _compare(debt, drop, part);
    }

    function _compare(uint256 debt, uint256 drop, uint256 part) private {
        debt = bound(debt, 1_000e6, 2_000_000e6);
        uint256 posted = (debt * 5 * 1e18) / (4 * 2000e6) + 1e12;
        open(alice, posted, debt);
        fund(liquidator, 0, 10_000_000e6);
        uint256 price = (startPrice * bound(drop, 8845, 9450)) / 10_000;
        oracle.setPrice(price);
        uint256 snapshot = vm.snapshotState();
        (uint256 seized, uint256 payment) = liquidateOne(alice, 1e30);
        vm.revertToState(snapshot);
        part = bound(part, payment / 100 + 10e6, payment);
        (uint256 seizedFirst, uint256 paidFirst) = liquidateOne(alice, part);
        (uint256 seizedThen, uint256 paidThen) = _tryLiquidate();
        int256 whole = int256((seized * (price / 1e18)) / 1e18) - int256(payment);
        int256 parts = int256(((seizedFirst + seizedThen) * (price / 1e18)) / 1e18) - int256(paidFirst + paidThen);
        // A unit of rounding in each part.
        assertLe(parts, whole + 2);
    }

    function _tryLiquidate() private returns (uint256, uint256) {
        address[] memory accounts = new address[](1);
        accounts[0] = alice;
        vm.prank(liquidator);
        try market.liquidate(accounts, 1e30, 0, liquidator, "") returns (uint256 seized, uint256 payment) {
            return (seized, payment);
        } catch {
            return (0, 0);
        }
    }
}
