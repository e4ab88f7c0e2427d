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
    /// @notice Tokens came into circulation under an act named by `reference_`.
    event Issued(address indexed to, uint256 amount, bytes32 indexed reference_);
    /// @notice Tokens were taken out of circulation under an act named by `reference_`.
    event Retired(address indexed from, uint256 amount, bytes32 indexed reference_);
    /// @notice A forced transfer was executed under `order`, the EIP-712 digest of what was ordered.
    event OrderExecuted(bytes32 indexed order, bytes32 indexed document, address indexed from, address to, uint256 amount);
    /// @notice A recovered wallet's position was moved to its successor.
    event Followed(address indexed lost, address indexed successor, uint256 amount, uint256 frozen);
    /// @notice Balances at the instant `at` will be kept under `recordId`.
    event RecordDateAnnounced(uint256 indexed recordId, uint256 at);
    /// @notice An account began or ceased to be the one that counts its investor as a holder.
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
    /// @notice Balance when the record date was reached: movements of that very second and later do not count.
    function balanceOfAt(address account, uint256 recordId) external view returns (uint256);
    /// @notice Total supply when the record date was reached.
    function totalSupplyAt(uint256 recordId) external view returns (uint256);
    /// @notice Number of investors (not wallets) who hold.
    function holders() external view returns (uint256);
    /// @notice Sequence number the next order against `account` must carry.
    function orderSequence(address account) external view returns (uint256);
    /// @notice Largest total supply the terms allow.
    function maximumIssue() external view returns (uint256);
    /// @notice `detectTransferRestriction` as it stands for a `spender` who moves `from`'s tokens.
    function detectTransferRestrictionFrom(address spender, address from, address to, uint256 amount)
        external
        view
        returns (uint8 code);
}

/// @notice What a series does beyond the standards at the desk that all series share.
interface IPermissionedTokenDesk {
    /// @notice Mints to many under one `reference_`. A row that is refused names its index.
    function batchMint(address[] calldata to, uint256[] calldata amounts, bytes32 reference_) external;
    /// @notice Counts an account's investor anew after wallets were linked or unlinked. Anyone may call.
    function recount(address account) external;
    /// @notice Keeps balances at `at`, which must be later than now and than every earlier record date.
    /// @return recordId Number of the record date, from zero.
    function announceRecordDate(uint256 at) external returns (uint256 recordId);
    /// @notice Instants of all record dates; index is `recordId`.
    function recordDates() external view returns (uint256[] memory);
    /// @notice Number of holding investors after such a transfer (mint, burn for zero addresses) where it adds one;
    /// zero where it adds none.
    function holdersAfter(address from, address to, uint256 amount) external view returns (uint256);
    /// @notice Releases an account that was frozen as a whole.
    function releaseAddress(address account) external;
    /// @notice Confirms a pause, so that it stands until it is released.
    function confirmPause() external;
}

/// @notice What the tokens of the programme do beyond the standards they speak.
interface IPermissionedToken is IPermissionedTokenEvents, IPermissionedTokenCore, IPermissionedTokenDesk {}
