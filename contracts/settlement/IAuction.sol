// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {BidStatus} from "./AuctionBid.sol";
import {ICashDesk} from "./ICashDesk.sol";
import {IMargins} from "./IMargins.sol";
import {ISealedBids} from "./ISealedBids.sol";

/// @notice What an accepted competitive bid pays: its own price, or all the price at which the auction cut off.
enum AuctionPricing {
    Multiple,
    Uniform
}

/// @notice How an auction ended. Numbers never change their meaning.
/// @param Open It has not.
/// @param Allotted At a cut-off price.
/// @param Rejected The issuer accepted none of the bids.
/// @param NoBids There was none to accept.
/// @param Abandoned Nobody decided in time.
enum AuctionOutcome {
    Open,
    Allotted,
    Rejected,
    NoBids,
    Abandoned
}

/// @notice Bids without a price.
/// @param mostUnits Most that an investor may bid for; 0 where none are taken.
/// @param bondPerLot Smallest units of cash bound for each lot.
/// @param mostBids Most that are taken.
/// @param withinTarget They come out of the amount that is placed, before the competitive; otherwise on top of it.
/// @param atAverage They pay the average of the accepted competitive bids by face, half-up; otherwise the cut-off.
struct NonCompetitiveTranche {
    uint256 mostUnits;
    uint256 bondPerLot;
    uint256 mostBids;
    bool withinTarget;
    bool atAverage;
}

/// @notice An auction as it is announced. Units are the smallest of the series, prices ten-thousandths of the currency
/// for 100 of face, times Unix seconds.
/// @param token Series that is sold.
/// @param cash Token it is paid in.
/// @param target Units on offer.
/// @param maximum Most that the issuer may place, without non-competitive bids on top.
/// @param lot Bids and allotments are whole numbers of these units.
/// @param leastUnits Least a competitive bid may ask for.
/// @param mostUnits Most a competitive bid may ask for.
/// @param leastPrice Lowest price that is taken; 0 for any.
/// @param mostPrice Highest price that is taken.
/// @param pricing What an accepted bid pays.
/// @param bond Smallest units of cash that each sealed bid binds: the same for all, since the amount is sealed.
/// @param priceMove Hundredths of a per cent by which the market may move between commitment and settlement: a bond
/// covers it on the largest bid, so that not to reveal, or not to pay, is worth less than it costs.
/// @param mostBids Most sealed bids that are taken.
/// @param mostBidsEach Most that one investor may seal.
/// @param nonCompetitive The tranche without prices.
/// @param commitEnd The close: bids are taken before it.
/// @param revealEnd Sealed bids are shown from the close until then.
/// @param settleFrom Accepted bids are settled from then on.
/// @param settleEnd Who was accepted and is not settled by then is in default; what is not decided by then is abandoned.
/// @param document Hash of the announcement.
struct Announcement {
    address token;
    address cash;
    uint256 target;
    uint256 maximum;
    uint256 lot;
    uint256 leastUnits;
    uint256 mostUnits;
    uint256 leastPrice;
    uint256 mostPrice;
    AuctionPricing pricing;
    uint256 bond;
    uint256 priceMove;
    uint256 mostBids;
    uint256 mostBidsEach;
    NonCompetitiveTranche nonCompetitive;
    uint256 commitEnd;
    uint256 revealEnd;
    uint256 settleFrom;
    uint256 settleEnd;
    bytes32 document;
}

/// @notice What the issuer accepts.
/// @param cutOff Bids above it are accepted whole; those at it share what is left.
/// @param amount Most units to place: the target, or less, or more up to the announced maximum.
/// @param lastFavoured Where those at the cut-off are given less than they bid: the sequence of the last among them that
/// receives a lot for its remainder. The contract proves it; anything where all remainders are zero.
/// @param document Hash of the decision. The units are minted under it.
struct Acceptance {
    uint256 cutOff;
    uint256 amount;
    uint256 lastFavoured;
    bytes32 document;
}

