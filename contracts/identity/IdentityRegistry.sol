// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

import {AttestationBook} from "./AttestationBook.sol";
import {IClaimTopicsRegistry} from "./IClaimTopicsRegistry.sol";
import {IIdentity} from "./IIdentity.sol";
import {IERC3643IdentityRegistry, IInvestorRegistry} from "./IIdentityRegistry.sol";
import {IInvestorRegister} from "./IInvestorRegister.sol";
import {InvestorRecord, InvestorRecords, Standing, Verdict, Verdicts} from "./InvestorRecord.sol";
import {ITrustedIssuersRegistry} from "./ITrustedIssuersRegistry.sol";
import {OnchainIdVerifier} from "./OnchainIdVerifier.sol";
import {PolicyWord} from "./PolicyWord.sol";
import {Recoveries} from "./Recoveries.sol";
import {Standstill} from "./Standstill.sol";

/// @notice Who a wallet belongs to, and how it stands: one registry for every token of the programme.
/// @dev Topics, issuers and records stand in one contract, so that a verdict needs no call and no change of policy can
/// be missed: the addresses that ERC-3643 gives to storage, topics and issuers are this contract's own.
contract IdentityRegistry is
    AttestationBook,
    OnchainIdVerifier,
    Recoveries,
    Standstill,
    IERC3643IdentityRegistry,
    IInvestorRegistry,
    IERC165
{
    /// @dev Class of a wallet the registrar registered, until `updateClass` says otherwise.
    uint8 internal constant DEFAULT_CLASS = 1;

    uint8 private constant DEAD = InvestorRecords.WITHDRAWN | InvestorRecords.SUSPENDED | InvestorRecords.LOST;

    constructor(address authority) AccessManaged(authority) {
        emit IdentityStorageSet(address(this));
        emit ClaimTopicsRegistrySet(address(this));
        emit TrustedIssuersRegistrySet(address(this));
    }

    // ---------------------------------------------------------------- judging

    /// @inheritdoc IInvestorRegistry
    function screen(address operator, address from, address to)
        external
        view
        returns (InvestorRecord sender, InvestorRecord recipient, Verdict verdict)
    {
        PolicyWord policy = _policy;
        uint256 word;
        if (from != address(0)) {
            sender = _records[from];
            if (!_stands(sender, policy)) {
                Standing standing = _judge(sender, policy);
                if (standing != Standing.Lapsed || !policy.lapsedMaySend()) word = uint256(standing);
                if (standing == Standing.Lost) sender = _recordOf(from);
            }
        }
        if (to != address(0)) {
            recipient = _records[to];
            if (!_stands(recipient, policy)) {
                Standing standing = _judge(recipient, policy);
                word |= uint256(standing) << Verdicts.RECIPIENT;
                if (standing == Standing.Lost) recipient = _recordOf(to);
            }
        }
        if (operator != from && operator != to && operator != address(0)) {
            bool dead = _records[operator].is_(InvestorRecords.SUSPENDED | InvestorRecords.LOST);
            if (dead) word |= Verdicts.SPENDER_DEAD;
        }
        if (policy.mayStandStill()) word |= _standstillOf(msg.sender, policy);
        verdict = Verdict.wrap(word);
    }

    /// @inheritdoc IERC3643IdentityRegistry
    function isVerified(address userAddress) external view returns (bool) {
        return _standingOf(_records[userAddress], _policy) == Standing.Verified;
    }

    /// @inheritdoc IInvestorRegistry
    function standingOf(address wallet) external view returns (Standing) {
        return _standingOf(_records[wallet], _policy);
    }

    /// @inheritdoc IInvestorRegister
    function refresh(address[] calldata wallets) external {
        PolicyWord policy = _policy;
        for (uint256 i = 0; i < wallets.length; ++i) {
            InvestorRecord record = _records[wallets[i]];
            if (record.investor() == address(0) || record.is_(DEAD)) continue;
            if (record.is_(InvestorRecords.ATTESTED)) _refreshAttested(wallets[i], record, policy);
            else _refreshOnchainId(wallets[i], record, policy);
        }
    }

    function _standingOf(InvestorRecord record, PolicyWord policy) private view returns (Standing) {
        return _stands(record, policy) ? Standing.Verified : _judge(record, policy);
    }

    /// @dev Whether the cached verdict holds: taken apart by hand, because every transfer asks it twice.
    function _stands(InvestorRecord record, PolicyWord policy) private view returns (bool) {
        uint256 word = InvestorRecord.unwrap(record);
        uint256 epoch = PolicyWord.unwrap(policy) & type(uint24).max;
        return (word >> EPOCH_OFFSET) & type(uint24).max == epoch
            && (word >> UNTIL_OFFSET) & type(uint24).max > block.timestamp / 1 hours
            && word & (uint256(DEAD) << FLAGS_OFFSET) == 0;
    }

    function _judge(InvestorRecord record, PolicyWord policy) private view returns (Standing standing) {
        if (record.is_(InvestorRecords.LOST)) return Standing.Lost;
        if (record.is_(InvestorRecords.SUSPENDED)) return Standing.Suspended;
        if (record.investor() == address(0)) return Standing.Unknown;
        if (record.is_(InvestorRecords.WITHDRAWN)) return Standing.Withdrawn;
        if (record.is_(InvestorRecords.ATTESTED)) {
            if (record.epoch() == policy.epoch()) return Standing.Lapsed;
            (standing,) = _judgeAttested(record, policy);
        } else {
            (standing,,) = claimJudge.judge(record.investor());
        }
    }

    function _refreshAttested(address wallet, InvestorRecord record, PolicyWord policy) private {
        if (record.epoch() == policy.epoch()) return;
        (Standing standing, uint256 untilHour) = _judgeAttested(record, policy);
        if (standing == Standing.Verified) _cacheVerdict(wallet, policy.epoch(), untilHour);
    }

    // ---------------------------------------------------------------- registering

    /// @inheritdoc IERC3643IdentityRegistry
    function registerIdentity(address userAddress, IIdentity identity_, uint16 country) external restricted {
        _register(0, userAddress, identity_, country);
    }

    /// @inheritdoc IERC3643IdentityRegistry
    function batchRegisterIdentity(
        address[] calldata userAddresses,
        IIdentity[] calldata identities,
        uint16[] calldata countries
    ) external restricted {
        if (userAddresses.length != identities.length || userAddresses.length != countries.length) {
            revert BatchLengthsDiffer(userAddresses.length, identities.length, countries.length);
        }
        for (uint256 i = 0; i < userAddresses.length; ++i) {
            _register(i, userAddresses[i], identities[i], countries[i]);
        }
    }

    /// @inheritdoc IERC3643IdentityRegistry
    function deleteIdentity(address userAddress) external restricted {
        InvestorRecord record = _requireHeldAndFree(userAddress);
        address investor = record.investor();
        _requireNoSuccessor(userAddress, investor);
        uint256 count = _lineCount(investor);
        // Its name must not fall free, for another issuer to take, while other wallets bear it.
        if (investor == userAddress && count > 1) revert InvestorHasWallets(userAddress, count);
        uint256 dropped = uint256(InvestorRecords.ATTESTED | InvestorRecords.LINKED) << FLAGS_OFFSET;
        _overwrite(userAddress, dropped, uint256(InvestorRecords.WITHDRAWN) << FLAGS_OFFSET);
        _removeWallet(investor, userAddress);
        emit IdentityRemoved(userAddress, IIdentity(investor));
    }

    /// @inheritdoc IERC3643IdentityRegistry
    function updateCountry(address userAddress, uint16 country) external restricted {
        _requireCountry(0, country);
        _requireLive(userAddress);
        _overwrite(userAddress, uint256(0x3FF) << COUNTRY_OFFSET, uint256(country) << COUNTRY_OFFSET);
        emit CountryUpdated(userAddress, country);
    }

    /// @inheritdoc IERC3643IdentityRegistry
    function updateIdentity(address userAddress, IIdentity identity_) external restricted {
        InvestorRecord record = _requireLive(userAddress);
        if (record.is_(InvestorRecords.ATTESTED)) revert WalletAttested(userAddress);
        _requireUnreserved(userAddress, record);
        _requireNoSuccessor(userAddress, record.investor());
        if (address(identity_) == address(0)) revert WalletOrIdentityZero(0);
        emit WalletReassigned(userAddress, address(identity_));
        _removeWallet(record.investor(), userAddress);
        bool linked = _addWallet(0, address(identity_), userAddress);
        uint256 flags = record.flags() & (InvestorRecords.VENUE | InvestorRecords.SUSPENDED);
        if (linked) flags |= InvestorRecords.LINKED;
        _records[userAddress] = _unjudged(address(identity_), record.country(), record.class(), flags, record.batch());
        emit IdentityUpdated(IIdentity(record.investor()), identity_);
        emit IdentityRegistered(userAddress, identity_); // says whose: an identity may have several wallets
    }

    function _register(uint256 row, address wallet, IIdentity identity_, uint16 country) private {
        if (wallet == address(0) || address(identity_) == address(0)) revert WalletOrIdentityZero(row);
        _requireCountry(row, country);
        InvestorRecord old = _records[wallet];
        if (_isHeld(old) || old.is_(InvestorRecords.LOST)) revert WalletAlreadyRegistered(row, wallet);
        uint256 flags = old.flags() & (InvestorRecords.VENUE | InvestorRecords.SUSPENDED);
        if (_addWallet(row, address(identity_), wallet)) flags |= InvestorRecords.LINKED;
        _records[wallet] = _unjudged(address(identity_), country, DEFAULT_CLASS, flags, old.batch());
        emit IdentityRegistered(wallet, identity_);
        emit CountryUpdated(wallet, country);
    }

    /// @dev A record of epoch zero, to be judged when it is first asked for. The batch is kept for its time alone.
    function _unjudged(address investor, uint256 country, uint256 class, uint256 flags, uint256 batch)
        private
        pure
        returns (InvestorRecord)
    {
        return InvestorRecord.wrap(
            uint160(investor) | (country << COUNTRY_OFFSET) | (class << CLASS_OFFSET) | (flags << FLAGS_OFFSET)
                | (batch << BATCH_OFFSET)
        );
    }

    function _requireCountry(uint256 row, uint16 country) private pure {
        if (country == 0 || country > 999) revert CountryInvalid(row, country);
    }

    // ---------------------------------------------------------------- the register as it stands

    /// @inheritdoc IERC3643IdentityRegistry
    function contains(address userAddress) external view returns (bool) {
        return _isLive(_records[userAddress]);
    }

    /// @inheritdoc IERC3643IdentityRegistry
    function identity(address userAddress) external view returns (IIdentity) {
        InvestorRecord record = _records[userAddress];
        return IIdentity(_isLive(record) ? record.investor() : address(0));
    }

    /// @inheritdoc IERC3643IdentityRegistry
    function investorCountry(address userAddress) external view returns (uint16) {
        InvestorRecord record = _records[userAddress];
        return _isLive(record) ? record.country() : 0;
    }

    /// @inheritdoc IInvestorRegistry
    function recordOf(address wallet) external view returns (InvestorRecord) {
        return _recordOf(wallet);
    }

    /// @inheritdoc IInvestorRegistry
    function walletsOf(address investor) external view returns (address[] memory) {
        return _walletsOf(investor);
    }

    /// @inheritdoc IInvestorRegistry
    function succession(address wallet) external view returns (address successor, InvestorRecord record) {
        successor = _successorOf(wallet);
        record = _recordOf(successor);
    }

    /// @inheritdoc IInvestorRegistry
    function successorOf(address wallet) external view returns (address) {
        return _successorOf(wallet);
    }

    // ---------------------------------------------------------------- ERC-3643's other registries: this one

    /// @inheritdoc IERC3643IdentityRegistry
    function identityStorage() external view returns (address) {
        return address(this);
    }

    /// @inheritdoc IERC3643IdentityRegistry
    function issuersRegistry() external view returns (ITrustedIssuersRegistry) {
        return this;
    }

    /// @inheritdoc IERC3643IdentityRegistry
    function topicsRegistry() external view returns (IClaimTopicsRegistry) {
        return this;
    }

    /// @inheritdoc IERC3643IdentityRegistry
    function setIdentityRegistryStorage(address identityRegistryStorage) external restricted {
        _requireOwn(identityRegistryStorage);
        emit IdentityStorageSet(identityRegistryStorage);
    }

    /// @inheritdoc IERC3643IdentityRegistry
    function setClaimTopicsRegistry(address claimTopicsRegistry) external restricted {
        _requireOwn(claimTopicsRegistry);
        emit ClaimTopicsRegistrySet(claimTopicsRegistry);
    }

    /// @inheritdoc IERC3643IdentityRegistry
    function setTrustedIssuersRegistry(address trustedIssuersRegistry) external restricted {
        _requireOwn(trustedIssuersRegistry);
        emit TrustedIssuersRegistrySet(trustedIssuersRegistry);
    }

    function _requireOwn(address given) private view {
        if (given != address(this)) revert RegistryHoldsItsOwn(given);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        uint32 id = uint32(interfaceId);
        return id == uint32(type(IERC165).interfaceId) || id == uint32(type(IERC3643IdentityRegistry).interfaceId)
            || id == uint32(type(IClaimTopicsRegistry).interfaceId)
            || id == uint32(type(ITrustedIssuersRegistry).interfaceId)
            || id == uint32(type(IInvestorRegistry).interfaceId);
    }
}
