// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC3156FlashLender} from "@openzeppelin/contracts/interfaces/IERC3156FlashLender.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";

/// @notice All that a market is, in one type.
interface IMarket is ILeverageMarket, IERC4626, IERC20Permit, IERC3156FlashLender {}
