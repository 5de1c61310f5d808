// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {Call, ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {LiquidationTest} from "../support/LiquidationTest.sol";

/// @dev Positions of 10 collateral tokens and a debt of 16,000 (5x at 2,000). Unless a test says
/// otherwise, no time passes between opening and liquidation: the index is one, and every figure is
/// exact.
contract LiquidationUnitTest is LiquidationTest {
    uint256 private constant DEBT = 16_000e6;
    uint256 private constant HELD = 10e18;

    address private carol = makeAddr("carol");
    address private dave = makeAddr("dave");

    function setUp() public override {
        super.setUp();
        fund(liquidator, 0, 100_000_000e6);
        open(alice, HELD, DEBT);
    }

    // ------------------------------------------------------------------ a solvent position

    /// @dev C = 18,500: HF 0.97837, bonus 2% + 0.5 * (1 - HF) = 3.08173%, and the repayment is (4.5
    /// * 16,000 - 3.5 * 18,500) / (4.5 - 1.0308173 * 3.5) = 8,126.532482.
    function test_Liquidate_BringsASolventPositionToTheTarget() public {
        oracle.setPrice(priceOf(1850));
        vm.expectEmit(address(market));
        emit ILeverageMarket.Liquidated(
            alice,
            liquidator,
            8_126_532_482,
            4_528092071891891891,
            8_151_576_268,
            25_043_786,
            0
        );
        (uint256 seized, uint256 payment) = liquidateOne(alice, type(uint256).max);
        assertEq(seized, 4_528092071891891891);
        assertEq(payment, 8_151_576_268);
        assertEq(collateral.balanceOf(liquidator), seized);
        assertEq(loan.balanceOf(liquidator), 100_000_000e6 - payment);
        assertEq(debtSharesOf(alice), DEBT - 8_126_532_482);
        assertEq(collateralOf(alice), HELD - seized);
        assertEq(leverageAt(alice, priceOf(1850)), 44_999);
        expectNothingToLiquidate(only(alice), type(uint256).max);
    }

    /// @dev At C/D = 1.05 the slope would give 7.6%: the bonus is 5%, and a tenth of it goes to the
    /// buffer.
    function test_Bonus_IsAtMostTheBorrowersEquity() public {
        oracle.setPrice(priceOf(1680));
        (uint256 seized, uint256 payment) = liquidateOne(alice, type(uint256).max);
        assertEq(seized, 10e18);
        assertEq(payment, 16_080e6);
    }

    function test_Liquidate_BooksChangeByThePayment() public {
        oracle.setPrice(priceOf(1850));
        (uint256 cash, uint256 shares, uint256 posted) = market.totals();
        (uint256 seized, uint256 payment) = liquidateOne(alice, type(uint256).max);
        (uint256 cashAfter, uint256 sharesAfter, uint256 postedAfter) = market.totals();
        assertEq(cashAfter, cash + payment);
        assertEq(sharesAfter, shares - 8_126_532_482);
        assertEq(postedAfter, posted - seized);
    }

    function test_Liquidate_UsesTheHigherOfTheTwoPrices() public {
        oracle.setPrices(priceOf(1000), priceOf(2000));
        expectNothingToLiquidate(only(alice), type(uint256).max);
        oracle.setPrices(priceOf(2000), priceOf(1000));
        expectNothingToLiquidate(only(alice), type(uint256).max);
        oracle.setPrices(priceOf(1850), priceOf(1800));
        (uint256 seized, ) = liquidateOne(alice, type(uint256).max);
        assertEq(seized, 4_528092071891891891);
    }

    /// @dev 16,000 * 6.5/5.5 = 18,909.09: one unit below, the position exceeds the limit.
    function test_Liquidate_LimitIsExact() public {
        oracle.setPrice((18_909_090_910 * 1e36) / HELD);
        expectNothingToLiquidate(only(alice), type(uint256).max);
        oracle.setPrice((18_909_090_909 * 1e36) / HELD);
        (uint256 seized, ) = liquidateOne(alice, type(uint256).max);
        assertGt(seized, 0);
    }

    function test_Liquidate_InterestAloneMakesAPositionLiquidatable() public {
        oracle.setPrice(priceOf(1891));
        expectNothingToLiquidate(only(alice), type(uint256).max);
        skipTime(5 days);
        (uint256 seized, ) = liquidateOne(alice, type(uint256).max);
        assertGt(seized, 0);
        assertApproxEqAbs(leverageAt(alice, priceOf(1891)), 45_000, 1);
    }

    // ------------------------------------------------------------------ an insolvent position

    /// @dev C = 16,000 < 1.02 * D: the whole position is liquidated for 16,000/1.02 = 15,686.274510
    /// and a tenth of the bonus.
    function test_Liquidate_TakesAnInsolventPositionInOneCall() public {
        oracle.setPrice(priceOf(1600));
        vm.expectEmit(address(market));
        emit ILeverageMarket.Liquidated(alice, liquidator, DEBT, HELD, 15_717_647_059, 0, 282_352_941);
        vm.expectEmit(address(market));
        emit ILeverageMarket.LossBooked(282_352_941, 0);
        (uint256 seized, uint256 payment) = liquidateOne(alice, type(uint256).max);
        assertEq(seized, HELD);
        assertEq(payment, 15_717_647_059);
        (uint256 shares, uint256 held, ) = market.position(alice);
        assertEq(shares, 0);
        assertEq(held, 0);
    }

    /// @dev Between 1 and 1.02 times the debt, the buffer's share of the bonus covers a part of the
    /// shortfall; the excess over the debt is a fee.
    function test_Liquidate_FeeOfAnInsolventPositionRepaysFirst() public {
        oracle.setPrice(priceOf(1631));
        vm.recordLogs();
        (, uint256 payment) = liquidateOne(alice, type(uint256).max);
        (Liquidated[] memory one, uint256 loss, ) = readLogs();
        // 16,310 / 1.02 = 15,990.196079, and a tenth of 319.803921.
        assertEq(payment, 15_990_196_079 + 31_980_393);
        assertEq(one[0].fee, payment - DEBT);
        assertEq(one[0].loss, 0);
        assertEq(loss, 0);
        assertApproxEqAbs(bufferAssets(), payment - DEBT, 1);
    }

    function test_Liquidate_WorthlessPositionCostsOneUnit() public {
        oracle.setPrice(1);
        (uint256 seized, uint256 payment) = liquidateOne(alice, 1);
        assertEq(seized, HELD);
        assertEq(payment, 1);
        assertEq(debtSharesOf(alice), 0);
    }

    function test_Liquidate_RevertWhen_WorthlessPositionIsTakenForNothing() public {
        oracle.setPrice(1);
        expectNothingToLiquidate(only(alice), 0);
    }

    function test_Liquidate_WritesOffDebtWithoutCollateralForNothing() public {
        loseCollateral(alice, 0);
        vm.expectEmit(address(market));
        emit ILeverageMarket.Liquidated(alice, bob, DEBT, 0, 0, 0, DEBT);
        vm.expectEmit(address(market));
        emit ILeverageMarket.LossBooked(DEBT, 0);
        vm.prank(bob);
        (uint256 seized, uint256 payment) = market.liquidate(only(alice), 0, 0, bob, "");
        assertEq(seized, 0);
        assertEq(payment, 0);
        assertEq(debtSharesOf(alice), 0);
    }

    function test_Liquidate_LastUnitOfCollateralGoesToTheLiquidator() public {
        loseCollateral(alice, 1);
        uint256 held = collateral.balanceOf(liquidator);
        (uint256 seized, ) = liquidateOne(alice, type(uint256).max);
        assertEq(seized, 1);
        assertEq(collateral.balanceOf(liquidator), held + 1);
        assertEq(collateralOf(alice), 0);
        assertEq(debtSharesOf(alice), 0);
    }

    // ------------------------------------------------------------------ a batch

    /// @dev Carol is healthy, Bob insolvent, Dave empty, Alice solvent: each is treated as if
    /// liquidated alone.
    function test_Batch_LiquidatesEachAccountAsIfAlone() public {
        oracle.setPrice(priceOf(3000));
        open(bob, HELD, 24_000e6);
        open(carol, HELD, 10_000e6);
        oracle.setPrice(priceOf(1850));
        address[] memory accounts = new address[](4);
        (accounts[0], accounts[1], accounts[2], accounts[3]) = (carol, bob, dave, alice);
        vm.recordLogs();
        (uint256 seized, uint256 payment) = liquidateBatch(accounts, type(uint256).max);
        (Liquidated[] memory done, uint256 loss, uint256 burned) = readLogs();
        assertEq(done.length, 2);

        // 18,500 / 1.02 = 18,137.254902, and a tenth of 362.745098.
        assertEq(done[0].account, bob);
        assertEq(done[0].debtShares, 24_000e6);
        assertEq(done[0].collateral, HELD);
        assertEq(done[0].payment, 18_173_529_412);
        assertEq(done[0].loss, 24_000e6 - 18_173_529_412);

        assertEq(done[1].account, alice);
        assertEq(done[1].debtShares, 8_126_532_482);
        assertEq(done[1].collateral, 4_528092071891891891);
        assertEq(done[1].payment, 8_151_576_268);
        assertEq(done[1].loss, 0);

        assertEq(seized, HELD + 4_528092071891891891);
        assertEq(payment, 18_173_529_412 + 8_151_576_268);
        assertEq(loss, 24_000e6 - 18_173_529_412);
        // The batch's own fee was credited first, and its shares are burned first.
        assertGt(burned, 0);
        assertEq(market.balanceOf(address(market)), 0);

        assertEq(debtSharesOf(carol), 10_000e6);
        assertEq(collateralOf(carol), HELD);
        assertEq(debtSharesOf(dave), 0);
    }

    function test_Batch_RepeatedAccountIsReadAgain() public {
        oracle.setPrice(priceOf(1850));
        address[] memory accounts = new address[](3);
        (accounts[0], accounts[1], accounts[2]) = (alice, alice, alice);
        vm.recordLogs();
        (uint256 seized, ) = liquidateBatch(accounts, type(uint256).max);
        (Liquidated[] memory done, , ) = readLogs();
        assertEq(done.length, 1);
        assertEq(seized, 4_528092071891891891);
    }

    function test_Liquidate_RevertWhen_NothingIsLiquidatable() public {
        open(carol, 10e18, 10_000e6);
        address[] memory accounts = new address[](3);
        (accounts[0], accounts[1], accounts[2]) = (carol, dave, alice);
        expectNothingToLiquidate(accounts, type(uint256).max);
        expectNothingToLiquidate(new address[](0), type(uint256).max);
    }

    function test_Liquidate_RevertWhen_PriceIsInvalid() public {
        oracle.setPrice(0);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InvalidPrice.selector, 0));
        vm.prank(liquidator);
        market.liquidate(only(alice), type(uint256).max, 0, liquidator, "");
        uint256 absurd = uint256(type(uint192).max) + 1;
        oracle.setPrices(priceOf(1), absurd);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InvalidPrice.selector, absurd));
        vm.prank(liquidator);
        market.liquidate(only(alice), type(uint256).max, 0, liquidator, "");
        // At the highest valid price everybody is healthy.
        oracle.setPrices(priceOf(1), absurd - 1);
        expectNothingToLiquidate(only(alice), type(uint256).max);
    }

    // ------------------------------------------------------------------ the liquidator's bounds

    function test_Liquidate_MaximumPaymentShrinksIt() public {
        oracle.setPrice(priceOf(1850));
        (uint256 seized, uint256 payment) = liquidateOne(alice, 1_000e6);
        // 1,000 / (1 + 3.08173% / 10) = 996.927737 is repaid, plus the fee on it.
        assertEq(payment, 1_000e6);
        assertEq(DEBT - debtSharesOf(alice), 996_927_737);
        assertEq(seized, (((uint256(996_927_737) * 1030817307692307692) / 1e18) * 1e18) / 1850e6);
    }

    function test_Batch_BudgetGoesToTheFirstAccounts() public {
        open(bob, HELD, DEBT);
        oracle.setPrice(priceOf(1850));
        address[] memory accounts = new address[](2);
        (accounts[0], accounts[1]) = (bob, alice);
        (, uint256 payment) = liquidateBatch(accounts, 9_000e6);
        assertLe(payment, 9_000e6);
        assertEq(debtSharesOf(bob), DEBT - 8_126_532_482);
        assertApproxEqAbs(DEBT - debtSharesOf(alice), 845_817_151, 1);
    }

    function test_Batch_AccountBeyondTheBudgetIsSkipped() public {
        open(bob, HELD, DEBT);
        oracle.setPrice(priceOf(1850));
        address[] memory accounts = new address[](2);
        (accounts[0], accounts[1]) = (alice, bob);
        vm.recordLogs();
        liquidateBatch(accounts, 8_151_576_268);
        (Liquidated[] memory done, , ) = readLogs();
        assertEq(done.length, 1);
        assertEq(debtSharesOf(bob), DEBT);
    }

    function test_Liquidate_RevertWhen_ThereIsNoBudget() public {
        oracle.setPrice(priceOf(1850));
        expectNothingToLiquidate(only(alice), 0);
        oracle.setPrice(priceOf(1000));
        expectNothingToLiquidate(only(alice), 3);
    }

    function test_Liquidate_RevertWhen_SeizedIsBelowTheMinimum() public {
        oracle.setPrice(priceOf(1850));
        vm.expectRevert(
            abi.encodeWithSelector(
                ILeverageMarket.SeizedLessThanMinimum.selector,
                4_528092071891891891,
                4_528092071891891892
            )
        );
        vm.prank(liquidator);
        market.liquidate(only(alice), type(uint256).max, 4_528092071891891892, liquidator, "");
        vm.prank(liquidator);
        market.liquidate(only(alice), type(uint256).max, 4_528092071891891891, liquidator, "");
    }

    function test_Liquidate_RevertWhen_ReceiverIsZeroOrTheMarket() public {
        oracle.setPrice(priceOf(1850));
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InvalidReceiver.selector, address(0)));
        market.liquidate(only(alice), type(uint256).max, 0, address(0), "");
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InvalidReceiver.selector, address(market)));
        market.liquidate(only(alice), type(uint256).max, 0, address(market), "");
    }

    // ------------------------------------------------------------------ dust

    /// @dev 110 of debt: a partial liquidation would leave less than 100.
    function test_Liquidate_RepaysAllRatherThanLeaveDust() public {
        open(bob, 0.06875e18, 110e6);
        oracle.setPrice(priceOf(1850));
        (, uint256 payment) = liquidateOne(bob, type(uint256).max);
        assertEq(debtSharesOf(bob), 0);
        assertGt(payment, 110e6);
        assertGt(collateralOf(bob), 0);
        vm.prank(bob);
        market.withdrawCollateral(type(uint256).max, bob, bob);
    }

    function test_Liquidate_BudgetBelowAllLeavesTheMinimumDebt() public {
        open(bob, 0.06875e18, 110e6);
        oracle.setPrice(priceOf(1850));
        liquidateOne(bob, 105e6);
        assertEq(debtSharesOf(bob), 100e6);
    }

    function test_Liquidate_DebtAtTheMinimumIsTakenWholeOrNotAtAll() public {
        open(bob, 0.0625e18, 100e6);
        oracle.setPrice(priceOf(1850));
        // The whole debt costs 100.308174.
        expectNothingToLiquidate(only(bob), 100_308_173);
        liquidateOne(bob, 100_308_174);
        assertEq(debtSharesOf(bob), 0);
    }

    function test_Liquidate_InsolventPositionLeavesNoDustEither() public {
        open(bob, 0.06875e18, 110e6);
        oracle.setPrice(priceOf(1000));
        liquidateOne(bob, 60e6);
        assertEq(debtSharesOf(bob), 100e6);
        // 62.5 / 1.02 = 61.274510 and a tenth of 1.225490 for the remaining debt.
        expectNothingToLiquidate(only(bob), 61_397_058);
        liquidateOne(bob, 61_397_060);
        assertEq(debtSharesOf(bob), 0);
        assertEq(collateralOf(bob), 0);
    }

    // ------------------------------------------------------------------ fee to the buffer

    /// @dev The fee becomes shares at the next lender action; every view counts it for the buffer
    /// at once.
    function test_Fee_ShareOfTheBonusGoesToTheBuffer() public {
        oracle.setPrice(priceOf(1850));
        uint256 price = market.convertToAssets(1e24);
        liquidateOne(alice, type(uint256).max);
        assertApproxEqAbs(market.convertToAssets(1e24), price, 1);
        assertGe(market.convertToAssets(1e24), price);
        assertApproxEqAbs(bufferAssets(), 25_043_786, 1);
        assertApproxEqAbs(market.convertToAssets(1e24), price, 1);
    }

    /// @dev A budget of three units pays for two: one of debt, and a fee rounded up to one.
    function test_Fee_OfOneUnitReachesTheBuffer() public {
        oracle.setPrice(priceOf(1850));
        vm.recordLogs();
        liquidateOne(alice, 3);
        (Liquidated[] memory done, , ) = readLogs();
        assertEq(done[0].fee, 1);
        assertApproxEqAbs(market.convertToShares(1), 1e6, 1);
        bufferAssets();
        assertApproxEqAbs(market.balanceOf(address(market)), 1e6, 1);
    }

    function test_Fee_PendingInterestIsSharedBeforeIt() public {
        skipTime(30 days);
        market.accrue();
        oracle.setPrice(priceOf(1850));
        uint256 lenderAssets = market.convertToAssets(market.balanceOf(lender));
        uint256 interest = market.totalDebt() - DEBT;
        assertGt(interest, 1e6);
        vm.recordLogs();
        liquidateOne(alice, type(uint256).max);
        (Liquidated[] memory done, , ) = readLogs();
        assertApproxEqAbs(market.convertToAssets(market.balanceOf(lender)), lenderAssets, 2);
        assertApproxEqAbs(bufferAssets(), interest / 10 + done[0].fee, 3);
        assertApproxEqAbs(market.convertToAssets(market.balanceOf(lender)), lenderAssets, 2);
    }

    /// @dev Otherwise a liquidator could end the fee between two parts.
    function test_Fee_IsTakenWhenTheBufferIsFull() public {
        moveToBuffer(lender, 500_000e12);
        oracle.setPrice(priceOf(1850));
        (, uint256 payment) = liquidateOne(alice, type(uint256).max);
        assertEq(payment, 8_151_576_268);
    }

    // ------------------------------------------------------------------ callback

    function test_Callback_PaysAll() public {
        oracle.setPrice(priceOf(1850));
        ScriptedActor actor = new ScriptedActor();
        Call[] memory calls = only(
            callTo(address(loan), abi.encodeCall(IERC20.transfer, (address(market), 8_151_576_268)))
        );
        loan.mint(address(actor), 8_151_576_268);
        vm.prank(bob);
        (uint256 seized, uint256 payment) = market.liquidate(
            only(alice),
            type(uint256).max,
            0,
            address(actor),
            abi.encode(calls)
        );
        assertEq(collateral.balanceOf(address(actor)), seized);
        assertEq(loan.balanceOf(address(actor)), 0);
        assertEq(actor.lastCaller(), address(market));
        assertEq(actor.lastArguments(), abi.encode(bob, seized, payment));
    }

    function test_Callback_CallerPaysTheRest() public {
        oracle.setPrice(priceOf(1850));
        ScriptedActor actor = new ScriptedActor();
        Call[] memory calls = only(callTo(address(loan), abi.encodeCall(IERC20.transfer, (address(market), 5_000e6))));
        loan.mint(address(actor), 5_000e6);
        uint256 before = loan.balanceOf(liquidator);
        vm.prank(liquidator);
        market.liquidate(only(alice), type(uint256).max, 0, address(actor), abi.encode(calls));
        assertEq(before - loan.balanceOf(liquidator), 3_151_576_268);
    }

    function test_Callback_SurplusGoesToTheCaller() public {
        oracle.setPrice(priceOf(1850));
        ScriptedActor actor = new ScriptedActor();
        Call[] memory calls = only(callTo(address(loan), abi.encodeCall(IERC20.transfer, (address(market), 9_000e6))));
        loan.mint(address(actor), 9_000e6);
        vm.prank(bob);
        market.liquidate(only(alice), type(uint256).max, 0, address(actor), abi.encode(calls));
        assertEq(loan.balanceOf(bob), 9_000e6 - 8_151_576_268);
        (uint256 cash, , ) = market.totals();
        assertEq(loan.balanceOf(address(market)), cash);
    }

    /// @dev During the callback the books are final, and no function that changes them can be
    /// called.
    function test_Callback_SeesFinalBooksAndALockedMarket() public {
        oracle.setPrice(priceOf(1850));
        ScriptedActor actor = new ScriptedActor();
        Call[] memory calls = new Call[](4);
        calls[0] = callTo(address(market), abi.encodeCall(market.debtOf, (alice)));
        calls[1] = callTo(address(market), abi.encodeCall(market.totalAssets, ()));
        calls[2] = Call(
            address(market),
            abi.encodeCall(market.liquidate, (only(alice), type(uint256).max, 0, liquidator, "")),
            false
        );
        calls[3] = Call(address(market), abi.encodeCall(market.repay, (1, alice)), false);
        vm.prank(liquidator);
        market.liquidate(only(alice), type(uint256).max, 0, address(actor), abi.encode(calls));
        ScriptedActor.Outcome[] memory outcomes = actor.outcomes();
        assertEq(abi.decode(outcomes[0].returned, (uint256)), market.debtOf(alice));
        assertEq(abi.decode(outcomes[1].returned, (uint256)), market.totalAssets());
        bytes memory locked = abi.encodeWithSignature("ReentrancyGuardReentrantCall()");
        assertEq(outcomes[2].returned, locked);
        assertEq(outcomes[3].returned, locked);
    }

    // ------------------------------------------------------------------ low units

    /// @dev A liquidator of an insolvent position pays for every debt that it reduces: burning debt
    /// against a part of the collateral that rounds to zero would be a gift to the borrower, in
    /// every batch.
    function testFuzz_Liquidate_InsolventDebtIsNotBurnedForNothing(uint256 budget, uint256 price) public {
        price = bound(price, 100, 1631);
        oracle.setPrice(priceOf(price));
        budget = bound(budget, 1, 16_000e6);
        uint256 shares = debtSharesOf(alice);
        (, uint256 payment) = tryLiquidate(alice, budget);
        if (debtSharesOf(alice) != shares) assertGt(payment, 0);
    }

    /// @dev The worth of the buffer's shares, after a lender action has turned pending fees into
    /// shares.
    function bufferAssets() private returns (uint256) {
        vm.prank(lender);
        market.deposit(0, lender);
        return market.convertToAssets(market.balanceOf(address(market)));
    }
}
