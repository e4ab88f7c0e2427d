// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice Where a bid stands.
/// @param Sealed Nobody knows it yet, or there is none under this number.
/// @param Standing It takes part, and its bond is held.
/// @param Void Its investor bid non-competitively more than once: none of them counts, and the bond went back.
/// @param Settled Paid and delivered; the bond was part of the payment.
/// @param Forfeited It was allotted and could not be settled: the bond is the state's.
/// @param Released It was allotted nothing, or came too late to be settled: the bond went back.
enum BidStatus {
    Sealed,
    Standing,
    Void,
    Settled,
    Forfeited,
    Released
}

/// @notice One bid of an auction, in one slot of storage.
///
///   bits  0..159  bidder   who pays and receives
///       160..191  price    ten-thousandths of the currency for 100 of face; 0 for a non-competitive bid
///       192..247  lots
///       248..255  status   a `BidStatus`
///
/// The zero word is a bid that was sealed and not revealed.
type AuctionBid is uint256;

using AuctionBids for AuctionBid global;

library AuctionBids {
    uint256 private constant STATUS = 248;

    function standing(address bidder_, uint32 price_, uint56 lots_) internal pure returns (AuctionBid) {
        return AuctionBid.wrap(
            uint256(uint160(bidder_)) | uint256(price_) << 160 | uint256(lots_) << 192 | uint256(BidStatus.Standing)
                << STATUS
        );
    }

    function with(AuctionBid self, BidStatus status_) internal pure returns (AuctionBid) {
        uint256 rest = AuctionBid.unwrap(self) & ((1 << STATUS) - 1);
        return AuctionBid.wrap(rest | uint256(status_) << STATUS);
    }

    function bidder(AuctionBid self) internal pure returns (address) {
        return address(uint160(AuctionBid.unwrap(self)));
    }

    function price(AuctionBid self) internal pure returns (uint256) {
        return uint32(AuctionBid.unwrap(self) >> 160);
    }

    function lots(AuctionBid self) internal pure returns (uint256) {
        return uint56(AuctionBid.unwrap(self) >> 192);
    }

    function status(AuctionBid self) internal pure returns (BidStatus) {
        return BidStatus(AuctionBid.unwrap(self) >> STATUS);
    }

    function stands(AuctionBid self) internal pure returns (bool) {
        return AuctionBid.unwrap(self) >> STATUS == uint256(BidStatus.Standing);
    }

    function isCompetitive(AuctionBid self) internal pure returns (bool) {
        return price(self) != 0;
    }
}
