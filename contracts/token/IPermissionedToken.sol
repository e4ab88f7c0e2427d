// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice A court's or regulator's order behind a forced transfer.
/// @param document Hash of the order's document.
/// @param sequence The `orderSequence` of the account it takes from: an order can be executed once, in its turn.
/// @param expiry Unix time after which the order can no longer be executed.
struct Order {
    bytes32 document;
    uint256 sequence;
    uint256 expiry;
}

/// @notice Events of every token of the programme, beyond the standards'.
interface IPermissionedTokenEvents {
    /// @notice `amount` came into circulation under the act named by `reference_`: by the mints, in the same
    /// transaction, since the event before.
    event Issued(bytes32 indexed reference_, uint256 amount);
    /// @notice `amount` went out of circulation under the act named by `reference_`: by the burns, in the same
    /// transaction, since the event before.
    event Retired(bytes32 indexed reference_, uint256 amount);
    /// @notice A forced transfer was executed under `order`, the EIP-712 digest of what was ordered.
    event OrderExecuted(
        bytes32 indexed order, bytes32 indexed document, address indexed from, address to, uint256 amount
    );
    /// @notice Balances at the instant `at` will be kept under `recordId`.
    event RecordDateAnnounced(uint256 indexed recordId, uint256 at);
    /// @notice An account began or ceased to be the one that counts an investor of several wallets. Investors of one
    /// wallet count when it holds, which the transfers show.
    event HolderCounted(address indexed account, bool counted, uint256 holders);
    /// @notice A pause was confirmed: it no longer lapses.
    event PauseConfirmed(address account);
}

/// @notice What a series does beyond the standards, itself.
interface IPermissionedTokenCore {
    /// @notice Mints against `reference_`, for example the hash of an auction's allotment.
    function mint(address to, uint256 amount, bytes32 reference_) external;
    /// @notice Burns against `reference_`, for example the hash of a buyback's result.
    function burn(address from, uint256 amount, bytes32 reference_) external;
    /// @notice Executes `order`: moves `amount` from `from` to `to` whatever freezes or rules say of the sender.
    /// @dev `to` must be able to receive. Frozen tokens are released last and only as far as needed.
    function forcedTransfer(address from, address to, uint256 amount, Order calldata order) external returns (bool);
    /// @notice Moves what a recovered wallet holds here to its successor. Anyone may call; a second call does nothing.
    function follow(address lost) external;
    /// @notice Largest total supply the terms allow.
    function maximumIssue() external view returns (uint256);
}

/// @notice What a series does beyond the standards at the desk that all series share.
interface IPermissionedTokenDesk {
    /// @notice Mints to many under one `reference_`. A row that is refused names its index.
    function batchMint(address[] calldata to, uint256[] calldata amounts, bytes32 reference_) external;
    /// @notice Counts the investors of `accounts` anew: after wallets were linked or unlinked, or when a limit on
    /// holders was switched on over a living register. Anyone may call.
    function recount(address[] calldata accounts) external;
    /// @notice Keeps balances at `at`, which must be later than now and than every earlier record date.
    /// @return recordId Number of the record date, from zero.
    function announceRecordDate(uint256 at) external returns (uint256 recordId);
    /// @notice Instants of all record dates; index is `recordId`.
    function recordDates() external view returns (uint256[] memory);
    /// @notice Instant of a record date, Unix time; zero where there is none of that number.
    function recordDate(uint256 recordId) external view returns (uint256);
    /// @notice Number of holding investors after such a transfer (mint, burn for zero addresses) where it adds one;
    /// zero where it adds none.
    function holdersAfter(address from, address to, uint256 amount) external view returns (uint256);
    /// @notice Balance when the record date was reached: movements of that very second and later do not count.
    function balanceOfAt(address account, uint256 recordId) external view returns (uint256);
    /// @notice As `balanceOfAt`, for a page of accounts.
    function balancesOfAt(address[] calldata accounts, uint256 recordId) external view returns (uint256[] memory);
    /// @notice Total supply when the record date was reached.
    function totalSupplyAt(uint256 recordId) external view returns (uint256);
    /// @notice Number of investors (not wallets) who hold. Kept while a rule limits it; reverts with
    /// `HoldersNotCounted` otherwise, when the transfers tell.
    function holders() external view returns (uint256);
    /// @notice Sequence number the next order against `account` must carry.
    function orderSequence(address account) external view returns (uint256);
    /// @notice `detectTransferRestriction` as it stands for a `spender` who moves `from`'s tokens, allowance included.
    function detectTransferRestrictionFrom(address spender, address from, address to, uint256 amount)
        external
        view
        returns (uint8 code);
    /// @notice Releases an account that was frozen as a whole.
    function releaseAddress(address account) external;
    /// @notice Confirms a pause, so that it stands until it is released.
    function confirmPause() external;
}

/// @notice What a settlement contract does with tokens that it was allowed to spend.
interface IBuyback {
    /// @notice Burns what `from` allowed the caller to spend, against `reference_`: a buyback's result.
    /// @dev Only what the holder itself could move now: nothing frozen or pledged, and not while paused or matured.
    function burnFrom(address from, uint256 amount, bytes32 reference_) external;
}

/// @notice What the tokens of the programme do beyond the standards they speak.
interface IPermissionedToken is IPermissionedTokenEvents, IPermissionedTokenCore, IPermissionedTokenDesk, IBuyback {}