/// @notice How an auction stands.
/// @param sealedBids Bids that are sealed, or were never shown.
/// @param bids Bids taken, of both kinds: their sequences run below it.
/// @param cutOff Where it was allotted.
/// @param nonCompetitivePrice What non-competitive bids pay.
/// @param accepted Units allotted.
struct AuctionState {
    AuctionOutcome outcome;
    address token;
    address cash;
    uint256 target;
    uint256 lot;
    uint256 bond;
    uint256 bondPerLot;
    uint256 commitEnd;
    uint256 revealEnd;
    uint256 settleFrom;
    uint256 settleEnd;
    uint256 sealedBids;
    uint256 bids;
    uint256 cutOff;
    uint256 nonCompetitivePrice;
    uint256 accepted;
    bytes32 document;
}

/// @notice One bid as it stands, and what it was allotted.
/// @param price Zero for a non-competitive bid.
/// @param allotted Units it receives, or has received.
/// @param allottedPrice What it pays for them.
struct BidState {
    BidStatus status;
    address bidder;
    uint256 price;
    uint256 units;
    uint256 allotted;
    uint256 allottedPrice;
}

/// @notice Sells a series by auction: sealed bids with a bond, a tranche without prices, and accepted bids delivered
/// against payment.
/// @dev Sealed until the close; shown by the bidders; accepted by the issuer at a cut-off; settled by anyone. The
/// contract sorts nothing: it adds up the bids above the cut-off, and shares out at it pro rata in whole lots. A share
/// is floored; the lots left over go one each to the largest remainders, of equal ones to the larger bid, then to the
/// one that was sealed first.
///
/// Who cannot pay or receive holds up nobody. What is owed back is paid or kept for its owner. If whoever runs the
/// auction falls silent, anyone abandons it once its time is over, and releases the bonds.
///
/// Warning: after the close every bid that was shown is public, also those that win nothing.
interface IAuction is ICashDesk, IMargins, ISealedBids {
    /// @notice An auction of `token` begins.
    event AuctionOpened(
        uint256 indexed auctionId, address indexed token, bytes32 indexed document, Announcement announcement
    );
    /// @notice The issuer accepted bids at a cut-off. Bids without a price pay `nonCompetitivePrice`.
    event AuctionAllotted(
        uint256 indexed auctionId,
        uint256 cutOff,
        uint256 amount,
        uint256 lastFavoured,
        uint256 nonCompetitivePrice,
        uint256 accepted,
        bytes32 document
    );
    /// @notice It ended without an allotment.
    event AuctionEnded(uint256 indexed auctionId, AuctionOutcome outcome, bytes32 document);
    /// @notice `count` bids were never shown: their bonds are the state's.
    event BondsForfeited(uint256 indexed auctionId, uint256 count, uint256 amount);
    /// @notice `bidder` paid `cost`, of which `fromBond` was its bond, and received `units`.
    event BidSettled(
        uint256 indexed auctionId,
        uint256 indexed sequence,
        address indexed bidder,
        uint256 units,
        uint256 price,
        uint256 cost,
        uint256 fromBond
    );
    /// @notice The bid could not be settled, and nothing moved. `reason` is the error, cut at 260 bytes.
    event BidNotSettled(uint256 indexed auctionId, uint256 indexed sequence, bytes reason);
    /// @notice The bidder was allotted and is in default: its bond is the state's.
    event BidForfeited(uint256 indexed auctionId, uint256 indexed sequence, address indexed bidder, uint256 bond);
    /// @notice The bond is the bidder's again.
    event BidReleased(uint256 indexed auctionId, uint256 indexed sequence, address indexed bidder, uint256 bond);

