// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {AuctionBid} from "./AuctionBid.sol";

/// @notice What the bids of an auction come to at a price, in lots.
/// @param above Of the bids above it.
/// @param worth Of those: each one's lots times its price.
/// @param at Of the bids at it.
/// @param nonCompetitive Of the bids without a price.
struct Tally {
    uint256 above;
    uint256 worth;
    uint256 at;
    uint256 nonCompetitive;
}

/// @title CutOff
/// @notice Who gets what at the cut-off of an auction. Amounts are lots.
/// @dev The bids at the cut-off share what is left pro rata: each share is floored, and the lots left over go one each to
/// the largest remainders, of equal ones to the larger bid, then to the earlier one. Nothing is sorted. A bid's place in
/// that order is one number, its rank, no two of which are equal; whoever decides names the last bid that is favoured,
/// and counting the ranks that are not below its own proves it.
library CutOff {
    /// @dev A rank: the remainder, then the lots of the bid, then how early it came, from the highest bits down.
    uint256 private constant LOTS = 16;
    uint256 private constant REMAINDER = 72;
    uint256 private constant LATEST = type(uint16).max;

    /// @notice Adds up the first `count` bids as they stand.
    function tally(AuctionBid[512] storage bids, uint256 count, uint256 cutOff)
        internal
        view
        returns (Tally memory sum)
    {
        for (uint256 i = 0; i < count; ++i) {
            AuctionBid bid = bids[i];
            if (!bid.stands()) continue;
            (uint256 price, uint256 lots) = (bid.price(), bid.lots());
            if (price == 0) {
                sum.nonCompetitive += lots;
            } else if (price > cutOff) {
                sum.above += lots;
                sum.worth += lots * price;
            } else if (price == cutOff) {
                sum.at += lots;
            }
        }
    }

    /// @notice Of the first `count` bids, those at the cut-off that would receive a lot for their remainder, and how many
    /// lots there are to give so.
    function favoured(
        AuctionBid[512] storage bids,
        uint256 count,
        uint256 cutOff,
        uint256 left,
        uint256 wanted,
        uint256 last
    ) internal view returns (uint256 bidsFavoured, uint256 lotsLeft) {
        uint256 least = last < count ? rank(bids[last], last, left, wanted) : type(uint256).max;
        lotsLeft = left;
        for (uint256 i = 0; i < count; ++i) {
            AuctionBid bid = bids[i];
            if (!bid.stands() || bid.price() != cutOff) continue;
            lotsLeft -= left * bid.lots() / wanted;
            if (rank(bid, i, left, wanted) >= least) ++bidsFavoured;
        }
    }

    /// @notice What a bid at the cut-off receives of `left`, which all at it want `wanted` of.
    /// @param least The rank of the last bid that is favoured.
    function shareDown(AuctionBid bid, uint256 sequence, uint256 left, uint256 wanted, uint256 least)
        internal
        pure
        returns (uint256 lots)
    {
        if (wanted <= left) return bid.lots();
        lots = left * bid.lots() / wanted;
        if (mulmod(left, bid.lots(), wanted) != 0 && rank(bid, sequence, left, wanted) >= least) ++lots;
    }

    /// @notice A bid's place among those at the cut-off: the higher, the sooner it is given a lot that is left over.
    function rank(AuctionBid bid, uint256 sequence, uint256 left, uint256 wanted) internal pure returns (uint256) {
        return mulmod(left, bid.lots(), wanted) << REMAINDER | bid.lots() << LOTS | (LATEST - sequence);
    }

    /// @notice The average price of what was accepted, by face: half-up.
    function averageHalfUp(Tally memory sum, uint256 atCutOff, uint256 cutOff) internal pure returns (uint256) {
        uint256 lots = sum.above + atCutOff;
        return Math.mulDiv(2 * (sum.worth + atCutOff * cutOff) + lots, 1, 2 * lots);
    }
}
