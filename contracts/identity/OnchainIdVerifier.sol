// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ClaimJudge} from "./ClaimJudge.sol";
import {IClaimJudge} from "./IClaimJudge.sol";
import {IIdentity} from "./IIdentity.sol";
import {InvestorRecord, Standing} from "./InvestorRecord.sol";
import {InvestorRegister} from "./InvestorRegister.sol";
import {IOnchainIdVerifier} from "./IOnchainIdVerifier.sol";
import {PolicyWord} from "./PolicyWord.sol";

/// @notice The ONCHAINID way in: what the judge of claims found is kept, and never more than it found.
abstract contract OnchainIdVerifier is InvestorRegister, IOnchainIdVerifier {
    /// @notice Judges the claims of ONCHAINID contracts.
    IClaimJudge public immutable claimJudge = new ClaimJudge();

    mapping(bytes32 claim => bool) private _revoked;

    /// @inheritdoc IOnchainIdVerifier
    function revokeClaim(IIdentity identity, uint256 topic, bytes32 dataHash) external {
        _requireTrusted(msg.sender);
        bytes32 claim = _claimKey(msg.sender, address(identity), topic, dataHash);
        if (_revoked[claim]) return;
        _revoked[claim] = true;
        emit ClaimRevoked(msg.sender, identity, topic, dataHash);
        _beginEpoch();
    }

    /// @inheritdoc IOnchainIdVerifier
    function isClaimRevoked(address issuer, IIdentity identity, uint256 topic, bytes32 dataHash)
        external
        view
        returns (bool)
    {
        return _revoked[_claimKey(issuer, address(identity), topic, dataHash)];
    }

    /// @dev Not the signature: a claim has as many of them as its issuer, or a forger of encodings, likes to make.
    function _claimKey(address issuer, address identity, uint256 topic, bytes32 dataHash)
        private
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(issuer, identity, topic, dataHash));
    }

    /// @dev Keeps what is found. A negative finding only where no contract failed and a positive one stands.
    function _refreshOnchainId(address wallet, InvestorRecord record, PolicyWord policy) internal {
        (Standing standing, uint256 expiry, bool failed) = claimJudge.judge(record.investor());
        if (standing == Standing.Verified) {
            uint256 latest = block.timestamp + policy.maxAge();
            uint256 untilHour = (expiry < latest ? expiry : latest) / 1 hours;
            if (untilHour > _hourNow()) _cacheVerdict(wallet, policy.epoch(), untilHour);
        } else if (!failed && record.untilHour() != 0) {
            _cacheVerdict(wallet, 0, 0);
        }
    }
}