    /// @notice No such auction was opened.
    error AuctionUnknown(uint256 auctionId);
    /// @notice The announcement's times are not in order, too short or too long.
    error AuctionTimesUnsound();
    /// @notice The announcement's amounts are not whole lots, or contradict each other.
    error AuctionSizesUnsound();
    /// @notice The announcement's prices, or its numbers of bids, contradict each other or exceed what is bounded.
    error AuctionLimitsUnsound();
    /// @notice A bond of `bond` does not cover the announced move of the price on the largest bid.
    error AuctionBondTooSmall(uint256 bond, uint256 least);
    /// @notice It cannot be decided before `revealEnd`, nor twice.
    error AuctionNotToDecide(uint256 auctionId, AuctionOutcome outcome, uint256 revealEnd);
    /// @notice Nobody bids that price, so it cuts off nothing.
    error AuctionCutOffNotBid(uint256 auctionId, uint256 cutOff);
    /// @notice The bids above the cut-off alone take `wanted` of `available` units.
    error AuctionCutOffTooLow(uint256 wanted, uint256 available);
    /// @notice Nothing is accepted at this cut-off: reject the bids instead.
    error AuctionNothingAccepted(uint256 auctionId, uint256 cutOff);
    /// @notice The amount to place is not whole lots, or more than was announced.
    error AuctionAmountRefused(uint256 amount, uint256 maximum);
    /// @notice `favoured` bids would receive a lot for their remainder, and there are `lots` to give.
    error AuctionFavouredWrongly(uint256 lastFavoured, uint256 favoured, uint256 lots);
    /// @notice This can be done from `from` on.
    error AuctionTooEarly(uint256 auctionId, uint256 from);
    /// @notice It ended otherwise.
    error AuctionNotAllotted(uint256 auctionId, AuctionOutcome outcome);
    /// @notice The bid was allotted nothing, or does not stand any more.
    error AuctionBidNotAllotted(uint256 auctionId, uint256 sequence);

    /// @notice Opens an auction. Role: FISCAL_AGENT.
    /// @return auctionId From 1.
    function open(Announcement calldata announcement) external returns (uint256 auctionId);

    /// @notice Accepts bids, after all had time to be shown. Role: ISSUER.
    function accept(uint256 auctionId, Acceptance calldata what) external;

    /// @notice Accepts none. Role: ISSUER.
    /// @param document Hash of the decision.
    function reject(uint256 auctionId, bytes32 document) external;

    /// @notice Ends an auction that nobody decided by `settleEnd`. Anyone may call.
    function abandon(uint256 auctionId) external;

    /// @notice Settles a page of accepted bids, each whole or not at all. Anyone may call.
    /// @dev The bond is part of the payment; the rest is pulled from the bidder. A bid that fails keeps standing and can
    /// be settled later. A page that runs short of gas reverts whole.
    /// @return settled Number of bids settled.
    function settle(uint256 auctionId, uint256[] calldata sequences) external returns (uint256 settled);

    /// @notice From `settleEnd` on: tries once more, and lets those in default forfeit. Role: FISCAL_AGENT.
    /// @dev What was not accepted, or does not stand, is passed over. The judgement is the agent's: where the series
    /// itself is paused, say, nobody should forfeit; bonds are released a week later if nobody acts.
    /// @return forfeited Number of bids that forfeited.
    function forfeit(uint256 auctionId, uint256[] calldata sequences) external returns (uint256 forfeited);

    /// @notice Gives bonds back: of bids that were allotted nothing once it is decided, and of any that stands from a
    /// week after `settleEnd`. Anyone may call; what cannot be released is passed over.
    /// @return released Number of bonds released.
    function release(uint256 auctionId, uint256[] calldata sequences) external returns (uint256 released);

    /// @notice How an auction stands.
    function auctionOf(uint256 auctionId) external view returns (AuctionState memory);

    /// @notice The bids from sequence `from`, at most `count` of them.
    function bidsOf(uint256 auctionId, uint256 from, uint256 count) external view returns (BidState[] memory);

    /// @notice Number of auctions opened; the last one's id.
    function auctionCount() external view returns (uint256);
}
