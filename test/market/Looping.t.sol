// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {Call, ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {Limit} from "../../contracts/types/MarketTypes.sol";
import {BorrowerTest} from "../support/BorrowerTest.sol";

/// @notice Recursive borrowing by separate calls, buying collateral at the oracle price in between.
contract LoopingTest is BorrowerTest {
    address private dealer = makeAddr("dealer");

    function test_Loops_UntilNothingIsLeftMeetTheClosedForm() public {
        open(alice, 10e18, 0);

        uint256 loops = loopUntilItCannot(50_000);

        // 1 / (1 - LTV) = 5 times the equity of 20,000, except for what whole units can't express:
        // a fifth of the last unit's worth.
        uint256 debt = market.debtOf(alice);
        assertLe(debt, 80_000e6);
        assertGt(debt, 80_000e6 - 5);
        assertApproxEqAbs(collateralOf(alice), 50e18, 5 * 5e8);
        assertEq(leverageAt(alice, startPrice), 49_999);
        // The remaining distance shrinks by a fifth each time, from 80,000e6 to less than a unit.
        assertLe(loops, 113);
        assertGe(loops, 100);
    }

    function testFuzz_Loops_MeetTheClosedFormOfAnyLimit(uint256 limit, uint256 own) public {
        limit = bound(limit, 11_000, 50_000);
        own = bound(own, 1e18, 400e18);
        vm.prank(guardian);
        market.lowerLimit(Limit.MaxLeverage, limit);
        open(alice, own, 0);
        uint256 equity = (own * startPrice) / 1e36;

        loopUntilItCannot(limit);

        // L - 1 times the equity. Less than one unit is left to borrow, so the remaining loops
        // amount to less than L units, plus one for the equity's own fraction.
        uint256 closedForm = (equity * (limit - ONE_X)) / ONE_X;
        assertLe(market.debtOf(alice), closedForm);
        assertGe(market.debtOf(alice) + limit / ONE_X + 2, closedForm);
    }

    function test_Loops_EachOneIsOnTheClosedForm() public {
        open(alice, 10e18, 0);
        // l^(n+1) and the sum of the smaller powers, WAD.
        uint256 power = WAD;
        uint256 sum = WAD;
        for (uint256 n = 1; n <= 40; ++n) {
            loopOnce(debtAt(collateralOf(alice), 50_000, startPrice) - market.debtOf(alice));
            power = (power * 4) / 5;
            sum += power;
            // (1 - l^(n+1)) / (1 - l)
            assertApproxEqAbs(sum, 5 * (WAD - (power * 4) / 5), 5 * n);
            assertApproxEqAbs((collateralOf(alice) * WAD) / 10e18, sum, 1e9);
        }
    }

    /// @dev The same within one transaction: each borrow is checked separately.
    function test_Loops_WithinATransactionReachNoFurther() public {
        ScriptedActor actor = newActor(10e18 + 64e18, 0);
        Call[] memory calls = new Call[](9);
        calls[0] = marketCall(abi.encodeCall(market.supplyCollateral, (10e18, address(actor))));
        uint256 held = 10e18;
        uint256 debt = 0;
        for (uint256 i = 0; i < 4; ++i) {
            uint256 amount = debtAt(held, 50_000, startPrice) - debt;
            calls[2 * i + 1] = marketCall(abi.encodeCall(market.borrow, (amount, address(actor), address(actor))));
            calls[2 * i + 2] = marketCall(
                abi.encodeCall(market.supplyCollateral, ((amount * 1e36) / startPrice, address(actor)))
            );
            held += (amount * 1e36) / startPrice;
            debt += amount;
        }
        actor.execute(calls);
        assertPosition(address(actor), debt, held);
        // 1 + 0.8 + 0.64 + 0.512 + 0.4096
        assertEq(held, 33.616e18);

        vm.prank(address(actor));
        vm.expectRevert(
            abi.encodeWithSelector(
                ILeverageMarket.LeverageAboveMaximum.selector,
                debtAt(held, 50_000, startPrice) + 1,
                (held * startPrice) / 1e36,
                50_000
            )
        );
        market.borrow(debtAt(held, 50_000, startPrice) - debt + 1, address(actor), address(actor));
    }

    function testFuzz_MaxLeverage_NoSequencePassesIt(uint256 seed) public {
        ScriptedActor actor = newActor(1_000e18, 1_000_000e6);
        open(alice, 10e18, 5_000e6);
        open(bob, 100e18, 20_000e6);
        vm.prank(alice);
        market.setOperator(address(actor), true);

        for (uint256 i = 0; i < 20; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            if (random % 4 == 0) skipTime(random % 10 days);
            uint256 price = priceOf(1000 + ((random >> 8) % 1500));
            oracle.setPrice(price);
            Call[] memory calls = new Call[](1 + ((random >> 20) % 4));
            for (uint256 j = 0; j < calls.length; ++j) {
                calls[j] = marketTry(anyCall(actor, uint256(keccak256(abi.encode(random, j))), true));
            }
            Ratio memory ofAlice = ratioOf(alice);
            Ratio memory ofActor = ratioOf(address(actor));

            actor.execute(calls);

            assertWithin(alice, ofAlice, price);
            assertWithin(address(actor), ofActor, price);
            assertBacked(0, 0);
        }
    }

    struct Ratio {
        uint256 debtShares;
        uint256 held;
    }

    function ratioOf(address account) private view returns (Ratio memory ratio) {
        (ratio.debtShares, ratio.held, ) = market.position(account);
    }

    /// @dev An account whose debt has grown, or whose LTV has risen, must end within the limit.
    function assertWithin(address account, Ratio memory was, uint256 price) private view {
        (uint256 debtShares, uint256 held, ) = market.position(account);
        if (debtShares <= was.debtShares && debtShares * was.held <= was.debtShares * held) return;
        uint256 value = (held * price) / 1e36;
        assertLe(market.debtOf(account) * 50_000, value * 40_000, "leverage above the maximum");
    }

    /// @dev Any action on the position of the actor or Alice, with callbacks that deliver tokens or
    /// try another such action.
    function anyCall(ScriptedActor actor, uint256 random, bool nests) private view returns (bytes memory) {
        address self = address(actor);
        address account = random % 2 == 0 ? self : alice;
        uint256 kind = (random >> 8) % 7;
        // Borrows and withdrawals are larger than repayments and supplies, so that about half of
        // the calls hit a limit.
        uint256 debt = (random >> 16) % 30_000e6;
        uint256 held = (random >> 64) % 20e18;
        if (kind == 0) return abi.encodeCall(market.supplyCollateral, (held / 4, account));
        if (kind == 1) return abi.encodeCall(market.withdrawCollateral, (held, account, self));
        if (kind == 2) return abi.encodeCall(market.borrow, (debt, account, self));
        if (kind == 3) return abi.encodeCall(market.repay, (debt / 4, account));
        int256 collateralDelta = int256((random >> 128) % 20e18) - 15e18;
        int256 debtDelta = int256((random >> 192) % 40_000e6) - 10_000e6;
        if (kind == 4 || !nests) {
            return
                abi.encodeCall(
                    market.adjust,
                    (account, collateralDelta, debtDelta, self, type(uint256).max, type(uint256).max, "")
                );
        }
        Call[] memory nested = new Call[](3);
        nested[0] = Call(address(collateral), abi.encodeCall(collateral.transfer, (address(market), held)), false);
        nested[1] = Call(address(loan), abi.encodeCall(loan.transfer, (address(market), debt)), false);
        nested[2] = marketTry(anyCall(actor, uint256(keccak256(abi.encode(random))), false));
        if (kind == 5) {
            return
                abi.encodeCall(
                    market.adjust,
                    (
                        account,
                        collateralDelta,
                        debtDelta,
                        self,
                        type(uint256).max,
                        type(uint256).max,
                        abi.encode(nested)
                    )
                );
        }
        // A flash loan returns no surplus: extra tokens would stay as a donation.
        nested[0] = nested[2];
        nested[1] = nested[2];
        return abi.encodeCall(market.flashLoan, (actor, address(loan), debt, abi.encode(nested)));
    }

    function loopUntilItCannot(uint256 limit) private returns (uint256 loops) {
        while (true) {
            uint256 most = debtAt(collateralOf(alice), limit, startPrice);
            uint256 amount = most - market.debtOf(alice);
            uint256 value = (collateralOf(alice) * startPrice) / 1e36;
            vm.prank(alice);
            vm.expectRevert(
                abi.encodeWithSelector(ILeverageMarket.LeverageAboveMaximum.selector, most + 1, value, limit)
            );
            market.borrow(amount + 1, alice, alice);
            if (amount == 0) return loops;
            loopOnce(amount);
            ++loops;
        }
    }

    /// @dev Borrows, buys collateral at the oracle price, and adds it.
    function loopOnce(uint256 amount) private {
        uint256 bought = (amount * 1e36) / startPrice;
        collateral.mint(alice, bought);
        vm.startPrank(alice);
        market.borrow(amount, alice, dealer);
        market.supplyCollateral(bought, alice);
        vm.stopPrank();
    }
}

