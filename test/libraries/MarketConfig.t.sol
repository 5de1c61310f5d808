// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20, IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

import {MarketConfig} from "../../contracts/factory/MarketConfig.sol";
import {IMarketFactory} from "../../contracts/interfaces/IMarketFactory.sol";
import {MockERC20} from "../../contracts/mocks/MockERC20.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {Config, Limits, MarketParams} from "../../contracts/types/MarketTypes.sol";
import {Test} from "../utils/Test.sol";

/// @dev Each bound on both sides. Where a value beyond the last good one of another rule is asked for, that rule refuses it.
contract MarketConfigTest is Test {
    uint256 private constant WAD = 1e18;
    uint256 private constant PRICE = 2000e24;
    uint256 private constant LARGEST_LEVERAGE = type(uint24).max;

    MockERC20 private loan = new MockERC20("Loan", "LOAN", 6);
    MockERC20 private collateral = new MockERC20("Collateral", "COLL", 18);
    MockOracle private oracle = new MockOracle(PRICE);

    // ------------------------------------------------------------------ contracts

    function test_TokensDiffer() public {
        MarketParams memory params = valid();
        accepts(params);
        params.collateralToken = loan;
        refusesBy(params, abi.encodeWithSelector(IMarketFactory.SameToken.selector, address(loan)));
    }

    function test_EachIsAContract() public {
        address nobody = makeAddr("nobody");
        MarketParams memory params = valid();
        params.loanToken = IERC20(nobody);
        refusesBy(params, abi.encodeWithSelector(IMarketFactory.NotAContract.selector, "loanToken", nobody));
        params = valid();
        params.collateralToken = IERC20(nobody);
        refusesBy(params, abi.encodeWithSelector(IMarketFactory.NotAContract.selector, "collateralToken", nobody));
        params = valid();
        params.oracle = nobody;
        refusesBy(params, abi.encodeWithSelector(IMarketFactory.NotAContract.selector, "oracle", nobody));
        params = valid();
        params.authority = nobody;
        refusesBy(params, abi.encodeWithSelector(IMarketFactory.NotAContract.selector, "authority", nobody));
    }

    function test_TokensHaveAtMost24Decimals() public {
        MarketParams memory params = valid();
        MockERC20 most = new MockERC20("Most", "MOST", 24);
        MockERC20 more = new MockERC20("More", "MORE", 25);
        params.loanToken = most;
        accepts(params);
        params.loanToken = more;
        refusesBy(params, abi.encodeWithSelector(IMarketFactory.UnsupportedDecimals.selector, address(more), 25));
        (params.loanToken, params.collateralToken) = (loan, most);
        accepts(params);
        params.collateralToken = more;
        refusesBy(params, abi.encodeWithSelector(IMarketFactory.UnsupportedDecimals.selector, address(more), 25));
    }

    function test_TokensAnswerEachQuestionWithOneWord() public {
        bytes[3] memory questions = [
            abi.encodeCall(IERC20Metadata.decimals, ()),
            abi.encodeCall(IERC20.totalSupply, ()),
            abi.encodeCall(IERC20.balanceOf, (address(this)))
        ];
        for (uint256 i = 0; i < questions.length; ++i) {
            needsAnAnswer("loanToken", address(loan), questions[i]);
            needsAnAnswer("collateralToken", address(collateral), questions[i]);
        }
        accepts(valid());
    }

    // ------------------------------------------------------------------ leverage

    function test_LiquidationLeverage() public {
        MarketParams memory params = valid();
        params.limits.liquidationLeverage = 10_000;
        refuses(params, "liquidationLeverage", 10_000);
        params.limits.liquidationLeverage = 10_001;
        refuses(params, "maxLeverage", params.limits.maxLeverage);
        params.limits.liquidationLeverage = LARGEST_LEVERAGE + 1;
        refuses(params, "liquidationLeverage", LARGEST_LEVERAGE + 1);
        params.limits.liquidationLeverage = LARGEST_LEVERAGE;
        refuses(params, "bonusMax", params.config.bonusMax);
        (params.config.bonusMin, params.config.bonusMax, params.config.safetyMargin) = (1, 1, 1);
        accepts(params);
    }

    function test_EntryGap() public {
        MarketParams memory params = valid();
        params.config.entryGap = 0;
        refuses(params, "entryGap", 0);
        params.config.entryGap = 1;
        accepts(params);
        params.config.entryGap = WAD - 1;
        refuses(params, "maxLeverage", params.limits.maxLeverage);
        params.config.entryGap = WAD;
        refuses(params, "entryGap", WAD);
    }

    function test_MaxLeverage() public {
        MarketParams memory params = valid();
        params.limits.maxLeverage = 10_000;
        refuses(params, "maxLeverage", 10_000);
        params.limits.maxLeverage = 10_001;
        refuses(params, "targetLeverage", params.config.targetLeverage);
        // 2% of price drop below 6.5x end at 5.8558x.
        params.limits.maxLeverage = 58_558;
        accepts(params);
        params.limits.maxLeverage = 58_559;
        refuses(params, "maxLeverage", 58_559);
        params.limits.maxLeverage = type(uint256).max;
        refuses(params, "maxLeverage", type(uint256).max);
    }

    function test_TargetLeverage() public {
        MarketParams memory params = valid();
        params.config.targetLeverage = 10_000;
        refuses(params, "targetLeverage", 10_000);
        params.config.targetLeverage = 10_001;
        accepts(params);
        params.config.targetLeverage = 50_000;
        accepts(params);
        params.config.targetLeverage = 50_001;
        refuses(params, "targetLeverage", 50_001);
    }

    function test_SystemLeverageCap() public {
        MarketParams memory params = valid();
        params.limits.systemLeverageCap = 10_000;
        refuses(params, "systemLeverageCap", 10_000);
        params.limits.systemLeverageCap = 10_001;
        accepts(params);
        params.limits.systemLeverageCap = LARGEST_LEVERAGE;
        accepts(params);
        params.limits.systemLeverageCap = LARGEST_LEVERAGE + 1;
        refuses(params, "systemLeverageCap", LARGEST_LEVERAGE + 1);
    }

    // ------------------------------------------------------------------ bonus

    function test_SafetyMargin() public {
        MarketParams memory params = valid();
        params.config.safetyMargin = 0;
        refuses(params, "safetyMargin", 0);
        params.config.safetyMargin = 1;
        accepts(params);
        // 1 - 1.02 * 11/13 = 0.136923...
        params.config.safetyMargin = 0.136923076923076923e18;
        accepts(params);
        params.config.safetyMargin += 1;
        refuses(params, "bonusMax", params.config.bonusMax);
        params.config.safetyMargin = WAD - 1;
        refuses(params, "bonusMax", params.config.bonusMax);
        params.config.safetyMargin = WAD;
        refuses(params, "safetyMargin", WAD);
    }

    function test_BonusMin() public {
        MarketParams memory params = valid();
        params.config.bonusMin = 0;
        refuses(params, "bonusMin", 0);
        params.config.bonusMin = 1;
        accepts(params);
        (params.config.bonusMin, params.config.bonusMax) = (0.05e18, 0.05e18);
        accepts(params);
        params.config.bonusMin += 1;
        refuses(params, "bonusMin", 0.05e18 + 1);
    }

    function test_BonusMax() public {
        MarketParams memory params = valid();
        // (1 + b) * 11/13 < 1 ends at b = 2/11.
        params.config.bonusMax = 0.181818181818181818e18;
        accepts(params);
        params.config.bonusMax += 1;
        refuses(params, "bonusMax", params.config.bonusMax);
        params.config.bonusMax = type(uint256).max;
        refuses(params, "bonusMax", type(uint256).max);
        // Below 2x, one could be paid.
        (params.limits.liquidationLeverage, params.limits.maxLeverage) = (19_000, 15_000);
        (params.config.targetLeverage, params.config.bonusMax) = (15_000, WAD - 1);
        accepts(params);
        params.config.bonusMax = WAD;
        refuses(params, "bonusMax", WAD);
    }

    function test_BonusSlope() public {
        MarketParams memory params = valid();
        params.config.bonusSlope = 0;
        accepts(params);
        params.config.bonusSlope = WAD;
        accepts(params);
        params.config.bonusSlope = WAD + 1;
        refuses(params, "bonusSlope", WAD + 1);
    }

    // ------------------------------------------------------------------ shares, caps, delay

    function test_FeesAreAtMostOneHalf() public {
        MarketParams memory params = valid();
        (params.config.interestFee, params.config.liquidationFee) = (0, 0);
        accepts(params);
        (params.config.interestFee, params.config.liquidationFee) = (0.5e18, 0.5e18);
        accepts(params);
        params.config.interestFee += 1;
        refuses(params, "interestFee", 0.5e18 + 1);
        (params.config.interestFee, params.config.liquidationFee) = (0.5e18, 0.5e18 + 1);
        refuses(params, "liquidationFee", 0.5e18 + 1);
    }

    function test_BufferTarget() public {
        MarketParams memory params = valid();
        params.config.bufferTarget = 0;
        refuses(params, "bufferTarget", 0);
        params.config.bufferTarget = 1;
        accepts(params);
        params.config.bufferTarget = WAD;
        accepts(params);
        params.config.bufferTarget = WAD + 1;
        refuses(params, "bufferTarget", WAD + 1);
    }

    function test_DailyAllowance() public {
        MarketParams memory params = valid();
        params.limits.debtCap = type(uint112).max;
        params.config.dailyAllowance = 0;
        refuses(params, "dailyAllowance", 0);
        params.config.dailyAllowance = 1;
        accepts(params);
        params.config.dailyAllowance = WAD;
        accepts(params);
        params.config.dailyAllowance = WAD + 1;
        refuses(params, "dailyAllowance", WAD + 1);
    }

    function test_CapsFitTheirStorage() public {
        MarketParams memory params = valid();
        (params.limits.debtCap, params.limits.collateralCap) = (type(uint112).max, type(uint128).max);
        accepts(params);
        params.limits.debtCap += 1;
        refuses(params, "debtCap", 2 ** 112);
        (params.limits.debtCap, params.limits.collateralCap) = (type(uint112).max, uint256(type(uint128).max) + 1);
        refuses(params, "collateralCap", 2 ** 128);
    }

    function test_MinDebtIsAThousandUnitsOrMoreAndAtMostADaysAllowance() public {
        MarketParams memory params = valid();
        params.config.minDebt = 999;
        refuses(params, "minDebt", 999);
        params.config.minDebt = 1000;
        accepts(params);
        // Half of 2,003, rounded down.
        (params.limits.debtCap, params.config.minDebt) = (2003, 1001);
        accepts(params);
        params.config.minDebt = 1002;
        refuses(params, "minDebt", 1002);
    }

    function test_TheFirstViolationIsNamed() public {
        MarketParams memory params = valid();
        oracle.fail();
        (params.config.minDebt, params.config.raiseDelay) = (0, 0);
        refuses(params, "minDebt", 0);
        params.config.minDebt = 1000;
        refuses(params, "raiseDelay", 0);
        params.config.raiseDelay = 2 days;
        refusesBy(params, abi.encodeWithSelector(MockOracle.OracleFailure.selector));
    }

    function test_RaiseDelay() public {
        MarketParams memory params = valid();
        params.config.raiseDelay = 2 days - 1;
        refuses(params, "raiseDelay", 2 days - 1);
        params.config.raiseDelay = 2 days;
        accepts(params);
        params.config.raiseDelay = 365 days;
        accepts(params);
        params.config.raiseDelay = 365 days + 1;
        refuses(params, "raiseDelay", 365 days + 1);
    }

    // ------------------------------------------------------------------ oracle

    function test_ExpectedPrice() public {
        MarketParams memory params = valid();
        params.config.minDebt = 1e25;
        (params.limits.debtCap, params.config.dailyAllowance) = (type(uint112).max, WAD);
        oracle.setPrice(1e6);
        refusesExpected(params, 1e6 - 1);
        this.validate(params, 1e6);
        // 2^192 - 1 by 2^16, rounded down.
        uint256 most = 2 ** 176 - 1;
        oracle.setPrice(most);
        this.validate(params, most);
        oracle.setPrice(most + 1);
        refusesExpected(params, most + 1);
    }

    function test_PricesAreWithinAFactorOfTwo() public {
        prices(2 * PRICE, PRICE / 2);
        accepts(valid());
        prices(PRICE / 2, 2 * PRICE);
        accepts(valid());
        refusesPrices(2 * PRICE + 1, PRICE);
        refusesPrices(PRICE, 2 * PRICE + 1);
        refusesPrices(PRICE / 2 - 1, PRICE);
        refusesPrices(PRICE, PRICE / 2 - 1);
    }

    function test_HalfOfAnOddPriceIsRoundedDown() public {
        prices(500_000, 500_000);
        this.validate(valid(), 1_000_001);
    }

    function test_APriceOfZeroIsNoneHoweverLittleIsExpected() public {
        prices(0, 1e6);
        vm.expectRevert(abi.encodeWithSelector(IMarketFactory.UnexpectedPrice.selector, 1e6, 0, 1e6));
        this.validate(valid(), 1e6);
        prices(1e6, 0);
        vm.expectRevert(abi.encodeWithSelector(IMarketFactory.UnexpectedPrice.selector, 1e6, 1e6, 0));
        this.validate(valid(), 1e6);
    }

    /// @dev A thousand units of collateral, at the liquidation price, are worth at most the least debt.
    function test_CollateralUnitsAreFineEnoughForTheLeastDebt() public {
        MarketParams memory params = valid();
        oracle.setPrices(0.9e36, 1e36);
        params.config.minDebt = 1000;
        this.validate(params, 1e36);
        oracle.setPrices(0.9e36, 2e36);
        params.config.minDebt = 2000;
        this.validate(params, 1.5e36);
        params.config.minDebt = 1999;
        refusesCoarse(params, 1.5e36);
        // 1,500.5, rounded up.
        oracle.setPrice(1.5005e36);
        params.config.minDebt = 1501;
        this.validate(params, 1.5005e36);
        params.config.minDebt = 1500;
        refusesCoarse(params, 1.5005e36);
    }

    // ------------------------------------------------------------------ helpers

    function validate(MarketParams calldata params, uint256 expectedPrice) external view {
        MarketConfig.validate(params, expectedPrice);
    }

    function valid() private view returns (MarketParams memory params) {
        (params.loanToken, params.collateralToken) = (loan, collateral);
        (params.oracle, params.authority) = (address(oracle), address(this));
        params.limits = Limits(50_000, 65_000, 50_000, 8_000_000e6, 1_000_000e18);
        Config memory config = params.config;
        (config.targetLeverage, config.entryGap, config.safetyMargin) = (45_000, 0.02e18, 0.1e18);
        (config.bonusMin, config.bonusMax, config.bonusSlope) = (0.02e18, 0.08e18, 0.5e18);
        (config.interestFee, config.liquidationFee, config.bufferTarget) = (0.1e18, 0.1e18, 0.05e18);
        (config.dailyAllowance, config.minDebt, config.raiseDelay) = (0.5e18, 100e6, 2 days);
    }

    function prices(uint256 openPrice, uint256 liquidationPrice) private {
        oracle.setPrices(openPrice, liquidationPrice);
    }

    function accepts(MarketParams memory params) private view {
        this.validate(params, PRICE);
    }

    function refuses(MarketParams memory params, string memory parameter, uint256 value) private {
        refusesBy(params, abi.encodeWithSelector(IMarketFactory.InvalidParameter.selector, parameter, value));
    }

    function refusesBy(MarketParams memory params, bytes memory reason) private {
        vm.expectRevert(reason);
        this.validate(params, PRICE);
    }

    function refusesExpected(MarketParams memory params, uint256 expected) private {
        vm.expectRevert(abi.encodeWithSelector(IMarketFactory.InvalidParameter.selector, "expectedPrice", expected));
        this.validate(params, expected);
    }

    function refusesCoarse(MarketParams memory params, uint256 price) private {
        vm.expectRevert(
            abi.encodeWithSelector(IMarketFactory.InvalidParameter.selector, "minDebt", params.config.minDebt)
        );
        this.validate(params, price);
    }

    function refusesPrices(uint256 openPrice, uint256 liquidationPrice) private {
        prices(openPrice, liquidationPrice);
        refusesBy(
            valid(),
            abi.encodeWithSelector(IMarketFactory.UnexpectedPrice.selector, PRICE, openPrice, liquidationPrice)
        );
    }

    /// @dev A revert is no answer, whatever its length, and neither is another length.
    function needsAnAnswer(string memory parameter, address token, bytes memory question) private {
        bytes memory reason = abi.encodeWithSelector(IMarketFactory.NotAToken.selector, parameter, token);
        vm.mockCallRevert(token, question, abi.encode(1));
        refusesBy(valid(), reason);
        vm.mockCall(token, question, new bytes(31));
        refusesBy(valid(), reason);
        vm.mockCall(token, question, new bytes(33));
        refusesBy(valid(), reason);
        vm.clearMockedCalls();
    }
}
