// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {Limit, MarketParams} from "../../contracts/types/MarketTypes.sol";
import {AttackTest} from "./support/AttackTest.sol";

/// @notice Who tries to have others bear a loss, or to hold it back. Bob owes 1,600,000 against collateral that a gap in the
/// price takes below it; the attacker has lent a third of what there is.
contract BadDebtAttackTest is AttackTest {
    function setUp() public override {
        super.setUp();
        fund(liquidator, 0, 10_000_000e6);
        fund(address(attacker), 1e18, 5_000_000e6);
        vm.prank(address(attacker));
        market.deposit(5_000_000e6, address(attacker));
        open(bob, 1_000e18, 1_600_000e6);
    }

    /// @notice Known from the audits of Morpho Blue (October 2023), where a loss is booked only once no collateral is left: a
    /// position that keeps one unit of it keeps its bad debt on the books.
    /// @dev Here each part that is liquidated books its own loss; one more unit of collateral, sent in ahead of every
    /// liquidation, is taken with the rest.
    function testFuzz_NoUnitOfCollateralHoldsALossBack(uint256 price, uint256[3] memory budgets) public {
        oracle.setPrice(priceOf(bound(price, 100, 1_631)));
        for (uint256 i = 0; i < budgets.length && debtSharesOf(bob) != 0; ++i) {
            vm.prank(address(attacker));
            market.supplyCollateral(1, bob);
            (uint256 shares, uint256 held, ) = market.position(bob);
            tryLiquidate(bob, bound(budgets[i], 0, 1_600_000e6));
            assertLtvNotRaised(bob, shares, held);
        }
        if (debtSharesOf(bob) != 0) liquidateOne(bob, type(uint256).max);
        assertPosition(bob, 0, 0);
        (uint256 cash, , ) = market.totals();
        assertEq(market.totalAssets(), cash, "debt that nobody owes");
    }

    /// @notice MakerDAO, March 2020: with no other bidder about, collateral worth eight million went for bids of zero.
    /// @dev No competition is needed: whatever the budget, what is seized costs its value less the least bonus.
    function testFuzz_NothingIsSeizedForNextToNothing(uint256 price, uint256 budget) public {
        price = priceOf(bound(price, 100, 1_631));
        oracle.setPrice(price);
        expectNothingToLiquidate(only(bob), 1);
        (uint256 seized, uint256 payment) = tryLiquidate(bob, bound(budget, 0, 1_600_000e6));
        assertLe(((seized * price) / 1e36) * WAD, payment * (WAD + 0.02e18));
    }

    /// @notice With an oracle dead for good no loss can be booked, total assets count what nobody will pay, and who lends then
    /// pays out those who leave.
    /// @dev The guardian's supply cap of zero stops that at once. Cash alone is left for the old lenders.
    function test_NewLendersDoNotPayOutOldOnesOnceTheSupplyCapIsZero() public {
        oracle.setPrice(0);
        vm.prank(lender);
        market.withdraw(10_000_000e6, lender, lender);
        vm.prank(guardian);
        market.lowerLimit(Limit.SupplyCap, 0);
        fund(alice, 0, 1_000_000e6);
        assertEq(market.maxDeposit(alice), 0);
        assertEq(market.maxMint(alice), 0);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.SupplyCapExceeded.selector, 1_000_000e6, 0));
        market.deposit(1_000_000e6, alice);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.SupplyCapExceeded.selector, 1, 0));
        market.mint(1e6, alice);
        vm.stopPrank();
        (uint256 cash, , ) = market.totals();
        assertEq(cash, 3_400_000e6);
        assertEq(market.maxWithdraw(address(attacker)), cash);
        vm.prank(address(attacker));
        market.withdraw(cash, address(attacker), address(attacker));
    }

    /// @notice Known from Morpho Blue (October 2023): a lender leaves, books the loss by liquidating, and comes back, all in
    /// one transaction, and the others bear its part.
    function test_RevertWhen_ALenderStepsOutAroundALoss() public {
        oracle.setPrice(priceOf(1500));
        uint256 shares = market.balanceOf(address(attacker));
        plan(abi.encodeCall(IERC4626.redeem, (shares, address(attacker), address(attacker))));
        thenLiquidate();
        plan(abi.encodeCall(IERC4626.deposit, (3_000_000e6, address(attacker))));
        vm.expectPartialRevert(ILeverageMarket.LossAfterLenderExit.selector);
        run();
    }

    /// @notice The same by an accomplice that holds the shares, to which they are moved first.
    function test_RevertWhen_AnAccompliceStepsOutAroundALoss() public {
        oracle.setPrice(priceOf(1500));
        uint256 shares = market.balanceOf(address(attacker));
        vm.prank(alice);
        market.approve(address(attacker), type(uint256).max);
        plan(abi.encodeCall(IERC20.transfer, (alice, shares)));
        plan(abi.encodeCall(IERC4626.redeem, (shares, address(attacker), alice)));
        thenLiquidate();
        vm.expectPartialRevert(ILeverageMarket.LossAfterLenderExit.selector);
        run();
    }

    /// @notice Stream Finance (xUSD), November 2025: in markets with a loss that was not booked, whoever withdrew first was
    /// paid in full, by those who stayed.
    /// @dev Anyone ends the race by one call, and without capital: the liquidator pays from what it seizes. After it, each
    /// lender bears the same part.
    function testFuzz_OnceALossIsBookedNobodyOutrunsIt(uint256 price) public {
        oracle.setPrice(priceOf(bound(price, 100, 1_550)));
        uint256 runner = lentBy(address(attacker));
        uint256 others = lentBy(lender);
        liquidateOne(bob, type(uint256).max);

        uint256 shares = market.balanceOf(address(attacker));
        vm.prank(address(attacker));
        uint256 paid = market.redeem(shares, address(attacker), address(attacker));

        assertLt(paid, runner);
        assertApproxEqAbs(paid * others, lentBy(lender) * runner, 2 * others);
    }

    /// @notice At 98% utilization there is no cash to leave with. The attacker makes it: it liquidates the solvent positions
    /// only, and redeems at the price that does not know yet of Bob's loss, all in one transaction.
    function test_RevertWhen_ALenderMakesItsOwnCashByLiquidations() public {
        address[] memory solvent = lendNearlyAll();
        planLiquidation(solvent);
        plan(
            abi.encodeCall(IERC4626.redeem, (market.balanceOf(address(attacker)), address(attacker), address(attacker)))
        );
        vm.expectPartialRevert(ILeverageMarket.LenderExitAfterLiquidation.selector);
        run();
    }

    /// @notice The same over an accomplice, and with what the maximum promises.
    function test_RevertWhen_AnAccompliceLeavesWithCashMadeByLiquidations() public {
        address[] memory solvent = lendNearlyAll();
        vm.prank(alice);
        market.approve(address(attacker), type(uint256).max);
        uint256 shares = market.balanceOf(address(attacker));
        planLiquidation(solvent);
        plan(abi.encodeCall(IERC20.transfer, (alice, shares)));
        plan(abi.encodeCall(IERC4626.maxRedeem, (alice)));
        planTry(abi.encodeCall(IERC4626.redeem, (shares, address(attacker), alice)));
        run();
        assertEq(attacker.outcomes()[2].returned, abi.encode(0));
        assertFalse(attacker.outcomes()[3].success);
    }

    /// @notice What is left of it: the same in two transactions, which may be of one block.
    /// @dev A known limit: between the two anyone can book the loss, and anyone can take the cash.
    function test_WhoMakesItsOwnCashMayLeaveInALaterTransaction() public {
        address[] memory solvent = lendNearlyAll();
        uint256 lent = lentBy(address(attacker));
        uint256 before = vm.snapshotState();
        liquidateOne(bob, type(uint256).max);
        uint256 shared = lentBy(lender);
        assertLt(lentBy(address(attacker)), lent - 80_000e6);
        vm.revertToState(before);

        planLiquidation(solvent);
        run();
        uint256 held = loan.balanceOf(address(attacker));
        redeemAll(address(attacker));
        liquidateOne(bob, type(uint256).max);
        assertGe(loan.balanceOf(address(attacker)) - held + 1, lent);
        assertLt(lentBy(lender), shared - 40_000e6);
    }

    /// @notice A lender that can't leave pledges its shares in another market, at the price that does not know of Bob's loss, and
    /// borrows all that it can: an exit that needs no cash here.
    /// @dev The share price will fall by a fifth. At 4.6x, which docs/deployment.md states for that, the lenders there lose
    /// nothing; at 4.7x they lose.
    function test_SharesPledgedAtTheStatedLeverageCostTheOtherLendersNothing() public {
        vm.prank(lender);
        market.withdraw(7_000_000e6, lender, lender);
        MockOracle sharePrice = new MockOracle(priceOfShare());
        MarketParams memory params = _params();
        (params.collateralToken, params.oracle) = (market, address(sharePrice));
        ILeverageMarket other = createMarket(params, "shares");
        loan.mint(liquidator, 10_000_000e6);
        vm.startPrank(liquidator);
        loan.approve(address(other), type(uint256).max);
        other.deposit(5_000_000e6, liquidator);
        vm.stopPrank();

        uint256 start = vm.snapshotState();
        assertEq(lossByAPledge(other, sharePrice, 782_600e6), 0);
        vm.revertToState(start);
        assertGt(lossByAPledge(other, sharePrice, 787_200e6), 1_300e6);
    }

    /// @notice A liquidator settles the insolvent first, and the others in a later call, whose fees come too late for the loss.
    /// @dev A known limit: batched together, in any order, the fees of the solvent bear a part of the loss first. Keepers do so.
    function test_FeesOfALaterCallComeTooLateForTheLoss() public {
        open(alice, 1_000e18, 1_300_000e6);
        oracle.setPrice(priceOf(1500));
        address[] memory batch = new address[](2);
        (batch[0], batch[1]) = (bob, alice);
        uint256 before = vm.snapshotState();
        liquidateBatch(batch, type(uint256).max);
        uint256 together = lentBy(lender);
        vm.revertToState(before);

        liquidateOne(bob, type(uint256).max);
        liquidateOne(alice, type(uint256).max);
        assertLt(lentBy(lender), together);
        assertApproxEqRel(lentBy(lender), together, 0.003e18);
    }

    /// @notice The limit of that: who leaves in a transaction before the loss is booked leaves at the old price, with cash.
    /// @dev A known limit of pools without a queue. What it can take from the others is bounded by the cash, and by the loss.
    function test_WhoRunsBeforeTheLossIsBookedTakesCashOnly() public {
        open(alice, 3_000e18, 2_400_000e6);
        oracle.setPrice(priceOf(1500));
        (uint256 cash, , ) = market.totals();
        uint256 shares = market.balanceOf(address(attacker));
        vm.prank(address(attacker));
        uint256 paid = market.redeem(shares, address(attacker), address(attacker));
        assertLe(paid, cash);
        // No more than it had lent: no gain, only the others' place.
        assertApproxEqAbs(paid, 5_000_000e6, 1);
        uint256 others = lentBy(lender);

        liquidateOne(bob, type(uint256).max);

        // 1,600,000 less the price of 1,500,000 of collateral at a bonus of 2%, and a tenth of that bonus.
        assertApproxEqAbs(others - lentBy(lender), 126_470_588_235, 1e6);
    }

    /// @dev The same with less cash than the attacker has lent: the rest of it stays, and bears its part of the loss.
    function test_WhoRunsBeforeTheLossIsBookedIsHeldBackByTheCash() public {
        vm.prank(lender);
        market.withdraw(9_000_000e6, lender, lender);
        oracle.setPrice(priceOf(1500));
        (uint256 cash, , ) = market.totals();
        uint256 most = market.maxRedeem(address(attacker));
        assertLt(cash, lentBy(address(attacker)));
        assertLt(most, market.balanceOf(address(attacker)));

        vm.startPrank(address(attacker));
        vm.expectPartialRevert(ILeverageMarket.InsufficientCash.selector);
        market.redeem(most + 1e6, address(attacker), address(attacker));
        uint256 paid = market.redeem(most, address(attacker), address(attacker));
        vm.stopPrank();
        assertApproxEqAbs(paid, cash, 1);

        uint256 left = lentBy(address(attacker));
        liquidateOne(bob, type(uint256).max);
        assertLt(lentBy(address(attacker)), left);
    }

    /// @notice Venus, May 2021 (XVS), and Aave, November 2022 (CRV): after the liquidations bad debt stayed on the books,
    /// as an asset of the lenders that nobody would pay.
    /// @dev After the liquidations every unit of the books is there: the last lender gets its part, to within roundings.
    function testFuzz_NoBadDebtStaysOnTheBooks(uint256 price, uint256 elapsed) public {
        oracle.setPrice(priceOf(bound(price, 100, 1_600)));
        skipTime(bound(elapsed, 0, 365 days));
        liquidateOne(bob, type(uint256).max);
        assertEq(market.totalDebt(), 0);

        redeemAll(address(attacker));
        redeemAll(lender);
        assertLe(lentBy(lender), 1);
        (uint256 cash, , ) = market.totals();
        // What is left is the buffer's.
        assertApproxEqAbs(cash, lentBy(address(market)), 2);
    }

    /// @notice After a loss of all, or of all but a unit, the old shares would own what the next lender brings.
    function test_NobodyIsLuredInAfterATotalLoss() public {
        redeemAll(address(attacker));
        uint256 cash = market.maxWithdraw(lender);
        vm.prank(lender);
        market.withdraw(cash, lender, lender);
        oracle.setPrice(1);
        liquidateOne(bob, type(uint256).max);
        assertEq(market.totalAssets(), 1, "paid for worthless collateral");

        fund(alice, 0, 1_000_000e6);
        assertEq(market.maxDeposit(alice), 0);
        vm.expectRevert(ILeverageMarket.DepositsClosed.selector);
        vm.prank(alice);
        market.deposit(1_000e6, alice);
        cash = market.maxWithdraw(lender);
        vm.prank(lender);
        market.withdraw(cash, lender, lender);
        assertEq(market.totalAssets(), 0);
        vm.expectRevert(ILeverageMarket.DepositsClosed.selector);
        vm.prank(alice);
        market.deposit(900e6, alice);
    }

    /// @notice An allocator that keeps shares in 112 bits lends to a market that has lost nearly all: a million dollars would
    /// be more shares than it has room for, and what is left of the supply's 128 bits would soon be gone.
    function test_RevertWhen_AnAllocatorWouldGetMoreSharesThanItCanHold() public {
        redeemAll(address(attacker));
        uint256 cash = market.maxWithdraw(lender);
        vm.prank(lender);
        market.withdraw(cash, lender, lender);
        oracle.setPrice(1);
        liquidateOne(bob, type(uint256).max);
        assertGt(market.previewDeposit(10_000_000_000e6), type(uint112).max);
        fund(alice, 0, 1_000_000e6);
        vm.startPrank(alice);
        vm.expectRevert(ILeverageMarket.DepositsClosed.selector);
        market.deposit(1_000_000e6, alice);
        vm.expectRevert(ILeverageMarket.DepositsClosed.selector);
        market.mint(type(uint112).max, alice);
        vm.stopPrank();
    }

    /// @notice In a transaction that several share (a bundle of account abstraction, a multicall), whoever comes first withdraws
    /// nothing from somebody else's account, to have a liquidation with a loss reverted as if a lender had left.
    function test_AWithdrawalOfNothingHoldsNoLossBack() public {
        fund(address(attacker), 0, 5_000_000e6);
        oracle.setPrice(priceOf(1500));
        plan(abi.encodeCall(IERC4626.withdraw, (0, address(attacker), lender)));
        thenLiquidate();
        run();
        assertPosition(bob, 0, 0);
    }

    /// @dev Of 7.1 million that lenders have left, 7 million are lent. At 1,500 Bob is insolvent; the others are not, but
    /// above the limit.
    function lendNearlyAll() private returns (address[] memory solvent) {
        solvent = new address[](2);
        (solvent[0], solvent[1]) = (alice, makeAddr("carol"));
        open(solvent[0], 1_700e18, 2_400_000e6);
        skipTime(1 days);
        open(solvent[1], 2_130e18, 3_000_000e6);
        vm.startPrank(lender);
        market.withdraw(market.maxWithdraw(lender) - 100_000e6, lender, lender);
        vm.stopPrank();
        (uint256 cash, , ) = market.totals();
        assertEq(cash, 100_000e6);
        fund(address(attacker), 0, 6_000_000e6);
        oracle.setPrice(priceOf(1500));
    }

    /// @dev Shares worth a million are pledged for `debt`; then Bob's collateral turns out to be worth nothing.
    /// @return What the lenders of the other market lose.
    function lossByAPledge(ILeverageMarket other, MockOracle sharePrice, uint256 debt) private returns (uint256) {
        uint256 shares = market.convertToShares(1_000_000e6);
        vm.startPrank(address(attacker));
        market.approve(address(other), type(uint256).max);
        other.adjust(address(attacker), int256(shares), int256(debt), address(attacker), shares, 0, "");
        vm.stopPrank();
        uint256 before = other.totalAssets();

        oracle.setPrice(1);
        liquidateOne(bob, type(uint256).max);
        assertApproxEqAbs(market.convertToAssets(shares), 800_000e6, 1e6);
        sharePrice.setPrice(priceOfShare());
        vm.prank(liquidator);
        other.liquidate(only(address(attacker)), type(uint256).max, 0, liquidator, "");
        uint256 afterwards = other.totalAssets();
        return afterwards < before ? before - afterwards : 0;
    }

    /// @dev In the oracle's scale.
    function priceOfShare() private view returns (uint256) {
        return market.convertToAssets(1e24) * 1e12;
    }

    function planLiquidation(address[] memory accounts) private {
        plan(
            abi.encodeCall(
                ILeverageMarket.liquidate,
                (accounts, type(uint256).max, uint256(0), address(attacker), bytes(""))
            )
        );
    }

    function thenLiquidate() private {
        plan(
            abi.encodeCall(
                ILeverageMarket.liquidate,
                (only(bob), type(uint256).max, uint256(0), address(attacker), bytes(""))
            )
        );
    }

    function redeemAll(address account) private {
        uint256 shares = market.balanceOf(account);
        vm.prank(account);
        market.redeem(shares, account, account);
    }
}
