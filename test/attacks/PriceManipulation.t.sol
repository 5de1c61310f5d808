// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {IPriceOracle} from "../../contracts/interfaces/IPriceOracle.sol";
import {MarketParams} from "../../contracts/types/MarketTypes.sol";
import {AttackTest} from "./support/AttackTest.sol";

/// @notice A pool with a constant product of its balances and no fee, so that manipulating it is
/// free. As an oracle it reports its spot price.
contract ProductPool is IPriceOracle {
    IERC20 private immutable LOAN;
    IERC20 private immutable COLLATERAL;

    constructor(IERC20 loan, IERC20 collateral) {
        (LOAN, COLLATERAL) = (loan, collateral);
    }

    function buyCollateral(uint256 paid) external {
        uint256 held = COLLATERAL.balanceOf(address(this));
        uint256 left = Math.ceilDiv(held * LOAN.balanceOf(address(this)), LOAN.balanceOf(address(this)) + paid);
        LOAN.transferFrom(msg.sender, address(this), paid);
        COLLATERAL.transfer(msg.sender, held - left);
    }

    function prices() external view returns (uint256 openPrice, uint256 liquidationPrice) {
        openPrice = (LOAN.balanceOf(address(this)) * 1e36) / COLLATERAL.balanceOf(address(this));
        return (openPrice, openPrice);
    }

    function sellCollateral(uint256 sold) external {
        uint256 held = LOAN.balanceOf(address(this));
        uint256 left = Math.ceilDiv(
            held * COLLATERAL.balanceOf(address(this)),
            COLLATERAL.balanceOf(address(this)) + sold
        );
        COLLATERAL.transferFrom(msg.sender, address(this), sold);
        LOAN.transfer(msg.sender, held - left);
    }
}

