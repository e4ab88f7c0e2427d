// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice Which way an order goes.
enum Side {
    Buy,
    Sell
}

/// @notice What an order's consideration stands for.
/// @dev `Clean` is without accrued interest, which the series adds on the day of the trade; `Dirty` is all in.
enum PriceBasis {
    Clean,
    Dirty
}

/// @notice An order for a trade between investors, as it is signed: EIP-712, by an account or under ERC-1271.
/// @dev Final. The domain is name "Amanat Delivery versus Payment", version "1", chain and contract; the type is this
/// struct under its own names, the enumerations as uint8. The digest names the order: what was filled of it, and
/// whether it was cancelled, is kept under it.
/// @param maker Who signs; holds what is sold, or pays.
/// @param counterparty The only other side it accepts; the zero address for any.
/// @param venue The only account that may bring it to settlement; the zero address for any.
/// @param token Series that is traded.
/// @param cash Token it is paid in.
/// @param units Smallest units of `token` to trade at most.
/// @param minimumFill Smallest number of units of one fill; a remainder that is smaller may be filled whole.
/// @param consideration Smallest units of `cash` for all `units`: at most for a buyer, at least for a seller. Each fill
/// is paid its share of it, rounded up.
/// @param expiry Unix time from which it can no longer be settled.
/// @param salt Tells apart orders that are otherwise equal.
struct TradeOrder {
    address maker;
    address counterparty;
    address venue;
    address token;
    address cash;
    Side side;
    PriceBasis basis;
    uint256 units;
    uint256 minimumFill;
    uint256 consideration;
    uint256 expiry;
    uint256 salt;
}

/// @notice An order and its maker's signature: 65 bytes of an account, or what the maker's contract accepts.
struct SignedOrder {
    TradeOrder order;
    bytes signature;
}

/// @notice Signed orders: who may meet whom, how much of each is left, and what was cancelled.
interface ITradeOrders {
    /// @notice `maker` took the order back.
    event OrderCancelled(bytes32 indexed order, address indexed maker);

    error OrderExpired(bytes32 order, uint256 expiry);
    /// @notice The order was filled whole, or cancelled, or is for nothing.
    error OrderSpent(bytes32 order);
    error OrderSignatureInvalid(bytes32 order, address maker);
    error OrderVenueRefused(bytes32 order, address venue, address caller);
    error OrderCounterpartyRefused(bytes32 order, address counterparty, address offered);
    error OrderFillTooSmall(bytes32 order, uint256 units, uint256 minimum);
    error OrderNotOfCaller(address maker, address caller);
    /// @notice The orders are of one maker, go the same way, or differ in token, cash or price basis.
    error OrdersDoNotMeet(bytes32 maker, bytes32 taker);

    /// @notice Takes back what is left of the caller's own order, for good.
    function cancel(TradeOrder calldata order) external;

    /// @notice The digest that the maker signs, which names the order here.
    function orderDigest(TradeOrder calldata order) external view returns (bytes32);

    /// @notice Units of the order that were traded; the largest number where it was cancelled.
    function filled(bytes32 order) external view returns (uint256);
}
