// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {LicenceStage} from "./LicenceStage.sol";

/// @notice What a licence lets a venue do.
/// @param services One bit a service, see the README; the series say which they ask for.
/// @param serves Bit n: investors of class n; bit 0 is never set.
/// @param validUntil Unix time: the first second in which the licence no longer stands.
/// @param conditions Hash of the document with its conditions.
struct LicenceTerms {
    uint16 services;
    uint64 serves;
    uint40 validUntil;
    bytes32 conditions;
}

/// @notice What was decided of a venue.
/// @param since Unix time of the decision.
/// @param stage As it was decided; whether it stands also depends on its validity.
struct Licence {
    uint40 since;
    LicenceStage stage;
    uint16 services;
    uint64 serves;
    uint40 validUntil;
    bytes32 conditions;
}

/// @notice The licences of venues (PVARA's phases), their wallets and their customers.
/// @dev A venue is an investor: the address that all its wallets have in common in the identity registry, and which no
/// other investor's wallet has.
interface ILicenceRegistry {
    /// @notice Decision `number` on `venue`, counted from 1, by the document of that hash: a grant's or renewal's is
    /// that of its conditions.
    event LicenceDecided(
        address indexed venue, uint256 indexed number, LicenceStage indexed stage, LicenceTerms terms, bytes32 document
    );
    /// @notice `venue` declared `wallet` to be its own.
    event VenueWalletDeclared(address indexed venue, address indexed wallet);
    /// @notice The licensing desk approved a wallet that its venue had declared.
    event VenueWalletApproved(address indexed venue, address indexed wallet);
    /// @notice `wallet` is no longer among the approved.
    event VenueWalletReleased(address indexed venue, address indexed wallet);
    /// @notice `investors` are the venue's customers from now on, or no longer; zero `document` where it says so itself.
    event CustomersNamed(address indexed venue, address[] investors, bool are, bytes32 document);

    /// @notice `number` decisions were taken on `venue`, `given` was said to be the last: look again.
    error LicenceDecisionOutdated(address venue, uint256 given, uint256 number);
    /// @notice No stage `to` may follow the stage `from`.
    error LicenceStepRefused(address venue, LicenceStage from, LicenceStage to);
    /// @notice `validUntil` has passed, or lies more than five years ahead.
    error LicenceValidityInvalid(uint256 validUntil);
    /// @notice Class 0 is nobody's.
    error LicenceClassesInvalid(uint64 serves);
    /// @notice A decision stands on a document.
    error LicenceDocumentZero();
    /// @notice No wallet of the registry belongs to `venue`.
    error VenueUnknown(address venue);
    /// @notice Nothing was ever decided of `investor`.
    error NotAVenue(address investor);
    /// @notice The caller is no verified wallet of a venue whose licence stands.
    error CallerNotOfVenue(address caller);
    /// @notice `wallet` belongs to `investor`, not to `venue`.
    error WalletOfAnother(address wallet, address investor, address venue);
    /// @notice Nobody of the venue declared `wallet`.
    error WalletNotDeclared(address wallet);

    /// @notice Grants (none or revoked to NOC), advances, renews or reinstates, as `LicenceStages` allows.
    /// @param number Decisions taken so far: one that was scheduled before a suspension does not undo it.
    function decide(address venue, uint256 number, LicenceStage stage, LicenceTerms calldata terms) external;

    /// @notice Suspends a venue at once: it takes nothing in, gives back to its customers, and may redeem.
    /// @param document Hash of the order's document.
    function suspend(address venue, bytes32 document) external;

    /// @notice Revokes a venue's licence at once, with the same effect; only a new NOC begins anew.
    function revoke(address venue, bytes32 document) external;

    /// @notice A venue's verified wallet says that `wallet`, registered as the same investor's, is the venue's too.
    function declareWallet(address wallet) external;

    /// @notice Approves a declared wallet.
    function approveWallet(address wallet) external;

    /// @notice Takes a wallet off the approved. It remains a venue's to the rules while the venue is its investor.
    function releaseWallet(address wallet) external;

    /// @notice Marks wallets as a venue's to the rules, declared or not, because a venue is their investor. Anyone.
    function markWallets(address[] calldata wallets) external;

    /// @notice A venue whose licence stands says who its customers are: investors, by their id.
    function nameCustomers(address[] calldata investors, bool are) external;

    /// @notice The licensing desk says it for any venue at any time, on a document.
    function nameCustomersOf(address venue, address[] calldata investors, bool are, bytes32 document) external;

    /// @notice How many decisions were taken on `venue`.
    function decisions(address venue) external view returns (uint256);

    /// @notice Decision `number` on `venue`, counted from 1.
    function decision(address venue, uint256 number) external view returns (Licence memory);

    /// @notice What had been decided last at `time`; all zero before the first decision.
    function licenceAt(address venue, uint256 time) external view returns (Licence memory);

    /// @notice What was decided last.
    function licenceOf(address venue) external view returns (Licence memory);

    /// @notice Whether the licence stood at `time`: of a stage that permits anything, and valid.
    function stoodAt(address venue, uint256 time) external view returns (bool);

    /// @notice Whether it stands now.
    function stands(address venue) external view returns (bool);

    /// @notice The venue that an approved wallet belongs to; zero for every other.
    function venueOf(address wallet) external view returns (address);

    /// @notice The venue that declared a wallet; zero for every other.
    function declaredBy(address wallet) external view returns (address);

    /// @notice Every venue ever decided on, in the order of their first decision.
    function venues() external view returns (address[] memory);
}
