// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {InvestorRecord, InvestorRecords} from "./InvestorRecord.sol";
import {IFollower, IRecoveries} from "./IRecoveries.sol";
import {WalletLinks} from "./WalletLinks.sol";

/// @notice Lost wallets and who stands in for them.
/// @dev A notice costs no slot beyond the successor's record. The lost wallet's own record keeps the link:
///
///   bits  0..159  the successor, in place of the investor, who is the successor's
///       208..231  the hour from which the recovery can be completed, in place of the epoch
///
/// and all else as it was. The successor is marked HEIR meanwhile, so that it cannot leave the investor. One that
/// nobody had registered has the lost wallet's record, dead: no issuer and no other recovery can take it.
///
/// Completed, both are LINKED: until a token has followed, the investor holds by both, and sums ask for them.
abstract contract Recoveries is WalletLinks, IRecoveries {
    uint256 private constant LOST_BIT = uint256(InvestorRecords.LOST) << FLAGS_OFFSET;
    uint256 private constant HEIR_BITS = uint256(InvestorRecords.LOST | InvestorRecords.HEIR) << FLAGS_OFFSET;
    uint256 private constant LINKED_BIT = uint256(InvestorRecords.LINKED) << FLAGS_OFFSET;
    uint256 private constant SUSPENDED_BIT = uint256(InvestorRecords.SUSPENDED) << FLAGS_OFFSET;
    /// @dev Several times what an honest token's `follow` uses.
    uint256 private constant FOLLOW_GAS = 500_000;
    uint256 private constant LINK_MASK = (uint256(type(uint24).max) << EPOCH_OFFSET) | type(uint160).max;

    /// @inheritdoc IRecoveries
    function noticeRecovery(address lost, address successor, bytes32 referenceHash) external restricted {
        InvestorRecord record = _requireHeldAndFree(lost);
        InvestorRecord other = _records[successor];
        bool sameInvestor = _isLive(other) && other.investor() == record.investor() && !other.is_(InvestorRecords.HEIR);
        if (successor == address(0) || successor == lost || (other.exists() && !sameInvestor)) {
            revert SuccessorUnfit(lost, successor);
        }
        // Rounded up: the window is never cut short.
        uint256 readyHour = (block.timestamp + _policy.recoveryWindow() + 1 hours - 1) / 1 hours;
        uint256 word = InvestorRecord.unwrap(record);
        if (sameInvestor) _raise(successor, InvestorRecords.HEIR);
        else _records[successor] = InvestorRecord.wrap(word | HEIR_BITS);
        _records[lost] =
            InvestorRecord.wrap((word & ~LINK_MASK) | LOST_BIT | (readyHour << EPOCH_OFFSET) | uint160(successor));
        emit RecoveryNoticed(lost, successor, uint40(readyHour * 1 hours), referenceHash);
    }

    /// @inheritdoc IRecoveries
    function cancelRecovery(address lost) external {
        InvestorRecord record = _requireNoticed(lost);
        if (msg.sender != lost || record.is_(InvestorRecords.SUSPENDED)) _checkCanCall(msg.sender, msg.data);
        InvestorRecord told = _recordOf(lost);
        _records[lost] = InvestorRecord.wrap(InvestorRecord.unwrap(told) & ~LOST_BIT);
        address successor = record.investor();
        // A reserved wallet goes back to nobody, save for a suspension of its own.
        bool wasNew = _records[successor].is_(InvestorRecords.LOST);
        _overwrite(successor, wasNew ? ~SUSPENDED_BIT : HEIR_BITS, 0);
        emit RecoveryCancelled(lost, msg.sender);
    }

    /// @inheritdoc IRecoveries
    function completeRecovery(address lost, address[] calldata tokens) external {
        InvestorRecord record = _requireNoticed(lost);
        uint256 readyAt = uint256(record.epoch()) * 1 hours;
        if (block.timestamp < readyAt) revert RecoveryTooEarly(lost, readyAt);
        address successor = record.investor();
        InvestorRecord heir = _records[successor];
        if (!heir.is_(InvestorRecords.LOST) && !_isLive(heir)) revert SuccessorUnfit(lost, successor);
        _raise(lost, InvestorRecords.RECOVERED | InvestorRecords.LINKED);
        _overwrite(successor, HEIR_BITS, (InvestorRecord.unwrap(record) & SUSPENDED_BIT) | LINKED_BIT);
        // An attested investor with one wallet has no list to look at.
        uint8 flags = record.flags() & (InvestorRecords.ATTESTED | InvestorRecords.LINKED);
        if (flags != InvestorRecords.ATTESTED) _prolong(heir.investor(), lost);
        emit WalletRecovered(lost, successor, heir.investor());
        for (uint256 i = 0; i < tokens.length; ++i) {
            _callFollow(tokens[i], lost);
        }
    }

    /// @inheritdoc IRecoveries
    function recoveryOf(address lost) external view returns (address successor, uint40 readyAt, uint8 state) {
        InvestorRecord record = _records[lost];
        if (record.flags() & (InvestorRecords.LOST | InvestorRecords.HEIR) != InvestorRecords.LOST) {
            return (address(0), 0, 0);
        }
        state = record.is_(InvestorRecords.RECOVERED) ? 2 : 1;
        return (record.investor(), uint40(uint256(record.epoch()) * 1 hours), state);
    }

    // ---------------------------------------------------------------- internals

    /// @dev The callee is the caller's choice and gets no power by it; what it does or fails to do is its own matter.
    /// But a call that failed with little gas at hand reverts the whole: else a node's estimate would be the least with
    /// which every token fails.
    function _callFollow(address token, address lost) private {
        bytes memory call_ = abi.encodeCall(IFollower.follow, (lost));
        uint256 available = gasleft();
        bool done = token.code.length != 0;
        if (done) {
            assembly ("memory-safe") {
                done := call(gas(), token, 0, add(call_, 0x20), mload(call_), 0, 0)
            }
            if (!done && available < FOLLOW_GAS) revert FollowStarved(token, available, FOLLOW_GAS);
        }
        if (!done) emit FollowFailed(token, lost);
    }

    function _requireNoticed(address lost) private view returns (InvestorRecord record) {
        record = _records[lost];
        uint8 asked = InvestorRecords.LOST | InvestorRecords.RECOVERED | InvestorRecords.HEIR;
        if (record.flags() & asked != InvestorRecords.LOST) revert RecoveryNotNoticed(lost);
    }

    /// @dev Follows the links to the wallet that was not recovered. Each link is two people's act and takes a day at
    /// least, so the way is short; it ends, because each link is younger than the one before it.
    function _successorOf(address wallet) internal view returns (address) {
        for (
            InvestorRecord record = _records[wallet]; record.is_(InvestorRecords.RECOVERED); record = _records[wallet]) {
            wallet = record.investor();
        }
        return wallet;
    }
}
