// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {AggregatorV3Interface} from "../../contracts/interfaces/AggregatorV3Interface.sol";
import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {IMarketFactory} from "../../contracts/interfaces/IMarketFactory.sol";
import {IMarketLens} from "../../contracts/interfaces/IMarketLens.sol";
import {IOracleGuard} from "../../contracts/interfaces/IOracleGuard.sol";
import {IPriceOracle} from "../../contracts/interfaces/IPriceOracle.sol";
import {BoundedRead} from "../../contracts/libraries/BoundedRead.sol";
import {MockERC20} from "../../contracts/mocks/MockERC20.sol";
import {ChainlinkOracle} from "../../contracts/oracles/ChainlinkOracle.sol";
import {SettableFeed} from "../../contracts/testnet/SettableFeed.sol";
import {MarketView, PositionView} from "../../contracts/types/LensTypes.sol";
import {MarketParams} from "../../contracts/types/MarketTypes.sol";
import {GuardParams} from "../../contracts/types/OracleTypes.sol";
import {AttackTest} from "./support/AttackTest.sol";

/// @notice A price source, or a vault with a rate of one, that uses nearly five million gas for an
/// answer.
contract GreedySource is IPriceOracle {
    uint8 public constant decimals = 18;

    uint256 private _price;

    constructor(uint256 price) {
        setPrice(price);
    }

    function setPrice(uint256 price) public {
        _price = price;
    }

    function prices() external view returns (uint256 openPrice, uint256 liquidationPrice) {
        _burn();
        return (_price, _price);
    }

    function convertToAssets(uint256 shares) external view returns (uint256) {
        _burn();
        return shares;
    }

    function _burn() private view {
        uint256 start = gasleft();
        // solhint-disable-next-line no-empty-blocks
        while (start - gasleft() < 4_990_000) {}
    }
}

