// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";

import {CodeStore} from "./factory/CodeStore.sol";
import {MarketConfig} from "./factory/MarketConfig.sol";
import {IMarketFactory} from "./interfaces/IMarketFactory.sol";
import {LeverageMarket} from "./LeverageMarket.sol";
import {MarketParams} from "./types/MarketTypes.sol";

/// @title MarketFactory
/// @notice Creates markets from validated parameters and lists those that it has created.
/// @dev The creation code of a market exceeds the size limit of a contract's code. So the factory's
/// constructor stores it in two contracts, from which the factory reads it.
contract MarketFactory is IMarketFactory, AccessManaged {
    address private immutable FIRST_HALF;
    address private immutable SECOND_HALF;

    address[] private _markets;
    /// @inheritdoc IMarketFactory
    mapping(address market => bool) public isMarket;

    /// @param authority `AccessManager` that decides who may create markets.
    constructor(address authority) AccessManaged(authority) {
        bytes memory code = type(LeverageMarket).creationCode;
        uint256 half = code.length / 2;
        FIRST_HALF = CodeStore.write(code, 0, half, "first");
        SECOND_HALF = CodeStore.write(code, half, code.length - half, "second");
    }

    /// @inheritdoc IMarketFactory
    function createMarket(
        MarketParams calldata params,
        bytes32 salt,
        uint256 expectedPrice
    ) external restricted returns (address market) {
        MarketConfig.validate(params, expectedPrice);
        market = Create2.deploy(0, salt, _initCode(params));
        _markets.push(market);
        isMarket[market] = true;
        emit MarketCreated(market, params.loanToken, params.collateralToken, params, salt);
    }

    /// @inheritdoc IMarketFactory
    function marketAddress(MarketParams calldata params, bytes32 salt) external view returns (address) {
        return Create2.computeAddress(salt, keccak256(_initCode(params)));
    }

    /// @inheritdoc IMarketFactory
    function marketCount() external view returns (uint256) {
        return _markets.length;
    }

    /// @inheritdoc IMarketFactory
    function marketAt(uint256 index) external view returns (address) {
        if (index >= _markets.length) revert NoSuchMarket(index, _markets.length);
        return _markets[index];
    }

    function _initCode(MarketParams calldata params) private view returns (bytes memory) {
        return abi.encodePacked(CodeStore.read(FIRST_HALF, SECOND_HALF), abi.encode(params));
    }
}
