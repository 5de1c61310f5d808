// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Errors} from "@openzeppelin/contracts/utils/Errors.sol";
import {ShortStrings} from "@openzeppelin/contracts/utils/ShortStrings.sol";

import {MarketParams} from "../contracts/interfaces/ILeverageMarket.sol";
import {IMarketFactory} from "../contracts/interfaces/IMarketFactory.sol";
import {IPriceOracle} from "../contracts/interfaces/IPriceOracle.sol";
import {OraclePrices} from "../contracts/libraries/OraclePrices.sol";
import {MockERC20} from "../contracts/mocks/MockERC20.sol";
import {MockOracle} from "../contracts/mocks/MockOracle.sol";
import {IMarket} from "./support/IMarket.sol";
import {MarketTest} from "./support/MarketTest.sol";

/// @notice Half an answer.
contract ShortAnswer {
    function prices() external pure returns (uint256) {
        return 1;
    }
}

/// @notice A token that doesn't tell its total supply.
contract TokenWithoutSupply {
    uint8 public constant decimals = 18;
    mapping(address account => uint256) public balanceOf;
}

/// @notice A token that doesn't tell balances.
contract TokenWithoutBalances {
    uint8 public constant decimals = 18;
    uint256 public constant totalSupply = 1e18;
}

contract MarketFactoryTest is MarketTest {
    bytes32 private constant SALT = "salt";

    // ------------------------------------------------------------------ creation

    function test_CreatesAMarketAndKnowsIt() public {
        MarketParams memory params = _params();
        address expected = factory.marketAddress(params, SALT);
        assertEq(expected.code.length, 0);
        assertFalse(factory.isMarket(expected));
        vm.expectEmit(address(factory));
        emit IMarketFactory.MarketCreated(expected, loan, collateral, params, SALT);
        address created = factory.createMarket(params, SALT, startPrice);
        assertEq(created, expected);
        assertTrue(factory.isMarket(created));
        assertEq(factory.marketCount(), 2);
        assertEq(factory.marketAt(0), address(market));
        assertEq(factory.marketAt(1), created);
        vm.expectRevert(abi.encodeWithSelector(IMarketFactory.NoSuchMarket.selector, 2, 2));
        factory.marketAt(2);
        assertFalse(factory.isMarket(address(this)));
    }

    function test_TheMarketIsWhatTheParametersSay() public view {
        assertEq(market.asset(), address(loan));
        assertEq(address(market.collateralToken()), address(collateral));
        assertEq(address(market.oracle()), address(oracle));
        assertEq(IAccessManaged(address(market)).authority(), address(manager));
        assertEq(abi.encode(market.limits()), abi.encode(_params().limits));
        assertEq(abi.encode(market.config()), abi.encode(_params().config));
        assertEq(market.debtAllowance(), 4_000_000e6);
    }

    /// @dev The address is the hash of the artifact's creation code, all parameters and the salt: so what the factory has stored
    /// is that code, to the byte.
    function test_TheAddressIsTheHashOfCodeParametersAndSalt() public view {
        MarketParams memory params = _params();
        bytes memory initCode = bytes.concat(vm.getCode("LeverageMarket.sol:LeverageMarket"), abi.encode(params));
        assertEq(
            factory.marketAddress(params, SALT),
            vm.computeCreate2Address(SALT, keccak256(initCode), address(factory))
        );
    }

    /// @dev Each half begins with a byte that stops whoever calls it.
    function test_TheStoredHalvesAreTheCodeBehindAStop() public {
        bytes memory code = vm.getCode("LeverageMarket.sol:LeverageMarket");
        uint256 half = code.length / 2;
        address first = storeOf(slice(code, 0, half), "first");
        address second = storeOf(slice(code, half, code.length - half), "second");
        assertEq(bytes.concat(first.code, second.code).length, code.length + 2);
        assertEq(Address.functionCall(first, hex"12345678").length, 0);
        assertEq(second.code, bytes.concat(hex"00", slice(code, half, code.length - half)));
    }

    function test_EveryParameterAndTheSaltMakeAnotherAddress() public view {
        MarketParams memory params = _params();
        address plain = factory.marketAddress(params, SALT);
        assertNotEq(factory.marketAddress(params, "other"), plain);
        params.name = "Another name";
        assertNotEq(factory.marketAddress(params, SALT), plain);
        params = _params();
        params.config.raiseDelay += 1;
        assertNotEq(factory.marketAddress(params, SALT), plain);
        params = _params();
        params.oracle = IPriceOracle(bob);
        assertNotEq(factory.marketAddress(params, SALT), plain);
    }

    /// @dev What the creator expects of the price is no part of the market.
    function test_TheExpectedPriceDoesNotMatterToTheAddress() public {
        MarketParams memory params = _params();
        address expected = factory.marketAddress(params, SALT);
        assertEq(factory.createMarket(params, SALT, startPrice + 1), expected);
    }

    function test_RevertWhen_TheSameMarketIsCreatedTwice() public {
        MarketParams memory params = _params();
        factory.createMarket(params, SALT, startPrice);
        vm.expectRevert(abi.encodeWithSelector(Errors.FailedDeployment.selector));
        factory.createMarket(params, SALT, startPrice);
        assertEq(factory.marketCount(), 2);
        factory.createMarket(params, "another", startPrice);
        assertEq(factory.marketCount(), 3);
    }

    // ------------------------------------------------------------------ the role

    function test_RevertWhen_TheCallerMayNotCreateMarkets() public {
        MarketParams memory params = _params();
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, bob));
        vm.prank(bob);
        factory.createMarket(params, SALT, startPrice);
    }

    function test_CreationIsARole() public {
        manager.setTargetFunctionRole(address(factory), creation(), CREATOR_ROLE);
        manager.grantRole(CREATOR_ROLE, bob, 0);
        MarketParams memory params = _params();
        vm.prank(bob);
        factory.createMarket(params, SALT, startPrice);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, alice));
        vm.prank(alice);
        factory.createMarket(params, "another", startPrice);
    }

    function test_CreationCanBeOpenedToEveryone() public {
        manager.setTargetFunctionRole(address(factory), creation(), manager.PUBLIC_ROLE());
        MarketParams memory params = _params();
        vm.prank(alice);
        address created = factory.createMarket(params, SALT, startPrice);
        assertTrue(factory.isMarket(created));
    }

    // ------------------------------------------------------------------ tokens, oracle, authority

    function test_RevertWhen_TheTokensAreTheSame() public {
        MarketParams memory params = _params();
        params.collateralToken = loan;
        refuses(params, abi.encodeWithSelector(IMarketFactory.SameToken.selector, address(loan)));
    }

    function test_RevertWhen_SomethingIsNoContract() public {
        MarketParams memory params = _params();
        params.loanToken = IERC20(bob);
        refusesAccount(params, "loanToken");
        params = _params();
        params.collateralToken = IERC20(bob);
        refusesAccount(params, "collateralToken");
        params = _params();
        params.oracle = IPriceOracle(bob);
        refusesAccount(params, "oracle");
        params = _params();
        params.authority = bob;
        refusesAccount(params, "authority");
    }

    function test_RevertWhen_ATokenHasTooManyDecimals() public {
        MarketParams memory params = _params();
        MockERC20 token = new MockERC20("Many", "MANY", 25);
        params.collateralToken = token;
        refuses(params, abi.encodeWithSelector(IMarketFactory.UnsupportedDecimals.selector, address(token), 25));
        params = _params();
        params.loanToken = token;
        refuses(params, abi.encodeWithSelector(IMarketFactory.UnsupportedDecimals.selector, address(token), 25));
    }

    /// @dev Shares have six decimals more and 128 bits: 340 million tokens of 24 decimals fit.
    function test_TenMillionTokensOfTheMostDecimalsAreLent() public {
        MarketParams memory params = _params();
        MockERC20 big = new MockERC20("Enough", "ENOUGH", 24);
        uint256 price = 2000 * 1e36 * 1e6;
        params.loanToken = big;
        params.oracle = new MockOracle(price);
        (params.limits.debtCap, params.config.minDebt) = (8_000_000e24, 100e24);
        market = IMarket(factory.createMarket(params, SALT, price));
        big.mint(bob, 10_000_000e24);
        vm.startPrank(bob);
        big.approve(address(market), type(uint256).max);
        market.deposit(10_000_000e24, bob);
        assertEq(market.maxWithdraw(bob), 10_000_000e24);
        vm.stopPrank();
    }

    function test_ACollateralTokenOfTheMostDecimalsIsAccepted() public {
        MarketParams memory params = _params();
        MockERC20 fine = new MockERC20("Fine", "FINE", 24);
        uint256 price = (2000 * 1e36 * 1e6) / 1e24;
        params.collateralToken = fine;
        params.oracle = new MockOracle(price);
        params.limits.collateralCap = 1_000_000e24;
        market = IMarket(factory.createMarket(params, SALT, price));
        lend(lender, 1_000_000e6);
        fine.mint(bob, 10e24);
        vm.startPrank(bob);
        fine.approve(address(market), type(uint256).max);
        market.adjust(bob, 10e24, 16_000e6, bob, 10e24, 0, "");
        vm.stopPrank();
        assertEq(market.debtOf(bob), 16_000e6);
    }

    function test_RevertWhen_ANameIsTooLong() public {
        MarketParams memory params = _params();
        params.name = "A name of thirty-two bytes, sure";
        refuses(params, abi.encodeWithSelector(ShortStrings.StringTooLong.selector, params.name));
        params = _params();
        params.symbol = "A name of thirty-two bytes, sure";
        refuses(params, abi.encodeWithSelector(ShortStrings.StringTooLong.selector, params.symbol));
        params.symbol = "A name of thirty-one bytes, yes";
        factory.createMarket(params, SALT, startPrice);
    }

    function test_RevertWhen_ThePriceIsOfAnotherScale() public {
        MarketParams memory params = _params();
        uint256[4] memory wrong = [startPrice * 10, startPrice / 10, startPrice * 2 + 1, startPrice / 2 - 1];
        for (uint256 i = 0; i < wrong.length; ++i) {
            oracle.setPrice(wrong[i]);
            refusesPrices(params, wrong[i], wrong[i]);
            oracle.setPrices(startPrice, wrong[i]);
            refusesPrices(params, startPrice, wrong[i]);
            oracle.setPrices(wrong[i], startPrice);
            refusesPrices(params, wrong[i], startPrice);
        }
        oracle.setPrice(0);
        refusesPrices(params, 0, 0);
        oracle.setPrices(startPrice * 2, startPrice / 2);
        factory.createMarket(params, SALT, startPrice);
    }

    function test_RevertWhen_ThePriceIsZeroAndLittleIsExpected() public {
        oracle.setPrice(0);
        vm.expectRevert(abi.encodeWithSelector(IMarketFactory.UnexpectedPrice.selector, 1e6, 0, 0));
        factory.createMarket(_params(), SALT, 1e6);
    }

    function test_RevertWhen_TheExpectationIsAbsurd() public {
        uint256[3] memory absurd = [uint256(1e6 - 1), 2 ** 176, type(uint256).max];
        for (uint256 i = 0; i < absurd.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IMarketFactory.InvalidParameter.selector, "expectedPrice", absurd[i])
            );
            factory.createMarket(_params(), SALT, absurd[i]);
        }
    }

    function test_RevertWhen_TheOracleFails() public {
        oracle.fail();
        refuses(_params(), abi.encodeWithSelector(MockOracle.OracleFailure.selector));
    }

    // ------------------------------------------------------------------ leverage

    function test_RevertWhen_TheLiquidationLimitIsOutOfRange() public {
        MarketParams memory params = _params();
        uint256[4] memory values = [0, 10_000, uint256(type(uint24).max) + 1, type(uint256).max];
        for (uint256 i = 0; i < values.length; ++i) {
            params.limits.liquidationLeverage = values[i];
            refusesValue(params, "liquidationLeverage", values[i]);
        }
    }

    function test_RevertWhen_TheOpeningLimitIsOutOfRange() public {
        MarketParams memory params = _params();
        // 2% of price drop below 6.5x end at 5.8558x.
        uint256[6] memory values = [0, 10_000, 58_559, 65_000, 65_001, type(uint256).max];
        for (uint256 i = 0; i < values.length; ++i) {
            params.limits.maxLeverage = values[i];
            refusesValue(params, "maxLeverage", values[i]);
        }
        params.limits.maxLeverage = 58_558;
        factory.createMarket(params, SALT, startPrice);
    }

    function test_RevertWhen_TheEntryGapIsNoShare() public {
        MarketParams memory params = _params();
        params.config.entryGap = 0;
        refusesValue(params, "entryGap", 0);
        params.config.entryGap = 1e18;
        refusesValue(params, "entryGap", 1e18);
    }

    function test_RevertWhen_TheTargetIsOutOfRange() public {
        MarketParams memory params = _params();
        uint256[4] memory values = [0, 10_000, 50_001, type(uint256).max];
        for (uint256 i = 0; i < values.length; ++i) {
            params.config.targetLeverage = values[i];
            refusesValue(params, "targetLeverage", values[i]);
        }
        params.config.targetLeverage = 50_000;
        factory.createMarket(params, SALT, startPrice);
    }

    function test_RevertWhen_TheSystemCapIsOutOfRange() public {
        MarketParams memory params = _params();
        uint256[3] memory values = [uint256(10_000), uint256(type(uint24).max) + 1, type(uint256).max];
        for (uint256 i = 0; i < values.length; ++i) {
            params.limits.systemLeverageCap = values[i];
            refusesValue(params, "systemLeverageCap", values[i]);
        }
        params.limits.systemLeverageCap = type(uint24).max;
        factory.createMarket(params, SALT, startPrice);
    }

    // ------------------------------------------------------------------ bonus

    function test_RevertWhen_TheSafetyMarginIsNotKept() public {
        MarketParams memory params = _params();
        params.config.safetyMargin = 0;
        refusesValue(params, "safetyMargin", 0);
        params.config.safetyMargin = 1e18;
        refusesValue(params, "safetyMargin", 1e18);
        // 1 - 1.02 * 11/13 = 0.136923...
        params.config.safetyMargin = 0.136923076923076924e18;
        refusesValue(params, "bonusMax", params.config.bonusMax);
        params.config.safetyMargin = 0.136923076923076923e18;
        factory.createMarket(params, SALT, startPrice);
    }

    function test_RevertWhen_TheLeastBonusIsZeroOrAboveTheGreatest() public {
        MarketParams memory params = _params();
        params.config.bonusMin = 0;
        refusesValue(params, "bonusMin", 0);
        params.config.bonusMin = params.config.bonusMax + 1;
        refusesValue(params, "bonusMin", params.config.bonusMin);
    }

    function test_RevertWhen_TheGreatestBonusCannotBePaid() public {
        MarketParams memory params = _params();
        // (1 + b) * 11/13 < 1 ends at b = 2/11.
        params.config.bonusMax = 0.181818181818181819e18;
        refusesValue(params, "bonusMax", params.config.bonusMax);
        params.config.bonusMax = type(uint256).max;
        refusesValue(params, "bonusMax", params.config.bonusMax);
        params.config.bonusMax = 0.181818181818181818e18;
        factory.createMarket(params, SALT, startPrice);
    }

    function test_RevertWhen_TheSlopeIsAboveOne() public {
        MarketParams memory params = _params();
        params.config.bonusSlope = 1e18 + 1;
        refusesValue(params, "bonusSlope", 1e18 + 1);
        params.config.bonusSlope = 1e18;
        factory.createMarket(params, SALT, startPrice);
    }

    // ------------------------------------------------------------------ shares, caps, delay

    function test_RevertWhen_AFeeIsAboveOneHalfOrAShareAboveOne() public {
        MarketParams memory params = _params();
        params.config.interestFee = 0.5e18 + 1;
        refusesValue(params, "interestFee", 0.5e18 + 1);
        params = _params();
        params.config.liquidationFee = 0.5e18 + 1;
        refusesValue(params, "liquidationFee", 0.5e18 + 1);
        params = _params();
        params.config.bufferTarget = 0;
        refusesValue(params, "bufferTarget", 0);
        params.config.bufferTarget = 1e18 + 1;
        refusesValue(params, "bufferTarget", 1e18 + 1);
        params = _params();
        params.config.dailyAllowance = 1e18 + 1;
        refusesValue(params, "dailyAllowance", 1e18 + 1);
        params.config.dailyAllowance = 0;
        refusesValue(params, "dailyAllowance", 0);
    }

    function test_FeesOfOneHalfAndSharesOfOneAreAccepted() public {
        MarketParams memory params = _params();
        (params.config.interestFee, params.config.liquidationFee) = (0.5e18, 0.5e18);
        (params.config.bufferTarget, params.config.dailyAllowance) = (1e18, 1e18);
        market = IMarket(factory.createMarket(params, SALT, startPrice));
        assertEq(abi.encode(market.config()), abi.encode(params.config));
    }

    function test_RevertWhen_ACapDoesNotFit() public {
        MarketParams memory params = _params();
        params.limits.debtCap = uint256(type(uint112).max) + 1;
        refusesValue(params, "debtCap", params.limits.debtCap);
        params = _params();
        params.limits.collateralCap = uint256(type(uint128).max) + 1;
        refusesValue(params, "collateralCap", params.limits.collateralCap);
        params = _params();
        params.limits.debtCap = type(uint112).max;
        params.limits.collateralCap = type(uint128).max;
        factory.createMarket(params, SALT, startPrice);
    }

    function test_RevertWhen_TheMinimumDebtIsBelowAThousandUnitsOrAboveADaysAllowance() public {
        MarketParams memory params = _params();
        params.config.minDebt = 999;
        refusesValue(params, "minDebt", 999);
        params.config.minDebt = params.limits.debtCap / 2 + 1;
        refusesValue(params, "minDebt", params.config.minDebt);
        params.config.minDebt = params.limits.debtCap / 2;
        factory.createMarket(params, SALT, startPrice);
    }

    /// @dev A unit of two decimals is worth 20 loan tokens: rounding by one is a thousandth of 20,000.
    function test_RevertWhen_ACollateralUnitIsTooCoarseForTheMinimumDebt() public {
        MarketParams memory params = _params();
        params.collateralToken = new MockERC20("Coarse", "CRS", 2);
        uint256 price = (2000 * 1e36 * 1e6) / 1e2;
        params.oracle = new MockOracle(price);
        params.config.minDebt = 20_000e6 - 1;
        vm.expectRevert(
            abi.encodeWithSelector(IMarketFactory.InvalidParameter.selector, "minDebt", params.config.minDebt)
        );
        factory.createMarket(params, SALT, price);
        params.config.minDebt = 20_000e6;
        factory.createMarket(params, SALT, price);
    }

    function test_RevertWhen_AContractIsNoToken() public {
        MarketParams memory params = _params();
        // A contract, with none of the functions.
        params.loanToken = IERC20(address(manager));
        refuses(params, abi.encodeWithSelector(IMarketFactory.NotAToken.selector, "loanToken", address(manager)));
        params = _params();
        params.collateralToken = IERC20(address(oracle));
        refuses(params, abi.encodeWithSelector(IMarketFactory.NotAToken.selector, "collateralToken", address(oracle)));
    }

    function test_RevertWhen_ATokenTellsNoSupplyOrNoBalance() public {
        address[2] memory tokens = [address(new TokenWithoutSupply()), address(new TokenWithoutBalances())];
        for (uint256 i = 0; i < tokens.length; ++i) {
            MarketParams memory params = _params();
            params.loanToken = IERC20(tokens[i]);
            refuses(params, abi.encodeWithSelector(IMarketFactory.NotAToken.selector, "loanToken", tokens[i]));
            params = _params();
            params.collateralToken = IERC20(tokens[i]);
            refuses(params, abi.encodeWithSelector(IMarketFactory.NotAToken.selector, "collateralToken", tokens[i]));
        }
    }

    function test_RevertWhen_TheOracleAnswersNoPrices() public {
        MarketParams memory params = _params();
        ShortAnswer short = new ShortAnswer();
        params.oracle = IPriceOracle(address(short));
        bytes memory answer = abi.encode(uint256(1));
        refuses(params, abi.encodeWithSelector(OraclePrices.InvalidOracleAnswer.selector, address(short), answer));
    }

    function test_RevertWhen_TheDelayIsTooShortOrTooLong() public {
        MarketParams memory params = _params();
        params.config.raiseDelay = 2 days - 1;
        refusesValue(params, "raiseDelay", params.config.raiseDelay);
        params.config.raiseDelay = 365 days + 1;
        refusesValue(params, "raiseDelay", params.config.raiseDelay);
        params.config.raiseDelay = 365 days;
        factory.createMarket(params, SALT, startPrice);
    }

    /// @dev Whatever numbers are given: a market that is created keeps the rules of the design.
    function testFuzz_ACreatedMarketKeepsTheRules(uint256[8] memory seeds) public {
        MarketParams memory params = _params();
        params.limits.liquidationLeverage = bound(seeds[0], 9_000, 200_000);
        params.limits.maxLeverage = bound(seeds[1], 9_000, 200_000);
        params.config.targetLeverage = bound(seeds[2], 9_000, 200_000);
        params.config.entryGap = bound(seeds[3], 0, 0.2e18);
        params.config.bonusMin = bound(seeds[4], 0, 0.2e18);
        params.config.bonusMax = bound(seeds[5], 0, 0.4e18);
        params.config.safetyMargin = bound(seeds[6], 0, 0.3e18);
        params.config.bonusSlope = bound(seeds[7], 0, 2e18);
        try factory.createMarket(params, SALT, startPrice) {
            assertGt(params.config.targetLeverage, ONE_X);
            assertLe(params.config.targetLeverage, params.limits.maxLeverage);
            assertLt(params.limits.maxLeverage, params.limits.liquidationLeverage);
            assertGt(params.config.bonusMin, 0);
            assertLe(params.config.bonusMin, params.config.bonusMax);
            uint256 ltv = ((params.limits.liquidationLeverage - ONE_X) * WAD) / params.limits.liquidationLeverage;
            uint256 entryLtv = ((params.limits.maxLeverage - ONE_X) * WAD) / params.limits.maxLeverage;
            assertLt(((WAD + params.config.bonusMax) * ltv) / WAD, WAD);
            assertLe(entryLtv * WAD, (ltv + 1) * (WAD - params.config.entryGap));
            assertLe(params.config.safetyMargin, WAD - ((WAD + params.config.bonusMin) * ltv) / WAD);
        } catch (bytes memory reason) {
            assertEq(bytes32(bytes4(reason)), bytes32(IMarketFactory.InvalidParameter.selector));
        }
    }

    // ------------------------------------------------------------------ helpers

    function creation() private pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](1);
        selectors[0] = IMarketFactory.createMarket.selector;
    }

    function refuses(MarketParams memory params, bytes memory reason) private {
        vm.expectRevert(reason);
        factory.createMarket(params, SALT, startPrice);
    }

    function refusesValue(MarketParams memory params, string memory parameter, uint256 value) private {
        refuses(params, abi.encodeWithSelector(IMarketFactory.InvalidParameter.selector, parameter, value));
    }

    function refusesAccount(MarketParams memory params, string memory parameter) private {
        refuses(params, abi.encodeWithSelector(IMarketFactory.NotAContract.selector, parameter, bob));
    }

    function refusesPrices(MarketParams memory params, uint256 openPrice, uint256 liquidationPrice) private {
        refuses(
            params,
            abi.encodeWithSelector(IMarketFactory.UnexpectedPrice.selector, startPrice, openPrice, liquidationPrice)
        );
    }

    /// @dev Where the factory keeps `part`: ten bytes of code that return what follows them.
    function storeOf(bytes memory part, bytes32 salt) private view returns (address) {
        bytes memory initCode = bytes.concat(hex"61", bytes2(uint16(part.length + 1)), hex"80600a3d393df300", part);
        return vm.computeCreate2Address(salt, keccak256(initCode), address(factory));
    }

    function slice(bytes memory data, uint256 start, uint256 length) private pure returns (bytes memory part) {
        part = new bytes(length);
        for (uint256 i = 0; i < length; ++i) part[i] = data[start + i];
    }
}
