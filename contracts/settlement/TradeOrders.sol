// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {ITradeOrders, SignedOrder, TradeOrder} from "./ITradeOrders.sol";

/// @title TradeOrders
/// @notice Admits two signed orders that meet, and keeps what is left of each.
abstract contract TradeOrders is EIP712("Amanat Delivery versus Payment", "1"), ITradeOrders {
    bytes32 private constant ORDER_TYPE = keccak256(
        "TradeOrder(address maker,address counterparty,address venue,address token,address cash,uint8 side,uint8 basis,"
        "uint256 units,uint256 minimumFill,uint256 consideration,uint256 expiry,uint256 salt)"
    );

    uint256 private constant CANCELLED = type(uint256).max;

    /// @inheritdoc ITradeOrders
    mapping(bytes32 order => uint256 units) public filled;

    /// @inheritdoc ITradeOrders
    function cancel(TradeOrder calldata order) external {
        if (msg.sender != order.maker) revert OrderNotOfCaller(order.maker, msg.sender);
        bytes32 digest = orderDigest(order);
        filled[digest] = CANCELLED;
        emit OrderCancelled(digest, msg.sender);
    }

    /// @inheritdoc ITradeOrders
    function orderDigest(TradeOrder calldata order) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(ORDER_TYPE, order)));
    }

    /// @dev Takes as many units from both orders as both still have, or refuses.
    function _meet(SignedOrder calldata maker, SignedOrder calldata taker)
        internal
        returns (bytes32 makerDigest, bytes32 takerDigest, uint256 units)
    {
        (makerDigest, takerDigest) = (orderDigest(maker.order), orderDigest(taker.order));
        if (!_complement(maker.order, taker.order)) revert OrdersDoNotMeet(makerDigest, takerDigest);
        uint256 makerLeft = _admit(maker, makerDigest, taker.order.maker);
        uint256 takerLeft = _admit(taker, takerDigest, maker.order.maker);
        units = makerLeft < takerLeft ? makerLeft : takerLeft;
        _fill(maker.order, makerDigest, units, makerLeft);
        _fill(taker.order, takerDigest, units, takerLeft);
    }

    /// @return left Units that the order still has.
    function _admit(SignedOrder calldata signed, bytes32 digest, address counterparty)
        private
        view
        returns (uint256 left)
    {
        TradeOrder calldata order = signed.order;
        if (block.timestamp >= order.expiry) revert OrderExpired(digest, order.expiry);
        uint256 before = filled[digest];
        if (before >= order.units) revert OrderSpent(digest);
        if (order.venue != address(0) && order.venue != msg.sender) {
            revert OrderVenueRefused(digest, order.venue, msg.sender);
        }
        if (order.counterparty != address(0) && order.counterparty != counterparty) {
            revert OrderCounterpartyRefused(digest, order.counterparty, counterparty);
        }
        if (!_isSignedBy(order.maker, digest, signed.signature)) revert OrderSignatureInvalid(digest, order.maker);
        return order.units - before;
    }

    /// @dev An account's own signature needs no look at whether it is a contract, which nobody's key can be.
    function _isSignedBy(address maker, bytes32 digest, bytes calldata signature) private view returns (bool) {
        (address signer,,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (signer == maker && signer != address(0)) return true;
        return SignatureChecker.isValidERC1271SignatureNowCalldata(maker, digest, signature);
    }

    function _fill(TradeOrder calldata order, bytes32 digest, uint256 units, uint256 left) private {
        if (units < order.minimumFill && units != left) revert OrderFillTooSmall(digest, units, order.minimumFill);
        filled[digest] = order.units - left + units;
    }

    function _complement(TradeOrder calldata maker, TradeOrder calldata taker) private pure returns (bool) {
        return maker.side != taker.side && maker.basis == taker.basis && maker.token == taker.token
            && maker.cash == taker.cash && maker.maker != taker.maker;
    }
}