/// @notice Prices that the attacker moves, in a pool or in the feed itself. The oracles' tests
/// cover their own protection; these tests cover the damage that remains if the oracle accepts the
/// price.
contract PriceManipulationTest is AttackTest {
    ProductPool private pool;

    function setUp() public override {
        super.setUp();
        pool = new ProductPool(loan, collateral);
        loan.mint(address(pool), 1_000_000e6);
        collateral.mint(address(pool), 500e18);
        fund(address(attacker), 100e18, 0);
        stockFlashPool(0, 10_000_000e6);
        vm.startPrank(address(attacker));
        loan.approve(address(pool), type(uint256).max);
        collateral.approve(address(pool), type(uint256).max);
        vm.stopPrank();
        fund(liquidator, 0, 20_000_000e6);
    }

    /// @notice bZx, February 2020; Inverse, June 2022: with a flash loan the attacker pumped the
    /// collateral's price in a pool, borrowed against it at that price, and restored the pool.
    /// @dev The control: a market that reads the pool's spot price pays 940,000 for 100 of
    /// collateral, worth 200,000.
    function test_SpotPrice_MarketThatReadsItIsRobbed() public {
        moveTo(pool);
        uint256 lent = lentBy(lender);
        uint256 worth = worthOf(address(attacker), startPrice);
        planRobbery();
        runWithFlashLoan(loan, 2_000_000e6);
        assertApproxEqAbs(worthOf(address(attacker), startPrice), worth + 740_000e6, 10);
        liquidateOne(address(attacker), type(uint256).max);
        assertGt(lent - lentBy(lender), 700_000e6);
    }

    /// @notice The same with a guard between the market and the pool.
    /// @dev Whichever of the two sources the pool is, the other one disagrees while the pool is
    /// pumped.
    function test_Borrow_RevertWhen_PoolBehindAGuardIsPumped() public {
        moveTo(newGuard(oracle, pool));
        expectRobberyRefused(abi.encodeWithSelector(ILeverageMarket.InvalidPrice.selector, 0));
        moveTo(newGuard(pool, oracle));
        expectRobberyRefused(abi.encodeWithSelector(ILeverageMarket.InvalidPrice.selector, 0));
    }

    /// @dev The same where the pool is not a source.
    function test_Borrow_RevertWhen_PoolBesideAFeedIsPumped() public {
        expectRobberyRefused(
            abi.encodeWithSelector(
                ILeverageMarket.LeverageAboveMaximum.selector,
                uint256(940_000e6),
                uint256(200_000e6),
                50_000
            )
        );
    }

    /// @notice The same, borrowing only as much as the feed's price allows: the attacker gains
    /// nothing.
    function test_Borrow_PumpedPoolGainsNothing() public {
        uint256 worth = worthOf(address(attacker), startPrice);
        uint256 lent = lentBy(lender);
        pump();
        plan(abi.encodeCall(ILeverageMarket.supplyCollateral, (100e18, address(attacker))));
        plan(abi.encodeCall(ILeverageMarket.borrow, (160_000e6, address(attacker), address(attacker))));
        plan(address(pool), abi.encodeCall(ProductPool.sellCollateral, (333e18)));
        runWithFlashLoan(loan, 2_000_000e6);
        assertLe(worthOf(address(attacker), startPrice), worth);
        assertGe(lentBy(lender), lent);
    }

    /// @notice Mango, October 2022; Inverse, April 2022; Moonwell, November 2025 (wrsETH): the
    /// price itself was wrong by factors of up to a million, and attackers borrowed against it at
    /// once.
    /// @dev Even then the daily allowance bounds new debt: here half of the debt cap, and never all
    /// that was lent.
    function testFuzz_DebtAllowance_BoundsBorrowingAgainstAPumpedFeed(uint256 factor, uint256 greed) public {
        uint256 lent = lentBy(lender);
        oracle.setPrice(startPrice * bound(factor, 30, 1e9));
        greed = bound(greed, 4_000_000e6 + 1, 8_000_000e6);
        vm.startPrank(address(attacker));
        market.supplyCollateral(100e18, address(attacker));
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.DebtAllowanceExceeded.selector, greed, uint256(4_000_000e6))
        );
        market.borrow(greed, address(attacker), address(attacker));
        market.borrow(4_000_000e6, address(attacker), address(attacker));
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.DebtAllowanceExceeded.selector, uint256(1), 0));
        market.borrow(1, address(attacker), address(attacker));
        vm.stopPrank();

        oracle.setPrice(startPrice);
        liquidateOne(address(attacker), type(uint256).max);
        assertLe(lent - lentBy(lender), 4_000_000e6);
    }

    /// @notice Mango, October 2022, by an attacker that has prepared: it borrowed days before with
    /// enough collateral, and withdraws that collateral at the pumped price.
    /// @dev The allowance bounds new debt only. Against a patient attacker the debt cap is the
    /// bound, and it holds.
    function testFuzz_DebtCap_BoundsOldCollateralFreedByAPump(uint256 factor) public {
        uint256 lost = freeOldCollateral(bound(factor, 2, 1e6));
        assertLe(lost, 8_000_000e6);
        assertGt(lost, 2_900_000e6, "less than cover for twice the price leaves");
    }

    /// @dev Of the debt of 7.9 million, the part that 494 of collateral at the true price of 2,000
    /// doesn't cover.
    function test_DebtCap_AtTenTimesThePriceOldCollateralOfSevenMillionLeaves() public {
        assertApproxEqRel(freeOldCollateral(10), 6_900_000e6, 0.01e18);
    }

    /// @notice Compound, November 2020 (DAI): positions were liquidated by the price of a single
    /// exchange.
    /// @dev The market's part: it liquidates at the higher of the two prices, whichever it is, and
    /// opens at the first one only.
    function testFuzz_Liquidate_OneWrongPriceOfTwoLiquidatesNobody(uint256 wrong, bool first) public {
        open(alice, 100e18, 160_000e6);
        wrong = bound(wrong, 0, startPrice);
        oracle.setPrices(first ? wrong : startPrice, first ? startPrice : wrong);
        expectNothingToLiquidate(only(alice), type(uint256).max);
    }

    /// @dev Replaces the market by one with this oracle.
    function moveTo(IPriceOracle source) private {
        MarketParams memory params = _params();
        params.oracle = address(source);
        market = createMarket(params, keccak256(abi.encode(source)));
        lend(lender, 10_000_000e6);
        fund(address(attacker), 0, 0);
        fund(liquidator, 0, 0);
    }

    /// @dev Plans to pump the pool, borrow against all of the attacker's collateral, and restore
    /// the pool.
    function planRobbery() private {
        pump();
        plan(abi.encodeCall(ILeverageMarket.supplyCollateral, (100e18, address(attacker))));
        plan(abi.encodeCall(ILeverageMarket.borrow, (940_000e6, address(attacker), address(attacker))));
        plan(address(pool), abi.encodeCall(ProductPool.sellCollateral, ((500e18 * uint256(2)) / 3)));
    }

    function expectRobberyRefused(bytes memory reason) private {
        planRobbery();
        vm.expectRevert(reason);
        runWithFlashLoan(loan, 2_000_000e6);
    }

    /// @dev The attacker borrows as much as two days allow, waits until the price is `factor` times
    /// the true one, and withdraws as much collateral as it can.
    /// @return lost Loss of the lenders.
    function freeOldCollateral(uint256 factor) private returns (uint256 lost) {
        fund(address(attacker), 9_900e18, 0);
        vm.startPrank(address(attacker));
        market.adjust(address(attacker), 10_000e18, 4_000_000e6, address(attacker), 10_000e18, 0, "");
        skipTime(1 days);
        market.borrow(3_900_000e6, address(attacker), address(attacker));
        vm.stopPrank();
        uint256 lent = lentBy(lender);

        oracle.setPrice(startPrice * factor);
        (, uint256 held, ) = market.position(address(attacker));
        uint256 needed = (market.debtOf(address(attacker)) * 5 * 1e36) / (4 * startPrice * factor) + 1e12;
        vm.prank(address(attacker));
        market.withdrawCollateral(held - needed, address(attacker), address(attacker));

        oracle.setPrice(startPrice);
        liquidateOne(address(attacker), type(uint256).max);
        return lent - lentBy(lender);
    }

    function pump() private {
        plan(address(pool), abi.encodeCall(ProductPool.buyCollateral, (2_000_000e6)));
    }
}
