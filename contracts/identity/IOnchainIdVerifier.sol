// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IIdentity} from "./IIdentity.sol";

/// @notice Claims that their issuer no longer stands by, whatever the claims' own contracts say.
interface IOnchainIdVerifier {
    /// @notice `issuer` no longer stands by its claim of `identity` on `topic` with data of hash `dataHash`.
    event ClaimRevoked(address indexed issuer, IIdentity indexed identity, uint256 indexed topic, bytes32 dataHash);

    /// @notice Revokes, for this registry and for good, the calling trusted issuer's claim, however it is signed.
    /// Revoking it again does nothing.
    /// @param dataHash keccak256 of the claim's data.
    function revokeClaim(IIdentity identity, uint256 topic, bytes32 dataHash) external;

    /// @notice Whether `issuer` revoked its claim here.
    function isClaimRevoked(address issuer, IIdentity identity, uint256 topic, bytes32 dataHash)
        external
        view
        returns (bool);
}
