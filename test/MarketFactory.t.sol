// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Errors} from "@openzeppelin/contracts/utils/Errors.sol";
import {ShortStrings} from "@openzeppelin/contracts/utils/ShortStrings.sol";

import {ILeverageMarket} from "../contracts/interfaces/ILeverageMarket.sol";
import {IMarketFactory} from "../contracts/interfaces/IMarketFactory.sol";
import {DebtCeilings} from "../contracts/libraries/DebtCeilings.sol";
import {MockERC20} from "../contracts/mocks/MockERC20.sol";
import {MockOracle} from "../contracts/mocks/MockOracle.sol";
import {Limits, MarketParams} from "../contracts/types/MarketTypes.sol";
import {MarketTest} from "./support/MarketTest.sol";

contract MarketFactoryTest is MarketTest {
    bytes32 private constant SALT = "salt";

    // ------------------------------------------------------------------ creation

    function test_CreateMarket_RegistersAndEmits() public {
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

    function test_CreateMarket_MarketHasItsParameters() public view {
        assertEq(market.asset(), address(loan));
        assertEq(address(market.collateralToken()), address(collateral));
        assertEq(address(market.oracle()), address(oracle));
        assertEq(market.authority(), address(manager));
        assertEq(abi.encode(market.limits()), abi.encode(_params().limits));
        assertEq(abi.encode(market.config()), abi.encode(_params().config));
        assertEq(market.debtAllowance(), 4_000_000e6);
    }

    /// @dev The address is the hash of the artifact's creation code, all parameters and the salt:
    /// so the factory has stored exactly that code.
    function test_MarketAddress_IsTheHashOfCodeParametersAndSalt() public view {
        MarketParams memory params = _params();
        bytes memory initCode = bytes.concat(vm.getCode("LeverageMarket.sol:LeverageMarket"), abi.encode(params));
        assertEq(
            factory.marketAddress(params, SALT),
            vm.computeCreate2Address(SALT, keccak256(initCode), address(factory))
        );
    }

    /// @dev Each half begins with a byte that stops a call of it.
    function test_Constructor_StoredHalvesOfTheCodeBeginWithStop() public {
        bytes memory code = vm.getCode("LeverageMarket.sol:LeverageMarket");
        uint256 half = code.length / 2;
        address first = storeOf(slice(code, 0, half), "first");
        address second = storeOf(slice(code, half, code.length - half), "second");
        assertEq(bytes.concat(first.code, second.code).length, code.length + 2);
        assertEq(Address.functionCall(first, hex"12345678").length, 0);
        assertEq(second.code, bytes.concat(hex"00", slice(code, half, code.length - half)));
    }

    function test_MarketAddress_DependsOnEveryParameterAndTheSalt() public view {
        MarketParams memory params = _params();
        address plain = factory.marketAddress(params, SALT);
        assertNotEq(factory.marketAddress(params, "other"), plain);
        params.name = "Another name";
        assertNotEq(factory.marketAddress(params, SALT), plain);
        params = _params();
        params.config.raiseDelay += 1;
        assertNotEq(factory.marketAddress(params, SALT), plain);
        params = _params();
        params.oracle = bob;
        assertNotEq(factory.marketAddress(params, SALT), plain);
    }

    /// @dev The price that the creator expects is no part of the market.
    function test_MarketAddress_DoesNotDependOnTheExpectedPrice() public {
        MarketParams memory params = _params();
        address expected = factory.marketAddress(params, SALT);
        assertEq(factory.createMarket(params, SALT, startPrice + 1), expected);
    }

    function test_CreateMarket_RevertWhen_TheSameMarketIsCreatedTwice() public {
        MarketParams memory params = _params();
        factory.createMarket(params, SALT, startPrice);
        vm.expectRevert(abi.encodeWithSelector(Errors.FailedDeployment.selector));
        factory.createMarket(params, SALT, startPrice);
        assertEq(factory.marketCount(), 2);
        factory.createMarket(params, "another", startPrice);
        assertEq(factory.marketCount(), 3);
    }

    // ------------------------------------------------------------------ the role

    function test_CreateMarket_RevertWhen_TheCallerHasNoRole() public {
        MarketParams memory params = _params();
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, bob));
        vm.prank(bob);
        factory.createMarket(params, SALT, startPrice);
    }

    function test_CreateMarket_IsARole() public {
        manager.setTargetFunctionRole(address(factory), creation(), CREATOR_ROLE);
        manager.grantRole(CREATOR_ROLE, bob, 0);
        MarketParams memory params = _params();
        vm.prank(bob);
        factory.createMarket(params, SALT, startPrice);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, alice));
        vm.prank(alice);
        factory.createMarket(params, "another", startPrice);
    }

    function test_CreateMarket_CanBeOpenedToEveryone() public {
        manager.setTargetFunctionRole(address(factory), creation(), manager.PUBLIC_ROLE());
        MarketParams memory params = _params();
        vm.prank(alice);
        address created = factory.createMarket(params, SALT, startPrice);
        assertTrue(factory.isMarket(created));
    }

    // ----------------------------------- parameters: their rules are tested in MarketConfig.t.sol

    function test_CreateMarket_RevertWhen_AParameterBreaksItsRule() public {
        MarketParams memory params = _params();
        params.config.targetLeverage = 50_001;
        refuses(params, abi.encodeWithSelector(IMarketFactory.InvalidParameter.selector, "targetLeverage", 50_001));
    }

    /// @dev The factory compares the price that the creator expects with the oracle's.
    function test_CreateMarket_RevertWhen_ThePriceIsNotTheExpectedOne() public {
        oracle.setPrice(10 * startPrice);
        refuses(
            _params(),
            abi.encodeWithSelector(
                IMarketFactory.UnexpectedPrice.selector,
                startPrice,
                10 * startPrice,
                10 * startPrice
            )
        );
        factory.createMarket(_params(), SALT, 10 * startPrice);
    }

    function test_CreateMarket_GreatestLimitsFitTheBooks() public {
        MarketParams memory params = _params();
        params.limits = Limits({
            maxLeverage: 15_000,
            liquidationLeverage: type(uint24).max,
            systemLeverageCap: type(uint24).max,
            debtCap: DebtCeilings.MAX_CAP,
            collateralCap: type(uint128).max,
            supplyCap: 340e36
        });
        (params.config.targetLeverage, params.config.safetyMargin) = (15_000, 1);
        (params.config.bonusMin, params.config.bonusMax) = (1, 1);
        market = ILeverageMarket(factory.createMarket(params, SALT, startPrice));
        assertEq(abi.encode(market.limits()), abi.encode(params.limits));
    }

    /// @dev Shares have six more decimals and 128 bits: 340 million tokens with 24 decimals fit.
    function test_CreateMarket_LendsTenMillionTokensOfTheMostDecimals() public {
        MarketParams memory params = _params();
        MockERC20 big = new MockERC20("Enough", "ENOUGH", 24);
        uint256 price = 2000 * 1e36 * 1e6;
        params.loanToken = big;
        params.oracle = address(new MockOracle(price));
        (params.limits.debtCap, params.config.minDebt) = (8_000_000e24, 100e24);
        market = ILeverageMarket(factory.createMarket(params, SALT, price));
        big.mint(bob, 10_000_000e24);
        vm.startPrank(bob);
        big.approve(address(market), type(uint256).max);
        market.deposit(10_000_000e24, bob);
        assertEq(market.maxWithdraw(bob), 10_000_000e24);
        vm.stopPrank();
    }

    function test_CreateMarket_AcceptsACollateralTokenOfTheMostDecimals() public {
        MarketParams memory params = _params();
        MockERC20 fine = new MockERC20("Fine", "FINE", 24);
        uint256 price = (2000 * 1e36 * 1e6) / 1e24;
        params.collateralToken = fine;
        params.oracle = address(new MockOracle(price));
        params.limits.collateralCap = 1_000_000e24;
        market = ILeverageMarket(factory.createMarket(params, SALT, price));
        lend(lender, 1_000_000e6);
        fine.mint(bob, 10e24);
        vm.startPrank(bob);
        fine.approve(address(market), type(uint256).max);
        market.adjust(bob, 10e24, 16_000e6, bob, 10e24, 0, "");
        vm.stopPrank();
        assertEq(market.debtOf(bob), 16_000e6);
    }

    function test_CreateMarket_RevertWhen_ANameIsTooLong() public {
        MarketParams memory params = _params();
        params.name = "A name of thirty-two bytes, sure";
        refuses(params, abi.encodeWithSelector(ShortStrings.StringTooLong.selector, params.name));
        params = _params();
        params.symbol = "A name of thirty-two bytes, sure";
        refuses(params, abi.encodeWithSelector(ShortStrings.StringTooLong.selector, params.symbol));
        params.symbol = "A name of thirty-one bytes, yes";
        factory.createMarket(params, SALT, startPrice);
    }

    function test_CreateMarket_AcceptsFeesOfOneHalfAndSharesOfOne() public {
        MarketParams memory params = _params();
        (params.config.interestFee, params.config.liquidationFee) = (0.5e18, 0.5e18);
        (params.config.bufferTarget, params.config.dailyAllowance) = (1e18, 1e18);
        market = ILeverageMarket(factory.createMarket(params, SALT, startPrice));
        assertEq(abi.encode(market.config()), abi.encode(params.config));
    }

    /// @dev For any parameters: a created market keeps the rules of the design.
    function testFuzz_CreateMarket_ACreatedMarketKeepsTheRules(uint256[8] memory seeds) public {
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

    /// @dev Address of the factory's store of `part`: ten bytes of code that return the bytes after
    /// them.
    function storeOf(bytes memory part, bytes32 salt) private view returns (address) {
        bytes memory initCode = bytes.concat(hex"61", bytes2(uint16(part.length + 1)), hex"80600a3d393df300", part);
        return vm.computeCreate2Address(salt, keccak256(initCode), address(factory));
    }

    function slice(bytes memory data, uint256 start, uint256 length) private pure returns (bytes memory part) {
        part = new bytes(length);
        for (uint256 i = 0; i < length; ++i) part[i] = data[start + i];
    }
}
