// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice What the registry keeps of an attestation batch, in one storage slot.
///
///   bits  0..159  issuer    who signed it
///       160..199  issuedAt  Unix time the issuer gave it: its sequence number
///       200..231  topics    set of topics it vouches on, by topic index
///       232       revoked
type Batch is uint256;

using Batches for Batch global;

library Batches {
    uint256 private constant REVOKED = 1 << 232;

    function pack(address issuer_, uint256 issuedAt_, uint256 topics_) internal pure returns (Batch) {
        return Batch.wrap(uint160(issuer_) | (issuedAt_ << 160) | (topics_ << 200));
    }

    function issuer(Batch self) internal pure returns (address) {
        return address(uint160(Batch.unwrap(self)));
    }

    function issuedAt(Batch self) internal pure returns (uint40) {
        return uint40(Batch.unwrap(self) >> 160);
    }

    function topics(Batch self) internal pure returns (uint32) {
        return uint32(Batch.unwrap(self) >> 200);
    }

    function revoked(Batch self) internal pure returns (bool) {
        return Batch.unwrap(self) & REVOKED != 0;
    }

    function revoke(Batch self) internal pure returns (Batch) {
        return Batch.wrap(Batch.unwrap(self) | REVOKED);
    }
}
