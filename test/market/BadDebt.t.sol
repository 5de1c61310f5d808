// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {Call, ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {LiquidationTest} from "../support/LiquidationTest.sol";
import {Vm} from "../utils/Vm.sol";

/// @dev Alice has 10 collateral tokens and owes 16,000. At 1,600 she is insolvent: the loss is
/// 282.352941.
contract BadDebtTest is LiquidationTest {
    uint256 private constant LENT = 10_000_000e6;
    uint256 private constant DEBT = 16_000e6;
    uint256 private constant LOSS = 282_352_941;

    address private carol = makeAddr("carol");

    function setUp() public override {
        super.setUp();
        fund(liquidator, 0, 100_000_000e6);
        open(alice, 10e18, DEBT);
    }

    // ------------------------------------------------------------------ who bears a loss

    function test_Loss_BufferBearsItFirst() public {
        fillBuffer(1_000e12);
        uint256 lenderAssets = market.convertToAssets(market.balanceOf(lender));
        oracle.setPrice(priceOf(1600));
        vm.expectEmit(address(market));
        emit IERC20.Transfer(address(market), address(0), LOSS * 1e6);
        vm.expectEmit(address(market));
        emit ILeverageMarket.LossBooked(LOSS, LOSS * 1e6);
        liquidateOne(alice, type(uint256).max);
        assertEq(market.balanceOf(address(market)), 1_000e12 - LOSS * 1e6);
        assertEq(market.totalAssets(), LENT - LOSS);
        assertEq(market.totalSupply(), (LENT - LOSS) * 1e6);
        assertEq(market.convertToAssets(market.balanceOf(lender)), lenderAssets);
    }

    function test_Loss_BeyondTheBufferLowersTheSharePrice() public {
        fillBuffer(100e12);
        oracle.setPrice(priceOf(1600));
        vm.expectEmit(address(market));
        emit ILeverageMarket.LossBooked(LOSS, 100e12);
        liquidateOne(alice, type(uint256).max);
        assertEq(market.balanceOf(address(market)), 0);
        assertEq(market.totalAssets(), LENT - LOSS);
        // The lender holds all remaining shares except the virtual ones.
        assertApproxEqAbs(market.convertToAssets(market.balanceOf(lender)), LENT - LOSS, 1);
    }

    function test_Loss_BurnOfTheBuffersLastShareEmitsATransfer() public {
        fillBuffer(1);
        oracle.setPrice(priceOf(1600));
        vm.expectEmit(address(market));
        emit IERC20.Transfer(address(market), address(0), 1);
        liquidateOne(alice, type(uint256).max);
        assertEq(market.balanceOf(address(market)), 0);
    }

    function test_Loss_WithoutABufferTheLendersBearAllOfIt() public {
        oracle.setPrice(priceOf(1600));
        vm.recordLogs();
        liquidateOne(alice, type(uint256).max);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(count(logs, ILeverageMarket.LossBooked.selector), 1);
        for (uint256 i = 0; i < logs.length; ++i) {
            // No shares are burned, so no transfer is emitted.
            if (logs[i].emitter == address(market)) assertTrue(logs[i].topics[0] != IERC20.Transfer.selector);
            if (logs[i].topics[0] == ILeverageMarket.LossBooked.selector) assertEq(logs[i].data, abi.encode(LOSS, 0));
        }
        assertEq(market.totalSupply(), LENT * 1e6);
        assertEq(market.totalAssets(), LENT - LOSS);
    }

    function testFuzz_Loss_FallsOnAllSharesAlike(uint256 buffer, uint256 others, uint256 price) public {
        others = bound(others, 1e6, 20_000_000e6);
        lend(carol, others);
        fillBuffer(bound(buffer, 0, 20_000e12));
        uint256 before = market.convertToAssets(market.balanceOf(lender));
        uint256 othersBefore = market.convertToAssets(market.balanceOf(carol));
        oracle.setPrice(bound(price, 1, priceOf(1600)));
        liquidateOne(alice, type(uint256).max);
        uint256 afterwards = market.convertToAssets(market.balanceOf(lender));
        uint256 othersAfter = market.convertToAssets(market.balanceOf(carol));
        assertLe(afterwards, before);
        // Equal ratios, within one unit each.
        assertApproxEqAbs(afterwards * othersBefore, othersAfter * before, before + othersBefore);
        if (market.balanceOf(address(market)) != 0) assertEq(afterwards, before);
    }

    function testFuzz_Loss_LowersAssetsByItsExactAmount(uint256 price, uint256 elapsed) public {
        skipTime(bound(elapsed, 0, 60 days));
        market.accrue();
        oracle.setPrice(bound(price, 1, priceOf(1600)));
        uint256 assets = market.totalAssets();
        uint256 debt = market.debtOf(alice);
        vm.recordLogs();
        (, uint256 payment) = liquidateOne(alice, type(uint256).max);
        (Liquidated[] memory done, uint256 loss, ) = readLogs();
        assertEq(assets - market.totalAssets(), loss);
        // The account's debt, as `debtOf` returns it: rounded up.
        assertEq(done[0].loss, debt - payment);
        assertApproxEqAbs(done[0].loss, loss, 1);
        assertGe(payment + loss + 1, assets - (LENT - DEBT));
    }

    /// @dev The buffer receives its fee on the interest so far before it bears the loss.
    function test_Loss_PendingFeesAreCreditedFirst() public {
        skipTime(30 days);
        uint256 interest = market.totalAssets() - LENT;
        uint256 fee = interest / 10;
        assertGt(fee, 100_000);
        oracle.setPrice(priceOf(1600));
        vm.recordLogs();
        liquidateOne(alice, type(uint256).max);
        (, uint256 loss, uint256 burned) = readLogs();
        assertGt(loss, fee);
        assertApproxEqAbs(burned, fee * 1e6, 1e9);
        assertEq(market.balanceOf(address(market)), 0);
        assertEq(market.totalSupply(), LENT * 1e6);
    }

    function test_Loss_BatchBooksItsLossesAtOnce() public {
        open(bob, 10e18, DEBT);
        oracle.setPrice(priceOf(1600));
        address[] memory accounts = new address[](2);
        (accounts[0], accounts[1]) = (alice, bob);
        vm.expectEmit(address(market), 1);
        emit ILeverageMarket.LossBooked(2 * LOSS, 0);
        liquidateBatch(accounts, type(uint256).max);
    }

    function test_Loss_LowersTheSharePriceInTheSameTransaction() public {
        oracle.setPrice(priceOf(1600));
        ScriptedActor actor = new ScriptedActor();
        fund(address(actor), 0, 100_000e6);
        Call[] memory calls = new Call[](2);
        calls[0] = liquidation(address(actor));
        calls[1] = callTo(address(market), abi.encodeCall(market.convertToAssets, (LENT * 1e6)));
        actor.execute(calls);
        assertApproxEqAbs(abi.decode(actor.outcomes()[1].returned, (uint256)), LENT - LOSS, 1);
    }

    // ------------------------------------------------------------------ no exit around a loss

    function test_Liquidate_RevertWhen_ALenderHasWithdrawnInTheTransaction() public {
        ScriptedActor actor = lendingActor();
        oracle.setPrice(priceOf(1600));
        Call[] memory calls = new Call[](2);
        calls[1] = liquidation(address(actor));
        bytes[3] memory exits = [
            abi.encodeCall(market.withdraw, (1_000e6, address(actor), address(actor))),
            abi.encodeCall(market.redeem, (1e12, address(actor), address(actor))),
            // One share unit, worth zero.
            abi.encodeCall(market.redeem, (1, address(actor), address(actor)))
        ];
        for (uint256 i = 0; i < exits.length; ++i) {
            calls[0] = callTo(address(market), exits[i]);
            vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.LossAfterLenderExit.selector, LOSS));
            actor.execute(calls);
        }
    }

    /// @dev Also after a stranger's exit, and for a debt without collateral.
    function test_Liquidate_RevertWhen_DebtIsWrittenOffAfterALenderExit() public {
        ScriptedActor actor = lendingActor();
        loseCollateral(alice, 0);
        Call[] memory calls = new Call[](2);
        calls[0] = callTo(address(market), abi.encodeCall(market.withdraw, (1_000e6, address(actor), address(actor))));
        calls[1] = liquidation(address(actor));
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.LossAfterLenderExit.selector, DEBT));
        actor.execute(calls);
    }

    function test_Liquidate_LenderCannotWithdrawInsideTheCallback() public {
        ScriptedActor actor = lendingActor();
        oracle.setPrice(priceOf(1600));
        Call[] memory inside = only(
            Call(address(market), abi.encodeCall(market.withdraw, (1_000e6, address(actor), address(actor))), false)
        );
        vm.prank(liquidator);
        market.liquidate(only(alice), type(uint256).max, 0, address(actor), abi.encode(inside));
        assertEq(actor.outcomes()[0].returned, abi.encodeWithSignature("ReentrancyGuardReentrantCall()"));
    }

    function test_Liquidate_SolventPositionAfterALenderExit() public {
        ScriptedActor actor = lendingActor();
        oracle.setPrice(priceOf(1850));
        Call[] memory calls = new Call[](2);
        calls[0] = callTo(address(market), abi.encodeCall(market.withdraw, (1_000e6, address(actor), address(actor))));
        calls[1] = liquidation(address(actor));
        actor.execute(calls);
        assertEq(collateral.balanceOf(address(actor)), 4_528092071891891891);
    }

    function test_Liquidate_LossInALaterTransactionThanTheExit() public {
        oracle.setPrice(priceOf(1600));
        vm.prank(lender);
        market.withdraw(1_000e6, lender, lender);
        liquidateOne(alice, type(uint256).max);
        assertEq(debtSharesOf(alice), 0);
    }

    /// @dev Whether or not the liquidation has left a loss.
    function test_Withdraw_RevertWhen_AfterALiquidationInTheTransaction() public {
        ScriptedActor actor = lendingActor();
        Call[] memory calls = new Call[](2);
        calls[0] = liquidation(address(actor));
        bytes[3] memory exits = [
            abi.encodeCall(market.withdraw, (1, address(actor), address(actor))),
            abi.encodeCall(market.redeem, (1e12, address(actor), address(actor))),
            // One share unit, worth zero.
            abi.encodeCall(market.redeem, (1, address(actor), address(actor)))
        ];
        uint256[2] memory prices = [uint256(1600), 1850];
        for (uint256 i = 0; i < prices.length; ++i) {
            oracle.setPrice(priceOf(prices[i]));
            for (uint256 j = 0; j < exits.length; ++j) {
                calls[1] = callTo(address(market), exits[j]);
                vm.expectPartialRevert(ILeverageMarket.LenderExitAfterLiquidation.selector);
                actor.execute(calls);
            }
        }
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.LenderExitAfterLiquidation.selector, 1));
        actor.execute(calls);
    }

    /// @dev Also if the shares were transferred, the loss was booked, or another user's position
    /// was liquidated.
    function test_Withdraw_RevertWhen_AnotherOwnerLeavesAfterALiquidation() public {
        ScriptedActor actor = lendingActor();
        oracle.setPrice(priceOf(1600));
        vm.prank(carol);
        market.approve(address(actor), type(uint256).max);
        Call[] memory calls = new Call[](3);
        calls[0] = liquidation(address(actor));
        calls[1] = callTo(address(market), abi.encodeCall(market.transfer, (carol, 1e12)));
        calls[2] = callTo(address(market), abi.encodeCall(market.redeem, (1e12, address(actor), carol)));
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.LenderExitAfterLiquidation.selector, 1e12));
        actor.execute(calls);
    }

    /// @dev ERC-4626: a maximum is zero even for a temporary limit. Deposits are not limited.
    function test_MaxWithdraw_IsZeroAfterALiquidationInTheTransaction() public {
        ScriptedActor actor = lendingActor();
        oracle.setPrice(priceOf(1850));
        address self = address(actor);
        Call[] memory calls = new Call[](6);
        calls[0] = liquidation(self);
        calls[1] = callTo(address(market), abi.encodeCall(market.maxWithdraw, (self)));
        calls[2] = callTo(address(market), abi.encodeCall(market.maxRedeem, (self)));
        calls[3] = callTo(address(market), abi.encodeCall(market.maxDeposit, (self)));
        calls[4] = callTo(address(market), abi.encodeCall(market.maxMint, (self)));
        calls[5] = callTo(address(market), abi.encodeCall(market.deposit, (1_000e6, self)));
        actor.execute(calls);
        ScriptedActor.Outcome[] memory outcomes = actor.outcomes();
        assertEq(outcomes[1].returned, abi.encode(0));
        assertEq(outcomes[2].returned, abi.encode(0));
        assertEq(outcomes[3].returned, abi.encode(market.maxDeposit(self) + 1_000e6));
        assertGt(abi.decode(outcomes[4].returned, (uint256)), 0);

        // In the next transaction the whole amount is available.
        assertApproxEqAbs(market.maxWithdraw(self), 2_000e6, 1);
        vm.startPrank(self);
        market.redeem(market.maxRedeem(self), self, self);
        vm.stopPrank();
        assertEq(market.balanceOf(self), 0);
    }

    /// @dev A withdrawal of zero is no exit, and a liquidation that reverted is no liquidation.
    function test_Withdraw_OfZeroMayFollowALiquidation() public {
        ScriptedActor actor = lendingActor();
        Call[] memory calls = new Call[](2);
        calls[0] = liquidation(address(actor));
        calls[0].mustSucceed = false;
        calls[1] = callTo(address(market), abi.encodeCall(market.redeem, (1e12, address(actor), address(actor))));
        actor.execute(calls);
        assertFalse(actor.outcomes()[0].success);

        oracle.setPrice(priceOf(1850));
        calls[1] = callTo(address(market), abi.encodeCall(market.withdraw, (0, address(actor), lender)));
        actor.execute(calls);
        assertTrue(actor.outcomes()[0].success);
    }

    function test_Loss_DepositJustBeforeItBearsItToo() public {
        ScriptedActor actor = new ScriptedActor();
        fund(address(actor), 0, 10_100_000e6);
        oracle.setPrice(priceOf(1600));
        Call[] memory calls = new Call[](2);
        calls[0] = callTo(address(market), abi.encodeCall(market.deposit, (LENT, address(actor))));
        calls[1] = liquidation(address(actor));
        actor.execute(calls);
        assertApproxEqAbs(market.convertToAssets(market.balanceOf(address(actor))), LENT - LOSS / 2, 1);
    }

    // ------------------------------------------------------------------ after a loss

    function testFuzz_Loss_DoesNotAffectALaterLender(uint256 price, uint256 assets, bool illiquid) public {
        assets = bound(assets, 1, 1e15);
        if (illiquid) withdrawCash();
        oracle.setPrice(bound(price, 1, priceOf(1600)));
        liquidateOne(alice, type(uint256).max);
        if (isCollapsed()) {
            assertClosed();
            return;
        }
        uint256 shares = lend(carol, assets);
        assertGt(shares, 0);
        // Rounding may cost one unit, and at most the worth of one share.
        assertGe(market.convertToAssets(shares) + 1, assets);
        vm.prank(carol);
        assertGe(market.redeem(shares, carol, carol) + 1, assets);
    }

    function test_Loss_TotalOneClosesDepositsForGood() public {
        withdrawCash();
        assertEq(market.totalAssets(), DEBT);
        loseCollateral(alice, 0);
        liquidateOne(alice, 0);
        assertEq(market.totalAssets(), 0);
        assertEq(market.totalSupply(), DEBT * 1e6);
        assertClosed();
        skipTime(365 days);
        assertClosed();
        // Worthless shares can still be burned.
        vm.prank(lender);
        assertEq(market.redeem(1e12, lender, lender), 0);
        assertEq(market.maxWithdraw(lender), 0);
    }

    /// @dev Of 16,000 one unit is left: each unit deposited would be 8 * 10^15 shares.
    function test_Loss_AlmostTotalOneClosesDeposits() public {
        withdrawCash();
        oracle.setPrice(1);
        liquidateOne(alice, type(uint256).max);
        assertEq(market.totalAssets(), 1);
        assertClosed();
        // The rest belongs to the lender.
        vm.startPrank(lender);
        market.redeem(market.balanceOf(lender), lender, lender);
        vm.stopPrank();
        assertEq(market.totalSupply(), 0);
        lend(carol, 1_000e6);
    }

    /// @dev The boundary is a millionth of 16,000, give or take a hundredth of a cent. Above it the
    /// market is open: a new lender keeps its assets, and an allocator can store the shares.
    function testFuzz_Loss_DepositsStayOpenDownToAMillionth(uint256 price, uint256 assets) public {
        withdrawCash();
        // Worth 15,300 to 17,400 units.
        oracle.setPrice(bound(price, 1_530e18, 1_740e18));
        liquidateOne(alice, type(uint256).max);
        assertEq(market.totalSupply(), DEBT * 1e6);
        if (market.totalAssets() < 15_999) {
            assertClosed();
            return;
        }
        assets = bound(assets, 1, 5e15);
        assertGt(market.maxMint(carol), 0);
        assertGt(market.maxDeposit(carol), 0);
        uint256 shares = lend(carol, assets);
        assertLe(shares, assets * 1e12);
        vm.prank(carol);
        assertGe(market.redeem(shares, carol, carol) + 1, assets);
    }

    // ------------------------------------------------------------------ partial liquidations

    /// @dev A position of 3.2 million is liquidated in ten parts of 300,000: the price of each part
    /// is the same.
    function test_Liquidate_HugeInsolventPositionInParts() public {
        open(bob, 2_000e18, 3_200_000e6);
        oracle.setPrice(priceOf(1500));
        uint256 assets = market.totalAssets();
        uint256 snapshot = vm.snapshotState();
        (uint256 wholeSeized, uint256 wholePayment) = liquidateOne(bob, type(uint256).max);
        uint256 wholeLoss = assets - market.totalAssets();
        vm.revertToState(snapshot);

        uint256 seized = 0;
        uint256 payment = 0;
        for (uint256 i = 0; i < 10; ++i) {
            (uint256 s, uint256 p) = liquidateOne(bob, 300_000e6);
            assertApproxEqRel(p * wholeSeized, s * wholePayment, 1e9);
            (seized, payment) = (seized + s, payment + p);
        }
        assertEq(debtSharesOf(bob), 0);
        assertEq(seized, wholeSeized);
        assertGe(payment, wholePayment);
        assertLe(payment, wholePayment + 20);
        assertApproxEqAbs(assets - market.totalAssets(), wholeLoss, 20);
        assertLe(assets - market.totalAssets(), wholeLoss + 10);
    }

    function testFuzz_Liquidate_PartOfAnInsolventPositionLosesItsShare(uint256 price, uint256 budget) public {
        price = bound(price, priceOf(100), priceOf(1600));
        oracle.setPrice(price);
        uint256 snapshot = vm.snapshotState();
        uint256 assets = market.totalAssets();
        liquidateOne(alice, type(uint256).max);
        uint256 wholeLoss = assets - market.totalAssets();
        vm.revertToState(snapshot);

        tryLiquidate(alice, bound(budget, 0, 16_000e6));
        uint256 burned = DEBT - debtSharesOf(alice);
        uint256 loss = assets - market.totalAssets();
        assertLe(loss * DEBT, wholeLoss * burned + 3 * DEBT);
        assertGe(loss * DEBT + 3 * DEBT, wholeLoss * burned);
    }

    // ------------------------------------------------------------------ helpers

    function fillBuffer(uint256 shares) private {
        moveToBuffer(lender, shares);
    }

    /// @dev The lender withdraws everything that is not lent.
    function withdrawCash() private {
        vm.prank(lender);
        market.withdraw(LENT - DEBT, lender, lender);
    }

    /// @dev A contract that lends 1,000 and has tokens to liquidate with.
    function lendingActor() private returns (ScriptedActor actor) {
        actor = new ScriptedActor();
        lend(address(actor), 1_000e6);
        fund(address(actor), 0, 100_000e6);
    }

    function liquidation(address receiver) private view returns (Call memory) {
        return
            callTo(
                address(market),
                abi.encodeCall(market.liquidate, (only(alice), type(uint256).max, 0, receiver, ""))
            );
    }

    /// @dev Whether a unit is worth more than 10^12 shares.
    function isCollapsed() private view returns (bool) {
        return market.totalSupply() > (market.totalAssets() + 1) * 1e12;
    }

    function assertClosed() private {
        assertEq(market.maxDeposit(carol), 0);
        assertEq(market.maxMint(carol), 0);
        fund(carol, 0, 1_000e6);
        bytes memory closed = abi.encodeWithSelector(ILeverageMarket.DepositsClosed.selector);
        vm.expectRevert(closed);
        vm.prank(carol);
        market.deposit(1e6, carol);
        vm.expectRevert(closed);
        vm.prank(carol);
        market.mint(1e6, carol);
    }
}
