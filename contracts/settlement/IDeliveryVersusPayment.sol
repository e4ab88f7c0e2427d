// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ICashDesk} from "./ICashDesk.sol";

/// @notice One accepted bid of an auction, to be paid and delivered.
/// @param token Series that is delivered.
/// @param investor Who pays and receives.
/// @param units Smallest units of `token`.
/// @param price Ten-thousandths of the currency for 100 of face, as accepted: 97.4913 is 974_913.
/// @param cash Token it is paid in.
/// @param cost Smallest units of `cash` that the investor pays: what the fiscal agent computed, proved on-chain.
/// @param auctionReference Hash of the auction's result; the tokens are minted under it.
/// @param allotmentId Names this row for ever: a hash over auction, series and bid. It settles once.
struct Allotment {
    address token;
    address investor;
    uint256 units;
    uint256 price;
    address cash;
    uint256 cost;
    bytes32 auctionReference;
    bytes32 allotmentId;
}

/// @notice An EIP-2612 signature of the investor over the cost of an allotment.
struct CashPermit {
    uint256 deadline;
    uint8 v;
    bytes32 r;
    bytes32 s;
}

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
/// @dev Final. The domain is name "Amanat Delivery versus Payment", version "1", chain and contract; the type string is
///
///   TradeOrder(address maker,address counterparty,address venue,address token,address cash,uint8 side,uint8 basis,
///   uint256 units,uint256 minimumFill,uint256 consideration,uint256 expiry,uint256 salt)
///
/// without the line breaks. A fill of `n` units is paid `consideration * n / units`, rounded up for the buyer; `Clean`
/// adds accrued interest, rounded up as well. The digest names the order: what was filled of it, and whether it was
/// cancelled, is kept under it.
/// @param maker Who signs; holds what is sold, or pays.
/// @param counterparty The only other side it accepts; the zero address for any.
/// @param venue The only account that may bring it to settlement; the zero address for any.
/// @param token Series that is traded.
/// @param cash Token it is paid in.
/// @param units Smallest units of `token` to trade at most.
/// @param minimumFill Smallest number of units of one fill; the rest of an order that is smaller may be filled whole.
/// @param consideration Smallest units of `cash` for all `units`: at most this for a buyer, at least this for a seller.
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

/// @notice Delivers securities and pays for them in one transaction, or does neither.
/// @dev Primary allotment: the investor's cash goes to the treasury and the tokens are minted to the investor. The
/// contract holds nothing between transactions and is no investor: it needs no identity. On each series it holds the
/// role that mints.
///
/// Warning: what an investor allows this contract to spend is its consent to pay for what was allotted to it. An
/// investor allows the cost of its accepted bids and no more, best by a permit for each.
interface IDeliveryVersusPayment is ICashDesk {
    /// @notice `investor` paid `cost` and received `units`.
    event Allotted(
        bytes32 indexed allotmentId,
        address indexed token,
        address indexed investor,
        uint256 units,
        uint256 price,
        address cash,
        uint256 cost,
        bytes32 auctionReference
    );
    /// @notice Row `index` of a page moved nothing. `reason` is the error, cut at 260 bytes.
    event AllotmentRefused(uint256 indexed index, bytes32 indexed allotmentId, bytes reason);

    /// @notice The row was paid and delivered before.
    error AllotmentAlreadySettled(bytes32 allotmentId);
    /// @notice The cost stated is not what the units cost at the price.
    error AllotmentCostMismatch(bytes32 allotmentId, uint256 stated, uint256 computed);
    error AllotmentEmpty(bytes32 allotmentId);

    /// @notice Takes the cost from the investor and mints the units to it. Role: FISCAL_AGENT.
    function allot(Allotment calldata row) external;

    /// @notice As `allot`, using the investor's signature over exactly the cost. Role: FISCAL_AGENT.
    /// @dev A permit that someone else presented first is no obstacle: the allowance it left is used.
    function allotWithPermit(Allotment calldata row, CashPermit calldata permit) external;

    /// @notice Settles a page; a row that fails moves nothing and stops no other. Role: FISCAL_AGENT.
    /// @dev A page that runs short of gas reverts whole.
    /// @return settled Number of rows settled.
    function allotMany(Allotment[] calldata rows) external returns (uint256 settled);

    /// @notice Whether the row was paid and delivered.
    function isSettled(bytes32 allotmentId) external view returns (bool);
}
