// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {FlashLoans} from "./market/FlashLoans.sol";
import {Governance} from "./market/Governance.sol";
import {Liquidation} from "./market/Liquidation.sol";
import {MarketStorage} from "./market/MarketStorage.sol";
import {Positions} from "./market/Positions.sol";
import {ShareToken} from "./market/ShareToken.sol";
import {MarketParams} from "./types/MarketTypes.sol";

/// @title LeverageMarket
/// @notice A market of one loan token, one collateral token and one oracle. `ILeverageMarket`
/// documents its functions; the modules in `market/` implement them.
/// @dev Created by `MarketFactory`, which validates the parameters. No proxy, no upgrade, no
/// delegatecall.
contract LeverageMarket is Positions, Liquidation, Governance, FlashLoans {
    /// @param params See `MarketParams`.
    constructor(MarketParams memory params) MarketStorage(params) ShareToken(params) Governance(params) {}
}
