// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {Batch, Batches} from "./Batch.sol";
import {BatchHeader, IAttestationBook, Leaf, SkipReason} from "./IAttestationBook.sol";
import {IIdentity} from "./IIdentity.sol";
import {IERC3643IdentityRegistry} from "./IIdentityRegistry.sol";
import {InvestorRecord, InvestorRecords, Standing} from "./InvestorRecord.sol";
import {PolicyWord, PolicyWords} from "./PolicyWord.sol";
import {WalletLinks} from "./WalletLinks.sol";

/// @notice The attested way in, and how an attested wallet is judged: from slots of our own alone.
abstract contract AttestationBook is WalletLinks, EIP712("Amanat Identity Registry", "1"), IAttestationBook {
    bytes32 private constant BATCH_TYPEHASH =
        keccak256("AttestationBatch(address issuer,bytes32 root,uint256 size,uint256[] topics,uint256 issuedAt)");

    /// @dev Country and class stand in a leaf where they stand in a record.
    uint256 private constant LEAF_RECORD_MASK = (1 << 176) - 1;
    uint256 private constant LEAF_UNTIL_OFFSET = 176;
    uint256 private constant LEAF_BITS = 200;

    /// @inheritdoc IAttestationBook
    mapping(bytes32 digest => uint24) public batchOf;

    mapping(uint256 batch => Batch) internal _batches;

    /// @dev What every leaf of a batch is stamped with.
    struct Stamp {
        uint256 batch;
        address issuer;
        uint256 issuedAt;
        uint256 epochAndFlags;
        uint256 latestHour;
    }

    // ---------------------------------------------------------------- presenting a batch

    /// @inheritdoc IAttestationBook
    function attest(BatchHeader calldata header, Leaf[] calldata leaves, bytes calldata signature)
        external
        returns (uint24 batch)
    {
        PolicyWord policy = _policy;
        uint256 topics = _checkHeader(header, leaves.length, policy);
        bytes32 root = _rootOf(leaves);
        if (root != header.root) revert BatchRootMismatch(header.root, root);
        batch = _openBatch(header, topics, _checkSignature(header, signature), policy);
        _applyAll(leaves, _stampOf(batch, header, policy));
    }

    /// @inheritdoc IAttestationBook
    function revokeBatch(uint24 batch) external {
        Batch kept = _batches[batch];
        if (kept.issuer() == address(0) || kept.revoked()) revert BatchNotInForce(batch);
        if (msg.sender != kept.issuer()) _checkCanCall(msg.sender, msg.data);
        _batches[batch] = kept.revoke();
        emit BatchRevoked(batch, msg.sender);
        _beginEpoch();
    }

    /// @inheritdoc IAttestationBook
    function withdraw(address wallet) external {
        InvestorRecord record = _requireLive(wallet);
        if (!record.is_(InvestorRecords.ATTESTED)) revert WalletNotAttested(wallet);
        if (msg.sender != _batches[record.batch()].issuer()) _checkCanCall(msg.sender, msg.data);
        _raise(wallet, InvestorRecords.WITHDRAWN);
        emit WalletWithdrawn(wallet, msg.sender);
    }

    /// @inheritdoc IAttestationBook
    function batchDigest(BatchHeader calldata header) public view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(
                abi.encode(
                    BATCH_TYPEHASH,
                    header.issuer,
                    header.root,
                    header.size,
                    keccak256(abi.encodePacked(header.topics)),
                    header.issuedAt
                )
            )
        );
    }

    /// @inheritdoc IAttestationBook
    function batchInfo(uint24 batch)
        external
        view
        returns (address issuer, uint40 issuedAt, uint32 topics, bool revoked)
    {
        Batch kept = _batches[batch];
        return (kept.issuer(), kept.issuedAt(), kept.topics(), kept.revoked());
    }

    function _checkHeader(BatchHeader calldata header, uint256 given, PolicyWord policy)
        private
        view
        returns (uint256 topics)
    {
        if (header.size != given || given == 0) revert BatchSizeMismatch(header.size, given);
        _requireTrusted(header.issuer);
        if (header.issuedAt > block.timestamp || header.issuedAt + policy.maxAttestationAge() <= block.timestamp) {
            revert BatchTimeInvalid(header.issuedAt, block.timestamp);
        }
        for (uint256 i = 0; i < header.topics.length; ++i) {
            topics |= 1 << topicIndex(header.topics[i]);
        }
        uint256 trusted = _mayVouchOn[header.issuer];
        uint256 required = policy.required();
        if (topics & ~trusted != 0 || required & ~topics != 0) revert BatchTopicsInvalid(required, topics, trusted);
    }

    function _checkSignature(BatchHeader calldata header, bytes calldata signature)
        private
        view
        returns (bytes32 digest)
    {
        digest = batchDigest(header);
        if (batchOf[digest] != 0) revert BatchAlreadyAttested(batchOf[digest]);
        if (!SignatureChecker.isValidSignatureNowCalldata(header.issuer, digest, signature)) {
            revert BatchSignatureInvalid(header.issuer);
        }
    }

    function _openBatch(BatchHeader calldata header, uint256 topics, bytes32 digest, PolicyWord policy)
        private
        returns (uint24 batch)
    {
        batch = policy.nextBatch();
        _policy = policy.with(PolicyWords.NEXT_BATCH, 24, uint256(batch) + 1);
        batchOf[digest] = batch;
        _batches[batch] = Batches.pack(header.issuer, header.issuedAt, topics);
        emit BatchAttested(batch, header.issuer, header.root, header.size, header.topics, header.issuedAt);
    }

    function _stampOf(uint256 batch, BatchHeader calldata header, PolicyWord policy)
        private
        pure
        returns (Stamp memory)
    {
        return Stamp({
            batch: batch,
            issuer: header.issuer,
            issuedAt: header.issuedAt,
            epochAndFlags: (batch << BATCH_OFFSET) | (uint256(policy.epoch()) << EPOCH_OFFSET)
                | (uint256(InvestorRecords.ATTESTED) << FLAGS_OFFSET),
            latestHour: (header.issuedAt + policy.maxAttestationAge()) / 1 hours
        });
    }

    /// @dev Fills the tree from its end: the leaves first, then each node from the two below it. It stands past the
    /// free memory pointer, which does not move: the tree is not needed again.
    function _rootOf(Leaf[] calldata leaves) private pure returns (bytes32 root) {
        assembly ("memory-safe") {
            let tree := mload(0x40)
            let inner := add(tree, shl(5, sub(leaves.length, 1)))
            let node := add(inner, shl(5, leaves.length))
            for { let leaf := leaves.offset } gt(node, inner) { leaf := add(leaf, 0x40) } {
                node := sub(node, 0x20)
                calldatacopy(0, leaf, 0x40)
                mstore(0, keccak256(0, 0x40))
                mstore(node, keccak256(0, 0x20))
            }
            for {} gt(node, tree) {} {
                node := sub(node, 0x20)
                let children := add(add(node, 0x20), sub(node, tree))
                let left := mload(children)
                let right := mload(add(children, 0x20))
                let swap := gt(left, right)
                mstore(shl(5, swap), left)
                mstore(shl(5, iszero(swap)), right)
                mstore(node, keccak256(0, 0x40))
            }
            root := mload(tree)
        }
    }

    // ---------------------------------------------------------------- applying the leaves

    function _applyAll(Leaf[] calldata leaves, Stamp memory stamp) private {
        for (uint256 i = 0; i < leaves.length; ++i) {
            uint256 packed = leaves[i].packed;
            SkipReason reason = _apply(packed, leaves[i].investor, stamp);
            if (reason != SkipReason.None) {
                emit AttestationSkipped(uint24(stamp.batch), i, address(uint160(packed)), reason);
            }
        }
    }

    function _apply(uint256 packed, address named, Stamp memory stamp) private returns (SkipReason reason) {
        if (_isMalformed(packed)) return SkipReason.Malformed;
        address wallet = address(uint160(packed));
        InvestorRecord old = _records[wallet];
        if (old.exists()) {
            reason = _refuses(old, stamp);
            if (reason != SkipReason.None) return reason;
        }
        address investor = _isHeld(old) ? old.investor() : wallet;
        uint256 kept = old.flags() & KEPT;
        if (named != address(0) && named != wallet) {
            (reason, investor, kept) = _joinInvestor(wallet, named, old, stamp);
            if (reason != SkipReason.None) return reason;
        }
        _write(packed, investor, old, kept, stamp);
    }

    /// @dev The fields of `packed` and `stamp` take the places the record's layout gives them.
    function _write(uint256 packed, address investor, InvestorRecord old, uint256 kept, Stamp memory stamp) private {
        address wallet = address(uint160(packed));
        uint256 untilHour = packed >> LEAF_UNTIL_OFFSET;
        if (untilHour > stamp.latestHour) untilHour = stamp.latestHour;
        InvestorRecord record = InvestorRecord.wrap(
            ((packed & LEAF_RECORD_MASK) >> COUNTRY_OFFSET << COUNTRY_OFFSET) | uint160(investor)
                | (kept << FLAGS_OFFSET) | (untilHour << UNTIL_OFFSET) | stamp.epochAndFlags
        );
        _records[wallet] = record;
        emit InvestorAttested(
            wallet, investor, uint24(stamp.batch), record.country(), record.class(), uint24(untilHour)
        );
        if (!_isHeld(old)) {
            emit IERC3643IdentityRegistry.IdentityRegistered(wallet, IIdentity(investor));
        } else if (old.country() != record.country()) {
            emit IERC3643IdentityRegistry.CountryUpdated(wallet, record.country());
        }
    }

    function _isMalformed(uint256 packed) private pure returns (bool) {
        uint256 country = (packed >> COUNTRY_OFFSET) & 0x3FF;
        return packed >> LEAF_BITS != 0 || address(uint160(packed)) == address(0) || country == 0 || country > 999
            || (packed >> CLASS_OFFSET) & 0x3F == 0;
    }

    /// @dev No issuer touches another's wallet, or the registrar's; nothing older than what stands is applied.
    function _refuses(InvestorRecord old, Stamp memory stamp) private view returns (SkipReason) {
        if (old.is_(InvestorRecords.LOST)) return SkipReason.WalletLost;
        Batch last = _batches[old.batch()];
        if (stamp.issuedAt <= last.issuedAt()) return SkipReason.NotNewer;
        if (!_isHeld(old)) return SkipReason.None;
        if (!old.is_(InvestorRecords.ATTESTED)) return SkipReason.OnchainIdWallet;
        return last.issuer() == stamp.issuer ? SkipReason.None : SkipReason.OtherIssuer;
    }

    /// @dev `wallet` joins the investor of `named`, or stays with it. Only a wallet that is new, or that is its
    /// issuer's investor of one wallet, can join.
    function _joinInvestor(address wallet, address named, InvestorRecord old, Stamp memory stamp)
        private
        returns (SkipReason, address investor, uint256 kept)
    {
        InvestorRecord other = _records[named];
        investor = other.investor();
        kept = old.flags() & KEPT;
        if (!_isLive(other) || !other.is_(InvestorRecords.ATTESTED) || _batches[other.batch()].issuer() != stamp.issuer)
        {
            return (SkipReason.InvestorNotOurs, investor, kept);
        }
        if (_isHeld(old)) {
            if (old.investor() == investor) return (SkipReason.None, investor, kept);
            if (old.investor() != wallet || old.is_(InvestorRecords.LINKED)) {
                return (SkipReason.OtherInvestor, investor, kept);
            }
        }
        uint256 count = _lineCount(investor);
        if (count == MAX_WALLETS) return (SkipReason.TooManyWallets, investor, kept);
        // A list under this id that the named wallet is not on is somebody else's: an ONCHAINID investor's.
        if (count != 0 && !_isWalletOf(investor, named)) return (SkipReason.OtherInvestor, investor, kept);
        if (count == 0) _openList(investor);
        _addWallet(0, investor, wallet);
        return (SkipReason.None, investor, kept | InvestorRecords.LINKED);
    }

    // ---------------------------------------------------------------- judging an attested wallet

    /// @dev Judges from the batch's slot and its issuer's, whatever the cache says.
    function _judgeAttested(InvestorRecord record, PolicyWord policy)
        internal
        view
        returns (Standing standing, uint256 untilHour)
    {
        Batch batch = _batches[record.batch()];
        uint256 trusted = _mayVouchOn[batch.issuer()];
        if (batch.revoked() || trusted == 0 || policy.required() & ~(trusted & batch.topics()) != 0) {
            return (Standing.Untrusted, 0);
        }
        untilHour = (uint256(batch.issuedAt()) + policy.maxAttestationAge()) / 1 hours;
        if (record.untilHour() < untilHour) untilHour = record.untilHour();
        standing = _hourNow() < untilHour ? Standing.Verified : Standing.Lapsed;
    }
}
