// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {ILeverageMarket} from "../interfaces/ILeverageMarket.sol";
import {LenderVault} from "./LenderVault.sol";

/// @title Operators
/// @notice Who may act for an account.
/// @dev Built on the vault, whose EIP-712 domain and nonces it shares.
abstract contract Operators is LenderVault {
    bytes32 private constant SET_OPERATOR_TYPEHASH = keccak256(
        "SetOperator(address account,address operator,bool approved,uint256 nonce,uint256 deadline)"
    );

    /// @inheritdoc ILeverageMarket
    mapping(address account => mapping(address operator => bool)) public isOperator;

    /// @inheritdoc ILeverageMarket
    function setOperator(address operator, bool approved) external {
        // An older approval by signature, which somebody may hold still, would undo the revocation.
        if (!approved) _useNonce(msg.sender);
        _setOperator(msg.sender, operator, approved);
    }

    /// @inheritdoc ILeverageMarket
    function setOperatorWithSignature(
        address account,
        address operator,
        bool approved,
        uint256 deadline,
        bytes calldata signature
    ) external {
        if (block.timestamp > deadline) revert SignatureExpired(deadline);
        bytes32 structHash = keccak256(
            abi.encode(SET_OPERATOR_TYPEHASH, account, operator, approved, _useNonce(account), deadline)
        );
        if (!SignatureChecker.isValidSignatureNowCalldata(account, _hashTypedDataV4(structHash), signature)) {
            revert InvalidSignature(account);
        }
        _setOperator(account, operator, approved);
    }

    function _checkAuthorized(address account) internal view {
        if (msg.sender != account && !isOperator[account][msg.sender]) revert NotAuthorized(account, msg.sender);
    }

    function _setOperator(address account, address operator, bool approved) private {
        isOperator[account][operator] = approved;
        emit OperatorSet(account, operator, approved);
    }
}
