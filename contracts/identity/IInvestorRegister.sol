// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice Keeping the register, beyond what ERC-3643 names: classes, suspensions, venues, cached verdicts.
interface IInvestorRegister {
    /// @notice `wallet` is now of investor class `class`.
    event ClassUpdated(address indexed wallet, uint8 class);
    /// @notice `wallet` can do nothing on any token until it is released.
    event WalletSuspended(address indexed wallet);
    /// @notice `wallet` is no longer suspended.
    event WalletUnsuspended(address indexed wallet);
    /// @notice Whether `wallet` is a licensed venue's.
    event VenueSet(address indexed wallet, bool isVenue);
    /// @notice `wallet` and the first wallet of `investor` belong together: their holdings are summed.
    event WalletLinked(address indexed investor, address indexed wallet);
    /// @notice `wallet` belongs to `identity` from now on; ERC-3643's `IdentityUpdated` does not name the wallet.
    event WalletReassigned(address indexed wallet, address indexed identity);
    /// @notice `wallet` was judged: verified until `untilHour` (Unix time / 3600) under policy epoch `epoch`; both are
    /// zero where a verdict that stood was found wanting.
    event VerdictCached(address indexed wallet, uint24 epoch, uint24 untilHour);

    /// @notice `wallet` is not registered, or was withdrawn, or is lost.
    error WalletNotRegistered(address wallet);
    /// @notice `wallet` is named as successor in a recovery under notice: complete or cancel that first.
    error WalletReserved(address wallet);
    /// @notice `wallet` succeeds `lost`, whose holdings go where it is registered: it stays with its investor for good.
    /// Suspend it instead, withdraw it where it is attested, or recover it to another wallet.
    error WalletSucceeds(address wallet, address lost);
    /// @notice Row `row`: `wallet` is registered already, or is lost.
    error WalletAlreadyRegistered(uint256 row, address wallet);
    /// @notice Row `row`: neither a wallet nor an identity can be the zero address.
    error WalletOrIdentityZero(uint256 row);
    /// @notice Row `row`: `country` is no ISO 3166-1 numeric code (1..999).
    error CountryInvalid(uint256 row, uint16 country);
    /// @notice `class` is not in 1..63.
    error ClassInvalid(uint8 class);
    /// @notice Row `row`: `investor` has `most` wallets already.
    error InvestorWalletsTooMany(uint256 row, address investor, uint256 most);
    /// @notice `wallet` gives its investor the name and must go last: `wallets` are registered.
    error InvestorHasWallets(address wallet, uint256 wallets);
    /// @notice `wallet` rests on an attestation; its identity cannot be replaced.
    error WalletAttested(address wallet);
    /// @notice The arrays differ in length.
    error BatchLengthsDiffer(uint256 wallets, uint256 identities, uint256 countries);
    /// @notice `given` is not this contract, which holds storage, topics and issuers itself.
    error RegistryHoldsItsOwn(address given);

    /// @notice Sets the investor class (1..63) of a registered wallet.
    function updateClass(address wallet, uint8 class) external;

    /// @notice Suspends any wallet, registered or not, on every token at once. Renewals do not lift it.
    function suspend(address wallet) external;

    /// @notice Lifts a suspension.
    function unsuspend(address wallet) external;

    /// @notice Marks a registered wallet as a licensed venue's, or no longer.
    function setVenue(address wallet, bool isVenue) external;

    /// @notice Judges `wallets` anew and keeps what was found, so that transfers need not work it out. Anyone may call.
    /// @dev Skips what cannot be judged: nothing is recorded where a claim contract failed. Reverts with
    /// `InsufficientGasForClaims` rather than let a claim contract run short.
    function refresh(address[] calldata wallets) external;
}