/// @notice No amount of parked collateral lets anybody exceed the system cap.
contract ParkingTest is BorrowerTest {
    function testFuzz_SystemCap_NoParkingPassesIt(uint256 parked, uint256 debt, uint256 taken, uint256 cap) public {
        cap = bound(cap, 15_000, 45_000);
        vm.prank(guardian);
        market.lowerLimit(Limit.SystemLeverageCap, cap);
        ScriptedActor actor = newActor(1_000e18, 0);
        open(alice, 10e18, 0);
        open(bob, 5e18, 1_000e6);
        vm.prank(alice);
        market.setOperator(address(actor), true);
        parked = bound(parked, 0, 1_000e18);
        debt = bound(debt, 100e6, 16_000e6);
        taken = bound(taken, 0, parked);
        Call[] memory calls = new Call[](4);
        calls[0] = marketCall(abi.encodeCall(market.supplyCollateral, (parked, address(actor))));
        calls[1] = marketTry(abi.encodeCall(market.borrow, (debt, alice, address(actor))));
        calls[2] = marketTry(abi.encodeCall(market.withdrawCollateral, (taken, address(actor), address(actor))));
        calls[3] = marketTry(
            abi.encodeCall(market.withdrawCollateral, (type(uint256).max, address(actor), address(actor)))
        );

        actor.execute(calls);

        (, , uint256 held) = market.totals();
        uint256 value = (held * startPrice) / 1e36;
        assertLe(market.totalDebt() * cap, value * (cap - ONE_X));
    }
}
