// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title DeploymentCheck
/// @notice The first step of a deployment: its constructor refuses an admin with which the deployment must not end. It does
/// nothing else.
/// @dev A contract, since the parameters of an Ignition module are known when its steps run, not when they are written down.
contract DeploymentCheck {
    /// @notice The deployer renounces the admin's role at the end: were it the admin, nobody would be left.
    error AdminIsDeployer(address deployer);

    /// @notice An admin without a delay could take over each role in one transaction, with no notice to anybody.
    error AdminWithoutDelay(address admin);

    /// @param admin Who is to be the admin of the `AccessManager`.
    /// @param adminDelay Seconds from scheduling what the admin does until it takes effect.
    constructor(address admin, uint32 adminDelay) {
        if (admin == msg.sender) revert AdminIsDeployer(msg.sender);
        if (adminDelay == 0) revert AdminWithoutDelay(admin);
    }
}
