// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {DebtCeilings} from "../../contracts/libraries/DebtCeilings.sol";
import {Call} from "../../contracts/mocks/ScriptedActor.sol";
import {Limit, Limits} from "../../contracts/types/MarketTypes.sol";
import {LIMITS, LimitValues} from "../support/LimitValues.sol";
import {AttackTest} from "./support/AttackTest.sol";

/// @notice The attacker holds governance keys. Alice's position is at the opening limit, Bob's well
/// below it.
contract GovernanceAttackTest is AttackTest {
    uint256 private lent;

    function setUp() public override {
        super.setUp();
        open(alice, 100e18, 160_000e6);
        open(bob, 100e18, 100_000e6);
        fund(alice, 0, 200_000e6);
        lent = lentBy(lender);
    }

    /// @notice Solend, June 2022: because of one large position, a vote would have tightened its
    /// margin at once and taken the account over.
    /// @dev A holder of all roles lowers every limit as far as possible and starts the steepest
    /// ramp: nobody becomes liquidatable by it that day, and everybody can leave.
    function test_LowerLimit_AllTighteningsAtOnceLiquidateNobody() public {
        seizeRoles();
        vm.startPrank(address(attacker));
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.InvalidLimit.selector, Limit.LiquidationLeverage, uint256(20_000))
        );
        market.lowerLimit(Limit.LiquidationLeverage, 20_000);
        market.lowerLimit(Limit.MaxLeverage, 10_000);
        market.lowerLimit(Limit.SystemLeverageCap, 10_000);
        market.lowerLimit(Limit.DebtCap, 0);
        market.lowerLimit(Limit.CollateralCap, 0);
        vm.expectPartialRevert(ILeverageMarket.RampTooShort.selector);
        market.rampLiquidationLeverage(50_000, 2 days - 1);
        market.rampLiquidationLeverage(50_000, 2 days);
        vm.stopPrank();
        expectNothingToLiquidate(both(), type(uint256).max);

        skipTime(1 days);
        expectNothingToLiquidate(both(), type(uint256).max);
        vm.prank(alice);
        market.adjust(alice, ALL, ALL, alice, 0, type(uint256).max, "");
        vm.prank(lender);
        market.withdraw(9_000_000e6, lender, lender);
        assertEq(collateral.balanceOf(alice), 100e18);
    }

    /// @notice The same, repeated: a ramp that is restarted doesn't fall faster.
    /// @dev Each target is the highest that a running ramp allows, so that none is refused.
    function testFuzz_Ramp_RestartedFallsNoFaster(uint256 every) public {
        every = bound(every, 1 hours, 1 days);
        seizeRoles();
        vm.prank(address(attacker));
        market.lowerLimit(Limit.MaxLeverage, 10_000);
        uint256 target = 62_000;
        for (uint256 elapsed = 0; elapsed + every <= 1 days && target >= 48_500; elapsed += every) {
            vm.prank(address(attacker));
            market.rampLiquidationLeverage(target, 2 days);
            skipTime(every);
            uint256 limit = market.limits().liquidationLeverage;
            assertGe(limit, 65_000 - ((65_000 - 48_500) * (elapsed + every)) / 2 days);
            target = (target * 2 days - limit * every) / (2 days - every);
        }
        expectNothingToLiquidate(both(), type(uint256).max);
    }

    /// @notice Half way along a ramp, a stolen key restarts it towards a target just below the
    /// limit, over a year: this would undo at once a tightening that everybody counts on, although
    /// a raise has to wait for two days.
    /// @dev Neither this nor many small steps work: at the end of the first ramp's duration the
    /// limit is at the first ramp's target.
    function testFuzz_Ramp_StartedTighteningIsNotUndone(uint256 target, uint256 duration, uint256 every) public {
        vm.prank(riskManager);
        market.rampLiquidationLeverage(55_000, 8 days);
        seizeRoles();
        uint256 end = vm.getBlockTimestamp() + 8 days;
        every = bound(every, 4 hours, 4 days);
        skipTime(4 days);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILeverageMarket.NotATightening.selector,
                Limit.LiquidationLeverage,
                uint256(55_000),
                uint256(60_000)
            )
        );
        vm.prank(address(attacker));
        market.rampLiquidationLeverage(59_999, 365 days);

        for (; vm.getBlockTimestamp() + every < end; skipTime(every)) {
            target = bound(target, 54_445, market.limits().liquidationLeverage - 1);
            duration = bound(duration, 2 days, 365 days);
            vm.prank(address(attacker));
            try market.rampLiquidationLeverage(target, duration) {} catch (bytes memory reason) {
                assertEq(bytes32(bytes4(reason)), bytes32(ILeverageMarket.NotATightening.selector));
            }
            (target, duration) = (uint256(keccak256(abi.encode(target))), uint256(keccak256(abi.encode(duration))));
        }
        vm.warp(end);
        assertLe(market.limits().liquidationLeverage, 55_000);
    }

    /// @notice The same ramp, replaced by itself before it has fallen by one unit of the last
    /// decimal: if each start were rounded up, the limit would stay at 6.5x.
    /// @dev The new ramp keeps the fraction, so it falls as the first one would have.
    function test_Ramp_ReplacedRepeatedlyFallsAsBefore() public {
        uint256 end = vm.getBlockTimestamp() + 365 days;
        vm.prank(riskManager);
        market.rampLiquidationLeverage(55_000, 365 days);
        seizeRoles();
        uint256 snapshot = vm.snapshotState();
        skipTime(926 * 2_800);
        assertEq(market.limits().liquidationLeverage, 64_178);
        vm.revertToState(snapshot);

        for (uint256 i = 0; i < 926; ++i) {
            skipTime(2_800);
            vm.prank(address(attacker));
            market.rampLiquidationLeverage(55_000, end - vm.getBlockTimestamp());
        }
        assertEq(market.limits().liquidationLeverage, 64_178);
        vm.warp(end);
        assertEq(market.limits().liquidationLeverage, 55_000);
    }

    /// @notice Radiant, October 2024: with stolen keys the attacker replaced the contracts of the
    /// pools and emptied them.
    /// @dev Nothing can be replaced here: no role reaches the tokens, and every loosening waits for
    /// two days, in which a guardian can clear it and lenders can leave.
    function test_Governance_StolenKeysReachNoTokens() public {
        seizeRoles();
        vm.startPrank(address(attacker));
        market.scheduleRaise(Limit.MaxLeverage, 56_000);
        market.scheduleRaise(Limit.DebtCap, DebtCeilings.MAX_CAP);
        vm.expectPartialRevert(ILeverageMarket.RaiseNotReady.selector);
        market.applyRaise(Limit.MaxLeverage);
        vm.expectPartialRevert(ILeverageMarket.RaiseNotReady.selector);
        market.applyRaise(Limit.DebtCap);
        // After the delay, too, the gap to the liquidation limit bounds the raise.
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.InvalidLimit.selector, Limit.MaxLeverage, uint256(60_000))
        );
        market.scheduleRaise(Limit.MaxLeverage, 60_000);
        vm.expectPartialRevert(ILeverageMarket.NotAuthorized.selector);
        market.withdrawCollateral(1, alice, address(attacker));
        vm.expectPartialRevert(IERC20Errors.ERC20InsufficientAllowance.selector);
        market.redeem(1, address(attacker), lender);
        vm.stopPrank();

        vm.prank(guardian);
        market.lowerLimit(Limit.MaxLeverage, 50_000);
        skipTime(2 days);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.NothingScheduled.selector, Limit.DebtCap));
        market.applyRaise(Limit.DebtCap);
        assertGe(lentBy(lender), lent);
    }

    /// @notice Sonne, May 2024: the attacker executed the steps of a scheduled change itself, in an
    /// order and at a moment of its choice.
    /// @dev Anyone may apply a raise here too; but any tightening since, of any limit, has cleared
    /// it.
    function testFuzz_ScheduleRaise_DoesNotOutliveATightening(uint256 scheduled, uint256 tightened) public {
        Limit raised = Limit(bound(scheduled, 0, LIMITS - 1));
        Limits memory higher = Limits({
            maxLeverage: 52_000,
            liquidationLeverage: 66_000,
            systemLeverageCap: 60_000,
            debtCap: 9_000_000e6,
            collateralCap: 2_000_000e18,
            supplyCap: type(uint128).max
        });
        vm.prank(riskManager);
        market.scheduleRaise(raised, LimitValues.get(higher, raised));
        skipTime(2 days - 1);

        Limit lowered = Limit(bound(tightened, 0, LIMITS - 1));
        if (lowered == Limit.LiquidationLeverage) {
            vm.prank(riskManager);
            market.rampLiquidationLeverage(60_000, 30 days);
        } else {
            // Lowering to the present value is a tightening too.
            uint256 present = LimitValues.get(_params().limits, lowered);
            vm.prank(guardian);
            market.lowerLimit(lowered, present);
        }
        // Due by now, and not yet expired: only the tightening can have ended it.
        skipTime(1 weeks);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.NothingScheduled.selector, raised));
        vm.prank(address(attacker));
        market.applyRaise(raised);
    }

    /// @notice Radiant, October 2024: the roles themselves were granted to the attacker, in one
    /// transaction.
    /// @dev The administrator of a deployment has an execution delay of two days itself. The
    /// attacker has its key.
    function test_Governance_NoRoleIsGrantedWithoutDelay() public {
        manager.grantRole(0, address(attacker), 2 days);
        manager.renounceRole(0, address(this));
        bytes memory grant = abi.encodeCall(IAccessManager.grantRole, (RISK_ROLE, address(attacker), 0));
        bytes memory shorten = abi.encodeCall(IAccessManager.grantRole, (0, address(attacker), 0));
        bytes memory replace = abi.encodeCall(IAccessManager.updateAuthority, (address(market), address(attacker)));

        Call[] memory calls = new Call[](3);
        calls[0] = Call(address(manager), grant, false);
        calls[1] = Call(address(manager), shorten, false);
        calls[2] = Call(address(manager), replace, false);
        attacker.execute(calls);
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(
                bytes4(attacker.outcomes()[i].returned),
                IAccessManager.AccessManagerNotScheduled.selector,
                "done without delay"
            );
        }

        vm.startPrank(address(attacker));
        manager.schedule(address(manager), grant, 0);
        vm.expectPartialRevert(IAccessManager.AccessManagerNotReady.selector);
        manager.execute(address(manager), grant);
        skipTime(2 days - 1);
        vm.expectPartialRevert(IAccessManager.AccessManagerNotReady.selector);
        manager.execute(address(manager), grant);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, address(attacker)));
        market.scheduleRaise(Limit.MaxLeverage, 52_000);
        vm.stopPrank();
        (bool isMember, ) = manager.hasRole(RISK_ROLE, address(attacker));
        assertFalse(isMember);
    }

    /// @notice A raise that was scheduled and forgotten would otherwise be applied later, when it
    /// does harm.
    function test_ApplyRaise_RevertWhen_YearsHavePassed() public {
        vm.prank(riskManager);
        market.scheduleRaise(Limit.MaxLeverage, 52_000);
        skipTime(3 * 365 days);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.NothingScheduled.selector, Limit.MaxLeverage));
        vm.prank(address(attacker));
        market.applyRaise(Limit.MaxLeverage);
    }

    /// @notice An admin who closes a market to all roles, because a key is stolen, does not cancel
    /// scheduled raises: applying a raise needs no role.
    /// @dev A known limit. Any tightening before the market is closed clears them, even one to the
    /// present value.
    function test_ApplyRaise_PendingRaiseOutlivesTheClosingOfAMarket() public {
        vm.prank(riskManager);
        market.scheduleRaise(Limit.MaxLeverage, 52_000);
        manager.setTargetClosed(address(market), true);
        skipTime(2 days);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, guardian));
        vm.prank(guardian);
        market.lowerLimit(Limit.MaxLeverage, 50_000);
        vm.prank(address(attacker));
        market.applyRaise(Limit.MaxLeverage);
        assertEq(market.limits().maxLeverage, 52_000);
    }

    function test_ApplyRaise_RevertWhen_ClearedBeforeTheClosing() public {
        vm.prank(riskManager);
        market.scheduleRaise(Limit.MaxLeverage, 52_000);
        vm.prank(guardian);
        market.lowerLimit(Limit.DebtCap, 8_000_000e6);
        manager.setTargetClosed(address(market), true);
        skipTime(2 days);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.NothingScheduled.selector, Limit.MaxLeverage));
        vm.prank(address(attacker));
        market.applyRaise(Limit.MaxLeverage);
    }

    function seizeRoles() private {
        manager.grantRole(GUARDIAN_ROLE, address(attacker), 0);
        manager.grantRole(RISK_ROLE, address(attacker), 0);
    }

    function both() private view returns (address[] memory accounts) {
        accounts = new address[](2);
        (accounts[0], accounts[1]) = (alice, bob);
    }
}
