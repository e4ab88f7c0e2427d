// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice The part of an ONCHAINID contract (ERC-735) that the registry reads.
interface IIdentity {
    /// @notice The claim stored under `claimId`, which is keccak256(abi.encode(issuer, topic)).
    function getClaim(bytes32 claimId)
        external
        view
        returns (
            uint256 topic,
            uint256 scheme,
            address issuer,
            bytes memory signature,
            bytes memory data,
            string memory uri
        );
}

/// @notice The part of a claim issuer's contract that the registry asks.
interface IClaimIssuer {
    /// @notice Whether the issuer made this claim of `identity` and has not revoked it.
    function isClaimValid(IIdentity identity, uint256 topic, bytes calldata signature, bytes calldata data)
        external
        view
        returns (bool);
}
