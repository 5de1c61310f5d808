// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ChainlinkOracle} from "../../contracts/oracles/ChainlinkOracle.sol";
import {Test} from "../utils/Test.sol";

/// @notice The only function that an oracle calls on a token.
contract Decimals {
    uint8 public immutable decimals;

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }
}

/// @notice A feed whose whole answer can be set.
contract RawFeed {
    uint8 public immutable decimals;
    uint80 public roundId = 7;
    int256 public answer;
    uint256 public updatedAt;
    uint80 public answeredInRound = 7;

    constructor(uint8 decimals_, int256 answer_) {
        decimals = decimals_;
        set(answer_);
    }

    function set(int256 answer_) public {
        (answer, updatedAt) = (answer_, block.timestamp);
    }

    function setRound(uint80 roundId_, uint80 answeredInRound_, uint256 updatedAt_) external {
        (roundId, answeredInRound, updatedAt) = (roundId_, answeredInRound_, updatedAt_);
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return (roundId, answer, updatedAt, updatedAt, answeredInRound);
    }
}

contract ChainlinkOracleTest is Test {
    uint256 private constant BASE_AGE = 1 hours;
    uint256 private constant QUOTE_AGE = 1 days;

    RawFeed private base;
    RawFeed private quote;
    ChainlinkOracle private oracle;

    function setUp() public {
        vm.warp(1_700_000_000);
        // ETH at 2,500 dollars, the loan token (6 decimals) at 0.99 dollars.
        base = new RawFeed(8, 2500e8);
        quote = new RawFeed(8, 0.99e8);
        oracle = create(6, 18, base, BASE_AGE, quote, QUOTE_AGE);
    }

    // Prices

    function test_Prices_DivideBaseByQuoteRoundedDown() public view {
        // 2500 / 0.99 = 2525.2525…, times 1e36, times 10^(6 - 18).
        assertPrice(oracle, 2525_252525252525252525252525);
    }

    function test_Prices_WithoutAQuoteTheLoanTokenIsTheUnitOfTheBase() public {
        oracle = create(6, 18, base, BASE_AGE, RawFeed(address(0)), 0);
        assertPrice(oracle, 2500e24);
    }

    function test_Prices_BitcoinInAnEighteenDecimalsToken() public {
        base.set(60_000e8);
        quote.set(1e8);
        oracle = create(18, 8, base, BASE_AGE, quote, QUOTE_AGE);
        assertPrice(oracle, 60_000e46);
    }

    function test_ChainlinkOracle_KeepsItsParameters() public view {
        assertEq(address(oracle.baseFeed()), address(base));
        assertEq(address(oracle.quoteFeed()), address(quote));
        assertEq(oracle.baseMaxAge(), BASE_AGE);
        assertEq(oracle.quoteMaxAge(), QUOTE_AGE);
        assertEq(oracle.scale(), 1e24);
    }

    /// @dev The definition of the scale, for all decimals: one whole collateral token = price /
    /// 10^(36 + loan - collateral) whole loan tokens.
    function testFuzz_Prices_ScaleForAllDecimals(
        uint256 loanDecimals,
        uint256 collateralDecimals,
        uint256 baseDecimals,
        uint256 quoteDecimals,
        uint256 wholeBase,
        uint256 wholeQuote
    ) public {
        loanDecimals = bound(loanDecimals, 0, 24);
        collateralDecimals = bound(collateralDecimals, 0, 24);
        baseDecimals = bound(baseDecimals, 0, 12);
        quoteDecimals = bound(quoteDecimals, 0, 12);
        wholeBase = bound(wholeBase, 1, 1e9);
        wholeQuote = bound(wholeQuote, 1, 1e6);
        base = new RawFeed(uint8(baseDecimals), int256(wholeBase * 10 ** baseDecimals));
        quote = new RawFeed(uint8(quoteDecimals), int256(wholeQuote * 10 ** quoteDecimals));
        oracle = create(uint8(loanDecimals), uint8(collateralDecimals), base, BASE_AGE, quote, QUOTE_AGE);

        assertPrice(oracle, (wholeBase * 10 ** (36 + loanDecimals - collateralDecimals)) / wholeQuote);
    }

    function testFuzz_Prices_RoundDown(uint256 rawBase, uint256 rawQuote) public {
        rawBase = bound(rawBase, 1, type(uint128).max);
        rawQuote = bound(rawQuote, 1, type(uint128).max);
        base.set(int256(rawBase));
        quote.set(int256(rawQuote));

        (uint256 price, ) = oracle.prices();
        assertLe(price * rawQuote, rawBase * 1e24);
        assertGt((price + 1) * rawQuote, rawBase * 1e24);
    }

    // Invalid answers

    function testFuzz_Prices_RevertWhen_AnAnswerIsNotPositive(int256 answer, bool inBase) public {
        RawFeed feed = inBase ? base : quote;
        answer = bound(answer, type(int256).min, 0);
        feed.set(answer);
        expectError(abi.encodeWithSelector(ChainlinkOracle.NonPositiveAnswer.selector, feed, answer));
    }

    function testFuzz_Prices_RevertWhen_AnAnswerIsCarriedOver(
        uint80 roundId,
        uint80 answeredInRound,
        bool inBase
    ) public {
        RawFeed feed = inBase ? base : quote;
        roundId = uint80(bound(roundId, 1, type(uint80).max));
        answeredInRound = uint80(bound(answeredInRound, 0, roundId - 1));
        feed.setRound(roundId, answeredInRound, block.timestamp);
        expectError(incomplete(feed, roundId, answeredInRound, block.timestamp));
    }

    function testFuzz_Prices_RevertWhen_ARoundHasNoTime(bool inBase) public {
        RawFeed feed = inBase ? base : quote;
        feed.setRound(7, 7, 0);
        expectError(incomplete(feed, 7, 7, 0));
    }

    function testFuzz_Prices_RevertWhen_AnAnswerIsFromTheFuture(uint256 updatedAt, bool inBase) public {
        RawFeed feed = inBase ? base : quote;
        updatedAt = bound(updatedAt, block.timestamp + 1, type(uint256).max);
        feed.setRound(7, 7, updatedAt);
        expectError(abi.encodeWithSelector(ChainlinkOracle.AnswerFromTheFuture.selector, feed, updatedAt));
    }

    function test_Prices_EachFeedHasItsOwnMaxAge() public {
        uint256 start = vm.getBlockTimestamp();
        vm.warp(start + BASE_AGE);
        oracle.prices();

        vm.warp(start + BASE_AGE + 1);
        expectError(abi.encodeWithSelector(ChainlinkOracle.StaleAnswer.selector, base, start, BASE_AGE));

        vm.warp(start + QUOTE_AGE);
        base.set(2500e8);
        oracle.prices();

        vm.warp(start + QUOTE_AGE + 1);
        expectError(abi.encodeWithSelector(ChainlinkOracle.StaleAnswer.selector, quote, start, QUOTE_AGE));
    }

    // Construction

    function test_Constructor_RevertWhen_AnAgeDoesNotFitItsFeed() public {
        RawFeed none = RawFeed(address(0));
        expectConstructorError(6, 18, base, 0, quote, QUOTE_AGE, invalidAge(base, 0));
        expectConstructorError(6, 18, base, BASE_AGE, quote, 0, invalidAge(quote, 0));
        expectConstructorError(6, 18, base, BASE_AGE, none, 1, invalidAge(none, 1));
    }

    function test_Constructor_RevertWhen_DecimalsNeedAnUnsupportedScale() public {
        RawFeed none = RawFeed(address(0));
        bytes4 selector = ChainlinkOracle.UnsupportedDecimals.selector;
        expectConstructorError(0, 29, base, BASE_AGE, none, 0, abi.encodeWithSelector(selector, int256(-1)));
        create(0, 28, base, BASE_AGE, none, 0);

        RawFeed fine = new RawFeed(50, 1);
        expectConstructorError(6, 6, base, BASE_AGE, fine, 1, abi.encodeWithSelector(selector, int256(78)));
        create(6, 7, base, BASE_AGE, fine, 1);
    }

    // Helpers

    function create(
        uint8 loanDecimals,
        uint8 collateralDecimals,
        RawFeed base_,
        uint256 baseAge,
        RawFeed quote_,
        uint256 quoteAge
    ) private returns (ChainlinkOracle) {
        bytes memory tokens = abi.encode(new Decimals(loanDecimals), new Decimals(collateralDecimals));
        bytes memory feeds = abi.encode(base_, baseAge, quote_, quoteAge);
        return ChainlinkOracle(deployCode("ChainlinkOracle.sol:ChainlinkOracle", bytes.concat(tokens, feeds)));
    }

    function expectConstructorError(
        uint8 loanDecimals,
        uint8 collateralDecimals,
        RawFeed base_,
        uint256 baseAge,
        RawFeed quote_,
        uint256 quoteAge,
        bytes memory reason
    ) private {
        // Through an external call, since the revert of a creation by the test contract itself
        // can't be expected.
        vm.expectRevert(reason);
        this.createExternally(loanDecimals, collateralDecimals, base_, baseAge, quote_, quoteAge);
    }

    function createExternally(
        uint8 loanDecimals,
        uint8 collateralDecimals,
        RawFeed base_,
        uint256 baseAge,
        RawFeed quote_,
        uint256 quoteAge
    ) external {
        create(loanDecimals, collateralDecimals, base_, baseAge, quote_, quoteAge);
    }

    function expectError(bytes memory reason) private {
        vm.expectRevert(reason);
        oracle.prices();
    }

    function assertPrice(ChainlinkOracle oracle_, uint256 expected) private view {
        (uint256 openPrice, uint256 liquidationPrice) = oracle_.prices();
        assertEq(openPrice, expected, "open price");
        assertEq(liquidationPrice, expected, "liquidation price");
    }

    function incomplete(
        RawFeed feed,
        uint80 roundId,
        uint80 answeredInRound,
        uint256 updatedAt
    ) private pure returns (bytes memory) {
        bytes4 selector = ChainlinkOracle.IncompleteRound.selector;
        return abi.encodeWithSelector(selector, feed, roundId, answeredInRound, updatedAt);
    }

    function invalidAge(RawFeed feed, uint256 age) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ChainlinkOracle.InvalidMaxAge.selector, feed, age);
    }
}
