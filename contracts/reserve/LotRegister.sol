// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {CommodityMath} from "../assets/CommodityMath.sol";
import {CommodityTerms} from "../assets/CommodityTerms.sol";
import {ISeriesRegister} from "../programme/ISeriesRegister.sol";
import {Attestations} from "./Attestations.sol";
import {Encumbrances} from "./Encumbrances.sol";
import {ExternalFeed} from "./ExternalFeed.sol";
import {ILotRegister} from "./ILotRegister.sol";
import {LotBook} from "./LotBook.sol";
import {ReserveFeed} from "./ReserveFeed.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

/// @title LotRegister
/// @dev Deliberately not asked: whether a lot's vault or serials are true, which is what the two signatures are for, and
/// the round a feed says it answered in, which feeds no longer fill.
contract LotRegister is Encumbrances, ILotRegister {
    address private immutable _FEED;

    constructor(address authority_, ISeriesRegister seriesRegister_)
        AccessManaged(authority_)
        LotBook(seriesRegister_)
        EIP712("Amanat Lot Register", "1")
    {
        _FEED = address(new ReserveFeed());
    }

    // ------------------------------------------------------------------ the reserve

    /// @inheritdoc ILotRegister
    function recognisedReserve(address token) external view returns (uint256 reserve) {
        CommodityTerms memory terms = _termsOf(token);
        Book storage book = _books[token];
        uint256 updatedAt = book.attestedAt;
        if (terms.feed == address(0)) {
            (reserve,) = _sum(book);
        } else {
            (reserve, updatedAt) = _external(book, terms);
            bool unheard = book.deliveredAt != 0 && updatedAt <= book.deliveredAt;
            if (unheard) revert ReserveBeforeDelivery(updatedAt, book.deliveredAt);
        }
        if (updatedAt > block.timestamp) revert ReserveFromTheFuture(updatedAt);
        if (updatedAt == 0 || updatedAt + terms.heartbeat < block.timestamp) {
            revert ReserveStale(updatedAt, terms.heartbeat);
        }
        if (reserve == 0) revert ReserveNotPositive(0);
    }

    /// @inheritdoc Attestations
    function _reserveOf(address token, CommodityTerms memory terms) internal view override returns (uint256 reserve) {
        Book storage book = _books[token];
        if (terms.feed == address(0)) (reserve,) = _sum(book);
        else (reserve,) = _external(book, terms);
    }

    /// @dev What the feed says, less every lot that the register knows better of. It may have left them out itself:
    /// then they are missing twice, which is the safe side.
    function _external(Book storage book, CommodityTerms memory terms)
        private
        view
        returns (uint256 reserve, uint256 updatedAt)
    {
        int256 answer;
        uint8 decimals;
        (answer, decimals, updatedAt) = ExternalFeed.read(terms.feed);
        reserve = CommodityMath.scaleDown(uint256(answer), decimals, terms.decimals);
        (, uint256 bound) = _sum(book);
        reserve = reserve > bound ? reserve - bound : 0;
    }

    // ------------------------------------------------------------------ the feed

    /// @inheritdoc ILotRegister
    function openFeed(address token) external returns (address feed) {
        _termsOf(token);
        feed = Clones.cloneDeterministicWithImmutableArgs(_FEED, abi.encode(address(this), token), _salt(token));
        emit FeedOpened(token, feed);
    }

    /// @inheritdoc ILotRegister
    function feedOf(address token) external view returns (address) {
        return
            Clones.predictDeterministicAddressWithImmutableArgs(_FEED, abi.encode(address(this), token), _salt(token));
    }

    function _salt(address token) private pure returns (bytes32) {
        return bytes32(uint256(uint160(token)));
    }
}
