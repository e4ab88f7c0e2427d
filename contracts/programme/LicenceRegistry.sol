// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {RuleBook} from "../compliance/RuleBook.sol";
import {VenueKeys} from "../compliance/VenueWords.sol";
import {IdentityRegistry} from "../identity/IdentityRegistry.sol";
import {InvestorRecord, InvestorRecords} from "../identity/InvestorRecord.sol";
import {ILicenceRegistry, Licence, LicenceTerms} from "./ILicenceRegistry.sol";
import {LicenceStage, LicenceStages} from "./LicenceStage.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

/// @title Licences of venues.
/// @notice Keeps every decision for good, so that the standing of a venue can be told at any time, and tells the rule
/// book each new one.
contract LicenceRegistry is AccessManaged, ILicenceRegistry {
    uint256 private constant _LONGEST_VALIDITY = 5 * 365 days;

    IdentityRegistry public immutable registry;
    RuleBook public immutable ruleBook;

    mapping(address venue => Licence[]) private _decisions;
    address[] private _list;

    /// @inheritdoc ILicenceRegistry
    mapping(address wallet => address venue) public declaredBy;
    /// @inheritdoc ILicenceRegistry
    mapping(address wallet => address venue) public venueOf;

    constructor(address authority, IdentityRegistry registry_, RuleBook ruleBook_) AccessManaged(authority) {
        (registry, ruleBook) = (registry_, ruleBook_);
    }

    // ------------------------------------------------------------------ decisions

    /// @inheritdoc ILicenceRegistry
    function decide(address venue, uint256 number, LicenceStage stage, LicenceTerms calldata terms)
        external
        restricted
    {
        uint256 taken = _decisions[venue].length;
        if (number != taken) revert LicenceDecisionOutdated(venue, number, taken);
        // To suspend and to revoke are the regulator's acts.
        if (stage > LicenceStage.Licensed) revert LicenceStepRefused(venue, licenceOf(venue).stage, stage);
        if (terms.validUntil <= block.timestamp || terms.validUntil > block.timestamp + _LONGEST_VALIDITY) {
            revert LicenceValidityInvalid(terms.validUntil);
        }
        if (terms.serves & 1 == 1) revert LicenceClassesInvalid(terms.serves);
        _decide(venue, stage, terms, terms.conditions);
        if (taken == 0) _begin(venue);
    }

    /// @inheritdoc ILicenceRegistry
    function suspend(address venue, bytes32 document) external restricted {
        _decide(venue, LicenceStage.Suspended, _termsOf(venue), document);
    }

    /// @inheritdoc ILicenceRegistry
    function revoke(address venue, bytes32 document) external restricted {
        _decide(venue, LicenceStage.Revoked, _termsOf(venue), document);
    }

    function _decide(address venue, LicenceStage stage, LicenceTerms memory terms, bytes32 document) private {
        LicenceStage from = licenceOf(venue).stage;
        if (!LicenceStages.mayFollow(from, stage, _suspended(venue))) revert LicenceStepRefused(venue, from, stage);
        if (document == bytes32(0)) revert LicenceDocumentZero();
        _decisions[venue].push(
            Licence({
                since: uint40(block.timestamp),
                stage: stage,
                services: terms.services,
                serves: terms.serves,
                validUntil: terms.validUntil,
                conditions: terms.conditions
            })
        );
        uint256 number = _decisions[venue].length;
        emit LicenceDecided(venue, number, stage, terms, document);
        bytes32[] memory keys = new bytes32[](1);
        uint256[] memory words = new uint256[](1);
        keys[0] = VenueKeys.licence(venue);
        words[0] = _wordOf(stage, terms, number);
        ruleBook.setVenueWords(keys, words);
    }

    /// @dev From the first decision on, every wallet it has is a venue's to the rules.
    function _begin(address venue) private {
        address[] memory wallets = registry.walletsOf(venue);
        if (wallets.length == 0) revert VenueUnknown(venue);
        _list.push(venue);
        for (uint256 i = 0; i < wallets.length; ++i) {
            if (registry.contains(wallets[i])) _mark(wallets[i]);
        }
    }

    /// @dev The stage that the last decision suspended: that of the one before it.
    function _suspended(address venue) private view returns (LicenceStage) {
        uint256 length = _decisions[venue].length;
        return length < 2 ? LicenceStage.None : _decisions[venue][length - 2].stage;
    }

    function _termsOf(address venue) private view returns (LicenceTerms memory) {
        Licence memory last = licenceOf(venue);
        return LicenceTerms(last.services, last.serves, last.validUntil, last.conditions);
    }

    /// @dev A `LicenceWord`. The number is told in 16 bits, to know one decision from the next.
    function _wordOf(LicenceStage stage, LicenceTerms memory terms, uint256 number) private pure returns (uint256) {
        return uint256(stage) | uint256(terms.services) << 8 | uint256(terms.validUntil) << 24 | uint256(terms.serves)
            << 64 | uint256(uint16(number)) << 128;
    }

    // ------------------------------------------------------------------ wallets

    /// @inheritdoc ILicenceRegistry
    function declareWallet(address wallet) external {
        address venue = _callingVenue();
        _requireWalletOf(wallet, venue);
        declaredBy[wallet] = venue;
        emit VenueWalletDeclared(venue, wallet);
    }

    /// @inheritdoc ILicenceRegistry
    function approveWallet(address wallet) external restricted {
        address venue = declaredBy[wallet];
        if (venue == address(0)) revert WalletNotDeclared(wallet);
        _requireWalletOf(wallet, venue);
        venueOf[wallet] = venue;
        emit VenueWalletApproved(venue, wallet);
        _mark(wallet);
    }

    /// @inheritdoc ILicenceRegistry
    function releaseWallet(address wallet) external restricted {
        emit VenueWalletReleased(venueOf[wallet], wallet);
        delete declaredBy[wallet];
        delete venueOf[wallet];
        address investor = _investorOf(wallet);
        if (investor != address(0) && _decisions[investor].length == 0) registry.setVenue(wallet, false);
    }

    /// @inheritdoc ILicenceRegistry
    function markWallets(address[] calldata wallets) external {
        for (uint256 i = 0; i < wallets.length; ++i) {
            address investor = _investorOf(wallets[i]);
            if (_decisions[investor].length == 0) revert NotAVenue(investor);
            _mark(wallets[i]);
        }
    }

    function _mark(address wallet) private {
        if (!registry.recordOf(wallet).is_(InvestorRecords.VENUE)) registry.setVenue(wallet, true);
    }

    function _requireWalletOf(address wallet, address venue) private view {
        address investor = _investorOf(wallet);
        if (investor != venue) revert WalletOfAnother(wallet, investor, venue);
    }

    function _investorOf(address wallet) private view returns (address) {
        return registry.recordOf(wallet).investor();
    }

    /// @dev A venue acts by any of its verified wallets.
    function _callingVenue() private view returns (address venue) {
        venue = _investorOf(msg.sender);
        if (!registry.isVerified(msg.sender) || !stands(venue)) revert CallerNotOfVenue(msg.sender);
    }

    // ------------------------------------------------------------------ customers

    /// @inheritdoc ILicenceRegistry
    function nameCustomers(address[] calldata investors, bool are) external {
        _nameCustomers(_callingVenue(), investors, are, bytes32(0));
    }

    /// @inheritdoc ILicenceRegistry
    function nameCustomersOf(address venue, address[] calldata investors, bool are, bytes32 document)
        external
        restricted
    {
        if (_decisions[venue].length == 0) revert NotAVenue(venue);
        if (document == bytes32(0)) revert LicenceDocumentZero();
        _nameCustomers(venue, investors, are, document);
    }

    function _nameCustomers(address venue, address[] calldata investors, bool are, bytes32 document) private {
        emit CustomersNamed(venue, investors, are, document);
        bytes32[] memory keys = new bytes32[](investors.length);
        uint256[] memory words = new uint256[](investors.length);
        for (uint256 i = 0; i < investors.length; ++i) {
            (keys[i], words[i]) = (VenueKeys.customer(venue, investors[i]), are ? 1 : 0);
        }
        ruleBook.setVenueWords(keys, words);
    }

    // ------------------------------------------------------------------ views

    /// @inheritdoc ILicenceRegistry
    function decisions(address venue) external view returns (uint256) {
        return _decisions[venue].length;
    }

    /// @inheritdoc ILicenceRegistry
    function decision(address venue, uint256 number) external view returns (Licence memory) {
        return _decisions[venue][number - 1];
    }

    /// @inheritdoc ILicenceRegistry
    /// @dev Of several decisions of one second, the last.
    function licenceAt(address venue, uint256 time) public view returns (Licence memory licence) {
        Licence[] storage all = _decisions[venue];
        uint256 low;
        uint256 high = all.length;
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (all[middle].since <= time) low = middle + 1;
            else high = middle;
        }
        if (low != 0) licence = all[low - 1];
    }

    /// @inheritdoc ILicenceRegistry
    function licenceOf(address venue) public view returns (Licence memory licence) {
        uint256 length = _decisions[venue].length;
        if (length != 0) licence = _decisions[venue][length - 1];
    }

    /// @inheritdoc ILicenceRegistry
    function stoodAt(address venue, uint256 time) external view returns (bool) {
        return _stands(licenceAt(venue, time), time);
    }

    /// @inheritdoc ILicenceRegistry
    function stands(address venue) public view returns (bool) {
        return _stands(licenceOf(venue), block.timestamp);
    }

    /// @inheritdoc ILicenceRegistry
    function venues() external view returns (address[] memory) {
        return _list;
    }

    function _stands(Licence memory licence, uint256 time) private pure returns (bool) {
        bool permits = licence.stage != LicenceStage.None && licence.stage <= LicenceStage.Licensed;
        return permits && time < licence.validUntil;
    }
}
