// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IInvestorRegister} from "./IInvestorRegister.sol";
import {InvestorRecord, InvestorRecords} from "./InvestorRecord.sol";
import {TrustedIssuersRegistry} from "./TrustedIssuersRegistry.sol";

/// @notice One record a wallet, and the registrar's and regulator's hands on it.
abstract contract InvestorRegister is TrustedIssuersRegistry, IInvestorRegister {
    /// @dev What stays with a wallet through renewals; the rest is the attestation's or registration's to say.
    uint8 internal constant KEPT =
        InvestorRecords.LINKED | InvestorRecords.VENUE | InvestorRecords.SUSPENDED | InvestorRecords.HEIR;

    uint256 internal constant COUNTRY_OFFSET = 160;
    uint256 internal constant CLASS_OFFSET = 170;
    uint256 internal constant FLAGS_OFFSET = 176;
    uint256 internal constant UNTIL_OFFSET = 184;
    uint256 internal constant EPOCH_OFFSET = 208;
    uint256 internal constant BATCH_OFFSET = 232;

    /// @dev Never zeroed once written by a registration: the batch it remembers is the sequence number that keeps an
    /// older attestation from being replayed.
    mapping(address wallet => InvestorRecord) internal _records;

    // ---------------------------------------------------------------- classes, suspensions, venues

    /// @inheritdoc IInvestorRegister
    function updateClass(address wallet, uint8 class) external restricted {
        if (class == 0 || class > 63) revert ClassInvalid(class);
        _requireLive(wallet);
        _overwrite(wallet, uint256(0x3F) << CLASS_OFFSET, uint256(class) << CLASS_OFFSET);
        emit ClassUpdated(wallet, class);
    }

    /// @inheritdoc IInvestorRegister
    function suspend(address wallet) external restricted {
        _raise(wallet, InvestorRecords.SUSPENDED);
        emit WalletSuspended(wallet);
    }

    /// @inheritdoc IInvestorRegister
    function unsuspend(address wallet) external restricted {
        _overwrite(wallet, uint256(InvestorRecords.SUSPENDED) << FLAGS_OFFSET, 0);
        emit WalletUnsuspended(wallet);
    }

    /// @inheritdoc IInvestorRegister
    function setVenue(address wallet, bool isVenue) external restricted {
        _requireLive(wallet);
        uint256 bit = uint256(InvestorRecords.VENUE) << FLAGS_OFFSET;
        _overwrite(wallet, bit, isVenue ? bit : 0);
        emit VenueSet(wallet, isVenue);
    }

    // ---------------------------------------------------------------- internals

    /// @dev The record as it is told to others. A lost wallet's slot names its successor where the investor stood, and
    /// the hour its recovery is ready where the epoch stood: the investor is its successor's.
    function _recordOf(address wallet) internal view returns (InvestorRecord record) {
        record = _records[wallet];
        if (record.flags() & (InvestorRecords.LOST | InvestorRecords.HEIR) != InvestorRecords.LOST) return record;
        if (record.investor() == address(0)) return record;
        uint256 kept =
            InvestorRecord.unwrap(record) & ~((uint256(type(uint24).max) << EPOCH_OFFSET) | type(uint160).max);
        return InvestorRecord.wrap(kept | uint160(_recordOf(record.investor()).investor()));
    }

    /// @dev Registered by someone who has not released it; it may be withdrawn or lost nevertheless. A record without
    /// investor only says that the regulator suspended a wallet nobody registered.
    function _isHeld(InvestorRecord record) internal pure returns (bool) {
        return record.investor() != address(0)
            && record.flags() & (InvestorRecords.WITHDRAWN | InvestorRecords.ATTESTED) != InvestorRecords.WITHDRAWN;
    }

    function _isLive(InvestorRecord record) internal pure returns (bool) {
        return record.investor() != address(0) && !record.is_(InvestorRecords.WITHDRAWN | InvestorRecords.LOST);
    }

    /// @dev Also where it was withdrawn: it still belongs to its investor.
    function _requireHeldAndFree(address wallet) internal view returns (InvestorRecord record) {
        record = _records[wallet];
        if (!_isHeld(record) || record.is_(InvestorRecords.LOST)) revert WalletNotRegistered(wallet);
        _requireUnreserved(wallet, record);
    }

    function _requireLive(address wallet) internal view returns (InvestorRecord record) {
        record = _records[wallet];
        if (!_isLive(record)) revert WalletNotRegistered(wallet);
    }

    /// @dev A wallet that a recovery is to end in cannot leave its investor meanwhile.
    function _requireUnreserved(address wallet, InvestorRecord record) internal pure {
        if (record.is_(InvestorRecords.HEIR)) revert WalletReserved(wallet);
    }

    function _raise(address wallet, uint8 flag) internal {
        _overwrite(wallet, 0, uint256(flag) << FLAGS_OFFSET);
    }

    function _cacheVerdict(address wallet, uint256 epoch, uint256 untilHour) internal {
        uint256 verdict = (epoch << EPOCH_OFFSET) | (untilHour << UNTIL_OFFSET);
        _overwrite(wallet, uint256(type(uint48).max) << UNTIL_OFFSET, verdict);
        emit VerdictCached(wallet, uint24(epoch), uint24(untilHour));
    }

    /// @dev Clears the bits of `mask`, then sets those of `bits`.
    function _overwrite(address wallet, uint256 mask, uint256 bits) internal {
        _records[wallet] = InvestorRecord.wrap((InvestorRecord.unwrap(_records[wallet]) & ~mask) | bits);
    }
}
