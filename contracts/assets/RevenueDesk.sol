// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IHolidayCalendar} from "../programme/IHolidayCalendar.sol";
import {Extended} from "../token/Extended.sol";
import {Foundations} from "../token/Foundations.sol";
import {Gate} from "../token/Gate.sol";
import {BondMath} from "./BondMath.sol";
import {CivilDate} from "./CivilDate.sol";
import {Declarations} from "./Declarations.sol";
import {Entitlement, IObligor, Obligation, PaymentKind} from "./IObligor.sol";
import {IMeasured} from "./IMeasured.sol";
import {IPriced} from "./IPriced.sol";
import {Declaration, IRevenueShare} from "./IRevenueShare.sol";
import {Measures} from "./Measures.sol";
import {Obligor} from "./Obligor.sol";
import {RevenueTerms} from "./RevenueTerms.sol";
import {Rounding} from "./Rounding.sol";
import {Figures, Split, Waterfall} from "./Waterfall.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice The desk of all revenue shares: terms, declarations, what is owed and when, and the issuer's call.
/// @custom:extension TokenDesk
/// @dev Runs in the name of a series, by delegatecall from its fallback, and hands over to the `TokenDesk` behind it.
contract RevenueDesk is Declarations, Obligor, IPriced, IMeasured, Extended {
    IHolidayCalendar private immutable _CALENDAR;

    constructor(Foundations memory foundations, address desk, IHolidayCalendar calendar)
        Gate(foundations)
        Extended(desk)
    {
        _CALENDAR = calendar;
    }

    // ------------------------------------------------------------------ what it owes

    /// @inheritdoc IObligor
    function currency() external view returns (uint16) {
        return terms().currency;
    }

    /// @inheritdoc IMeasured
    /// @dev Its face, which is what it is issued for, whatever the revenue will be worth.
    function measure() external view returns (bytes32 unit, uint256 content) {
        RevenueTerms memory t = terms();
        return (Measures.currencyUnit(t.currency), Measures.ofFace(t.unitFace));
    }

    /// @inheritdoc IObligor
    function obligation(PaymentKind kind, uint256 number) external view returns (Obligation memory) {
        RevenueTerms memory t = terms();
        if (kind == PaymentKind.Revenue) return _obligation(t, number);
        _requireRedemption(kind, number);
        return _redemption(t);
    }

    /// @inheritdoc IObligor
    /// @dev Of a declaration: the pool, on the whole supply of its record date, so that each holder's part of it is
    /// floored once. All of it is income. At the end: its price on so much face that it comes out whole, of which what
    /// exceeds the face is income.
    function entitlement(PaymentKind kind, uint256 number, uint8 cashDecimals)
        public
        view
        override
        returns (Entitlement memory)
    {
        uint256 hundredth = Rounding.cashPerHundredth(cashDecimals);
        if (kind == PaymentKind.Revenue) {
            uint256 pool = _declared(number).pool * hundredth;
            // Where nobody holds any more, nobody is owed: but a part needs a whole.
            return Entitlement(Math.max(_supplyFor(number), 1), pool, pool);
        }
        _requireRedemption(kind, number);
        RevenueTerms memory t = terms();
        uint256 price = _endPrice(t);
        uint256 income = price > BondMath.PAR ? price - BondMath.PAR : 0;
        return Entitlement(BondMath.PAR, price * t.unitFace * hundredth, income * t.unitFace * hundredth);
    }

    /// @inheritdoc IRevenueShare
    function nextPayment() external view returns (PaymentKind kind, uint256 number, Obligation memory when) {
        RevenueTerms memory t = terms();
        uint256 count = _life().count;
        for (number = count; number != 0; --number) {
            if (_due(t, _life().made[number - 1]) <= block.timestamp) break;
        }
        if (number < count) return (PaymentKind.Revenue, number, _obligation(t, number));
        return (PaymentKind.Redemption, 0, _end(t));
    }

    function _obligation(RevenueTerms memory t, uint256 number) private view returns (Obligation memory) {
        Declaration memory made = _declared(number);
        return Obligation(_recordIdOf(number), made.recordAt, _due(t, made));
    }

    /// @dev Until the term is over its number may still change.
    function _redemption(RevenueTerms memory t) private view returns (Obligation memory) {
        if (block.timestamp < _endsAt()) revert TermNotOver(_endsAt());
        return _end(t);
    }

    function _end(RevenueTerms memory t) private view returns (Obligation memory) {
        uint256 recordAt = _endsAt();
        return Obligation(_life().records, recordAt, _adjusted(t, _lastDay(t), recordAt));
    }

    function _due(RevenueTerms memory t, Declaration memory made) private view returns (uint256) {
        return _adjusted(t, made.payDay, made.recordAt);
    }

    /// @dev A convention may bring a payment forward, but not before it is known whom it belongs to.
    function _adjusted(RevenueTerms memory t, uint32 day, uint256 recordAt) private view returns (uint256) {
        return Math.max(CivilDate.startOfDayKarachi(_CALENDAR.adjust(t.calendar, day, t.businessDays)), recordAt);
    }

    function _endPrice(RevenueTerms memory t) private view returns (uint256) {
        uint32 called = _life().calledFor;
        return called == 0 ? t.endPrice : _callPriceOn(t, called);
    }

    function _requireRedemption(PaymentKind kind, uint256 number) private pure {
        if (kind != PaymentKind.Redemption || number != 0) revert ObligationUnknown(kind, number);
    }

    function _declared(uint256 number) private view returns (Declaration memory) {
        if (number >= _life().count) revert DeclarationUnknown(number);
        return _life().made[number];
    }

    // ------------------------------------------------------------------ what can be asked

    /// @inheritdoc IPriced
    /// @dev Nothing accrues: what will be declared is in the price.
    function costOf(uint256 units, uint256 price, uint8 cashDecimals) external view returns (uint256) {
        return BondMath.paymentHalfUp(units, terms().unitFace, BondMath.asPrice(price), cashDecimals);
    }

    /// @inheritdoc IRevenueShare
    function declarationCount() external view returns (uint256) {
        return _life().count;
    }

    /// @inheritdoc IRevenueShare
    function declaration(uint256 number) external view returns (Declaration memory) {
        return _declared(number);
    }

    /// @inheritdoc IRevenueShare
    function carried() external view returns (int256) {
        return _life().carried;
    }

    /// @inheritdoc IRevenueShare
    function lastDay() external view returns (uint32) {
        return _lastDay(terms());
    }

    /// @inheritdoc IRevenueShare
    function calledFor() external view returns (uint32) {
        return _life().calledFor;
    }

    /// @inheritdoc IRevenueShare
    function nextPeriodStart() external view returns (uint32) {
        return _nextPeriodStart(terms(), _life());
    }

    /// @inheritdoc IRevenueShare
    function waterfallOf(Figures calldata figures) external view returns (Split memory) {
        return Waterfall.split(figures, terms().waterfall);
    }

    /// @inheritdoc IRevenueShare
    function rights() external pure returns (string memory) {
        return "A certificate is a contractual share of the revenue account that the terms define. It carries no vote, "
            "no title to the asset or the enterprise, and no control: a change of control neither follows from it nor "
            "changes what it is owed.";
    }
}
