// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ICashDesk} from "./ICashDesk.sol";
import {ITradeOrders, SignedOrder} from "./ITradeOrders.sol";

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

/// @notice Delivers securities and pays for them in one transaction, or does neither.
/// @dev Primary allotment: the investor's cash goes to the treasury and the tokens are minted to the investor; on each
/// series this contract holds the role that mints. Trades: two signed orders that meet; the tokens go from seller to
/// buyer under the rules of the series, and the cash from buyer to seller. The contract holds nothing between
/// transactions and is no investor: it needs no identity.
///
/// Warning: what an investor allows this contract to spend is its consent to pay for what was allotted to it. An
/// investor allows the cost of its accepted bids and no more, best by a permit for each.
interface IDeliveryVersusPayment is ICashDesk, ITradeOrders {
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

    /// @notice `seller` delivered `units` to `buyer`, who paid `payment`.
    event Traded(
        bytes32 indexed maker,
        bytes32 indexed taker,
        address indexed token,
        address seller,
        address buyer,
        uint256 units,
        address cash,
        uint256 payment
    );

    /// @notice The row was paid and delivered before.
    error AllotmentAlreadySettled(bytes32 allotmentId);
    /// @notice The cost stated is not what the units cost at the price.
    error AllotmentCostMismatch(bytes32 allotmentId, uint256 stated, uint256 computed);
    error AllotmentEmpty(bytes32 allotmentId);
    /// @notice The series accrues nothing, so it has no clean price: quote it all in.
    error TradeWithoutAccrual(address token);
    /// @notice The maker's price is outside the taker's: `payment` against the taker's `limit`.
    error TradePriceRefused(uint256 payment, uint256 limit);

    /// @notice Takes the cost from the investor and mints the units to it. Role: FISCAL_AGENT.
    function allot(Allotment calldata row) external;

    /// @notice As `allot`, using the investor's signature over exactly the cost. Role: FISCAL_AGENT.
    /// @dev A permit that someone else presented first is no obstacle: the allowance it left is used.
    function allotWithPermit(Allotment calldata row, CashPermit calldata permit) external;

    /// @notice Settles a page; a row that fails moves nothing and stops no other. Role: FISCAL_AGENT.
    /// @dev A page that runs short of gas reverts whole.
    /// @return settled Number of rows settled.
    function allotMany(Allotment[] calldata rows) external returns (uint256 settled);

    /// @notice Settles two orders that meet, at the maker's price, for as many units as both still have. Anyone may
    /// call, unless an order names its venue.
    /// @dev Seller and buyer allow this contract to spend their tokens and their cash. If either leg is refused nothing
    /// moves, and its reason surfaces.
    /// @param maker The order that was there first: its price holds.
    /// @param taker The order that meets it; its own price is the limit.
    /// @return units What was delivered.
    /// @return payment What was paid for it, accrued interest included.
    function settle(SignedOrder calldata maker, SignedOrder calldata taker)
        external
        returns (uint256 units, uint256 payment);

    /// @notice Whether the row was paid and delivered.
    function isSettled(bytes32 allotmentId) external view returns (bool);
}
