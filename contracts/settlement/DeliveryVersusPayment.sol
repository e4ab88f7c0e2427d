// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IAccruing} from "../assets/IAccruing.sol";
import {ISeriesRegister} from "../programme/ISeriesRegister.sol";
import {Allotments} from "./Allotments.sol";
import {CashDesk} from "./CashDesk.sol";
import {IDeliveryVersusPayment} from "./IDeliveryVersusPayment.sol";
import {Instructions} from "./Instructions.sol";
import {PriceBasis, Side, SignedOrder, TradeOrder} from "./ITradeOrders.sol";
import {TradeOrders} from "./TradeOrders.sol";

/// @title DeliveryVersusPayment
contract DeliveryVersusPayment is Allotments, Instructions, TradeOrders, IDeliveryVersusPayment {
    using SafeERC20 for IERC20;

    constructor(address authority_, ISeriesRegister seriesRegister_, address treasury_)
        AccessManaged(authority_)
        CashDesk(seriesRegister_, treasury_)
    {}

    // ------------------------------------------------------------------------------------------------------ Trades

    /// @inheritdoc IDeliveryVersusPayment
    function settle(SignedOrder calldata maker, SignedOrder calldata taker)
        external
        nonReentrant
        returns (uint256 units, uint256 payment)
    {
        bytes32 makerDigest;
        bytes32 takerDigest;
        (makerDigest, takerDigest, units) = _meet(maker, taker);
        payment = _paymentUp(maker.order, taker.order, units);
        (address seller, address buyer) = maker.order.side == Side.Sell
            ? (maker.order.maker, taker.order.maker)
            : (taker.order.maker, maker.order.maker);
        _exchange(makerDigest, takerDigest, maker.order, seller, buyer, units, payment);
    }

    // --------------------------------------------------------------------------------------------------- Internals

    function _exchange(
        bytes32 makerDigest,
        bytes32 takerDigest,
        TradeOrder calldata what,
        address seller,
        address buyer,
        uint256 units,
        uint256 payment
    ) private {
        (address token, address cash) = (what.token, what.cash);
        emit Traded(makerDigest, takerDigest, token, seller, buyer, units, cash, payment);
        _pullExactly(IERC20(cash), buyer, seller, payment);
        IERC20(token).safeTransferFrom(seller, buyer, units);
    }

    /// @dev In approved cash, for a series. The maker's price, which the taker's must admit; accrued interest is the
    /// same for both and comes on top.
    function _paymentUp(TradeOrder calldata maker, TradeOrder calldata taker, uint256 units)
        private
        returns (uint256 payment)
    {
        uint8 cashDecimals = _requireMoneyOf(maker.token, maker.cash);
        payment = _shareUp(maker, units);
        uint256 limit = _shareUp(taker, units);
        bool admitted = taker.side == Side.Buy ? payment <= limit : payment >= limit;
        if (!admitted) revert TradePriceRefused(payment, limit);
        if (maker.basis == PriceBasis.Clean) payment += _accruedUp(maker.token, units, cashDecimals);
    }

    function _shareUp(TradeOrder calldata order, uint256 units) private pure returns (uint256) {
        return Math.mulDiv(order.consideration, units, order.units, Math.Rounding.Ceil);
    }

    function _accruedUp(address token, uint256 units, uint8 cashDecimals) private view returns (uint256) {
        try IAccruing(token).accruedUp(units, cashDecimals) returns (uint256 accrued) {
            return accrued;
        } catch {
            revert TradeWithoutAccrual(token);
        }
    }
}
