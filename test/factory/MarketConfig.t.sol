// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20, IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

import {MarketConfig} from "../../contracts/factory/MarketConfig.sol";
import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {IMarketFactory} from "../../contracts/interfaces/IMarketFactory.sol";
import {DebtCeilings} from "../../contracts/libraries/DebtCeilings.sol";
import {MockERC20} from "../../contracts/mocks/MockERC20.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {MarketParams} from "../../contracts/types/MarketTypes.sol";
import {MarketPresets} from "../../contracts/mocks/MarketPresets.sol";
import {Test} from "../utils/Test.sol";

/// @notice An oracle that returns only one price.
contract ShortAnswer {
    function prices() external pure returns (uint256) {
        return 1;
    }
}

/// @notice A token without `totalSupply`.
contract TokenWithoutSupply {
    uint8 public constant decimals = 18;
    mapping(address account => uint256) public balanceOf;
}

/// @notice A token without `balanceOf`.
contract TokenWithoutBalances {
    uint8 public constant decimals = 18;
    uint256 public constant totalSupply = 1e18;
}

/// @dev Tests both sides of each bound, one parameter at a time, with the others as in the preset.
/// If a value beyond the last valid one breaks another rule, that rule refuses it.
contract MarketConfigTest is Test {
    uint256 private constant WAD = 1e18;
    uint256 private constant PRICE = 2000e24;
    uint256 private constant LARGEST_LEVERAGE = type(uint24).max;

    MockERC20 private loan = new MockERC20("Loan", "LOAN", 6);
    MockERC20 private collateral = new MockERC20("Collateral", "COLL", 18);
    MockOracle private oracle = new MockOracle(PRICE);

    // ------------------------------------------------------------------ contracts

    function test_Tokens_MustDiffer() public {
        MarketParams memory params = valid();
        accepts(params);
        params.collateralToken = loan;
        refusesBy(params, abi.encodeWithSelector(IMarketFactory.SameToken.selector, address(loan)));
    }

    function test_Contracts_MustHaveCode() public {
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

    function test_Tokens_HaveAtMost24Decimals() public {
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

    function test_Tokens_MustAnswerWithOneWord() public {
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

    function test_Tokens_RevertWhen_AContractIsNoToken() public {
        // Contracts without any of the functions.
        MarketParams memory params = valid();
        params.loanToken = IERC20(address(this));
        refusesBy(params, abi.encodeWithSelector(IMarketFactory.NotAToken.selector, "loanToken", address(this)));
        params = valid();
        params.collateralToken = IERC20(address(oracle));
        refusesBy(
            params,
            abi.encodeWithSelector(IMarketFactory.NotAToken.selector, "collateralToken", address(oracle))
        );
    }

    function test_Tokens_RevertWhen_SupplyOrBalanceIsMissing() public {
        address[2] memory tokens = [address(new TokenWithoutSupply()), address(new TokenWithoutBalances())];
        for (uint256 i = 0; i < tokens.length; ++i) {
            MarketParams memory params = valid();
            params.loanToken = IERC20(tokens[i]);
            refusesBy(params, abi.encodeWithSelector(IMarketFactory.NotAToken.selector, "loanToken", tokens[i]));
            params = valid();
            params.collateralToken = IERC20(tokens[i]);
            refusesBy(params, abi.encodeWithSelector(IMarketFactory.NotAToken.selector, "collateralToken", tokens[i]));
        }
    }

    // ------------------------------------------------------------------ leverage

    function test_LiquidationLeverage_Bounds() public {
        refuses("liquidationLeverage", 0);
        refuses("liquidationLeverage", 10_000);
        refusesFor("liquidationLeverage", 10_001, "maxLeverage", 50_000);
        refusesFor("liquidationLeverage", LARGEST_LEVERAGE, "bonusMax", 0.08e18);
        refuses("liquidationLeverage", LARGEST_LEVERAGE + 1);
        refuses("liquidationLeverage", type(uint256).max);
        MarketParams memory params = with("liquidationLeverage", LARGEST_LEVERAGE);
        (params.config.bonusMin, params.config.bonusMax, params.config.safetyMargin) = (1, 1, 1);
        accepts(params);
    }

    function test_EntryGap_Bounds() public {
        refuses("entryGap", 0);
        accepts("entryGap", 1);
        refusesFor("entryGap", WAD - 1, "maxLeverage", 50_000);
        refuses("entryGap", WAD);
    }

    /// @dev A price drop of 2% below 6.5x is at 5.8558x.
    function test_MaxLeverage_Bounds() public {
        refuses("maxLeverage", 0);
        refuses("maxLeverage", 10_000);
        refusesFor("maxLeverage", 10_001, "targetLeverage", 45_000);
        accepts("maxLeverage", 58_558);
        refuses("maxLeverage", 58_559);
        refuses("maxLeverage", 65_000);
        refuses("maxLeverage", 65_001);
        refuses("maxLeverage", type(uint256).max);
    }

    function test_TargetLeverage_Bounds() public {
        refuses("targetLeverage", 0);
        refuses("targetLeverage", 10_000);
        accepts("targetLeverage", 10_001);
        accepts("targetLeverage", 50_000);
        refuses("targetLeverage", 50_001);
        refuses("targetLeverage", type(uint256).max);
    }

    function test_SystemLeverageCap_Bounds() public {
        refuses("systemLeverageCap", 10_000);
        accepts("systemLeverageCap", 10_001);
        accepts("systemLeverageCap", LARGEST_LEVERAGE);
        refuses("systemLeverageCap", LARGEST_LEVERAGE + 1);
        refuses("systemLeverageCap", type(uint256).max);
    }

    // ------------------------------------------------------------------ bonus

    /// @dev 1 - 1.02 * 11/13 = 0.136923...
    function test_SafetyMargin_Bounds() public {
        refuses("safetyMargin", 0);
        accepts("safetyMargin", 1);
        accepts("safetyMargin", 0.136923076923076923e18);
        refusesFor("safetyMargin", 0.136923076923076924e18, "bonusMax", 0.08e18);
        refusesFor("safetyMargin", WAD - 1, "bonusMax", 0.08e18);
        refuses("safetyMargin", WAD);
    }

    function test_BonusMin_Bounds() public {
        refuses("bonusMin", 0);
        accepts("bonusMin", 1);
        refuses("bonusMin", 0.08e18 + 1);
        MarketParams memory params = with("bonusMax", 0.05e18);
        params.config.bonusMin = 0.05e18;
        accepts(params);
        params.config.bonusMin = 0.05e18 + 1;
        refuses(params, "bonusMin", 0.05e18 + 1);
    }

    /// @dev (1 + b) * 11/13 < 1 ends at b = 2/11.
    function test_BonusMax_Bounds() public {
        accepts("bonusMax", 0.181818181818181818e18);
        refuses("bonusMax", 0.181818181818181819e18);
        refuses("bonusMax", type(uint256).max);
        // Below 2x a bonus of one could be paid.
        MarketParams memory params = with("bonusMax", WAD - 1);
        (params.limits.liquidationLeverage, params.limits.maxLeverage) = (19_000, 15_000);
        params.config.targetLeverage = 15_000;
        accepts(params);
        params.config.bonusMax = WAD;
        refuses(params, "bonusMax", WAD);
    }

    function test_BonusSlope_Bounds() public {
        accepts("bonusSlope", 0);
        accepts("bonusSlope", WAD);
        refuses("bonusSlope", WAD + 1);
    }

    // ------------------------------------------------------------------ shares, caps, delay

    function test_Fees_Bounds() public {
        string[2] memory fees = ["interestFee", "liquidationFee"];
        for (uint256 i = 0; i < fees.length; ++i) {
            accepts(fees[i], 0);
            accepts(fees[i], 0.5e18);
            refuses(fees[i], 0.5e18 + 1);
        }
        MarketParams memory params = with("interestFee", 0);
        params.config.liquidationFee = 0;
        accepts(params);
        (params.config.interestFee, params.config.liquidationFee) = (0.5e18, 0.5e18);
        accepts(params);
    }

    function test_BufferTarget_Bounds() public {
        refuses("bufferTarget", 0);
        accepts("bufferTarget", 1);
        accepts("bufferTarget", WAD);
        refuses("bufferTarget", WAD + 1);
    }

    function test_DailyAllowance_Bounds() public {
        refuses("dailyAllowance", 0);
        accepts("dailyAllowance", WAD);
        refuses("dailyAllowance", WAD + 1);
        // With the least allowance a bucket holds the minimum debt only if the cap is huge.
        MarketParams memory params = with("debtCap", DebtCeilings.MAX_CAP);
        params.config.dailyAllowance = 1;
        accepts(params);
    }

    function test_Caps_FitTheirStorage() public {
        accepts("debtCap", DebtCeilings.MAX_CAP);
        refuses("debtCap", DebtCeilings.MAX_CAP + 1);
        accepts("collateralCap", type(uint128).max);
        refuses("collateralCap", 2 ** 128);
        accepts("supplyCap", 0);
        accepts("supplyCap", type(uint128).max);
        refuses("supplyCap", 2 ** 128);
    }

    function test_MinDebt_Bounds() public {
        refuses("minDebt", 999);
        accepts("minDebt", 1000);
        accepts("minDebt", 4_000_000e6);
        refuses("minDebt", 4_000_000e6 + 1);
        // Half of 2,003, rounded down.
        MarketParams memory params = with("debtCap", 2003);
        params.config.minDebt = 1001;
        accepts(params);
        params.config.minDebt = 1002;
        refuses(params, "minDebt", 1002);
    }

    function test_Validate_ReportsTheFirstViolation() public {
        MarketParams memory params = valid();
        oracle.fail();
        (params.config.minDebt, params.config.raiseDelay) = (0, 0);
        refuses(params, "minDebt", 0);
        params.config.minDebt = 1000;
        refuses(params, "raiseDelay", 0);
        params.config.raiseDelay = 2 days;
        refusesBy(params, abi.encodeWithSelector(MockOracle.OracleFailure.selector));
    }

    function test_RaiseDelay_Bounds() public {
        refuses("raiseDelay", 2 days - 1);
        accepts("raiseDelay", 2 days);
        accepts("raiseDelay", 365 days);
        refuses("raiseDelay", 365 days + 1);
    }

    // ------------------------------------------------------------------ oracle

    function test_ExpectedPrice_Bounds() public {
        MarketParams memory params = valid();
        params.config.minDebt = 1e25;
        (params.limits.debtCap, params.config.dailyAllowance) = (DebtCeilings.MAX_CAP, WAD);
        oracle.setPrice(1e6);
        refusesExpected(params, 1e6 - 1);
        this.validate(params, 1e6);
        // (2^192 - 1) / 2^16, rounded down.
        uint256 most = 2 ** 176 - 1;
        oracle.setPrice(most);
        this.validate(params, most);
        oracle.setPrice(most + 1);
        refusesExpected(params, most + 1);
        refusesExpected(params, type(uint256).max);
    }

    function test_ExpectedPrice_RevertWhen_OraclePriceIsFartherThanAFactorOfTwo() public {
        prices(2 * PRICE, PRICE / 2);
        accepts(valid());
        prices(PRICE / 2, 2 * PRICE);
        accepts(valid());
        uint256[5] memory wrong = [2 * PRICE + 1, PRICE / 2 - 1, 10 * PRICE, PRICE / 10, 0];
        for (uint256 i = 0; i < wrong.length; ++i) {
            refusesPrices(wrong[i], wrong[i]);
            refusesPrices(PRICE, wrong[i]);
            refusesPrices(wrong[i], PRICE);
        }
    }

    function test_Oracle_RevertWhen_ItReturnsNoPrices() public {
        MarketParams memory params = valid();
        params.oracle = address(new ShortAnswer());
        bytes memory answer = abi.encode(uint256(1));
        refusesBy(params, abi.encodeWithSelector(ILeverageMarket.InvalidOracleAnswer.selector, params.oracle, answer));
    }

    function test_ExpectedPrice_HalfOfAnOddOneIsRoundedDown() public {
        prices(500_000, 500_000);
        this.validate(valid(), 1_000_001);
    }

    function test_ExpectedPrice_RevertWhen_OraclePriceIsZero() public {
        uint256[2][3] memory zeros = [[uint256(0), 1e6], [uint256(1e6), 0], [uint256(0), 0]];
        for (uint256 i = 0; i < zeros.length; ++i) {
            (uint256 open, uint256 liquidation) = (zeros[i][0], zeros[i][1]);
            prices(open, liquidation);
            vm.expectRevert(abi.encodeWithSelector(IMarketFactory.UnexpectedPrice.selector, 1e6, open, liquidation));
            this.validate(valid(), 1e6);
        }
    }

    /// @dev A thousand units of collateral, at the liquidation price, are worth at most the minimum
    /// debt.
    function test_MinDebt_RevertWhen_CollateralUnitIsTooCoarse() public {
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
        // A unit of a token with two decimals is worth 20 loan tokens: rounding by one unit is a
        // thousandth of 20,000.
        oracle.setPrice(2000e40);
        params.config.minDebt = 20_000e6 - 1;
        refusesCoarse(params, 2000e40);
        params.config.minDebt = 20_000e6;
        this.validate(params, 2000e40);
    }

    // ------------------------------------------------------------------ helpers

    function validate(MarketParams calldata params, uint256 expectedPrice) external view {
        MarketConfig.validate(params, expectedPrice);
    }

    function valid() private view returns (MarketParams memory) {
        return MarketPresets.forTests(loan, collateral, oracle, address(this), 1e6, 1e18);
    }

    /// @dev The preset with one parameter changed.
    function with(string memory parameter, uint256 value) private view returns (MarketParams memory params) {
        params = valid();
        bytes32 id = keccak256(bytes(parameter));
        if (id == keccak256("maxLeverage")) params.limits.maxLeverage = value;
        else if (id == keccak256("liquidationLeverage")) params.limits.liquidationLeverage = value;
        else if (id == keccak256("systemLeverageCap")) params.limits.systemLeverageCap = value;
        else if (id == keccak256("debtCap")) params.limits.debtCap = value;
        else if (id == keccak256("collateralCap")) params.limits.collateralCap = value;
        else if (id == keccak256("supplyCap")) params.limits.supplyCap = value;
        else if (id == keccak256("targetLeverage")) params.config.targetLeverage = value;
        else if (id == keccak256("entryGap")) params.config.entryGap = value;
        else if (id == keccak256("safetyMargin")) params.config.safetyMargin = value;
        else if (id == keccak256("bonusMin")) params.config.bonusMin = value;
        else if (id == keccak256("bonusMax")) params.config.bonusMax = value;
        else if (id == keccak256("bonusSlope")) params.config.bonusSlope = value;
        else if (id == keccak256("interestFee")) params.config.interestFee = value;
        else if (id == keccak256("liquidationFee")) params.config.liquidationFee = value;
        else if (id == keccak256("bufferTarget")) params.config.bufferTarget = value;
        else if (id == keccak256("dailyAllowance")) params.config.dailyAllowance = value;
        else if (id == keccak256("minDebt")) params.config.minDebt = value;
        else if (id == keccak256("raiseDelay")) params.config.raiseDelay = value;
        else revert(parameter);
    }

    function prices(uint256 openPrice, uint256 liquidationPrice) private {
        oracle.setPrices(openPrice, liquidationPrice);
    }

    function accepts(MarketParams memory params) private view {
        this.validate(params, PRICE);
    }

    function accepts(string memory parameter, uint256 value) private view {
        accepts(with(parameter, value));
    }

    function refuses(string memory parameter, uint256 value) private {
        refuses(with(parameter, value), parameter, value);
    }

    /// @dev The value breaks the rule of another parameter; the error reports that parameter with
    /// its own value.
    function refusesFor(string memory parameter, uint256 value, string memory other, uint256 otherValue) private {
        refuses(with(parameter, value), other, otherValue);
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

    /// @dev A revert is no answer, whatever its length, and neither is an answer of another length.
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
