// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IPriced} from "../assets/IPriced.sol";
import {IInvestorRegistry} from "../identity/IIdentityRegistry.sol";
import {ISeriesRegister} from "../programme/ISeriesRegister.sol";
import {IPermissionedToken} from "../token/IPermissionedToken.sol";
import {Attempt} from "./Attempt.sol";
import {AuctionBid, BidStatus} from "./AuctionBid.sol";
import {AuctionOpening} from "./AuctionOpening.sol";
import {CashDesk} from "./CashDesk.sol";
import {CutOff, Tally} from "./CutOff.sol";
import {Acceptance, AuctionOutcome, AuctionState, BidState, IAuction} from "./IAuction.sol";
import {Margins} from "./Margins.sol";

/// @title Auction
contract Auction is AuctionOpening {
    /// @dev How long after `settleEnd` a bond can still be forfeited, before anyone may release it.
    uint256 private constant GRACE = 7 days;

    constructor(address authority_, ISeriesRegister seriesRegister_, IInvestorRegistry registry_, address treasury_)
        AccessManaged(authority_)
        CashDesk(seriesRegister_, treasury_)
        Margins(registry_)
    {}

    // ---------------------------------------------------------------------------------------------------- Decision

    /// @inheritdoc IAuction
    function accept(uint256 auctionId, Acceptance calldata what) external restricted nonReentrant {
        (Sale storage sale, Progress memory progress) = _toDecide(auctionId);
        uint256 amount = _amount(sale, what.amount);
        Tally memory sum = CutOff.tally(sale.bids, _count(progress), what.cutOff);
        if (sum.at == 0) revert AuctionCutOffNotBid(auctionId, what.cutOff);
        if (progress.withinTarget) amount -= Math.min(amount, sum.nonCompetitive);
        if (sum.above > amount) revert AuctionCutOffTooLow(sum.above * sale.limits.lot, amount * sale.limits.lot);
        uint256 left = amount - sum.above;
        uint256 last = left < sum.at ? _lastFavoured(sale, progress, what, left, sum.at) : 0;
        _decide(auctionId, sale, progress, what, sum, left, last);
    }

    /// @inheritdoc IAuction
    function reject(uint256 auctionId, bytes32 document) external restricted nonReentrant {
        (Sale storage sale, Progress memory progress) = _toDecide(auctionId);
        bool none = progress.committed == progress.sealedBids && progress.nonCompetitive == 0;
        _end(auctionId, sale, progress, none ? AuctionOutcome.NoBids : AuctionOutcome.Rejected);
        emit AuctionEnded(auctionId, sale.progress.outcome, document);
    }

    /// @inheritdoc IAuction
    function abandon(uint256 auctionId) external nonReentrant {
        (Sale storage sale, Progress memory progress) = _toDecide(auctionId);
        _requireFrom(auctionId, sale.offer.settleEnd);
        _end(auctionId, sale, progress, AuctionOutcome.Abandoned);
        emit AuctionEnded(auctionId, AuctionOutcome.Abandoned, 0);
    }

    // -------------------------------------------------------------------------------------------------- Settlement

    /// @inheritdoc IAuction
    function settle(uint256 auctionId, uint256[] calldata sequences) external nonReentrant returns (uint256 settled) {
        _requireFrom(auctionId, _allotted(auctionId).offer.settleFrom);
        for (uint256 i = 0; i < sequences.length; ++i) {
            if (_attempt(auctionId, sequences[i])) ++settled;
        }
    }

    /// @dev One bid of a page, in a call of its own so that it can be undone whole.
    function settleRow(uint256 auctionId, uint256 sequence) external {
        _requireSelf();
        Sale storage sale = _sales[auctionId];
        AuctionBid bid = sale.bids[sequence];
        (uint256 units, uint256 price) = _allotmentOf(sale, bid, sequence);
        if (units == 0 || !bid.stands()) revert AuctionBidNotAllotted(auctionId, sequence);
        sale.bids[sequence] = bid.with(BidStatus.Settled);
        uint256 cost = IPriced(sale.token).costOf(units, price, sale.offer.cashDecimals);
        uint256 fromBond = Math.min(_bondOf(sale, bid), cost);
        address bidder = registry.successorOf(bid.bidder());
        emit BidSettled(auctionId, sequence, bidder, units, price, cost, fromBond);
        _credit(sale.cash, bidder, _bondOf(sale, bid) - fromBond);
        _payExactly(IERC20(sale.cash), treasury, fromBond);
        if (cost != fromBond) _pullExactly(IERC20(sale.cash), bidder, treasury, cost - fromBond);
        IPermissionedToken(sale.token).mint(bidder, units, sale.document);
    }

    /// @inheritdoc IAuction
    function forfeit(uint256 auctionId, uint256[] calldata sequences)
        external
        restricted
        nonReentrant
        returns (uint256 forfeited)
    {
        Sale storage sale = _allotted(auctionId);
        _requireFrom(auctionId, sale.offer.settleEnd);
        uint256 bonds;
        for (uint256 i = 0; i < sequences.length; ++i) {
            AuctionBid bid = sale.bids[sequences[i]];
            if (!bid.stands() || _lotsOf(sale, bid, sequences[i]) == 0) continue;
            if (_attempt(auctionId, sequences[i])) continue;
            sale.bids[sequences[i]] = bid.with(BidStatus.Forfeited);
            emit BidForfeited(auctionId, sequences[i], bid.bidder(), _bondOf(sale, bid));
            bonds += _bondOf(sale, bid);
            ++forfeited;
        }
        _giveBack(sale.cash, treasury, bonds);
    }

    /// @inheritdoc IAuction
    function release(uint256 auctionId, uint256[] calldata sequences) external nonReentrant returns (uint256 released) {
        Sale storage sale = _known(auctionId);
        AuctionOutcome outcome = sale.progress.outcome;
        if (outcome == AuctionOutcome.Open) revert AuctionTooEarly(auctionId, sale.offer.settleEnd);
        bool all = outcome != AuctionOutcome.Allotted || block.timestamp >= sale.offer.settleEnd + GRACE;
        for (uint256 i = 0; i < sequences.length; ++i) {
            AuctionBid bid = sale.bids[sequences[i]];
            if (!bid.stands() || !(all || _lotsOf(sale, bid, sequences[i]) == 0)) continue;
            sale.bids[sequences[i]] = bid.with(BidStatus.Released);
            emit BidReleased(auctionId, sequences[i], bid.bidder(), _bondOf(sale, bid));
            _giveBack(sale.cash, bid.bidder(), _bondOf(sale, bid));
            ++released;
        }
    }

    // ------------------------------------------------------------------------------------------------------- Views

    /// @inheritdoc IAuction
    function auctionOf(uint256 auctionId) external view returns (AuctionState memory state) {
        Sale storage sale = _known(auctionId);
        state.outcome = sale.progress.outcome;
        (state.token, state.cash) = (sale.token, sale.cash);
        state.lot = sale.limits.lot;
        state.target = sale.offer.target * state.lot;
        (state.bond, state.bondPerLot) = (sale.bond, sale.bondPerLot);
        (state.commitEnd, state.revealEnd) = (sale.progress.commitEnd, sale.progress.revealEnd);
        (state.settleFrom, state.settleEnd) = (sale.offer.settleFrom, sale.offer.settleEnd);
        (state.sealedBids, state.bids) = (sale.progress.sealedBids, _count(sale.progress));
        (state.cutOff, state.nonCompetitivePrice) = (sale.decision.cutOff, sale.decision.nonCompetitivePrice);
        (state.accepted, state.document) = (sale.accepted, sale.document);
    }

    /// @inheritdoc IAuction
    function bidsOf(uint256 auctionId, uint256 from, uint256 count) external view returns (BidState[] memory bids) {
        Sale storage sale = _known(auctionId);
        uint256 end = Math.min(from + count, _count(sale.progress));
        bids = new BidState[](end > from ? end - from : 0);
        for (uint256 i = 0; i < bids.length; ++i) {
            AuctionBid bid = sale.bids[from + i];
            (uint256 units, uint256 price) = _allotmentOf(sale, bid, from + i);
            bids[i] = BidState(bid.status(), bid.bidder(), bid.price(), bid.lots() * sale.limits.lot, units, price);
        }
    }

    // --------------------------------------------------------------------------------------------------- Internals

    function _toDecide(uint256 auctionId) private view returns (Sale storage sale, Progress memory progress) {
        sale = _known(auctionId);
        progress = sale.progress;
        if (progress.outcome != AuctionOutcome.Open || block.timestamp < progress.revealEnd) {
            revert AuctionNotToDecide(auctionId, progress.outcome, progress.revealEnd);
        }
    }

    function _allotted(uint256 auctionId) private view returns (Sale storage sale) {
        sale = _known(auctionId);
        AuctionOutcome outcome = sale.progress.outcome;
        if (outcome != AuctionOutcome.Allotted) revert AuctionNotAllotted(auctionId, outcome);
    }

    function _requireFrom(uint256 auctionId, uint256 from) private view {
        if (block.timestamp < from) revert AuctionTooEarly(auctionId, from);
    }

    /// @return lots Of `units`, which are some of those announced.
    function _amount(Sale storage sale, uint256 units) private view returns (uint256 lots) {
        (uint256 lot, uint256 maximum) = (sale.limits.lot, sale.offer.maximum);
        lots = units / lot;
        if (units % lot != 0 || lots > maximum) revert AuctionAmountRefused(units, maximum * lot);
    }

    /// @dev Proved: as many bids are favoured as there are lots left over. Zero where there are none.
    function _lastFavoured(
        Sale storage sale,
        Progress memory progress,
        Acceptance calldata what,
        uint256 left,
        uint256 wanted
    ) private view returns (uint256) {
        (uint256 bids, uint256 lots) =
            CutOff.favoured(sale.bids, _count(progress), what.cutOff, left, wanted, what.lastFavoured);
        if (lots == 0) return 0;
        if (bids != lots) revert AuctionFavouredWrongly(what.lastFavoured, bids, lots);
        return what.lastFavoured;
    }

    function _decide(
        uint256 auctionId,
        Sale storage sale,
        Progress memory progress,
        Acceptance calldata what,
        Tally memory sum,
        uint256 left,
        uint256 last
    ) private {
        uint256 atCutOff = Math.min(left, sum.at);
        if (sum.above + atCutOff == 0) revert AuctionNothingAccepted(auctionId, what.cutOff);
        bool average = progress.atAverage && !progress.uniform;
        uint256 price = average ? CutOff.averageHalfUp(sum, atCutOff, what.cutOff) : what.cutOff;
        uint256 accepted = (sum.above + atCutOff + sum.nonCompetitive) * sale.limits.lot;
        sale.decision = Decision(uint32(what.cutOff), uint32(price), uint64(left), uint64(sum.at), uint16(last));
        (sale.accepted, sale.document) = (accepted, what.document);
        _end(auctionId, sale, progress, AuctionOutcome.Allotted);
        emit AuctionAllotted(auctionId, what.cutOff, what.amount, last, price, accepted, what.document);
    }

    /// @dev What was never shown forfeits, whatever the outcome: the bidder could have shown it without anybody.
    function _end(uint256 auctionId, Sale storage sale, Progress memory progress, AuctionOutcome outcome) private {
        progress.outcome = outcome;
        sale.progress = progress;
        uint256 forfeits = uint256(progress.sealedBids) * sale.bond;
        if (forfeits == 0) return;
        emit BondsForfeited(auctionId, progress.sealedBids, forfeits);
        _giveBack(sale.cash, treasury, forfeits);
    }

    function _attempt(uint256 auctionId, uint256 sequence) private returns (bool done) {
        bytes memory reason;
        (done, reason) = Attempt.onSelf(abi.encodeCall(this.settleRow, (auctionId, sequence)));
        if (!done) emit BidNotSettled(auctionId, sequence, reason);
    }

    /// @return units What the bid is allotted; zero as long as nothing is decided.
    /// @return price What it pays.
    function _allotmentOf(Sale storage sale, AuctionBid bid, uint256 sequence)
        private
        view
        returns (uint256 units, uint256 price)
    {
        units = _lotsOf(sale, bid, sequence) * sale.limits.lot;
        if (units == 0) return (0, 0);
        if (!bid.isCompetitive()) return (units, sale.decision.nonCompetitivePrice);
        price = sale.progress.uniform ? sale.decision.cutOff : bid.price();
    }

    function _lotsOf(Sale storage sale, AuctionBid bid, uint256 sequence) private view returns (uint256) {
        if (sale.progress.outcome != AuctionOutcome.Allotted || bid.status() == BidStatus.Void) return 0;
        if (!bid.isCompetitive()) return bid.lots();
        Decision memory decision = sale.decision;
        if (bid.price() != decision.cutOff) return bid.price() > decision.cutOff ? bid.lots() : 0;
        (uint256 left, uint256 wanted) = (decision.left, decision.wanted);
        if (wanted <= left) return bid.lots();
        uint256 least = CutOff.rank(sale.bids[decision.lastFavoured], decision.lastFavoured, left, wanted);
        return CutOff.shareDown(bid, sequence, left, wanted, least);
    }

    function _count(Progress memory progress) private pure returns (uint256) {
        return uint256(progress.committed) + progress.nonCompetitive;
    }
}
