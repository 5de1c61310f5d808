// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {Limit, MarketParams} from "../../contracts/types/MarketTypes.sol";
import {AttackTest} from "./support/AttackTest.sol";

/// @notice Attempts to make others bear a loss, or to delay its booking. Bob owes 1,600,000 against
/// collateral whose value a price gap takes below the debt; the attacker has lent a third of the
/// supply.
contract BadDebtAttackTest is AttackTest {
    function setUp() public override {
        super.setUp();
        fund(liquidator, 0, 10_000_000e6);
        fund(address(attacker), 1e18, 5_000_000e6);
        vm.prank(address(attacker));
        market.deposit(5_000_000e6, address(attacker));
        open(bob, 1_000e18, 1_600_000e6);
    }

    /// @notice Known from the audits of Morpho Blue (October 2023), where bad debt is booked only
    /// once no collateral is left: a position that keeps one unit of collateral keeps its bad debt
    /// on the books.
    /// @dev Here every partial liquidation books its own loss. One more unit of collateral,
    /// supplied before each liquidation, is seized with the rest.
    function testFuzz_BadDebt_OneUnitOfCollateralDelaysNoLoss(uint256 price, uint256[3] memory budgets) public {
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

    /// @notice MakerDAO, March 2020: without competing bidders, collateral worth eight million was
    /// sold for bids of zero.
    /// @dev Competition is not needed here: whatever the budget, the liquidator pays the value of
    /// the seized collateral less the least bonus.
    function testFuzz_Liquidate_SeizedCollateralIsPaidFor(uint256 price, uint256 budget) public {
        price = priceOf(bound(price, 100, 1_631));
        oracle.setPrice(price);
        expectNothingToLiquidate(only(bob), 1);
        (uint256 seized, uint256 payment) = tryLiquidate(bob, bound(budget, 0, 1_600_000e6));
        assertLe(((seized * price) / 1e36) * WAD, payment * (WAD + 0.02e18));
    }

    /// @notice While an oracle is dead for good, no loss can be booked, so total assets include
    /// debt that nobody will repay, and new lenders pay out those who leave.
    /// @dev When the guardian lowers the supply cap to zero, this stops at once. Only cash is left
    /// for the old lenders.
    function test_SupplyCap_ZeroKeepsNewLendersFromPayingOutOldOnes() public {
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

    /// @notice Known from Morpho Blue (October 2023): in one transaction a lender leaves, books the
    /// loss by a liquidation, and comes back, and the other lenders bear its part.
    function test_Withdraw_RevertWhen_LenderStepsOutAroundALoss() public {
        oracle.setPrice(priceOf(1500));
        uint256 shares = market.balanceOf(address(attacker));
        plan(abi.encodeCall(IERC4626.redeem, (shares, address(attacker), address(attacker))));
        thenLiquidate();
        plan(abi.encodeCall(IERC4626.deposit, (3_000_000e6, address(attacker))));
        vm.expectPartialRevert(ILeverageMarket.LossAfterLenderExit.selector);
        run();
    }

    /// @notice The same through an accomplice, to whom the shares are transferred first.
    function test_Withdraw_RevertWhen_AccompliceStepsOutAroundALoss() public {
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

    /// @notice Stream Finance (xUSD), November 2025: in markets with an unbooked loss, the first to
    /// withdraw were paid in full by those who stayed.
    /// @dev Anyone can end the race by one call and without capital, since the liquidator pays out
    /// of the collateral that it seizes. After it, each lender bears the same share of the loss.
    function testFuzz_BadDebt_NobodyOutrunsABookedLoss(uint256 price) public {
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

    /// @notice At 98% utilization there is no cash to withdraw. In one transaction the attacker
    /// liquidates the solvent positions only, which creates cash, and redeems at a share price that
    /// doesn't include Bob's loss yet.
    function test_Withdraw_RevertWhen_LenderMadeItsCashByLiquidations() public {
        address[] memory solvent = lendNearlyAll();
        planLiquidation(solvent);
        plan(
            abi.encodeCall(IERC4626.redeem, (market.balanceOf(address(attacker)), address(attacker), address(attacker)))
        );
        vm.expectPartialRevert(ILeverageMarket.LenderExitAfterLiquidation.selector);
        run();
    }

    /// @notice The same through an accomplice, for as much as `maxRedeem` returns.
    function test_Withdraw_RevertWhen_AccompliceLeavesWithCashOfLiquidations() public {
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

    /// @notice The attack that remains: the same in two transactions, possibly of one block.
    /// @dev A known limit: between the two transactions anyone can book the loss, and anyone can
    /// take the cash.
    function test_Withdraw_CashOfLiquidationsLeavesInALaterTransaction() public {
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

    /// @notice A lender that can't withdraw pledges its shares in another market, at a price that
    /// doesn't include Bob's loss, and borrows as much as it can: an exit that needs no cash here.
    /// @dev The share price will fall by a fifth. At 4.6x, the leverage that docs/deployment.md
    /// states for this case, the lenders there lose nothing; at 4.7x they do.
    function test_BadDebt_PledgedSharesAtTheStatedLeverageCostNothing() public {
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

    /// @notice A liquidator liquidates the insolvent position first and the others in a later call,
    /// whose fees come too late for the loss.
    /// @dev A known limit: in one batch, in any order, the fees of the solvent positions cover a
    /// part of the loss first. Keepers batch them.
    function test_Liquidate_FeesOfALaterCallCoverNoEarlierLoss() public {
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

    /// @notice The limit of the rule above: a lender that withdraws in a transaction before the
    /// loss is booked leaves at the old price, with cash.
    /// @dev A known limit of pools without a withdrawal queue. The cash and the loss bound how much
    /// it can take from the others.
    function test_Withdraw_BeforeTheLossIsBookedTakesCashOnly() public {
        open(alice, 3_000e18, 2_400_000e6);
        oracle.setPrice(priceOf(1500));
        (uint256 cash, , ) = market.totals();
        uint256 shares = market.balanceOf(address(attacker));
        vm.prank(address(attacker));
        uint256 paid = market.redeem(shares, address(attacker), address(attacker));
        assertLe(paid, cash);
        // No more than it had lent: it gains nothing but a place before the others.
        assertApproxEqAbs(paid, 5_000_000e6, 1);
        uint256 others = lentBy(lender);

        liquidateOne(bob, type(uint256).max);

        // 1,600,000 less the payment for collateral worth 1,500,000 at a bonus of 2%, and a tenth
        // of that bonus.
        assertApproxEqAbs(others - lentBy(lender), 126_470_588_235, 1e6);
    }

    /// @dev The same with less cash than the attacker has lent: the rest of its shares stays and
    /// bears its share of the loss.
    function test_Withdraw_BeforeTheLossIsBookedIsBoundedByTheCash() public {
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

    /// @notice Venus, May 2021 (XVS), and Aave, November 2022 (CRV): after the liquidations bad
    /// debt stayed on the books, as an asset of the lenders that nobody would pay.
    /// @dev After the liquidations every unit of the books exists: the last lender gets its part,
    /// except for rounding.
    function testFuzz_BadDebt_NoneStaysOnTheBooks(uint256 price, uint256 elapsed) public {
        oracle.setPrice(priceOf(bound(price, 100, 1_600)));
        skipTime(bound(elapsed, 0, 365 days));
        liquidateOne(bob, type(uint256).max);
        assertEq(market.totalDebt(), 0);

        redeemAll(address(attacker));
        redeemAll(lender);
        assertLe(lentBy(lender), 1);
        (uint256 cash, , ) = market.totals();
        // The rest belongs to the buffer.
        assertApproxEqAbs(cash, lentBy(address(market)), 2);
    }

    /// @notice After a loss of everything, or of all but one unit, the old shares would own the
    /// deposit of the next lender.
    function test_Deposit_ClosedAfterATotalLoss() public {
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

    /// @notice An allocator that stores shares in 112 bits lends to a market that has lost nearly
    /// everything: a million dollars would be more shares than it can store, and would soon exhaust
    /// the 128 bits of the supply.
    function test_Deposit_RevertWhen_AllocatorCannotStoreTheShares() public {
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

    /// @notice In a transaction that several users share (an account abstraction bundle, a
    /// multicall), the first one withdraws zero from another user's account, so that a liquidation
    /// with a loss would revert as if a lender had left.
    function test_Withdraw_OfZeroDelaysNoLoss() public {
        fund(address(attacker), 0, 5_000_000e6);
        oracle.setPrice(priceOf(1500));
        plan(abi.encodeCall(IERC4626.withdraw, (0, address(attacker), lender)));
        thenLiquidate();
        run();
        assertPosition(bob, 0, 0);
    }

    /// @dev Of the 7.1 million that lenders have left in the market, 7 million are lent. At 1,500
    /// Bob is insolvent; the others are solvent and above the liquidation limit.
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

    /// @dev Pledges shares worth a million for `debt`; then Bob's collateral turns out to be
    /// worthless.
    /// @return Loss of the other market's lenders.
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
