// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MockERC20} from "../../contracts/mocks/MockERC20.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {Puppet} from "../../contracts/mocks/Puppet.sol";
import {LeverageMath} from "../../contracts/libraries/LeverageMath.sol";
import {IMarket} from "../support/MarketTest.sol";
import {Refusals} from "./Refusals.sol";

/// @notice What a handler works on.
struct World {
    IMarket market;
    MockERC20 loan;
    MockERC20 collateral;
    MockOracle oracle;
    Puppet puppet;
    address swapper;
    address guardian;
    address riskManager;
    uint256 startPrice;
    address[] actors;
}

/// @notice The accounts of a stateful test, what they own, and what is observed around each of their calls. What must hold is
/// recorded under the number of the invariant it belongs to, for the suite to assert.
abstract contract HandlerBase is Refusals {
    /// @dev What is compared before and after a call.
    struct Observation {
        uint256 index;
        uint256 sharePrice;
        uint256 settledAssets;
        uint256 settledShares;
    }

    uint256 internal constant WAD = 1e18;
    uint256 internal constant ONE_X = 10_000;
    int256 internal constant ALL = type(int256).min;
    /// @dev Where the market keeps total shares (lower half) and last total assets (upper half).
    bytes32 private constant LENDERS_SLOT = bytes32(uint256(25));

    MockERC20 internal loan;
    MockERC20 internal collateral;
    MockOracle internal oracle;
    Puppet internal puppet;
    address internal swapper;
    address internal guardian;
    address internal riskManager;
    uint256 internal startPrice;
    uint256 internal loanUnit;
    uint256 internal minDebt;
    uint256 internal dailyAllowance;
    uint256 internal bonusMin;
    uint256 internal bonusMax;
    uint256 internal bonusSlope;

    address[] public actors;

    /// @notice The last usable open price; values are measured with it.
    uint256 public price;

    /// @notice How often each action succeeded, by its name.
    mapping(string action => uint256) public successes;
    uint256 public calls;
    uint256 public totalSuccesses;

    /// @notice How an invariant was broken, by its number; empty if it was not.
    mapping(uint256 id => string) public broken;

    /// @notice Debt added since the start, and what the allowance was then, loan token units.
    uint256 public newDebt;
    uint256 public allowanceAtStart;
    /// @notice The sum of bucket times seconds since the start: what refills, times a day.
    uint256 public refilled;

    bool internal _lossBooked;
    Observation private _before;

    constructor(World memory world) Refusals(world.market) {
        (loan, collateral) = (world.loan, world.collateral);
        (oracle, puppet, swapper) = (world.oracle, world.puppet, world.swapper);
        (guardian, riskManager) = (world.guardian, world.riskManager);
        loanUnit = 10 ** world.loan.decimals();
        (startPrice, price, actors) = (world.startPrice, world.startPrice, world.actors);
        (, bytes memory answer) = address(world.market).staticcall(abi.encodeCall(world.market.config, ()));
        // Twelve words: as many variables at once are too many for the compiler.
        uint256[12] memory config = abi.decode(answer, (uint256[12]));
        (bonusMin, bonusMax, bonusSlope) = (config[3], config[4], config[5]);
        (dailyAllowance, minDebt) = (config[9], config[10]);
        allowanceAtStart = world.market.debtAllowance();
    }

    /// @dev Around every action. Every second time the interest fee is settled first: only then can the caller's gain be told
    /// from a fee that falls due.
    modifier observed() {
        ++calls;
        if (_isSettled()) market.deposit(0, address(this));
        _lossBooked = false;
        _before = _observe();
        _;
        _compare(_observe());
    }

    // ------------------------------------------------------------------ accounts

    /// @notice All that can hold a position or shares.
    function accounts() public view returns (address[] memory all) {
        all = new address[](actors.length + 3);
        for (uint256 i = 0; i < actors.length; ++i) all[i] = actors[i];
        all[actors.length] = address(puppet);
        all[actors.length + 1] = address(market);
        all[actors.length + 2] = address(this);
    }

    function _actor(uint256 seed) internal view returns (address) {
        return actors[seed % actors.length];
    }

    /// @dev Somebody who can have a position: an actor or the puppet.
    function _borrower(uint256 seed) internal view returns (address) {
        uint256 i = seed % (actors.length + 1);
        return i == actors.length ? address(puppet) : actors[i];
    }

    /// @dev Everybody has infinite allowances since the set-up.
    function _fund(address account, uint256 collateralAmount, uint256 loanAmount) internal {
        if (collateralAmount != 0) collateral.mint(account, collateralAmount);
        if (loanAmount != 0) loan.mint(account, loanAmount);
    }

    // ------------------------------------------------------------------ calls

    function _attempt(address caller, bytes memory data) internal returns (bool success, bytes memory returned) {
        vm.prank(caller);
        // solhint-disable-next-line avoid-low-level-calls
        (success, returned) = address(market).call(data);
    }

    /// @dev A call that nothing may make fail: the suite fails with it.
    function _must(address caller, bytes memory data) internal returns (bytes memory) {
        (bool success, bytes memory returned) = _attempt(caller, data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(returned, 0x20), mload(returned))
            }
        }
        return returned;
    }

    function _count(string memory action) internal {
        ++successes[action];
        ++totalSuccesses;
    }

    function _expect(uint256 id, bool holds, string memory otherwise) internal {
        if (!holds && bytes(broken[id]).length == 0) broken[id] = otherwise;
    }

    // ------------------------------------------------------------------ values

    function _debtSharesOf(address account) internal view returns (uint256 shares) {
        (shares, ) = market.position(account);
    }

    function _collateralOf(address account) internal view returns (uint256 amount) {
        (, amount) = market.position(account);
    }

    function _group(address first, address second) internal pure returns (address[] memory group) {
        group = new address[](first == second ? 1 : 2);
        group[0] = first;
        if (first != second) group[1] = second;
    }

    /// @dev All that accounts own less what they owe, loan token units at the last usable price, as the market would pay them
    /// out. Of a lender's action, which moves no debt, nothing may be gained by this measure.
    function _worth(address[] memory group) internal view returns (int256) {
        uint256 owed = 0;
        for (uint256 i = 0; i < group.length; ++i) owed += market.debtOf(group[i]);
        (uint256 owned, uint256 shares) = _owned(group);
        return int256(owned + market.convertToAssets(shares)) - int256(owed);
    }

    /// @dev The same in WAD, without rounding of debt and total assets: a market rounds the debt of each account up and that
    /// of all together down, so that a borrower who is a lender too may win a unit by the other measure, and nothing by this.
    function _exactWorth(address[] memory group) internal view returns (int256) {
        (uint256 index, , , ) = market.interest();
        (uint256 cash, uint256 totalDebtShares, ) = market.totals();
        uint256 owed = 0;
        for (uint256 i = 0; i < group.length; ++i) owed += _debtSharesOf(group[i]) * index;
        (uint256 owned, uint256 shares) = _owned(group);
        uint256 assets = (cash + 1) * WAD + totalDebtShares * index;
        return int256(owned * WAD + (shares * assets) / (market.totalSupply() + 1e6)) - int256(owed);
    }

    /// @dev Tokens and collateral of accounts, loan token units, and their shares.
    function _owned(address[] memory group) private view returns (uint256 owned, uint256 shares) {
        uint256 amount = 0;
        for (uint256 i = 0; i < group.length; ++i) {
            owned += loan.balanceOf(group[i]);
            shares += market.balanceOf(group[i]);
            amount += collateral.balanceOf(group[i]) + _collateralOf(group[i]);
        }
        owned += LeverageMath.valueDown(amount, price);
    }

    /// @dev No free lunch: at constant prices in one block nothing is gained.
    function _expectNoGain(address[] memory group, int256 worthBefore) internal {
        if (_isSettled()) _expect(4, _worth(group) <= worthBefore, "a caller gained value");
    }

    function _expectNoExactGain(address[] memory group, int256 worthBefore, uint256 tolerance) internal {
        if (!_isSettled()) return;
        _expect(4, _exactWorth(group) <= worthBefore + int256(tolerance), "a borrower gained value");
    }

    function _isSettled() private view returns (bool) {
        return calls % 2 == 0 && market.maxDeposit(address(this)) != 0;
    }

    // ------------------------------------------------------------------ observation

    function _observe() private view returns (Observation memory seen) {
        (seen.index, , , ) = market.interest();
        seen.sharePrice = market.convertToAssets(1e40);
        uint256 lenders = uint256(vm.load(address(market), LENDERS_SLOT));
        (seen.settledShares, seen.settledAssets) = (uint128(lenders), lenders >> 128);
        assert(seen.settledShares == market.totalSupply());
    }

    function _compare(Observation memory seen) private {
        _expect(9, seen.index >= _before.index, "the borrow index fell");
        // The fee that is due is rounded down to a whole share unit: that much the price may differ from one call to the next.
        uint256 shareUnit = seen.sharePrice / (seen.settledShares + 1e6) + 1;
        bool hasFallen = seen.sharePrice + shareUnit < _before.sharePrice;
        if (_lossBooked) {
            _expect(5, !hasFallen || market.balanceOf(address(market)) == 0, "a loss passed the buffer by");
            return;
        }
        _expect(5, !hasFallen, "the share price fell");
        _expect(
            5,
            (seen.settledAssets + 1) * (_before.settledShares + 1e6) >=
                (_before.settledAssets + 1) * (seen.settledShares + 1e6),
            "the share price fell from one settlement to the next"
        );
    }
}
