// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IRevenueShare} from "../assets/IRevenueShare.sol";
import {Attempt} from "../settlement/Attempt.sol";
import {IExchangeable, Position} from "../token/IExchangeable.sol";
import {IERC3643Desk} from "../token/IERC3643.sol";
import {IPermissionedTokenCore} from "../token/IPermissionedToken.sol";
import {ISeriesExchange, Departure, Leaving, Row} from "./ISeriesExchange.sol";
import {IProgramme, Status} from "./IProgramme.sol";
import {Proposals} from "./Proposals.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

/// @title SeriesExchange
/// @dev Holds no tokens: a row leaves one register and arrives in the other in one call.
contract SeriesExchange is AccessManaged, ReentrancyGuardTransient, Proposals, ISeriesExchange {
    IProgramme private immutable _PROGRAMME;

    mapping(address series => Leaving) private _leavings;

    /// @inheritdoc ISeriesExchange
    mapping(address successor => address series) public formerOf;

    constructor(address authority_, IProgramme programme) AccessManaged(authority_) {
        _PROGRAMME = programme;
    }

    // ------------------------------------------------------------------ two institutions

    /// @inheritdoc ISeriesExchange
    function proposeExchange(address series, address successor, bytes32 document) external restricted {
        if (successor == address(0)) revert DepartureUnsound(series, successor);
        _proposeDeparture(series, successor, document);
    }

    /// @inheritdoc ISeriesExchange
    function confirmExchange(address series, address successor, bytes32 document) external restricted {
        uint256 supply = _begin(series, successor, document);
        _requireFresh(successor, series, supply);
        formerOf[successor] = series;
        emit ExchangeBegun(series, successor, document, supply);
        _PROGRAMME.exchangeCommitment(series, successor, 0); // refuses where the two cannot stand for each other
    }

    /// @inheritdoc ISeriesExchange
    function proposeMigration(address series, bytes32 document) external restricted {
        _proposeDeparture(series, address(0), document);
    }

    /// @inheritdoc ISeriesExchange
    function confirmMigration(address series, bytes32 document, bytes32 registerHash) external restricted {
        if (!IERC3643Desk(series).paused()) revert SeriesNotPaused(series);
        uint256 supply = _begin(series, address(0), document);
        emit MigrationBegun(series, document, supply);
        _fixRegister(series, registerHash);
    }

    /// @inheritdoc ISeriesExchange
    function fixRegister(address series, bytes32 registerHash) external restricted {
        Leaving storage leaving = _requireBegun(series);
        if (leaving.successor != address(0)) revert DepartureUnsound(series, leaving.successor);
        _fixRegister(series, registerHash);
    }

    function _proposeDeparture(address series, address successor, bytes32 document) private {
        if (document == 0 || !_isSeries(series)) revert DepartureUnsound(series, successor);
        _propose(_subject(series), _content(successor, document));
    }

    function _begin(address series, address successor, bytes32 document) private returns (uint256 supply) {
        _confirm(_subject(series), _content(successor, document));
        Leaving storage leaving = _leavings[series];
        if (leaving.carried != 0 || leaving.status == Departure.Completed) {
            revert DepartureNotIn(series, Departure.None, leaving.status);
        }
        if (_PROGRAMME.seriesOf(series).status != Status.Closed) revert SeriesStillInIssue(series);
        if (leaving.successor != address(0)) delete formerOf[leaving.successor];
        supply = IERC20(series).totalSupply();
        // The supply is a balance's 112 bits.
        _leavings[series] =
            Leaving(successor, uint40(block.timestamp), Departure.Begun, document, 0, uint112(supply), 0);
        IExchangeable(series).exchangeBegin();
    }

    function _requireFresh(address successor, address series, uint256 supply) private view {
        if (!_isSeries(successor) || successor == series) revert DepartureUnsound(series, successor);
        bool isFresh = IERC20(successor).totalSupply() == 0 && formerOf[successor] == address(0)
            && _leavings[successor].status == Departure.None;
        if (!isFresh) revert SuccessorNotFresh(successor);
        uint256 room = IPermissionedTokenCore(successor).maximumIssue() - _PROGRAMME.seriesOf(successor).authorised;
        if (room < supply) revert SuccessorTooSmall(successor, room, supply);
    }

    function _fixRegister(address series, bytes32 registerHash) private {
        if (registerHash == 0) revert DepartureUnsound(series, address(0));
        _leavings[series].registerHash = registerHash;
        emit RegisterFixed(series, registerHash);
    }

    // ------------------------------------------------------------------ the walk

    /// @inheritdoc ISeriesExchange
    function carry(address series, Row[] calldata rows) external nonReentrant returns (uint256 carried) {
        Leaving storage leaving = _leavings[series];
        // An empty account may still be frozen, and is carried after the last holder too.
        if (leaving.status == Departure.None) revert DepartureNotIn(series, Departure.Begun, leaving.status);
        address successor = leaving.successor;
        _requireNothingDeclared(series);
        uint256 before = IERC20(series).totalSupply();
        uint256 arrived = _supplyOf(successor);
        for (uint256 i; i < rows.length; ++i) {
            (bool done, bytes memory reason) = Attempt.onSelf(abi.encodeCall(this.carryRow, (series, rows[i])));
            if (done) ++carried;
            else emit HolderLeftBehind(series, rows[i].account, reason);
        }
        uint256 left = IERC20(series).totalSupply();
        uint256 moved = before - left;
        leaving.carried += uint112(moved); // no more than the supply
        if (successor != address(0)) {
            arrived = _supplyOf(successor) - arrived;
            if (arrived != moved) revert SupplyNotConserved(moved, arrived);
            _PROGRAMME.exchangeCommitment(series, successor, moved);
        }
        if (left == 0 && leaving.status == Departure.Begun) _complete(series, leaving);
    }

    /// @notice One row of `carry`, which calls itself.
    function carryRow(address series, Row calldata row) external {
        if (msg.sender != address(this)) revert OnlySelf(msg.sender);
        Leaving storage leaving = _leavings[series];
        (address successor, bytes32 document) = (leaving.successor, leaving.document);
        Position memory position = IExchangeable(series).exchangeOut(row.account, row.pledges, successor, document);
        uint256 pledged;
        for (uint256 i; i < position.pledges.length; ++i) {
            pledged += position.pledges[i].amount;
        }
        if (position.units == 0 && position.frozen == 0 && !position.isFrozen && pledged == 0) return;
        emit HolderCarried(series, position.account, position.units, position.frozen, position.isFrozen, pledged);
        if (successor == address(0)) return;
        IExchangeable(successor).exchangeIn(position, row.pledges, series, document);
    }

    /// @inheritdoc ISeriesExchange
    function complete(address series) external {
        Leaving storage leaving = _requireBegun(series);
        uint256 supply = IERC20(series).totalSupply();
        if (supply != 0) revert DepartureNotIn(series, Departure.Completed, Departure.Begun);
        _complete(series, leaving);
    }

    function _complete(address series, Leaving storage leaving) private {
        leaving.status = Departure.Completed;
        emit DepartureCompleted(series, leaving.successor, leaving.carried);
    }

    // ------------------------------------------------------------------ what can be asked

    /// @inheritdoc ISeriesExchange
    function leavingOf(address series) external view returns (Leaving memory) {
        return _leavings[series];
    }

    // ------------------------------------------------------------------ internals

    /// @dev Only a revenue share declares: what it declares is one pot for who holds at its record date, and who had left
    /// by then would have no part of it.
    function _requireNothingDeclared(address series) private view {
        try IRevenueShare(series).declarationCount() returns (uint256 count) {
            if (count == 0) return;
            uint256 recordAt = IRevenueShare(series).declaration(count - 1).recordAt;
            if (block.timestamp < recordAt) revert DeclarationPending(series, recordAt);
        } catch {}
    }

    function _requireBegun(address series) private view returns (Leaving storage leaving) {
        leaving = _leavings[series];
        if (leaving.status != Departure.Begun) revert DepartureNotIn(series, Departure.Begun, leaving.status);
    }

    function _isSeries(address token) private view returns (bool) {
        return _PROGRAMME.seriesOf(token).status != Status.None;
    }

    function _supplyOf(address successor) private view returns (uint256) {
        return successor == address(0) ? 0 : IERC20(successor).totalSupply();
    }

    function _subject(address series) private pure returns (bytes32) {
        return bytes32(uint256(uint160(series)));
    }

    function _content(address successor, bytes32 document) private pure returns (bytes32) {
        return keccak256(abi.encode(successor, document));
    }
}
