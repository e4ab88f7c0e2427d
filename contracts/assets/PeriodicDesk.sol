// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IHolidayCalendar} from "../programme/IHolidayCalendar.sol";
import {Price} from "./BillMath.sol";
import {BondMath, Rate} from "./BondMath.sol";
import {CivilDate} from "./CivilDate.sol";
import {DayCount, YearFraction} from "./DayCount.sol";
import {IAccruing} from "./IAccruing.sol";
import {Entitlement, IObligor, Obligation, PaymentKind} from "./IObligor.sol";
import {IMeasured} from "./IMeasured.sol";
import {IPeriodic, Period} from "./IPeriodic.sol";
import {IPriced} from "./IPriced.sol";
import {Measures} from "./Measures.sol";
import {Obligor} from "./Obligor.sol";
import {PeriodSchedule, Schedule} from "./PeriodSchedule.sol";
import {PeriodicTerms, RateType} from "./PeriodicTerms.sol";
import {Periods} from "./Periods.sol";
import {Rounding} from "./Rounding.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @notice The desk of a class that runs in periods: what it owes and when, and what a venue needs to quote it.
/// @dev Runs in the name of a series, by delegatecall from its fallback, and hands over to the `TokenDesk` behind it.
abstract contract PeriodicDesk is Periods, Obligor, IPriced, IMeasured {
    using SafeCast for uint256;
    using SafeCast for int256;

    /// @dev Millionths for 100 in ten-thousandths: what lies between a dirty price and a clean one.
    int256 private constant MILLIONTHS_PER_PRICE = 100;

    IHolidayCalendar private immutable _CALENDAR;

    /// @notice What has accrued alone is more than that dirty price: no clean one is left.
    error BondPriceNegative(int256 price);

    constructor(IHolidayCalendar calendar) {
        _CALENDAR = calendar;
    }

    // ------------------------------------------------------------------ what it owes

    /// @inheritdoc IObligor
    function currency() external view returns (uint16) {
        return _terms().currency;
    }

    /// @inheritdoc IMeasured
    function measure() external view returns (bytes32 unit, uint256 content) {
        PeriodicTerms memory t = _terms();
        return (Measures.currencyUnit(t.currency), Measures.ofFace(t.unitFace));
    }

    /// @inheritdoc IObligor
    function obligation(PaymentKind kind, uint256 number) external view returns (Obligation memory) {
        PeriodicTerms memory t = _terms();
        uint256 count = _requireOwed(t, kind, number);
        if (kind != PaymentKind.Redemption) return _obligation(t, number);
        return _redemption(t, count);
    }

    /// @inheritdoc IObligor
    function entitlement(PaymentKind kind, uint256 number, uint8 cashDecimals)
        public
        view
        override
        returns (Entitlement memory)
    {
        PeriodicTerms memory t = _terms();
        _requireOwed(t, kind, number);
        uint256 hundredth = Rounding.cashPerHundredth(cashDecimals);
        if (kind != PaymentKind.Redemption) {
            uint256 paid = _distribution(t, number) * hundredth;
            return Entitlement(t.calculationAmount, paid, paid);
        }
        // On so much face that a price of ten-thousandths comes out whole.
        uint256 price = _redemptionPrice();
        uint256 income = _redemptionIncome(t, price);
        return Entitlement(BondMath.PAR, price * t.unitFace * hundredth, income * t.unitFace * hundredth);
    }

    /// @dev Of what is paid back, what exceeds the price of a discount series, or the face of any other: that a coupon
    /// series was bought below par is no income of its redemption.
    function _redemptionIncome(PeriodicTerms memory t, uint256 price) private pure returns (uint256) {
        uint256 paid = t.rateType == RateType.Discount ? t.issuePrice : BondMath.PAR;
        return price > paid ? price - paid : 0;
    }

    /// @dev Ten-thousandths for 100 of face.
    function _redemptionPrice() internal view virtual returns (uint256);

    /// @dev What the class calls a distribution.
    function _distributionKind() internal pure virtual returns (PaymentKind);

    /// @return count Of periods.
    function _requireOwed(PeriodicTerms memory t, PaymentKind kind, uint256 number)
        private
        view
        returns (uint256 count)
    {
        count = _count(t);
        bool known = kind == PaymentKind.Redemption ? number == 0 : kind == _distributionKind() && number < count;
        if (!known) revert ObligationUnknown(kind, number);
    }

    function _obligation(PeriodicTerms memory t, uint256 number) private view returns (Obligation memory) {
        (, uint32 end) = _period(t, number);
        uint256 recordAt = _recordAt(t, number);
        return Obligation(number, recordAt, _due(t, end, recordAt));
    }

    function _redemption(PeriodicTerms memory t, uint256 count) private view returns (Obligation memory) {
        uint32 day = _lastDay(t);
        uint256 recordAt = CivilDate.startOfDayKarachi(day);
        return Obligation(count, recordAt, _due(t, day, recordAt));
    }

    /// @dev A convention may bring a payment forward, but not before it is known whom it belongs to.
    function _due(PeriodicTerms memory t, uint32 day, uint256 recordAt) private view returns (uint256 due) {
        due = Math.max(CivilDate.startOfDayKarachi(_CALENDAR.adjust(t.calendar, day, t.businessDays)), recordAt);
    }

    // ------------------------------------------------------------------ its periods

    /// @inheritdoc IPeriodic
    function periodCount() external view returns (uint256) {
        return _count(_terms());
    }

    /// @inheritdoc IPeriodic
    function currentPeriod() external view returns (uint256) {
        return PeriodSchedule.periodAt(_scheduleOf(_terms()), _today());
    }

    /// @inheritdoc IPeriodic
    function period(uint256 number) external view returns (Period memory) {
        PeriodicTerms memory t = _terms();
        if (number >= _count(t)) revert PeriodSchedule.SchedulePeriodUnknown(number);
        return _describe(t, number);
    }

    /// @inheritdoc IPeriodic
    function schedule() external view returns (Period[] memory periods) {
        PeriodicTerms memory t = _terms();
        periods = new Period[](_count(t));
        for (uint256 number; number < periods.length; ++number) {
            periods[number] = _describe(t, number);
        }
    }

    /// @inheritdoc IPeriodic
    function nextPayment() external view returns (PaymentKind kind, uint256 number, Obligation memory when) {
        PeriodicTerms memory t = _terms();
        uint256 count = _count(t);
        uint32 today = _today();
        if (count != 0 && today < _lastDay(t)) {
            number = today < t.accrualStart ? 0 : PeriodSchedule.periodAt(_scheduleOf(t), today);
            return (_distributionKind(), number, _obligation(t, number));
        }
        return (PaymentKind.Redemption, 0, _redemption(t, count));
    }

    /// @inheritdoc IPeriodic
    function rateOf(uint256 number) external view returns (uint256) {
        PeriodicTerms memory t = _terms();
        if (number >= _count(t)) revert PeriodSchedule.SchedulePeriodUnknown(number);
        return _rateOf(t, number);
    }

    /// @inheritdoc IPeriodic
    function outstanding() external view returns (uint256) {
        return IERC20(address(this)).totalSupply() * _terms().unitFace;
    }

    function _describe(PeriodicTerms memory t, uint256 number) private view returns (Period memory p) {
        p.number = number;
        (p.start, p.end) = _period(t, number);
        p.recordAt = _recordAt(t, number);
        try _CALENDAR.adjust(t.calendar, p.end, t.businessDays) returns (uint32 day) {
            p.due = Math.max(CivilDate.startOfDayKarachi(day), p.recordAt);
        } catch {}
        p.isRateSet = _isRateSet(t, number);
        if (p.isRateSet) (p.rate, p.distribution) = (_rateOf(t, number), _distribution(t, number));
    }

    // ------------------------------------------------------------------ what it costs

    /// @inheritdoc IPriced
    /// @dev A clean price. What has accrued is rounded for itself, as a contract note shows it, and comes on top; after a
    /// record date, what the period will pay to another comes off.
    function costOf(uint256 units, uint256 price, uint8 cashDecimals) external view returns (uint256) {
        PeriodicTerms memory t = _terms();
        uint256 clean = BondMath.paymentHalfUp(units, t.unitFace, BondMath.asPrice(price), cashDecimals);
        if (t.rateType == RateType.Discount) return clean;
        uint32 today = _today();
        (uint256 number, uint256 rate, YearFraction memory part) = _accrual(t, today);
        uint256 accrued = BondMath.accruedHalfUp(units, t.unitFace, Rate.wrap(uint32(rate)), part, cashDecimals);
        if (!_pastRecord(t, number, today)) return clean + accrued;
        return clean + accrued - BondMath.payoutDown(units, t.calculationAmount, _distribution(t, number), cashDecimals);
    }

    /// @inheritdoc IAccruing
    function accruedUp(uint256 units, uint8 cashDecimals) external view returns (uint256) {
        PeriodicTerms memory t = _terms();
        if (t.rateType == RateType.Discount) return 0;
        uint32 today = _today();
        (uint256 number, uint256 rate, YearFraction memory part) = _accrual(t, today);
        if (_pastRecord(t, number, today)) revert PastRecordDate(number, _recordAt(t, number));
        return BondMath.accruedUp(units, t.unitFace, Rate.wrap(uint32(rate)), part, cashDecimals);
    }

    /// @inheritdoc IPeriodic
    function accruedPer100() external view returns (int256) {
        return _accruedPer100(_terms(), _today());
    }

    /// @inheritdoc IPeriodic
    function accruedPer100At(uint32 day) external view returns (int256) {
        return _accruedPer100(_terms(), day);
    }

    /// @inheritdoc IPeriodic
    function dirtyPrice(uint256 clean) external view returns (uint256) {
        int256 price = int256(uint256(Price.unwrap(BondMath.asPrice(clean)))) * MILLIONTHS_PER_PRICE;
        return (price + _accruedPer100(_terms(), _today())).toUint256();
    }

    /// @inheritdoc IPeriodic
    function cleanPrice(uint256 dirty) external view returns (uint256) {
        int256 clean = dirty.toInt256() - _accruedPer100(_terms(), _today());
        if (clean <= 0) revert BondPriceNegative(clean);
        return (uint256(clean) + uint256(MILLIONTHS_PER_PRICE) / 2) / uint256(MILLIONTHS_PER_PRICE);
    }

    function _accruedPer100(PeriodicTerms memory t, uint32 day) private view returns (int256 accrued) {
        if (t.rateType == RateType.Discount) return 0;
        (uint256 number, uint256 rate, YearFraction memory part) = _accrual(t, day);
        accrued = _per100(rate, part);
        if (_pastRecord(t, number, day)) {
            accrued -= _per100(rate, DayCount.ofPeriod(t.dayCount, _scheduleOf(t), number));
        }
    }

    function _per100(uint256 rate, YearFraction memory part) private pure returns (int256) {
        return BondMath.accruedPer100HalfUp(Rate.wrap(uint32(rate)), part, BondMath.ACCRUED_PLACES).toInt256();
    }

    /// @dev The period that `day` lies in, its rate, and the part of a year that has run of it.
    function _accrual(PeriodicTerms memory t, uint32 day)
        private
        view
        returns (uint256 number, uint256 rate, YearFraction memory part)
    {
        if (day >= _lastDay(t)) revert PeriodSchedule.ScheduleDayOutOfRange(day);
        Schedule memory schedule_ = _scheduleOf(t);
        number = PeriodSchedule.periodAt(schedule_, day);
        rate = _rateOf(t, number);
        part = DayCount.accrued(t.accruedDayCount, schedule_, day);
    }

    /// @dev Whether who settles on `day` is not paid for the period: what is bought on the record day counts no more.
    function _pastRecord(PeriodicTerms memory t, uint256 number, uint32 day) private pure returns (bool) {
        (, uint32 end) = _period(t, number);
        return day >= end - t.recordDays;
    }

    function _today() internal view returns (uint32) {
        return CivilDate.dayInKarachi(block.timestamp);
    }
}
