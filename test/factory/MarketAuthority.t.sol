// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {Errors} from "@openzeppelin/contracts/utils/Errors.sol";

import {MarketAuthority} from "../../contracts/factory/MarketAuthority.sol";
import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {Limit, MarketParams} from "../../contracts/types/MarketTypes.sol";
import {MarketTest} from "../support/MarketTest.sol";

/// @dev Has one of a market's restricted functions, and the markets' authority as its own.
contract PretendedMarket is AccessManaged {
    constructor(address authority) AccessManaged(authority) {}

    function lowerLimit(Limit, uint256) external restricted {}
}

/// @notice The set-up of a deployment: one authority for all markets, with roles assigned once, and
/// an admin with a delay of two days who took over before the market was created.
contract MarketAuthorityTest is MarketTest {
    uint64 private constant ADMIN_ROLE = 0;
    uint32 private constant ADMIN_DELAY = 2 days;

    MarketAuthority private authority;
    address private admin = makeAddr("admin");
    address private creator = makeAddr("creator");
    address private stranger = makeAddr("stranger");

    function setUp() public override {
        super.setUp();
        authority = MarketAuthority(
            deployCode("MarketAuthority.sol:MarketAuthority", abi.encode(address(manager), address(factory)))
        );
        manager.setTargetFunctionRole(address(authority), only(ILeverageMarket.lowerLimit.selector), GUARDIAN_ROLE);
        manager.setTargetFunctionRole(address(authority), only(ILeverageMarket.scheduleRaise.selector), RISK_ROLE);
        manager.setTargetFunctionRole(
            address(authority),
            only(ILeverageMarket.rampLiquidationLeverage.selector),
            RISK_ROLE
        );
        bytes4 createMarketSelector = bytes4(factory.createMarket.selector);
        manager.setTargetFunctionRole(address(factory), only(createMarketSelector), CREATOR_ROLE);
        manager.grantRole(CREATOR_ROLE, creator, 0);
        manager.grantRole(ADMIN_ROLE, admin, ADMIN_DELAY);
        manager.renounceRole(ADMIN_ROLE, address(this));
        market = create("later");
    }

    // -------------------------------------------------------- a market created after the handover

    function test_CanCall_GuardianOfAMarketCreatedAfterTheHandover() public {
        assertEq(market.authority(), address(authority));
        vm.prank(guardian);
        market.lowerLimit(Limit.MaxLeverage, 40_000);
        assertEq(market.limits().maxLeverage, 40_000);
    }

    function test_CanCall_EachRestrictedFunctionNeedsItsRole() public {
        bytes[3] memory calls = restrictedCalls();
        address[5] memory callers = [guardian, riskManager, admin, creator, stranger];
        for (uint256 i = 0; i < calls.length; ++i) {
            for (uint256 j = 0; j < callers.length; ++j) {
                bool isAllowed = callers[j] == riskManager || (i == 0 && callers[j] == guardian);
                uint256 snapshot = vm.snapshotState();
                if (!isAllowed) expectUnauthorized(callers[j]);
                vm.prank(callers[j]);
                callMarket(calls[i]);
                vm.revertToState(snapshot);
            }
        }
    }

    function testFuzz_CanCall_IsTheManagersAnswerForTheAuthorityItself(address caller, bytes4 selector) public view {
        (bool immediate, ) = manager.canCall(caller, address(authority), selector);
        assertTrue(canCall(caller, address(market), selector) == immediate);
        bool isLowering = selector == ILeverageMarket.lowerLimit.selector;
        assertTrue(canCall(guardian, address(market), selector) == isLowering);
    }

    function test_CanCall_AllMarketsOfTheAuthorityHaveTheSameRoles() public {
        ILeverageMarket another = create("another");
        vm.startPrank(guardian);
        market.lowerLimit(Limit.DebtCap, 0);
        another.lowerLimit(Limit.SupplyCap, 0);
        vm.stopPrank();
        assertEq(market.limits().debtCap, 0);
        assertEq(another.limits().supplyCap, 0);
        assertEq(another.limits().debtCap, _params().limits.debtCap);
    }

    function test_CanCall_RevertWhen_AContractPretendsToBeAMarket() public {
        PretendedMarket pretended = new PretendedMarket(address(authority));
        expectUnauthorized(guardian);
        vm.prank(guardian);
        pretended.lowerLimit(Limit.MaxLeverage, 0);
        assertFalse(canCall(guardian, address(authority), ILeverageMarket.lowerLimit.selector));
        assertFalse(canCall(guardian, address(0), ILeverageMarket.lowerLimit.selector));
    }

    function test_CanCall_RefusesAMarketOfAnotherFactory() public {
        address other = deployCode("MarketFactory.sol:MarketFactory", abi.encode(address(manager)));
        MarketAuthority foreign = MarketAuthority(
            deployCode("MarketAuthority.sol:MarketAuthority", abi.encode(address(manager), other))
        );
        assertEq(address(foreign.factory()), other);
        assertFalse(foreign.canCall(guardian, address(market), ILeverageMarket.lowerLimit.selector));
    }

    // ------------------------------------------------------------------ changes of roles

    function test_CanCall_RevocationTakesEffectAtOnce() public {
        byAdmin(abi.encodeCall(IAccessManager.revokeRole, (GUARDIAN_ROLE, guardian)));
        expectUnauthorized(guardian);
        vm.prank(guardian);
        market.lowerLimit(Limit.MaxLeverage, 40_000);
    }

    function test_CanCall_RenunciationTakesEffectAtOnce() public {
        vm.startPrank(guardian);
        manager.renounceRole(GUARDIAN_ROLE, guardian);
        expectUnauthorized(guardian);
        market.lowerLimit(Limit.MaxLeverage, 40_000);
        vm.stopPrank();
    }

    function test_CanCall_GrantDelayHasToPass() public {
        byAdmin(abi.encodeCall(IAccessManager.setGrantDelay, (GUARDIAN_ROLE, 1 days)));
        skipTime(5 days);
        byAdmin(abi.encodeCall(IAccessManager.grantRole, (GUARDIAN_ROLE, stranger, 0)));
        skipTime(1 days - 1);
        expectUnauthorized(stranger);
        vm.prank(stranger);
        market.lowerLimit(Limit.MaxLeverage, 40_000);
        skipTime(1);
        vm.prank(stranger);
        market.lowerLimit(Limit.MaxLeverage, 40_000);
    }

    /// @dev Neither directly nor through a scheduled operation: an operation is scheduled with the
    /// authority as its target, so it would apply to any market.
    function test_CanCall_RevertWhen_TheRoleHasAnExecutionDelay() public {
        byAdmin(abi.encodeCall(IAccessManager.grantRole, (GUARDIAN_ROLE, stranger, 1 hours)));
        bytes memory call = restrictedCalls()[0];
        vm.startPrank(stranger);
        manager.schedule(address(authority), call, 0);
        skipTime(1 hours);
        expectUnauthorized(stranger);
        callMarket(call);
        // The authority has none of a market's functions.
        vm.expectRevert(Errors.FailedCall.selector);
        manager.execute(address(authority), call);
        vm.stopPrank();
        assertEq(market.limits().maxLeverage, _params().limits.maxLeverage);
    }

    function test_CanCall_FunctionOfAnotherRoleChangesOnEveryMarketAtOnce() public {
        bytes4[] memory lowering = only(ILeverageMarket.lowerLimit.selector);
        byAdmin(abi.encodeCall(IAccessManager.setTargetFunctionRole, (address(authority), lowering, CREATOR_ROLE)));
        vm.prank(creator);
        market.lowerLimit(Limit.MaxLeverage, 40_000);
        expectUnauthorized(guardian);
        vm.prank(guardian);
        market.lowerLimit(Limit.MaxLeverage, 30_000);
    }

    // ------------------------------------------------------------------ powers of the admin

    function test_SetTargetClosed_OfAMarketClosesThisOneOnly() public {
        ILeverageMarket another = create("another");
        byAdmin(abi.encodeCall(IAccessManager.setTargetClosed, (address(market), true)));
        expectUnauthorized(guardian);
        vm.prank(guardian);
        market.lowerLimit(Limit.MaxLeverage, 40_000);
        vm.prank(guardian);
        another.lowerLimit(Limit.MaxLeverage, 40_000);

        byAdmin(abi.encodeCall(IAccessManager.setTargetClosed, (address(market), false)));
        vm.prank(guardian);
        market.lowerLimit(Limit.MaxLeverage, 40_000);
    }

    function test_SetTargetClosed_OfTheAuthorityClosesAllMarkets() public {
        byAdmin(abi.encodeCall(IAccessManager.setTargetClosed, (address(authority), true)));
        expectUnauthorized(guardian);
        vm.prank(guardian);
        market.lowerLimit(Limit.MaxLeverage, 40_000);
    }

    function test_UpdateAuthority_GivesAMarketAnotherAuthorityAfterTheAdminsDelay() public {
        AccessManager next = new AccessManager(stranger);
        bytes memory call = abi.encodeCall(MarketAuthority.updateAuthority, (market, address(next)));
        vm.startPrank(admin);
        manager.schedule(address(authority), call, 0);
        vm.expectPartialRevert(IAccessManager.AccessManagerNotReady.selector);
        manager.execute(address(authority), call);
        skipTime(ADMIN_DELAY);
        vm.expectEmit(address(market));
        emit IAccessManaged.AuthorityUpdated(address(next));
        manager.execute(address(authority), call);
        vm.stopPrank();
        assertEq(market.authority(), address(next));
        expectUnauthorized(guardian);
        vm.prank(guardian);
        market.lowerLimit(Limit.MaxLeverage, 40_000);
        vm.prank(stranger);
        market.lowerLimit(Limit.MaxLeverage, 40_000);
    }

    /// @dev The manager isn't the authority of the market itself.
    function test_UpdateAuthority_RevertWhen_CalledOnTheManagerForAMarket() public {
        bytes memory call = abi.encodeCall(IAccessManager.updateAuthority, (address(market), stranger));
        vm.startPrank(admin);
        manager.schedule(address(manager), call, 0);
        skipTime(ADMIN_DELAY);
        vm.expectPartialRevert(IAccessManaged.AccessManagedUnauthorized.selector);
        manager.execute(address(manager), call);
        vm.stopPrank();
    }

    /// @dev In the manager a market's functions belong to the admin, since they are assigned to no
    /// role there. The market refuses calls by the manager, since it checks the manager's rights as
    /// the caller; and the authority has no such functions.
    function test_CanCall_RevertWhen_TheAdminGoesThroughTheManager() public {
        bytes[3] memory calls = restrictedCalls();
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.startPrank(admin);
            manager.schedule(address(market), calls[i], 0);
            skipTime(ADMIN_DELAY);
            expectUnauthorized(address(manager));
            manager.execute(address(market), calls[i]);
            vm.stopPrank();
            vm.prank(riskManager);
            vm.expectRevert(Errors.FailedCall.selector);
            manager.execute(address(authority), calls[i]);
        }
        assertEq(market.limits().maxLeverage, 50_000);
    }

    function test_UpdateAuthority_OfTheAuthorityGivesAllMarketsAnotherManager() public {
        AccessManager next = new AccessManager(address(this));
        next.setTargetFunctionRole(address(authority), only(ILeverageMarket.lowerLimit.selector), GUARDIAN_ROLE);
        next.grantRole(GUARDIAN_ROLE, stranger, 0);
        byAdmin(abi.encodeCall(IAccessManager.updateAuthority, (address(authority), address(next))));
        expectUnauthorized(guardian);
        vm.prank(guardian);
        market.lowerLimit(Limit.MaxLeverage, 40_000);
        vm.prank(stranger);
        market.lowerLimit(Limit.MaxLeverage, 40_000);
    }

    function test_UpdateAuthority_RevertWhen_NotByTheAdmin() public {
        address[4] memory others = [guardian, riskManager, creator, stranger];
        for (uint256 i = 0; i < others.length; ++i) {
            expectUnauthorized(others[i]);
            vm.prank(others[i]);
            authority.updateAuthority(market, address(this));
        }
        vm.expectPartialRevert(IAccessManager.AccessManagerNotScheduled.selector);
        vm.prank(admin);
        authority.updateAuthority(market, address(this));
    }

    // ------------------------------------------------------------------ helpers

    function create(bytes32 salt) private returns (ILeverageMarket) {
        MarketParams memory params = _params();
        params.authority = address(authority);
        (uint256 price, ) = oracle.prices();
        vm.prank(creator);
        return ILeverageMarket(factory.createMarket(params, salt, price));
    }

    function canCall(address caller, address target, bytes4 selector) private view returns (bool) {
        return authority.canCall(caller, target, selector);
    }

    function restrictedCalls() private view returns (bytes[3] memory calls) {
        calls[0] = abi.encodeCall(market.lowerLimit, (Limit.MaxLeverage, 40_000));
        calls[1] = abi.encodeCall(market.scheduleRaise, (Limit.DebtCap, 10_000_000e6));
        calls[2] = abi.encodeCall(market.rampLiquidationLeverage, (60_000, 30 days));
    }

    function callMarket(bytes memory call) private {
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, bytes memory reason) = address(market).call(call);
        if (success) return;
        assembly ("memory-safe") {
            revert(add(reason, 32), mload(reason))
        }
    }

    function expectUnauthorized(address caller) private {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
    }

    /// @dev The admin schedules a call of the manager, waits, and executes it.
    function byAdmin(bytes memory call) private {
        vm.startPrank(admin);
        manager.schedule(address(manager), call, 0);
        skipTime(ADMIN_DELAY);
        manager.execute(address(manager), call);
        vm.stopPrank();
    }

    function only(bytes4 selector) private pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](1);
        selectors[0] = selector;
    }
}
