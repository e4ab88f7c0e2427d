// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {PeriodicTerms} from "./PeriodicTerms.sol";

/// @notice The terms of an Ijarah sukuk.
/// @param periodic What it shares with every series that runs in periods; its rate is the rental's, a year on the face.
/// @param assetId The leased asset in the issuer's register of assets, as ASCII, padded with zeros.
/// @param assetHash Hash of the asset's description and of the lease over it.
/// @param shariahApproval Hash of the Shariah board's approval.

struct SukukTerms {
    PeriodicTerms periodic;
    bytes32 assetId;
    bytes32 assetHash;
    bytes32 shariahApproval;
}
