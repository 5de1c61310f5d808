// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IAuthority} from "@openzeppelin/contracts/access/manager/IAuthority.sol";

import {IMarketFactory} from "../interfaces/IMarketFactory.sol";

/// @title MarketAuthority
/// @notice The authority of all markets of a factory. In the `AccessManager` it represents them
/// all: a function that is assigned to a role on this contract (`setTargetFunctionRole`) is
/// assigned to it on every market with this authority, existing or future.
/// @dev Holds no role. The admin of the `AccessManager` can still act on single markets, after its
/// own delay: `setTargetClosed` of a market closes that market to all roles, and `setTargetClosed`
/// of this contract closes all markets; `updateAuthority` here gives a market another authority,
/// and `AccessManager.updateAuthority` of this contract gives all markets another `AccessManager`.
contract MarketAuthority is IAuthority, AccessManaged {
    /// @notice The factory whose markets have this authority.
    IMarketFactory public immutable factory;

    /// @param manager `AccessManager` that holds the roles.
    /// @param factory_ The factory whose markets have this authority.
    constructor(address manager, IMarketFactory factory_) AccessManaged(manager) {
        factory = factory_;
    }

    /// @notice Whether `caller` may call a function of a market now: the `AccessManager` lets it
    /// call the same function of this contract without a delay, the market is one of the factory's,
    /// and it is not closed.
    /// @dev A caller whose role has an execution delay may call nothing: an operation scheduled in
    /// the `AccessManager` with this contract as its target could be executed on any market. The
    /// market itself delays every loosening of its limits.
    /// @param caller Who calls the market.
    /// @param target The market.
    /// @param selector Selector of the called function.
    /// @return allowed Whether it may.
    function canCall(address caller, address target, bytes4 selector) external view returns (bool allowed) {
        IAccessManager manager = IAccessManager(authority());
        if (!factory.isMarket(target) || manager.isTargetClosed(target)) return false;
        (allowed, ) = manager.canCall(caller, address(this), selector);
    }

    /// @notice Gives a market another authority. This contract can't undo it. Errors:
    /// `AccessManagedUnauthorized` if this is not the market's authority any more,
    /// `AccessManagedInvalidAuthority` if the new authority is no contract.
    ///
    /// Emits `AuthorityUpdated` of the market.
    /// @dev Role of the `AccessManager`: the admin's, unless another one is assigned to this
    /// function.
    /// @param market A market with this authority.
    /// @param newAuthority An `AccessManager`, another `MarketAuthority`, or any `IAuthority`.
    function updateAuthority(IAccessManaged market, address newAuthority) external restricted {
        market.setAuthority(newAuthority);
    }
}
