// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IAuthority} from "@openzeppelin/contracts/access/manager/IAuthority.sol";

import {IMarketFactory} from "../interfaces/IMarketFactory.sol";

/// @title MarketAuthority
/// @notice The authority of every market of a factory. In the `AccessManager` it stands for all of them: a function that is tied
/// to a role on this contract (`setTargetFunctionRole`) is tied to it on each market that names it, created before or later.
/// @dev Holds no role. The admin of the `AccessManager` keeps what it can do to a single target, each time after its own delay:
/// `setTargetClosed` of a market closes that market to all roles, and of this contract all markets; `updateAuthority` here gives
/// a market another authority, and `AccessManager.updateAuthority` of this contract gives all markets another `AccessManager`.
contract MarketAuthority is IAuthority, AccessManaged {
    /// @notice Whose markets this is the authority of.
    IMarketFactory public immutable factory;

    /// @param manager `AccessManager` that knows the roles.
    /// @param factory_ Whose markets this is the authority of.
    constructor(address manager, IMarketFactory factory_) AccessManaged(manager) {
        factory = factory_;
    }

    /// @notice Whether `caller` may call this function of a market now: the `AccessManager` lets it call the same function of
    /// this contract without a delay, the market is of this factory, and it is not closed.
    /// @dev Who holds a role with an execution delay may call nothing: what is scheduled in the `AccessManager` with this
    /// contract as its target could be spent on any market. What loosens a market's limits is delayed by the market itself.
    /// @param caller Who calls the market.
    /// @param target The market.
    /// @param selector Of the function that is called.
    function canCall(address caller, address target, bytes4 selector) external view returns (bool allowed) {
        IAccessManager manager = IAccessManager(authority());
        if (!factory.isMarket(target) || manager.isTargetClosed(target)) return false;
        (allowed, ) = manager.canCall(caller, address(this), selector);
    }

    /// @notice Gives a market another authority, for good: this one can't take it back. `AccessManagedUnauthorized` if this isn't
    /// the market's authority any more, `AccessManagedInvalidAuthority` unless the new one is a contract.
    ///
    /// Emits `AuthorityUpdated` of the market.
    /// @dev The role of `AccessManager` that this function is tied to: the admin's, unless another is given.
    /// @param market Whose authority this contract is.
    /// @param newAuthority An `AccessManager`, another `MarketAuthority`, or any `IAuthority`.
    function updateAuthority(IAccessManaged market, address newAuthority) external restricted {
        market.setAuthority(newAuthority);
    }
}
