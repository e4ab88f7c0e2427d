// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {InvestorRecord, Verdict} from "../identity/InvestorRecord.sol";
import {AuctionBid, AuctionBids, BidStatus} from "./AuctionBid.sol";
import {AuctionBook} from "./AuctionBook.sol";
import {ISealedBids, SealedBid} from "./ISealedBids.sol";
import {Margins} from "./Margins.sol";
import {Seal, Seals} from "./Seal.sol";

/// @title SealedBids
/// @dev A commitment is kept under its investor and number. So a copy hinders nobody, cannot be shown by who copied it,
/// and no investor can fill the book.
abstract contract SealedBids is Margins, AuctionBook, EIP712("Amanat Auction", "1") {
    bytes32 private constant BID_TYPE = keccak256(
        "SealedBid(uint256 auctionId,address investor,address bidder,uint256 number,uint256 price,uint256 units,"
        "bytes32 salt)"
    );

    /// @dev The class of investors that bids competitively; the README has the table.
    uint8 private constant PRIMARY_DEALER = 5;

    /// @dev Of an investor that bid non-competitively more than once.
    uint256 private constant SEVERAL = type(uint256).max;

    mapping(uint256 auctionId => mapping(address investor => mapping(uint256 number => Seal))) private _seals;

    /// @dev The sequence of an investor's non-competitive bid, plus one.
    mapping(uint256 auctionId => mapping(address investor => uint256)) private _nonCompetitive;

    // ---------------------------------------------------------------------------------------------- Sealed bids

    /// @inheritdoc ISealedBids
    function commit(uint256 auctionId, uint256 number, bytes32 commitment) external {
        Sale storage sale = _sales[auctionId];
        Progress memory progress = _taking(sale, auctionId);
        if (number >= progress.mostBidsEach) revert AuctionBidNumberInvalid(number, progress.mostBidsEach);
        if (progress.committed == progress.mostBids) revert AuctionFull(auctionId, progress.mostBids);
        InvestorRecord record = _verified(msg.sender);
        if (record.class() != PRIMARY_DEALER) revert AuctionBidderRefused(msg.sender);
        address investor = record.investor();
        if (_seals[auctionId][investor][number].exists()) revert AuctionBidSealed(auctionId, investor, number);

        uint256 sequence = _next(progress);
        _seals[auctionId][investor][number] = Seals.made(commitment, msg.sender, sequence);
        ++progress.committed;
        ++progress.sealedBids;
        sale.progress = progress;
        _bind(sale.cash, msg.sender, sale.bond);
        emit BidSealed(auctionId, investor, msg.sender, number, sequence, commitment);
    }

    /// @inheritdoc ISealedBids
    function reveal(SealedBid calldata bid) external {
        Sale storage sale = _sales[bid.auctionId];
        Progress memory progress = sale.progress;
        if (block.timestamp < progress.commitEnd || block.timestamp >= progress.revealEnd) {
            revert AuctionNotRevealing(bid.auctionId, progress.commitEnd, progress.revealEnd);
        }
        Seal seal = _seals[bid.auctionId][bid.investor][bid.number];
        if (!seal.holds(commitmentOf(bid), bid.bidder)) {
            revert AuctionSealDiffers(bid.auctionId, bid.investor, bid.number);
        }
        if (seal.isShown()) revert AuctionBidRevealed(bid.auctionId, bid.investor, bid.number);
        AuctionBid standing = _inRules(sale.limits, bid);

        _seals[bid.auctionId][bid.investor][bid.number] = seal.shown();
        sale.bids[seal.sequence()] = standing;
        --progress.sealedBids;
        sale.progress = progress;
        emit BidRevealed(bid.auctionId, seal.sequence(), bid.bidder, bid.price, bid.units);
    }

    /// @inheritdoc ISealedBids
    function commitmentOf(SealedBid calldata bid) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(BID_TYPE, bid)));
    }

    /// @inheritdoc ISealedBids
    function sealOf(uint256 auctionId, address investor, uint256 number)
        external
        view
        returns (bool isSealed, uint256 sequence, bool isRevealed)
    {
        Seal seal = _seals[auctionId][investor][number];
        return (seal.exists(), seal.sequence(), seal.isShown());
    }

    // --------------------------------------------------------------------------------------- Non-competitive bids

    /// @inheritdoc ISealedBids
    function bidNonCompetitively(uint256 auctionId, uint256 units) external nonReentrant {
        Sale storage sale = _sales[auctionId];
        Progress memory progress = _taking(sale, auctionId);
        address investor = _verified(msg.sender).investor();
        if (_nonCompetitive[auctionId][investor] != 0) return _void(sale, auctionId, investor);
        if (progress.nonCompetitive == progress.mostNonCompetitive) {
            revert AuctionFull(auctionId, progress.mostNonCompetitive);
        }
        (uint256 lot, uint256 mostLots) = (sale.limits.lot, sale.offer.mostNonCompetitive);
        uint256 lots = _lotsWithin(units, lot, 1, mostLots);

        uint256 sequence = _next(progress);
        _nonCompetitive[auctionId][investor] = sequence + 1;
        sale.bids[sequence] = AuctionBids.standing(msg.sender, 0, uint56(lots));
        ++progress.nonCompetitive;
        sale.progress = progress;
        emit BidNonCompetitively(auctionId, sequence, msg.sender, investor, units);
        _bindOrPull(sale.cash, msg.sender, sale.bondPerLot * lots);
    }

    /// @dev The second bid of an investor: the first counts no more either.
    function _void(Sale storage sale, uint256 auctionId, address investor) private {
        uint256 first = _nonCompetitive[auctionId][investor];
        if (first == SEVERAL) revert AuctionBidsVoid(auctionId, investor);
        _nonCompetitive[auctionId][investor] = SEVERAL;
        uint256 sequence = first - 1;
        AuctionBid bid = sale.bids[sequence];
        sale.bids[sequence] = bid.with(BidStatus.Void);
        emit BidVoided(auctionId, sequence, investor);
        _giveBack(sale.cash, bid.bidder(), _bondOf(sale, bid));
    }

    // --------------------------------------------------------------------------------------------------- Internals

    /// @dev An auction that was never opened closed long ago.
    function _taking(Sale storage sale, uint256 auctionId) private view returns (Progress memory progress) {
        progress = sale.progress;
        if (block.timestamp >= progress.commitEnd) revert AuctionClosed(auctionId, progress.commitEnd);
    }

    /// @dev Bids of both kinds count on in one sequence: the order in which they came.
    function _next(Progress memory progress) private pure returns (uint256) {
        return uint256(progress.committed) + progress.nonCompetitive;
    }

    function _verified(address bidder) private view returns (InvestorRecord record) {
        Verdict verdict;
        (, record, verdict) = registry.screen(address(0), address(0), bidder);
        if (Verdict.unwrap(verdict) != 0) revert AuctionBidderRefused(bidder);
    }

    function _inRules(Limits memory limits, SealedBid calldata bid) private pure returns (AuctionBid) {
        uint256 price = bid.price;
        if (price == 0 || price < limits.leastPrice || price > limits.mostPrice) {
            revert AuctionPriceRefused(price, limits.leastPrice, limits.mostPrice);
        }
        uint256 lots = _lotsWithin(bid.units, limits.lot, limits.leastLots, limits.mostLots);
        return AuctionBids.standing(bid.bidder, uint32(price), uint56(lots));
    }

    function _lotsWithin(uint256 units, uint256 lot, uint256 least, uint256 most) private pure returns (uint256 lots) {
        lots = units / lot;
        if (units % lot != 0 || lots < least || lots > most) {
            revert AuctionUnitsRefused(units, least * lot, most * lot);
        }
    }
}
