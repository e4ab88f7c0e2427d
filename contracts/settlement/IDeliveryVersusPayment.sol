// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAllotments} from "./IAllotments.sol";
import {ICashDesk} from "./ICashDesk.sol";
import {IInstructions} from "./IInstructions.sol";
import {ITradeOrders, SignedOrder} from "./ITradeOrders.sol";

/// @notice Delivers securities and pays for them in one transaction, or does neither.
/// @dev Allotment: the investor's cash goes to the treasury and the tokens are minted to the investor. Buyback: the
/// treasury's cash goes to the investor, whose tokens are burnt. On each series this contract holds the role for both.
/// Trades: two signed orders that meet; the tokens go from seller to buyer under the rules of the series, and the cash
/// from buyer to seller. Instructions: the money moves elsewhere, against securities that are locked meanwhile. The
/// contract holds nothing between transactions and is no investor: it needs no identity.
///
/// Warning: what an investor allows this contract to spend, cash or securities, is its consent to what the fiscal agent
/// settles as allotted to it, or bought back from it. An investor allows what its accepted bids cost, or what it offers,
/// and no more, best by a permit for each.
interface IDeliveryVersusPayment is ICashDesk, IAllotments, IInstructions, ITradeOrders {
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

    /// @notice The series accrues nothing, so it has no clean price: quote it all in.
    error TradeWithoutAccrual(address token);
    /// @notice The maker's price is outside the taker's: `payment` against the taker's `limit`.
    error TradePriceRefused(uint256 payment, uint256 limit);

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
}
