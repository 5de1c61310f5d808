// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {AggregatorV3Interface} from "../../contracts/interfaces/AggregatorV3Interface.sol";
import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {IMarketFactory} from "../../contracts/interfaces/IMarketFactory.sol";
import {IOracleGuard} from "../../contracts/interfaces/IOracleGuard.sol";
import {IPriceOracle} from "../../contracts/interfaces/IPriceOracle.sol";
import {MockERC20} from "../../contracts/mocks/MockERC20.sol";
import {ChainlinkOracle} from "../../contracts/oracles/ChainlinkOracle.sol";
import {SettableFeed} from "../../contracts/testnet/SettableFeed.sol";
import {MarketParams} from "../../contracts/types/MarketTypes.sol";
import {AttackTest} from "./support/AttackTest.sol";

/// @notice Feeds that say what they should not, or nothing, through the real oracle of one feed: nobody borrows or is
/// liquidated by it, and everybody can get out who needs no price.
contract FeedAttackTest is AttackTest {
    SettableFeed private feed;

    function setUp() public override {
        super.setUp();
        vm.warp(1_800_000_000);
        feed = newFeed(8, 2000e8);
        moveTo(newOracle(feed));
    }

    /// @notice Venus and Blizz, May 2022 (LUNA): the feed stood still while the price fell by nine tenths, and cheap tokens
    /// were borrowed against at the old price.
    function test_AStaleFeedIsNotBorrowedAgainst() public {
        uint256 updatedAt = block.timestamp;
        skipTime(1 hours + 1);
        assertNobodyIsHeldIn(
            abi.encodeWithSelector(ChainlinkOracle.StaleAnswer.selector, feed, updatedAt, uint256(1 hours))
        );
    }

    /// @notice An answer of zero makes every position insolvent, or every debt free.
    function test_AFeedOfZeroLiquidatesNobody() public {
        feed.setAnswer(0);
        assertNobodyIsHeldIn(abi.encodeWithSelector(ChainlinkOracle.NonPositiveAnswer.selector, feed, int256(0)));
    }

    /// @notice A negative answer, cast without a look, is more than any collateral was ever worth.
    function testFuzz_ANegativeFeedIsNotBorrowedAgainst(int192 answer) public {
        answer = int192(bound(int256(answer), type(int192).min, -1));
        feed.setAnswer(answer);
        assertNobodyIsHeldIn(abi.encodeWithSelector(ChainlinkOracle.NonPositiveAnswer.selector, feed, int256(answer)));
    }

    /// @notice Moonwell, November 2025 (wrsETH): an answer seven orders of magnitude too high. One without bound would
    /// overflow the products that it is used in; below that bound the debt allowance is what holds (see the attacks on
    /// prices).
    function test_AHugeFeedIsNotBorrowedAgainst() public {
        feed.setAnswer(type(int192).max);
        (uint256 price, ) = market.oracle().prices();
        assertNobodyIsHeldIn(abi.encodeWithSelector(ILeverageMarket.InvalidPrice.selector, price));
    }

    /// @notice Compound, August 2022 (cETH): every call that read the price reverted, for a week.
    function test_ARevertingFeedHoldsNobodyIn() public {
        vm.mockCallRevert(
            address(feed),
            abi.encodeCall(AggregatorV3Interface.latestRoundData, ()),
            abi.encodeWithSelector(SettableFeed.NoData.selector, uint80(1))
        );
        assertNobodyIsHeldIn(abi.encodeWithSelector(SettableFeed.NoData.selector, uint80(1)));
    }

    // ------------------------------------------------------------------ one of two

    /// @notice stETH, June 2022; USDC, March 2023: one of two prices of the same thing fell away from the other, by some
    /// percent to more than a tenth, for days or months.
    /// @dev Nothing is opened in the meantime, and nobody liquidated within the grace period; at no time, if it is the
    /// secondary that fell. Nobody is held in.
    function testFuzz_ADepegOfOneOfTwoFeedsNeitherOpensNorLiquidates(uint256 drop, bool first) public {
        SettableFeed other = newFeed(8, 2000e8);
        IOracleGuard guard = newGuard(newOracle(feed), newOracle(other));
        moveTo(guard);
        drop = bound(drop, 5, 60);
        int192 fallen = int192(uint192((2000e8 * (100 - drop)) / 100));
        for (uint256 i = 0; i < (first ? 6 : 30); ++i) {
            feed.setAnswer(first ? fallen : int192(2000e8));
            other.setAnswer(first ? int192(2000e8) : fallen);
            guard.poke();
            expectNothingToLiquidate(only(alice), type(uint256).max);
            vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InvalidPrice.selector, 0));
            vm.prank(address(attacker));
            market.borrow(1_000e6, address(attacker), address(attacker));
            skipTime(10 minutes);
        }
        vm.prank(alice);
        market.adjust(alice, ALL, ALL, alice, 0, type(uint256).max, "");
        assertPosition(alice, 0, 0);

        feed.setAnswer(2000e8);
        other.setAnswer(2000e8);
        vm.prank(address(attacker));
        market.borrow(1_000e6, address(attacker), address(attacker));
    }

    // ------------------------------------------------------------------ at creation

    /// @notice Moonwell, February 2026 (cbETH): an oracle set up without one of its factors said 1.12 instead of 2,200, and
    /// what was healthy was liquidated at that price.
    /// @dev A market whose oracle is more than a factor of two from what its creator expects is not created; and no market
    /// ever changes its oracle.
    function testFuzz_RevertWhen_TheScaleIsWrongAtCreation(uint8 decimals) public {
        decimals = uint8(bound(decimals, 0, 17));
        vm.assume(decimals != 8);
        MarketParams memory params = _params();
        // A feed whose answer has other decimals than it says.
        params.oracle = address(newOracle(newFeed(decimals, 2000e8)));
        (uint256 price, ) = IPriceOracle(params.oracle).prices();
        vm.expectRevert(abi.encodeWithSelector(IMarketFactory.UnexpectedPrice.selector, startPrice, price, price));
        factory.createMarket(params, "scale", startPrice);
    }

    /// @notice Ionic, February 2025: a counterfeit LBTC was listed as collateral, minted at will, and all pools were emptied
    /// against it.
    /// @dev Creation is a role. And were one created: its lenders' tokens are all that it can lend, which are none.
    function test_ACounterfeitTakesNothingFromOtherMarkets() public {
        MockERC20 counterfeit = new MockERC20("Collateral", "COLL", 18);
        MarketParams memory params = _params();
        params.collateralToken = counterfeit;
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, address(attacker)));
        vm.prank(address(attacker));
        factory.createMarket(params, "counterfeit", startPrice);

        ILeverageMarket other = ILeverageMarket(factory.createMarket(params, "counterfeit", startPrice));
        counterfeit.mint(address(attacker), 100_000e18);
        uint256 lent = lentBy(lender);
        vm.startPrank(address(attacker));
        counterfeit.approve(address(other), type(uint256).max);
        other.supplyCollateral(100_000e18, address(attacker));
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InsufficientCash.selector, 0, uint256(1_000e6)));
        other.borrow(1_000e6, address(attacker), address(attacker));
        vm.stopPrank();
        assertEq(lentBy(lender), lent);
    }

    // ------------------------------------------------------------------ helpers

    /// @dev With the feed as it is, risk can't be added and nobody be liquidated; all that needs no price works.
    function assertNobodyIsHeldIn(bytes memory refusal) private {
        vm.startPrank(address(attacker));
        vm.expectRevert(refusal);
        market.borrow(1_000e6, address(attacker), address(attacker));
        vm.expectRevert(refusal);
        market.liquidate(only(alice), type(uint256).max, 0, address(attacker), "");
        market.withdrawCollateral(type(uint256).max, address(attacker), address(attacker));
        vm.stopPrank();

        vm.startPrank(alice);
        vm.expectRevert(refusal);
        market.withdrawCollateral(1e18, alice, alice);
        market.supplyCollateral(1e18, alice);
        market.repay(60_000e6, alice);
        market.adjust(alice, ALL, ALL, alice, 0, type(uint256).max, "");
        vm.stopPrank();
        assertPosition(alice, 0, 0);

        uint256 shares = market.balanceOf(lender);
        vm.prank(lender);
        assertGe(market.redeem(shares, lender, lender), 10_000_000e6);
    }

    /// @dev From now on the market is one with this oracle: Alice at 5x, the attacker with collateral alone.
    function moveTo(IPriceOracle source) private {
        MarketParams memory params = _params();
        params.oracle = address(source);
        market = createMarket(params, keccak256(abi.encode(source)));
        _grantRoles(market);
        lend(lender, 10_000_000e6);
        open(alice, 100e18, 160_000e6);
        fund(alice, 10e18, 200_000e6);
        fund(address(attacker), 1_000e18, 0);
        vm.prank(address(attacker));
        market.supplyCollateral(1_000e18, address(attacker));
        fund(liquidator, 0, 1_000_000e6);
    }

    function newFeed(uint8 decimals, int192 answer) private returns (SettableFeed made) {
        made = new SettableFeed(decimals, "COLL / LOAN", address(this));
        made.setAnswer(answer);
    }

    function newOracle(SettableFeed source) private returns (IPriceOracle) {
        return
            IPriceOracle(
                deployCode(
                    "ChainlinkOracle.sol:ChainlinkOracle",
                    abi.encode(loan, collateral, source, uint256(1 hours), address(0), uint256(0))
                )
            );
    }
}
