// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {InvestorRecord, InvestorRecords} from "./InvestorRecord.sol";
import {IFollower, IRecoveries} from "./IRecoveries.sol";
import {WalletLinks} from "./WalletLinks.sol";

/// @notice Lost wallets and who stands in for them.
abstract contract Recoveries is WalletLinks, IRecoveries {
    /// @dev bits 0..159 successor, 160..199 readyAt (Unix time), 200..207 state.
    mapping(address lost => uint256) private _links;

    uint256 private constant READY_OFFSET = 160;
    uint256 private constant STATE_OFFSET = 200;
    uint256 private constant NOTICED = 1;
    uint256 private constant COMPLETED = 2;

    /// @inheritdoc IRecoveries
    function noticeRecovery(address lost, address successor, bytes32 referenceHash) external restricted {
        InvestorRecord record = _records[lost];
        if (!_isHeld(record) || record.is_(InvestorRecords.LOST)) revert WalletNotRegistered(lost);
        _requireFit(lost, record, successor);
        uint256 readyAt = block.timestamp + _policy.recoveryWindow();
        _raise(lost, InvestorRecords.LOST);
        _links[lost] = uint160(successor) | (readyAt << READY_OFFSET) | (NOTICED << STATE_OFFSET);
        emit RecoveryNoticed(lost, successor, uint40(readyAt), referenceHash);
    }

    /// @inheritdoc IRecoveries
    function cancelRecovery(address lost) external {
        _requireNoticed(lost);
        bool byItself = msg.sender == lost && !_records[lost].is_(InvestorRecords.SUSPENDED);
        if (!byItself) _checkCanCall(msg.sender, msg.data);
        delete _links[lost];
        _lower(lost, InvestorRecords.LOST);
        emit RecoveryCancelled(lost, msg.sender);
    }

    /// @inheritdoc IRecoveries
    function completeRecovery(address lost, address[] calldata tokens) external {
        uint256 link = _requireNoticed(lost);
        uint256 readyAt = uint40(link >> READY_OFFSET);
        if (block.timestamp < readyAt) revert RecoveryTooEarly(lost, readyAt);
        address successor = address(uint160(link));
        InvestorRecord record = _records[lost];
        bool isNew = _requireFit(lost, record, successor);
        _links[lost] = link ^ ((NOTICED ^ COMPLETED) << STATE_OFFSET);
        _succeed(lost, record, successor, isNew);
        emit WalletRecovered(lost, successor, record.investor());
        for (uint256 i = 0; i < tokens.length; ++i) _callFollow(tokens[i], lost);
    }

    /// @inheritdoc IRecoveries
    function recoveryOf(address lost) external view returns (address successor, uint40 readyAt, uint8 state) {
        uint256 link = _links[lost];
        return (address(uint160(link)), uint40(link >> READY_OFFSET), uint8(link >> STATE_OFFSET));
    }

    // ---------------------------------------------------------------- internals

    /// @dev Fit is a wallet without any record, or a live one of the same investor; asked again at completion.
    function _requireFit(address lost, InvestorRecord record, address successor) private view returns (bool isNew) {
        InvestorRecord other = _records[successor];
        isNew = !other.exists();
        bool sameInvestor = _isLive(other) && other.investor() == record.investor();
        if (successor == address(0) || successor == lost || !(isNew || sameInvestor)) {
            revert SuccessorUnfit(lost, successor);
        }
    }

    function _succeed(address lost, InvestorRecord record, address successor, bool isNew) private {
        address investor = record.investor();
        if (isNew) {
            uint256 lostFlag = uint256(InvestorRecords.LOST) << FLAGS_OFFSET;
            _records[successor] = InvestorRecord.wrap(InvestorRecord.unwrap(record) & ~lostFlag);
            // An attested investor with one wallet has no list to look at.
            bool hasList = record.flags() & (InvestorRecords.ATTESTED | InvestorRecords.LINKED) != InvestorRecords.ATTESTED;
            if (hasList) _replaceWallet(investor, lost, successor);
        } else {
            if (record.is_(InvestorRecords.SUSPENDED)) _raise(successor, InvestorRecords.SUSPENDED);
            _removeWallet(investor, lost);
        }
    }

    /// @dev The callee is the caller's choice and gets no power by it; what it does or fails to do is its own matter.
    function _callFollow(address token, address lost) private {
        bytes memory call_ = abi.encodeCall(IFollower.follow, (lost));
        bool done = token.code.length != 0;
        if (done) {
            assembly ("memory-safe") {
                done := call(gas(), token, 0, add(call_, 0x20), mload(call_), 0, 0)
            }
        }
        if (!done) emit FollowFailed(token, lost);
    }

    function _requireNoticed(address lost) private view returns (uint256 link) {
        link = _links[lost];
        if (link >> STATE_OFFSET != NOTICED) revert RecoveryNotNoticed(lost);
    }

    /// @dev Follows the links to the wallet that was not recovered. Each link is two people's act and takes a day at
    /// least, so the way is short; it ends, because each link is younger than the one before it.
    function _successorOf(address wallet) internal view returns (address) {
        for (uint256 link = _links[wallet]; link >> STATE_OFFSET == COMPLETED; link = _links[wallet]) {
            wallet = address(uint160(link));
        }
        return wallet;
    }
}
