// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {CommodityTerms, ICommodity} from "../assets/CommodityTerms.sol";
import {ISeriesRegister} from "../programme/ISeriesRegister.sol";
import {ILotBook, LotState, Round} from "./ILotRegister.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

/// @title LotBook
/// @notice What is in store for each series: lots, a slot each, and what they came to each time something changed.
abstract contract LotBook is AccessManaged, ILotBook {
    /// @param sequence Counts attestations and deliveries.
    /// @param attestedAt Unix time of the last count.
    /// @param deliveredAt Unix time of the last delivery.
    struct Book {
        uint64 sequence;
        uint40 attestedAt;
        uint40 deliveredAt;
        bytes32[] lotIds;
        mapping(bytes32 lotId => LotState) lots;
        mapping(uint256 sequence => Round) rounds;
    }

    /// @notice The programme's list of its series.
    ISeriesRegister public immutable seriesRegister;

    mapping(address token => Book) internal _books;

    constructor(ISeriesRegister seriesRegister_) {
        seriesRegister = seriesRegister_;
    }

    // ------------------------------------------------------------------ deliveries

    /// @inheritdoc ILotBook
    function assign(address token, bytes32 lotId, uint112 weight) external restricted {
        LotState storage state = _books[token].lots[lotId];
        if (state.encumbered) revert LotIsEncumbered(lotId);
        uint256 free = state.net > state.assigned ? state.net - state.assigned : 0;
        if (weight > free) revert LotInsufficient(lotId, weight, free);
        state.assigned += weight;
        emit LotAssigned(token, lotId, state.assigned);
    }

    /// @inheritdoc ILotBook
    function unassign(address token, bytes32 lotId, uint112 weight) external restricted {
        _unassign(token, lotId, weight);
    }

    /// @inheritdoc ILotBook
    function deliver(address token, bytes32 lotId, uint112 weight) external restricted {
        _unassign(token, lotId, weight);
        Book storage book = _books[token];
        LotState storage state = book.lots[lotId];
        if (weight > state.net) revert LotInsufficient(lotId, weight, state.net);
        state.net -= weight;
        book.deliveredAt = uint40(block.timestamp);
        emit LotDelivered(token, lotId, weight, state.net, _turn(book));
    }

    function _unassign(address token, bytes32 lotId, uint112 weight) private {
        LotState storage state = _books[token].lots[lotId];
        state.assigned -= weight;
        emit LotAssigned(token, lotId, state.assigned);
    }

    /// @dev Moves on to the next sequence number, and keeps what the lots come to.
    function _turn(Book storage book) internal returns (uint64 sequence) {
        sequence = ++book.sequence;
        (uint256 free,) = _sum(book);
        book.rounds[sequence] = Round(uint112(free), book.attestedAt);
    }

    // ------------------------------------------------------------------ what can be asked

    /// @inheritdoc ILotBook
    function sequenceOf(address token) external view returns (uint256) {
        return _books[token].sequence;
    }

    /// @inheritdoc ILotBook
    function roundOf(address token, uint256 sequence) external view returns (Round memory round) {
        round = _books[token].rounds[sequence];
        if (round.attestedAt == 0) revert RoundUnknown(token, sequence);
    }

    /// @inheritdoc ILotBook
    function latestRound(address token) external view returns (Round memory) {
        Book storage book = _books[token];
        if (book.attestedAt == 0) revert RoundUnknown(token, book.sequence);
        (uint256 free,) = _sum(book);
        return Round(uint112(free), book.attestedAt);
    }

    /// @inheritdoc ILotBook
    function lotsOf(address token) external view returns (bytes32[] memory) {
        return _books[token].lotIds;
    }

    /// @inheritdoc ILotBook
    function lot(address token, bytes32 lotId) external view returns (LotState memory) {
        return _books[token].lots[lotId];
    }

    // ------------------------------------------------------------------ internals

    /// @return free What insured lots without claims come to.
    /// @return bound What the others do.
    function _sum(Book storage book) internal view returns (uint256 free, uint256 bound) {
        uint256 count = book.lotIds.length;
        for (uint256 i; i < count; ++i) {
            LotState memory state = book.lots[book.lotIds[i]];
            bool counts = !state.encumbered && block.timestamp < uint256(state.insuredUntilHour) * 1 hours;
            if (counts) free += state.net;
            else bound += state.net;
        }
    }

    function _termsOf(address token) internal view returns (CommodityTerms memory) {
        if (!seriesRegister.isSeries(token)) revert LotsOfNoSeries(token);
        return ICommodity(token).terms();
    }
}
