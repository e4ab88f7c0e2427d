// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IInvestorRegistry} from "../identity/IIdentityRegistry.sol";
import {IERC3643Desk} from "../token/IERC3643.sol";
import {IPermissionedToken, Order} from "../token/IPermissionedToken.sol";
import {CustomerReturn, ICustomerReturns, ReturnTotal} from "./ICustomerReturns.sol";
import {ILicenceRegistry} from "./ILicenceRegistry.sol";
import {ISeriesRegister} from "./ISeriesRegister.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";

/// @title The customers' way out of a venue.
/// @notice Holds the power to force transfers, and uses it for one thing: a confirmed part of a list, from a wallet of
/// the listed venue that is frozen meanwhile, to the customer.
/// @dev A venue may itself give back to its customers while its wallet is free. So that nothing is given twice, claims
/// need the wallet frozen on that token, and the list is made of what it holds then.
contract CustomerReturns is AccessManaged, ICustomerReturns {
    using BitMaps for BitMaps.BitMap;

    struct List {
        address venue;
        bool confirmed;
        bytes32 root;
        bytes32 document;
        mapping(address token => uint256) left;
        BitMaps.BitMap claimed;
    }

    IInvestorRegistry public immutable registry;
    ILicenceRegistry public immutable licences;
    ISeriesRegister public immutable programme;

    /// @inheritdoc ICustomerReturns
    uint256 public lists;
    mapping(uint256 number => List) private _lists;

    constructor(address authority, IInvestorRegistry registry_, ILicenceRegistry licences_, ISeriesRegister programme_)
        AccessManaged(authority)
    {
        (registry, licences, programme) = (registry_, licences_, programme_);
    }

    /// @inheritdoc ICustomerReturns
    function post(address venue, bytes32 root, bytes32 document, ReturnTotal[] calldata totals)
        external
        restricted
        returns (uint256 list)
    {
        _requireEnded(venue);
        if (venue == address(0) || root == bytes32(0) || document == bytes32(0)) revert ReturnsInvalid();
        list = ++lists;
        List storage made = _lists[list];
        (made.venue, made.root, made.document) = (venue, root, document);
        for (uint256 i = 0; i < totals.length; ++i) {
            address token = totals[i].token;
            if (!programme.isSeries(token) || made.left[token] != 0) revert ReturnsInvalid();
            made.left[token] = totals[i].amount;
        }
        emit ReturnsPosted(list, venue, root, document, totals);
    }

    /// @inheritdoc ICustomerReturns
    function confirm(uint256 list, bytes32 root) external restricted {
        List storage made = _listOf(list);
        if (made.confirmed || made.root != root) revert ReturnsNotToConfirm(list, made.root);
        _requireEnded(made.venue);
        made.confirmed = true;
        emit ReturnsConfirmed(list, msg.sender);
    }

    /// @inheritdoc ICustomerReturns
    function withdrawList(uint256 list, bytes32 document) external restricted {
        delete _listOf(list).venue;
        emit ReturnsWithdrawn(list, document);
    }

    /// @inheritdoc ICustomerReturns
    function claim(uint256 list, CustomerReturn calldata part, bytes32[] calldata proof) external {
        List storage made = _listOf(list);
        if (!made.confirmed) revert ReturnsNotConfirmed(list);
        _requireEnded(made.venue);
        if (!MerkleProof.verifyCalldata(proof, made.root, leafOf(part))) revert ReturnNotListed(list, part.index);
        if (made.claimed.get(part.index)) revert ReturnClaimed(list, part.index);
        uint256 left = made.left[part.token];
        if (part.amount > left) revert ReturnTotalExceeded(list, part.token, part.amount, left);
        address holder = registry.recordOf(part.from).investor();
        if (holder != made.venue) revert ReturnNotFromVenue(part.from, made.venue);
        if (!IERC3643Desk(part.token).isFrozen(part.from)) revert WalletNotFrozen(part.token, part.from);

        made.claimed.set(part.index);
        made.left[part.token] = left - part.amount;
        address to = registry.successorOf(part.customer);
        emit CustomerReturned(list, part.index, part.token, part.from, to, part.amount);
        _force(part, to, made.document);
    }

    /// @inheritdoc ICustomerReturns
    function leafOf(CustomerReturn calldata part) public pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(part)))); // hashed twice: no inner node is a leaf
    }

    /// @inheritdoc ICustomerReturns
    function listOf(uint256 list)
        external
        view
        returns (address venue, bool confirmed, bytes32 root, bytes32 document)
    {
        List storage made = _lists[list];
        return (made.venue, made.confirmed, made.root, made.document);
    }

    /// @inheritdoc ICustomerReturns
    function leftOf(uint256 list, address token) external view returns (uint256) {
        return _lists[list].left[token];
    }

    /// @inheritdoc ICustomerReturns
    function isClaimed(uint256 list, uint256 index) external view returns (bool) {
        return _lists[list].claimed.get(index);
    }

    /// @dev In the account's turn and for this second: the list was confirmed, the order is its execution.
    function _force(CustomerReturn calldata part, address to, bytes32 document) private {
        IPermissionedToken token = IPermissionedToken(part.token);
        token.forcedTransfer(
            part.from, to, part.amount, Order(document, token.orderSequence(part.from), block.timestamp)
        );
    }

    function _requireEnded(address venue) private view {
        if (licences.stands(venue)) revert VenueStands(venue);
    }

    function _listOf(uint256 list) private view returns (List storage made) {
        made = _lists[list];
        if (made.venue == address(0)) revert ReturnsUnknown(list);
    }
}
