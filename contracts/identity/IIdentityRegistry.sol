// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IClaimTopicsRegistry} from "./IClaimTopicsRegistry.sol";
import {IIdentity} from "./IIdentity.sol";
import {InvestorRecord, Standing} from "./InvestorRecord.sol";
import {ITrustedIssuersRegistry} from "./ITrustedIssuersRegistry.sol";

/// @notice ERC-3643: who a wallet belongs to, and whether that investor is verified.
interface IERC3643IdentityRegistry {
    event ClaimTopicsRegistrySet(address indexed claimTopicsRegistry);
    event IdentityStorageSet(address indexed identityStorage);
    event TrustedIssuersRegistrySet(address indexed trustedIssuersRegistry);
    event IdentityRegistered(address indexed investorAddress, IIdentity indexed identity);
    event IdentityRemoved(address indexed investorAddress, IIdentity indexed identity);
    event IdentityUpdated(IIdentity indexed oldIdentity, IIdentity indexed newIdentity);
    event CountryUpdated(address indexed investorAddress, uint16 indexed country);

    function identityStorage() external view returns (address);
    function issuersRegistry() external view returns (ITrustedIssuersRegistry);
    function topicsRegistry() external view returns (IClaimTopicsRegistry);
    function setIdentityRegistryStorage(address identityRegistryStorage) external;
    function setClaimTopicsRegistry(address claimTopicsRegistry) external;
    function setTrustedIssuersRegistry(address trustedIssuersRegistry) external;
    function registerIdentity(address userAddress, IIdentity identity, uint16 country) external;
    function deleteIdentity(address userAddress) external;
    function updateCountry(address userAddress, uint16 country) external;
    function updateIdentity(address userAddress, IIdentity identity) external;
    function batchRegisterIdentity(
        address[] calldata userAddresses,
        IIdentity[] calldata identities,
        uint16[] calldata countries
    ) external;
    function contains(address userAddress) external view returns (bool);
    function isVerified(address userAddress) external view returns (bool);
    function identity(address userAddress) external view returns (IIdentity);
    function investorCountry(address userAddress) external view returns (uint16);
}

/// @notice What a token learns of a movement's parties, in one call.
/// @param sender Record of the sender; zero for the zero address.
/// @param recipient Record of the recipient; zero for the zero address.
/// @param senderStanding `Verified` for the zero address.
/// @param recipientStanding `Verified` for the zero address.
/// @param spenderDead The operator, where it is neither of the two, is a suspended or lost wallet.
/// @param lapsedMaySend The regulator's switch: a sender whose verification lapsed may still send.
/// @param halted The regulator halted transfers programme-wide.
struct Screening {
    InvestorRecord sender;
    InvestorRecord recipient;
    Standing senderStanding;
    Standing recipientStanding;
    bool spenderDead;
    bool lapsedMaySend;
    bool halted;
}

/// @notice What every token of the programme asks of the registry, beyond ERC-3643.
interface IInvestorRegistry {
    /// @notice Judges the parties of a movement. Pass the zero address for a party there is none of.
    /// @dev One slot a party and the policy's slot where cached verdicts stand.
    function screen(address operator, address from, address to) external view returns (Screening memory);

    /// @notice The wallet's record. A lost wallet's names the investor it was, and the epoch zero.
    function recordOf(address wallet) external view returns (InvestorRecord);

    /// @notice How the wallet stands now; never taken from a cache that has run out.
    function standingOf(address wallet) external view returns (Standing);

    /// @notice All wallets of an investor that were not recovered away, 8 at most.
    function walletsOf(address investor) external view returns (address[] memory);

    /// @notice The wallet that stands in for `wallet` today: itself, or the last successor of a recovered wallet.
    function successorOf(address wallet) external view returns (address);
}
