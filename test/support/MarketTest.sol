// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {IMarketFactory} from "../../contracts/interfaces/IMarketFactory.sol";
import {IPriceOracle} from "../../contracts/interfaces/IPriceOracle.sol";
import {MockERC20} from "../../contracts/mocks/MockERC20.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {Call} from "../../contracts/mocks/ScriptedActor.sol";
import {MarketParams} from "../../contracts/types/MarketTypes.sol";
import {Test} from "../utils/Test.sol";
import {MarketPresets} from "../../contracts/mocks/MarketPresets.sol";

/// @notice A market of a collateral token with 18 decimals at 2,000 loan tokens with 6 decimals,
/// with lenders and roles, and the helpers that its tests share. For another market, override
/// `_params`, or set decimals and price in the constructor.
abstract contract MarketTest is Test {
    uint256 internal constant WAD = 1e18;
    uint256 internal constant ONE_X = 10_000;

    uint64 internal constant GUARDIAN_ROLE = 1;
    uint64 internal constant RISK_ROLE = 2;
    uint64 internal constant CREATOR_ROLE = 3;

    MockERC20 internal loan;
    MockERC20 internal collateral;
    MockOracle internal oracle;
    AccessManager internal manager;
    IMarketFactory internal factory;
    ILeverageMarket internal market;

    uint8 internal loanDecimals = 6;
    uint8 internal collateralDecimals = 18;
    /// @dev Whole loan tokens per whole collateral token, at the start.
    uint256 internal wholePrice = 2000;

    /// @dev Units of one whole token.
    uint256 internal loanUnit;
    uint256 internal collateralUnit;
    /// @dev `wholePrice` in the oracle's scale.
    uint256 internal startPrice;

    address internal guardian = makeAddr("guardian");
    address internal riskManager = makeAddr("riskManager");
    address internal lender = makeAddr("lender");
    address internal alice = makeAddr("alice");
    address internal bob = makeAddr("bob");
    address internal liquidator = makeAddr("liquidator");

    function setUp() public virtual {
        loan = _newLoanToken();
        collateral = _newCollateralToken();
        loanUnit = 10 ** loan.decimals();
        collateralUnit = 10 ** collateral.decimals();
        startPrice = priceOf(wholePrice);
        oracle = new MockOracle(startPrice);
        manager = new AccessManager(address(this));
        factory = IMarketFactory(deployCode("MarketFactory.sol:MarketFactory", abi.encode(address(manager))));
        market = createMarket(_params(), bytes32(0));
        _grantRoles(market);
        lend(lender, 10_000_000 * loanUnit);
    }

    // ------------------------------------------------------------------ for suites to override

    function _newLoanToken() internal virtual returns (MockERC20) {
        return new MockERC20("Loan", "LOAN", loanDecimals);
    }

    function _newCollateralToken() internal virtual returns (MockERC20) {
        return new MockERC20("Collateral", "COLL", collateralDecimals);
    }

    function _params() internal view virtual returns (MarketParams memory) {
        address authority = address(manager);
        return MarketPresets.forTests(loan, collateral, oracle, authority, loanUnit, collateralUnit);
    }

    // ------------------------------------------------------------------ set-up

    function createMarket(MarketParams memory params, bytes32 salt) internal returns (ILeverageMarket) {
        (uint256 price, ) = IPriceOracle(params.oracle).prices();
        return ILeverageMarket(factory.createMarket(params, salt, price));
    }

    function _grantRoles(ILeverageMarket target) internal {
        bytes4[] memory lowering = new bytes4[](1);
        lowering[0] = ILeverageMarket.lowerLimit.selector;
        bytes4[] memory raising = new bytes4[](2);
        raising[0] = ILeverageMarket.scheduleRaise.selector;
        raising[1] = ILeverageMarket.rampLiquidationLeverage.selector;
        manager.setTargetFunctionRole(address(target), lowering, GUARDIAN_ROLE);
        manager.setTargetFunctionRole(address(target), raising, RISK_ROLE);
        manager.grantRole(GUARDIAN_ROLE, guardian, 0);
        manager.grantRole(GUARDIAN_ROLE, riskManager, 0);
        manager.grantRole(RISK_ROLE, riskManager, 0);
    }

    // ------------------------------------------------------------------ actions

    /// @dev Oracle price of one whole collateral token worth `whole` loan tokens.
    function priceOf(uint256 whole) internal view returns (uint256) {
        return (whole * 1e36 * loanUnit) / collateralUnit;
    }

    function lend(address account, uint256 assets) internal returns (uint256 shares) {
        loan.mint(account, assets);
        vm.startPrank(account);
        SafeERC20.forceApprove(loan, address(market), type(uint256).max);
        shares = market.deposit(assets, account);
        vm.stopPrank();
    }

    /// @dev Gives `account` tokens, and the market infinite allowances for them.
    function fund(address account, uint256 collateralAmount, uint256 loanAmount) internal {
        collateral.mint(account, collateralAmount);
        loan.mint(account, loanAmount);
        vm.startPrank(account);
        // Some tokens return nothing.
        SafeERC20.forceApprove(collateral, address(market), type(uint256).max);
        SafeERC20.forceApprove(loan, address(market), type(uint256).max);
        vm.stopPrank();
    }

    /// @dev Opens a position of `account` with this collateral and debt in one call; the borrowed
    /// tokens stay with the account.
    function open(address account, uint256 collateralAmount, uint256 debt) internal {
        fund(account, collateralAmount, 0);
        vm.prank(account);
        market.adjust(account, int256(collateralAmount), int256(debt), account, collateralAmount, 0, "");
    }

    /// @dev Moves a lender's shares to the buffer. No call does this: only fees add to the buffer.
    function moveToBuffer(address from, uint256 shares) internal {
        uint256 held = market.balanceOf(from);
        vm.store(address(market), _slotOfBalance(from), bytes32(held - shares));
        bytes32 slot = _slotOfBalance(address(market));
        vm.store(address(market), slot, bytes32(uint256(vm.load(address(market), slot)) + shares));
        assertEq(market.balanceOf(from), held - shares);
    }

    function _slotOfBalance(address account) private returns (bytes32) {
        vm.record();
        market.balanceOf(account);
        (bytes32[] memory reads, ) = vm.accesses(address(market));
        return reads[reads.length - 1];
    }

    function liquidateOne(address account, uint256 maxPayment) internal returns (uint256 seized, uint256 payment) {
        address[] memory accounts = new address[](1);
        accounts[0] = account;
        vm.prank(liquidator);
        return market.liquidate(accounts, maxPayment, 0, liquidator, "");
    }

    // --------------------------------------------------------- calls for another contract to make

    function callTo(address target, bytes memory data) internal pure returns (Call memory) {
        return Call(target, data, true);
    }

    function marketCall(bytes memory data) internal view returns (Call memory) {
        return callTo(address(market), data);
    }

    /// @dev A call whose failure is recorded instead of passed on.
    function marketTry(bytes memory data) internal view returns (Call memory) {
        return Call(address(market), data, false);
    }

    function only(Call memory call) internal pure returns (Call[] memory calls) {
        calls = new Call[](1);
        calls[0] = call;
    }

    // ------------------------------------------------------------------ views

    function debtSharesOf(address account) internal view returns (uint256 shares) {
        (shares, , ) = market.position(account);
    }

    function collateralOf(address account) internal view returns (uint256 amount) {
        (, amount, ) = market.position(account);
    }

    /// @dev Leverage at a price, four decimals, rounded down; the greatest value if no equity is
    /// left.
    function leverageAt(address account, uint256 price) internal view returns (uint256) {
        uint256 debt = market.debtOf(account);
        uint256 value = (collateralOf(account) * (price / 1e18)) / 1e18;
        return value <= debt ? type(uint256).max : (value * ONE_X) / (value - debt);
    }
}
