// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IClaimIssuer, IIdentity} from "./IIdentity.sol";
import {IClaimJudge, IClaimPolicy} from "./IClaimJudge.sol";
import {Standing} from "./InvestorRecord.sol";

/// @notice Judges an ONCHAINID contract by its claims, for the registry that made it. No contract that is asked can
/// stop the judging, make it cost without bound, or make it find what is not so.
/// @dev Without storage or powers. It stands apart only to keep the registry small.
contract ClaimJudge is IClaimJudge {
    /// @dev Gas for one question to an identity or to an issuer. ONCHAINID 2.2.1 behind its proxy needs about 60,000.
    uint256 private constant CALL_GAS = 250_000;
    /// @dev Kept back for what follows a question.
    uint256 private constant RESERVE_GAS = 60_000;
    /// @dev No new question is asked of a wallet's contracts once so much was spent on them.
    uint256 private constant EVALUATION_GAS = 4_000_000;
    /// @dev More is not copied of an answer: signature and data must stand within.
    uint256 private constant ANSWER_BYTES = 8192;

    uint256 private constant HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;
    uint256 private constant EARLIEST_EXPIRY = 1e9;
    uint256 private constant LATEST_EXPIRY = 1 << 40;

    IClaimPolicy private immutable REGISTRY;

    /// @param identity Whose claims are judged.
    /// @param gasAtStart Gas left when the judging began.
    /// @param expiry Earliest expiry of the claims that were relied on.
    /// @param failed Some call failed or was answered with garbage: a negative finding is not proven.
    /// @param identityBroken The identity failed once; it is not asked again.
    /// @param brokenCount Number of issuers in `broken`.
    /// @param broken Issuers whose contract failed; they are not asked again.
    struct Evaluation {
        address identity;
        uint256 gasAtStart;
        uint256 expiry;
        bool failed;
        bool identityBroken;
        uint256 brokenCount;
        address[16] broken;
    }

    constructor() {
        REGISTRY = IClaimPolicy(msg.sender);
    }

    /// @inheritdoc IClaimJudge
    function judge(address identity) external view returns (Standing standing, uint256 expiry, bool failed) {
        uint256[] memory topics = REGISTRY.getClaimTopics();
        Evaluation memory evaluation;
        evaluation.identity = identity;
        evaluation.gasAtStart = gasleft();
        evaluation.expiry = type(uint256).max;
        for (uint256 i = 0; i < topics.length; ++i) {
            Standing found = _judgeTopic(evaluation, topics[i]);
            if (found == Standing.Untrusted) return (found, 0, evaluation.failed);
            if (found == Standing.Lapsed) standing = found;
        }
        return (standing, evaluation.expiry, evaluation.failed);
    }

    function _judgeTopic(Evaluation memory evaluation, uint256 topic) private view returns (Standing standing) {
        IClaimIssuer[] memory issuers = REGISTRY.getTrustedIssuersForClaimTopic(topic);
        standing = Standing.Untrusted;
        for (uint256 i = 0; i < issuers.length; ++i) {
            (bool valid, uint256 expiry) = _judgeClaim(evaluation, issuers[i], topic);
            if (!valid) continue;
            if (expiry > block.timestamp) {
                if (expiry < evaluation.expiry) evaluation.expiry = expiry;
                return Standing.Verified;
            }
            standing = Standing.Lapsed;
        }
    }

    /// @dev The claim of `issuer` on `topic`, judged by the issuer's own contract.
    function _judgeClaim(Evaluation memory evaluation, IClaimIssuer issuer, uint256 topic)
        private
        view
        returns (bool valid, uint256 expiry)
    {
        if (evaluation.identityBroken || _isBroken(evaluation, address(issuer))) return (false, 0);
        (bool found, bytes memory signature, bytes memory data) = _readClaim(evaluation, issuer, topic);
        if (!found || !_isCanonical(signature)) return (false, 0);
        IIdentity identity = IIdentity(evaluation.identity);
        if (REGISTRY.isClaimRevoked(address(issuer), identity, topic, keccak256(data))) return (false, 0);
        (bool answered, bytes memory answer) = _ask(
            evaluation, address(issuer), abi.encodeCall(IClaimIssuer.isClaimValid, (identity, topic, signature, data))
        );
        if (!answered || answer.length < 32 || _word(answer, 0) > 1) {
            evaluation.failed = true;
            evaluation.broken[evaluation.brokenCount++] = address(issuer);
            return (false, 0);
        }
        return (_word(answer, 0) == 1, _expiryOf(data));
    }

    /// @dev Decodes by hand: a malformed answer is no claim, never a revert.
    function _readClaim(Evaluation memory evaluation, IClaimIssuer issuer, uint256 topic)
        private
        view
        returns (bool found, bytes memory signature, bytes memory data)
    {
        bytes32 claimId = keccak256(abi.encode(issuer, topic));
        (bool answered, bytes memory answer) =
            _ask(evaluation, evaluation.identity, abi.encodeCall(IIdentity.getClaim, (claimId)));
        bool wellFormed;
        if (answered && answer.length >= 192) {
            (wellFormed, signature) = _slice(answer, _word(answer, 96));
            if (wellFormed) (wellFormed, data) = _slice(answer, _word(answer, 128));
        }
        if (!wellFormed) evaluation.failed = evaluation.identityBroken = true;
        found = wellFormed && signature.length != 0 && _word(answer, 0) == topic;
    }

    function _isBroken(Evaluation memory evaluation, address issuer) private pure returns (bool) {
        for (uint256 i = 0; i < evaluation.brokenCount; ++i) {
            if (evaluation.broken[i] == issuer) return true;
        }
        return false;
    }

    // ---------------------------------------------------------------- asking strangers

    /// @dev A call with a gas budget and a bounded answer. With less gas than the budget needs (a callee gets 63/64 of
    /// what is left) everything reverts, so that a call that failed failed by itself.
    function _ask(Evaluation memory evaluation, address target, bytes memory question)
        private
        view
        returns (bool answered, bytes memory answer)
    {
        if (evaluation.gasAtStart - gasleft() > EVALUATION_GAS) return (false, answer);
        if (gasleft() < (CALL_GAS * 64) / 63 + RESERVE_GAS) revert InsufficientGasForClaims();
        assembly ("memory-safe") {
            answered := staticcall(CALL_GAS, target, add(question, 0x20), mload(question), 0, 0)
            let size := returndatasize()
            if gt(size, ANSWER_BYTES) { size := ANSWER_BYTES }
            answer := mload(0x40)
            mstore(0x40, add(add(answer, 0x40), and(add(size, 0x1f), not(0x1f))))
            mstore(answer, size)
            returndatacopy(add(answer, 0x20), 0, size)
        }
    }

    /// @dev The bytes that `answer` holds at `offset`, in place; not well-formed where they would reach past its end.
    function _slice(bytes memory answer, uint256 offset) private pure returns (bool wellFormed, bytes memory part) {
        uint256 size = answer.length;
        if (offset > size - 32) return (false, part);
        if (_word(answer, offset) > size - 32 - offset) return (false, part);
        assembly ("memory-safe") {
            part := add(add(answer, 0x20), offset)
        }
        return (true, part);
    }

    function _word(bytes memory data, uint256 offset) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(add(data, 0x20), offset))
        }
    }

    function _isCanonical(bytes memory signature) private pure returns (bool) {
        if (signature.length != 65) return false;
        uint8 v = uint8(signature[64]);
        return (v == 27 || v == 28) && _word(signature, 32) <= HALF_ORDER;
    }

    function _expiryOf(bytes memory data) private pure returns (uint256) {
        if (data.length < 32) return type(uint256).max;
        uint256 word = _word(data, 0);
        return word < EARLIEST_EXPIRY || word >= LATEST_EXPIRY ? type(uint256).max : word;
    }
}
