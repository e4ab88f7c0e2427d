// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {CommodityTerms} from "../assets/CommodityTerms.sol";
import {Attestations} from "./Attestations.sol";
import {IEncumbrances, LotState} from "./ILotRegister.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Encumbrances
/// @notice Claims of others on a lot: the custodian who keeps it proposes, the state's agent confirms.
abstract contract Encumbrances is Attestations, IEncumbrances {
    struct Proposal {
        bytes32 digest;
        address custodian;
        uint40 expiry;
    }

    uint256 private constant PROPOSAL_LASTS = 7 days;

    mapping(address token => mapping(bytes32 lotId => Proposal)) private _proposals;

    /// @inheritdoc IEncumbrances
    function proposeEncumbrance(address token, bytes32 lotId, bool encumbered, bytes32 document) external restricted {
        (address custodian,) = _keepersOf(token, _termsOf(token));
        if (msg.sender != custodian) revert CustodianOnly(token, msg.sender);
        LotState memory state = _books[token].lots[lotId];
        bool sound = document != 0 && state.encumbered != encumbered && (state.net != 0 || !encumbered);
        if (!sound) revert EncumbranceUnsound(lotId, encumbered, document);

        uint40 expiry = uint40(block.timestamp + PROPOSAL_LASTS);
        _proposals[token][lotId] = Proposal(_digest(encumbered, document), custodian, expiry);
        emit EncumbranceProposed(token, lotId, encumbered, document, custodian, expiry);
    }

    /// @inheritdoc IEncumbrances
    function confirmEncumbrance(address token, bytes32 lotId, bool encumbered, bytes32 document) external restricted {
        CommodityTerms memory terms = _termsOf(token);
        (address custodian,) = _keepersOf(token, terms);
        Proposal memory proposal = _proposals[token][lotId];
        bool proposed = proposal.digest == _digest(encumbered, document) && block.timestamp < proposal.expiry
            && proposal.custodian == custodian && custodian != msg.sender;
        if (!proposed) revert EncumbranceNotProposed(lotId, encumbered, document);

        LotState storage state = _books[token].lots[lotId];
        delete _proposals[token][lotId];
        state.encumbered = encumbered;
        if (encumbered) {
            if (state.assigned != 0) revert LotIsAssigned(lotId, state.assigned);
            _requireStillCovered(token, terms, lotId);
            emit LotEncumbered(token, lotId, document, custodian, msg.sender);
        } else {
            emit LotReleased(token, lotId, document, custodian, msg.sender);
        }
    }

    function _requireStillCovered(address token, CommodityTerms memory terms, bytes32 lotId) private view {
        uint256 supply = IERC20(token).totalSupply();
        if (supply == 0) return;
        uint256 reserve = _reserveOf(token, terms);
        if (supply > reserve) revert EncumbranceUncovers(lotId, supply, reserve);
    }

    function _digest(bool encumbered, bytes32 document) private pure returns (bytes32) {
        return keccak256(abi.encode(encumbered, document));
    }
}