/// @notice Feeds with wrong answers, or none, behind the real oracle of one feed: nobody can borrow
/// or be liquidated, and everybody whose exit needs no price can leave.
contract FeedAttackTest is AttackTest {
    SettableFeed private feed;

    function setUp() public override {
        super.setUp();
        vm.warp(1_800_000_000);
        feed = newFeed(8, 2000e8);
        moveTo(newOracle(feed));
    }

    /// @notice Venus and Blizz, May 2022 (LUNA): the feed stopped while the price fell by nine
    /// tenths, and attackers borrowed against cheap tokens at the old price.
    function test_Feed_NobodyBorrowsAgainstAStaleAnswer() public {
        uint256 updatedAt = block.timestamp;
        skipTime(1 hours + 1);
        assertNobodyIsHeldIn(
            abi.encodeWithSelector(ChainlinkOracle.StaleAnswer.selector, feed, updatedAt, uint256(1 hours))
        );
    }

    /// @notice An answer of zero makes every position insolvent, or every debt free.
    function test_Feed_ZeroAnswerLiquidatesNobody() public {
        feed.setAnswer(0);
        assertNobodyIsHeldIn(abi.encodeWithSelector(ChainlinkOracle.NonPositiveAnswer.selector, feed, int256(0)));
    }

    /// @notice A negative answer, cast without a check, exceeds the value of any collateral.
    function testFuzz_Feed_NobodyBorrowsAgainstANegativeAnswer(int192 answer) public {
        answer = int192(bound(int256(answer), type(int192).min, -1));
        feed.setAnswer(answer);
        assertNobodyIsHeldIn(abi.encodeWithSelector(ChainlinkOracle.NonPositiveAnswer.selector, feed, int256(answer)));
    }

    /// @notice Moonwell, November 2025 (wrsETH): an answer seven orders of magnitude too high. An
    /// unbounded price would overflow the products that it is used in; below the bound the debt
    /// allowance limits the damage (see the price manipulation attacks).
    function test_Feed_NobodyBorrowsAgainstAHugeAnswer() public {
        feed.setAnswer(type(int192).max);
        (uint256 price, ) = market.oracle().prices();
        assertNobodyIsHeldIn(abi.encodeWithSelector(ILeverageMarket.InvalidPrice.selector, price));
    }

    /// @notice Compound, August 2022 (cETH): every call that read the price reverted, for a week.
    function test_Feed_RevertLocksNobodyIn() public {
        vm.mockCallRevert(
            address(feed),
            abi.encodeCall(AggregatorV3Interface.latestRoundData, ()),
            abi.encodeWithSelector(SettableFeed.NoData.selector, uint80(1))
        );
        assertNobodyIsHeldIn(abi.encodeWithSelector(SettableFeed.NoData.selector, uint80(1)));
    }

    // ------------------------------------------------------------------ at the least answer

    /// @notice LUNA again: an aggregator has a least answer. A feed that reports it, with a new
    /// round at each heartbeat, overstates the value of the collateral.
    /// @dev A known limit of a bare oracle: it takes the answer for the price. The daily allowance
    /// bounds the loss.
    function test_Feed_BareOracleAcceptsTheLeastAnswer() public {
        for (uint256 i = 0; i < 3; ++i) {
            feed.setAnswer(2000e8);
            skipTime(50 minutes);
        }
        feed.setAnswer(2000e8);
        expectNothingToLiquidate(only(alice), type(uint256).max);
        uint256 allowance = market.debtAllowance();
        fund(address(attacker), 10_000e18, 0);
        vm.startPrank(address(attacker));
        market.supplyCollateral(10_000e18, address(attacker));
        vm.expectPartialRevert(ILeverageMarket.DebtAllowanceExceeded.selector);
        market.borrow(allowance + 1, address(attacker), address(attacker));
        market.borrow(allowance, address(attacker), address(attacker));
        vm.stopPrank();
        assertEq(loan.balanceOf(address(attacker)), allowance);
    }

    /// @notice On a guard nothing can be opened at the least answer, since the second source
    /// disagrees. And a feed at its greatest answer, which is below the true price, liquidates
    /// nobody within the grace period.
    function testFuzz_Feed_LeastOrGreatestAnswerOpensNothingOnAGuard(uint256 truth) public {
        SettableFeed other = newFeed(8, 2000e8);
        IOracleGuard guard = newGuard(newOracle(feed), newOracle(other));
        moveTo(guard);
        truth = truth % 2 == 0 ? bound(truth, 20e8, 1900e8) : bound(truth, 2100e8, 200_000e8);
        for (uint256 i = 0; i < 6; ++i) {
            feed.setAnswer(2000e8);
            other.setAnswer(int192(uint192(truth)));
            guard.poke();
            expectNothingToLiquidate(only(alice), type(uint256).max);
            vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InvalidPrice.selector, 0));
            vm.prank(address(attacker));
            market.borrow(1_000e6, address(attacker), address(attacker));
            skipTime(10 minutes);
        }
    }

    // ------------------------------------------------------------------ one of two

    /// @notice stETH, June 2022; USDC, March 2023: one of two prices of the same asset fell below
    /// the other, by some percent to more than a tenth, for days or months.
    /// @dev Nothing is opened in the meantime. Nobody is liquidated within the grace period, and
    /// never if the secondary source is the one that fell. Everybody can leave.
    function testFuzz_Feed_DepegOfOneOfTwoNeitherOpensNorLiquidates(uint256 drop, bool first) public {
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

    // ------------------------------------------------------------------ without gas

    /// @notice A view called with little gas mistook an oracle that ran out of gas for one that
    /// fails, and told a keeper that a liquidatable position was not liquidatable: "unknown, not
    /// liquidatable".
    /// @dev Covers a guard, which reverts with an error that asks for gas; a bare oracle, which
    /// runs out of gas; and a gate in front of a guard.
    function test_Lens_RevertWhen_GasIsTooLow() public {
        SettableFeed sequencer = newFeed(0, 0);
        skipTime(1 hours);
        feed.setAnswer(2000e8);
        SettableFeed other = newFeed(8, 2000e8);
        IPriceOracle guard = newGuard(newOracle(feed), newOracle(other));
        IPriceOracle gate = IPriceOracle(
            deployCode("SequencerGate.sol:SequencerGate", abi.encode(guard, sequencer, uint256(1 hours)))
        );
        IPriceOracle[3] memory oracles = [newOracle(feed), guard, gate];
        IMarketLens lens = IMarketLens(deployCode("MarketLens.sol:MarketLens", ""));
        for (uint256 i = 0; i < oracles.length; ++i) {
            moveTo(oracles[i]);
            feed.setAnswer(1600e8);
            other.setAnswer(1600e8);
            for (uint256 limit = 10_000; limit < 1_500_000; limit += 7_000) checkAnswer(lens, limit);
            for (uint256 limit = 15_800_000; limit < 16_400_000; limit += 7_000) checkAnswer(lens, limit);
            assertTrue(checkAnswer(lens, 16_400_000));
            feed.setAnswer(2000e8);
            other.setAnswer(2000e8);
        }
    }

    /// @notice The same with sources that use all the gas they are allowed, in a guard behind both
    /// wrappers.
    function test_Lens_AnswersWithTheMostExpensiveOracle() public {
        SettableFeed sequencer = newFeed(0, 0);
        skipTime(1 hours);
        GreedySource[2] memory sources = [new GreedySource(startPrice), new GreedySource(startPrice)];
        GuardParams memory params = GuardParams({
            primary: address(sources[0]),
            secondary: address(sources[1]),
            authority: address(manager),
            maxDeviation: 0.015e18,
            maxRisePerHour: 0.05e18,
            maxFallPerHour: 0.6e18,
            gracePeriod: 1 hours,
            sourceGas: 5_000_000,
            replacementDelay: 2 days
        });
        address guard = deployCode("OracleGuard.sol:OracleGuard", abi.encode(params));
        bytes memory arguments = abi.encode(new GreedySource(0), guard, 0.0005e18, 0.12e18, 5_000_000);
        address wrapped = deployCode("VaultShareOracle.sol:VaultShareOracle", arguments);
        arguments = abi.encode(wrapped, sequencer, uint256(1 hours));
        moveTo(IPriceOracle(deployCode("SequencerGate.sol:SequencerGate", arguments)));
        sources[0].setPrice(priceOf(1600));
        sources[1].setPrice(priceOf(1600));
        IMarketLens lens = IMarketLens(deployCode("MarketLens.sol:MarketLens", ""));
        for (uint256 limit = 5_000_000; limit < 16_400_000; limit += 190_000) checkAnswer(lens, limit);
        assertTrue(checkAnswer(lens, 16_400_000));
    }

    // ------------------------------------------------------------------ at creation

    /// @notice Moonwell, February 2026 (cbETH): an oracle deployed without one of its factors
    /// reported 1.12 instead of 2,200, and healthy positions were liquidated at that price.
    /// @dev The factory creates no market whose oracle price is more than a factor of two from the
    /// price that its creator expects; and a market never changes its oracle.
    function testFuzz_CreateMarket_RevertWhen_ScaleIsWrong(uint8 decimals) public {
        decimals = uint8(bound(decimals, 0, 17));
        vm.assume(decimals != 8);
        MarketParams memory params = _params();
        // A feed whose answer has other decimals than it reports.
        params.oracle = address(newOracle(newFeed(decimals, 2000e8)));
        (uint256 price, ) = IPriceOracle(params.oracle).prices();
        vm.expectRevert(abi.encodeWithSelector(IMarketFactory.UnexpectedPrice.selector, startPrice, price, price));
        factory.createMarket(params, "scale", startPrice);
    }

    /// @notice Ionic, February 2025: a counterfeit LBTC was listed as collateral and minted at
    /// will, and all pools were emptied against it.
    /// @dev Creating a market needs a role. And if one were created, it could lend only the tokens
    /// of its own lenders, of which there are none.
    function test_CreateMarket_CounterfeitCollateralTakesNothingFromOtherMarkets() public {
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

    /// @dev If a lens answers with this much gas, the answer must be right: Alice is liquidatable.
    /// @return answered Whether it answers.
    function checkAnswer(IMarketLens lens, uint256 limit) private view returns (bool answered) {
        try lens.positionViews{gas: limit}(market, only(alice)) returns (
            bool openKnown,
            bool liquidationKnown,
            PositionView[] memory positions
        ) {
            assertTrue(openKnown && liquidationKnown && positions[0].liquidatable, "a wrong view of a position");
            answered = true;
        } catch (bytes memory reason) {
            assertIsWantOfGas(reason);
        }
        try lens.marketView{gas: limit}(market) returns (MarketView memory shown) {
            assertTrue(shown.openKnown && shown.liquidationKnown, "a wrong view of a market");
        } catch (bytes memory reason) {
            assertIsWantOfGas(reason);
            answered = false;
        }
    }

    /// @dev A call that ran out of gas returns nothing.
    function assertIsWantOfGas(bytes memory reason) private pure {
        assertTrue(reason.length == 0 || bytes4(reason) == BoundedRead.NotEnoughGas.selector, "another error");
    }

    /// @dev With the feed as it is, nobody can add risk or be liquidated; every call that needs no
    /// price works.
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

    /// @dev Replaces the market by one with this oracle: Alice at 5x, the attacker with collateral
    /// only.
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
