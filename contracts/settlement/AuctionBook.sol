// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AuctionBid} from "./AuctionBid.sol";
import {AuctionOutcome, IAuction} from "./IAuction.sol";

/// @title AuctionBook
/// @notice The auctions and their bids, as storage has them. Amounts of securities are counted in lots.
abstract contract AuctionBook is IAuction {
    /// @dev Most bids of one auction, of both kinds: a decision reads all of them in one transaction.
    uint256 internal constant MOST_BIDS = 512;

    /// @dev All that a commitment and a reveal write beside the bid, in one slot.
    struct Progress {
        uint40 commitEnd;
        uint40 revealEnd;
        uint16 sealedBids;
        uint16 committed;
        uint16 nonCompetitive;
        uint16 mostBids;
        uint16 mostNonCompetitive;
        uint8 mostBidsEach;
        AuctionOutcome outcome;
        bool uniform;
        bool withinTarget;
        bool atAverage;
    }

    /// @dev What a competitive bid may ask for, in one slot.
    struct Limits {
        uint64 lot;
        uint56 leastLots;
        uint56 mostLots;
        uint32 leastPrice;
        uint32 mostPrice;
    }

    /// @dev What is sold and when it is settled, in one slot.
    struct Offer {
        uint56 target;
        uint56 maximum;
        uint56 mostNonCompetitive;
        uint40 settleFrom;
        uint40 settleEnd;
        uint8 cashDecimals;
    }

    /// @dev How it was allotted, in one slot: at the cut-off there were `left` lots for bids of `wanted`.
    struct Decision {
        uint32 cutOff;
        uint32 nonCompetitivePrice;
        uint64 left;
        uint64 wanted;
        uint16 lastFavoured;
    }

    /// @dev One auction: seven slots, and one a bid by its sequence.
    struct Sale {
        Progress progress;
        address cash;
        uint96 bond;
        address token;
        uint96 bondPerLot;
        Limits limits;
        Offer offer;
        Decision decision;
        uint256 accepted;
        bytes32 document;
        AuctionBid[MOST_BIDS] bids;
    }

    /// @inheritdoc IAuction
    uint256 public auctionCount;

    mapping(uint256 auctionId => Sale) internal _sales;

    /// @dev An auction that was opened.
    function _known(uint256 auctionId) internal view returns (Sale storage sale) {
        sale = _sales[auctionId];
        if (sale.progress.commitEnd == 0) revert AuctionUnknown(auctionId);
    }

    /// @dev What a bid binds.
    function _bondOf(Sale storage sale, AuctionBid bid) internal view returns (uint256) {
        return bid.isCompetitive() ? sale.bond : sale.bondPerLot * bid.lots();
    }
}
