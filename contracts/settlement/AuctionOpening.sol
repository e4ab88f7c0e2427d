// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IPriced} from "../assets/IPriced.sol";
import {PeriodSchedule} from "../assets/PeriodSchedule.sol";
import {Announcement, AuctionOutcome, AuctionPricing, IAuction, NonCompetitiveTranche} from "./IAuction.sol";
import {SealedBids} from "./SealedBids.sol";

/// @title AuctionOpening
/// @notice Takes an announcement that is sound, and no other.
abstract contract AuctionOpening is SealedBids {
    using SafeCast for uint256;

    /// @dev Least time for bidding, and least for revealing: short enough for an auction of one morning, and long enough
    /// that nobody who is watching is shut out by full blocks.
    uint256 private constant WINDOW = 15 minutes;

    /// @dev Longest from the opening to the end of settlement: for so long bonds can be bound.
    uint256 private constant LONGEST = 60 days;

    /// @dev A hundredth of a per cent: what `priceMove` counts.
    uint256 private constant BASIS = 10_000;

    /// @dev Least that a bond guards against: a quarter of a per cent of price, which for a bill of three months is a
    /// whole per cent of yield.
    uint256 private constant LEAST_MOVE = 25;

    /// @inheritdoc IAuction
    function open(Announcement calldata what) external restricted returns (uint256 auctionId) {
        uint8 decimals = _requireMoneyOf(what.token, what.cash);
        _requireSound(what);
        _requireBonds(what, decimals);
        auctionId = ++auctionCount;
        Sale storage sale = _sales[auctionId];
        NonCompetitiveTranche calldata tranche = what.nonCompetitive;
        sale.progress = Progress({
            commitEnd: uint40(what.commitEnd),
            revealEnd: uint40(what.revealEnd),
            sealedBids: 0,
            committed: 0,
            nonCompetitive: 0,
            mostBids: uint16(what.mostBids),
            mostNonCompetitive: uint16(tranche.mostBids),
            mostBidsEach: what.mostBidsEach.toUint8(),
            outcome: AuctionOutcome.Open,
            uniform: what.pricing == AuctionPricing.Uniform,
            withinTarget: tranche.withinTarget,
            atAverage: tranche.atAverage
        });
        (sale.cash, sale.bond) = (what.cash, what.bond.toUint96());
        (sale.token, sale.bondPerLot) = (what.token, tranche.bondPerLot.toUint96());
        sale.limits = _limits(what);
        sale.offer = _offer(what, decimals);
        emit AuctionOpened(auctionId, what.token, what.document, what);
    }

    function _limits(Announcement calldata what) private pure returns (Limits memory) {
        return Limits({
            lot: what.lot.toUint64(),
            leastLots: (what.leastUnits / what.lot).toUint56(),
            mostLots: (what.mostUnits / what.lot).toUint56(),
            leastPrice: what.leastPrice.toUint32(),
            mostPrice: what.mostPrice.toUint32()
        });
    }

    function _offer(Announcement calldata what, uint8 decimals) private pure returns (Offer memory) {
        return Offer({
            target: (what.target / what.lot).toUint56(),
            maximum: (what.maximum / what.lot).toUint56(),
            mostNonCompetitive: (what.nonCompetitive.mostUnits / what.lot).toUint56(),
            settleFrom: uint40(what.settleFrom),
            settleEnd: uint40(what.settleEnd),
            cashDecimals: decimals
        });
    }

    function _requireSound(Announcement calldata what) private view {
        bool inTime = what.commitEnd >= block.timestamp + WINDOW && what.revealEnd >= what.commitEnd + WINDOW
            && what.settleFrom >= what.revealEnd && what.settleEnd >= what.settleFrom + WINDOW
            && what.settleEnd <= block.timestamp + LONGEST;
        if (!inTime) revert AuctionTimesUnsound();
        uint256 lot = what.lot;
        bool inLots = lot != 0 && what.target % lot == 0 && what.maximum % lot == 0 && what.leastUnits % lot == 0
            && what.mostUnits % lot == 0 && what.nonCompetitive.mostUnits % lot == 0;
        bool inOrder = what.target != 0 && what.target <= what.maximum && what.leastUnits != 0
            && what.leastUnits <= what.mostUnits && what.mostUnits <= what.maximum;
        if (!inLots || !inOrder) revert AuctionSizesUnsound();
        NonCompetitiveTranche calldata tranche = what.nonCompetitive;
        bool limited = what.mostPrice != 0 && what.leastPrice <= what.mostPrice && what.mostBids != 0
            && what.mostBidsEach != 0 && what.mostBids <= MOST_BIDS && tranche.mostBids <= MOST_BIDS - what.mostBids
            && (tranche.mostBids == 0) == (tranche.mostUnits == 0);
        if (!limited) revert AuctionLimitsUnsound();
    }

    /// @dev The largest bid of either kind is covered against the move that was announced.
    function _requireBonds(Announcement calldata what, uint8 decimals) private view {
        uint256 move = Math.max(what.priceMove, LEAST_MOVE);
        _requireBond(what, decimals, what.mostUnits, what.bond, move);
        NonCompetitiveTranche calldata tranche = what.nonCompetitive;
        uint256 lots = tranche.mostUnits / what.lot;
        if (lots != 0) _requireBond(what, decimals, tranche.mostUnits, tranche.bondPerLot * lots, move);
    }

    /// @dev A series whose first period has not begun cannot price itself yet: then the bond is the agent's word.
    function _requireBond(Announcement calldata what, uint8 decimals, uint256 units, uint256 bond, uint256 move)
        private
        view
    {
        try IPriced(what.token).costOf(units, what.mostPrice, decimals) returns (uint256 cost) {
            uint256 least = Math.mulDiv(cost, move, BASIS, Math.Rounding.Ceil);
            if (bond < least) revert AuctionBondTooSmall(bond, least);
        } catch (bytes memory reason) {
            if (bytes4(reason) != PeriodSchedule.ScheduleDayOutOfRange.selector) {
                assembly ("memory-safe") {
                    revert(add(reason, 0x20), mload(reason))
                }
            }
        }
    }
}
