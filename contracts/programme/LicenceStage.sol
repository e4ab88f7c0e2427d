// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice How far the regulator has admitted a venue, in the order of its phases.
/// @dev A NOC is no licence: it permits preparing. What each of the four stages may do is configuration, series by
/// series; a licence that is suspended, revoked or past its validity does not stand, whatever that says.
enum LicenceStage {
    None,
    Noc,
    AmlRegistered,
    Incorporated,
    Licensed,
    Suspended,
    Revoked
}

/// @notice Which stage may follow which.
library LicenceStages {
    uint256 private constant _NOC = 1 << 1;
    uint256 private constant _AML_REGISTERED = 1 << 2;
    uint256 private constant _INCORPORATED = 1 << 3;
    uint256 private constant _LICENSED = 1 << 4;
    uint256 private constant _SUSPENDED = 1 << 5;
    uint256 private constant _REVOKED = 1 << 6;
    uint256 private constant _ENDED = _SUSPENDED | _REVOKED;

    /// @notice Whether `to` may follow `from`: a phase at a time, or the same one renewed; back from a suspension to
    /// what was suspended or less; after a revocation from the beginning.
    /// @param suspended The stage that `from` suspended; asked only there.
    function mayFollow(LicenceStage from, LicenceStage to, LicenceStage suspended) internal pure returns (bool) {
        bool allowed = (_following(from) >> uint8(to)) & 1 == 1;
        if (from != LicenceStage.Suspended || to == LicenceStage.Revoked) return allowed;
        return allowed && to <= suspended;
    }

    function _following(LicenceStage from) private pure returns (uint256) {
        if (from == LicenceStage.None) return _NOC;
        if (from == LicenceStage.Noc) return _NOC | _AML_REGISTERED | _ENDED;
        if (from == LicenceStage.AmlRegistered) return _AML_REGISTERED | _INCORPORATED | _ENDED;
        if (from == LicenceStage.Incorporated) return _INCORPORATED | _LICENSED | _ENDED;
        if (from == LicenceStage.Licensed) return _LICENSED | _ENDED;
        if (from == LicenceStage.Suspended) return _NOC | _AML_REGISTERED | _INCORPORATED | _LICENSED | _REVOKED;
        return _NOC;
    }
}
