// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IClaimTopicsRegistry} from "./IClaimTopicsRegistry.sol";
import {IIdentity} from "./IIdentity.sol";
import {InvestorRecord, Standing, Verdict} from "./InvestorRecord.sol";
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

/// @notice What every token of the programme asks of the registry, beyond ERC-3643.
interface IInvestorRegistry {
    /// @notice Judges the parties of a movement. Pass the zero address for a party there is none of.
    /// @dev One slot a party and the policy's slot where cached verdicts stand. The caller is taken for the token that
    /// moves: whether its class is paused is looked up while some class is.
    /// @return sender Record of `from`; zero for the zero address.
    /// @return recipient Record of `to`; zero for the zero address.
    /// @return verdict Zero where nothing speaks against the movement.
    function screen(address operator, address from, address to)
        external
        view
        returns (InvestorRecord sender, InvestorRecord recipient, Verdict verdict);

    /// @notice The wallet's record. A lost wallet's names the investor it was, and the epoch zero.
    function recordOf(address wallet) external view returns (InvestorRecord);

    /// @notice How the wallet stands now; never taken from a cache that has run out.
    function standingOf(address wallet) external view returns (Standing);

    /// @notice Every wallet whose holdings are the investor's. A wallet that was recovered stays before its successor,
    /// because holdings may not have followed: 8 lines of succession at most, of which the last 8 wallets each are told.
    function walletsOf(address investor) external view returns (address[] memory);

    /// @notice The wallet that stands in for `wallet` today: itself, or the last successor of a recovered wallet.
    function successorOf(address wallet) external view returns (address);

    /// @notice `successorOf` and its record, in one call: what a token that follows a recovery needs.
    function succession(address wallet) external view returns (address successor, InvestorRecord record);
}
