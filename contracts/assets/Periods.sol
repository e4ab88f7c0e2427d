// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ITermed} from "../programme/ISeries.sol";
import {Gate} from "../token/Gate.sol";
import {BondMath, Rate} from "./BondMath.sol";
import {CivilDate} from "./CivilDate.sol";
import {DayCount} from "./DayCount.sol";
import {IPeriodic, RateSource} from "./IPeriodic.sol";
import {PeriodSchedule, Schedule} from "./PeriodSchedule.sol";
import {PeriodicTerms, RateType} from "./PeriodicTerms.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

/// @notice The periods of a series, counted from its terms, and the rates that were set for them.
/// @dev The only state of such a series beyond the token's: how far rates were reset, and after which period a call
/// ended it. It stands under a slot of its own, so that the token's storage is that of every class.
abstract contract Periods is Gate, IPeriodic, ITermed {
    /// @param resets Periods whose rates were reset: those numbered 1 to `resets`.
    /// @param calledAfter Periods that a called series has; zero where it was not called.
    /// @custom:storage-location erc7201:amanat.periods
    struct Life {
        uint128 resets;
        uint128 calledAfter;
        mapping(uint256 period => uint256) rates;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("amanat.periods")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant LIFE = 0xf7d354c4e4d06b83c793f20191ac96a8bfb7e3a234d69cb75cddec7b3222a600;

    /// @dev With the redemption's that is as many record dates as a series can have.
    uint256 private constant MAXIMUM_PERIODS = 249;
    /// @dev Of record and fixing days: less than the shortest regular period, so that each has its own within it or just
    /// before it.
    uint256 private constant MAXIMUM_DAYS_BEFORE = 60;

    error TermsUnsound();

    // ------------------------------------------------------------------ terms

    /// @inheritdoc ITermed
    function termsHash() external view returns (bytes32) {
        return keccak256(Clones.fetchCloneArgs(address(this)));
    }

    /// @inheritdoc ITermed
    function requireSoundTerms() external view {
        PeriodicTerms memory t = _terms();
        if (!_isSound(t) || !_isSoundRate(t)) revert TermsUnsound();
        if (t.rateType != RateType.Discount) _requireSoundPeriods(t);
        _requireSoundRest(t);
    }

    function _isSound(PeriodicTerms memory t) private pure returns (bool) {
        return t.maximumIssue != 0 && t.unitFace != 0 && t.denomination != 0 && t.calculationAmount != 0
            && t.issuePrice != 0 && t.termSheetHash != 0 && t.calendar != 0 && t.accrualStart <= t.issueDate
            && t.issueDate < t.statedMaturity && t.recordDays <= MAXIMUM_DAYS_BEFORE
            && CivilDate.startOfDayKarachi(t.statedMaturity) <= type(uint32).max;
    }

    function _isSoundRate(PeriodicTerms memory t) private pure returns (bool) {
        if (t.rateType == RateType.Discount) {
            return t.frequency == 0 && t.rate == 0 && t.benchmark == 0 && t.issuePrice <= BondMath.PAR;
        }
        if (t.rateType == RateType.Fixed) return t.rate != 0 && t.benchmark == 0;
        return
            t.benchmark != 0 && t.fixingDays <= MAXIMUM_DAYS_BEFORE && t.rate >= t.floor
                && (t.cap == 0 || t.rate <= t.cap);
    }

    /// @dev The first record date comes after the issue, or a payment would belong to nobody.
    function _requireSoundPeriods(PeriodicTerms memory t) private pure {
        Schedule memory schedule_ = _scheduleOf(t);
        PeriodSchedule.validate(schedule_);
        (, uint32 end) = PeriodSchedule.period(schedule_, 0);
        if (PeriodSchedule.periodCount(schedule_) > MAXIMUM_PERIODS || end <= t.issueDate + t.recordDays) {
            revert TermsUnsound();
        }
    }

    function _requireSoundRest(PeriodicTerms memory t) internal view virtual;

    // ------------------------------------------------------------------ rates

    /// @inheritdoc IPeriodic
    function resetRate(uint256 period_, uint256 benchmark, RateSource source, bytes32 evidence) external restricted {
        PeriodicTerms memory t = _terms();
        if (t.rateType != RateType.Variable) revert RateNotVariable();
        Life storage life = _life();
        uint256 expected = life.resets + 1;
        uint256 count = _count(t);
        if (period_ != expected || period_ >= count) revert RateOutOfTurn(period_, expected);
        if (evidence == 0) revert RateWithoutEvidence();
        (uint32 start,) = _period(t, period_);
        _requireTime(t, period_, start, source);
        uint256 rate = _boundedRate(t, benchmark, _rateOf(t, period_ - 1));

        life.resets = uint128(expected);
        life.rates[period_] = rate;
        emit RateReset(period_, rate, benchmark, source, evidence, msg.sender);
    }

    /// @dev A fallback waits until the period has begun: until then the benchmark may still be published.
    function _requireTime(PeriodicTerms memory t, uint256 period_, uint32 start, RateSource source) private view {
        uint32 from = source == RateSource.Benchmark ? start - t.fixingDays : start;
        uint256 notBefore = CivilDate.startOfDayKarachi(from);
        if (block.timestamp < notBefore) revert RateTooEarly(period_, notBefore);
    }

    function _boundedRate(PeriodicTerms memory t, uint256 benchmark, uint256 before)
        private
        pure
        returns (uint256 rate)
    {
        if (benchmark > type(uint32).max) revert BondMath.BondRateOutOfRange(benchmark);
        int256 sum = int256(benchmark) + t.spread;
        bool within = sum >= int256(uint256(t.floor)) && (t.cap == 0 || sum <= int256(uint256(t.cap)));
        if (!within) revert RateOutOfBounds(sum, t.floor, t.cap);
        rate = Rate.unwrap(BondMath.asRate(uint256(sum)));
        uint256 step = rate > before ? rate - before : before - rate;
        if (t.maximumStep != 0 && step > t.maximumStep) revert RateStepTooLarge(rate, before, t.maximumStep);
    }

    function _isRateSet(PeriodicTerms memory t, uint256 period_) internal view returns (bool) {
        return t.rateType != RateType.Variable || period_ <= _life().resets;
    }

    function _rateOf(PeriodicTerms memory t, uint256 period_) internal view returns (uint256) {
        if (t.rateType != RateType.Variable || period_ == 0) return t.rate;
        if (period_ > _life().resets) revert RateNotSet(period_);
        return _life().rates[period_];
    }

    // ------------------------------------------------------------------ periods

    /// @notice Unix time of a record date; zero where there is none of that number.
    /// @dev That many days before a period ends, from the terms alone; the last is the end of the series itself, from
    /// which holdings stand still.
    function recordDate(uint256 recordId) external view returns (uint256) {
        PeriodicTerms memory t = _terms();
        uint256 count = _count(t);
        if (recordId < count) return _recordAt(t, recordId);
        return recordId == count ? CivilDate.startOfDayKarachi(_lastDay(t)) : 0;
    }

    function _recordAt(PeriodicTerms memory t, uint256 period_) internal pure returns (uint256) {
        (, uint32 end) = _period(t, period_);
        return CivilDate.startOfDayKarachi(end - t.recordDays);
    }

    /// @dev How many periods the series has, a call considered.
    function _count(PeriodicTerms memory t) internal view returns (uint256 count) {
        if (t.rateType == RateType.Discount) return 0;
        count = _life().calledAfter;
        if (count == 0) count = PeriodSchedule.periodCount(_scheduleOf(t));
    }

    /// @dev The stated maturity, or the day it was called at.
    function _lastDay(PeriodicTerms memory t) internal view returns (uint32 day) {
        uint256 called = _life().calledAfter;
        if (called == 0) return t.statedMaturity;
        (, day) = _period(t, called - 1);
    }

    function _period(PeriodicTerms memory t, uint256 number) internal pure returns (uint32 start, uint32 end) {
        return PeriodSchedule.period(_scheduleOf(t), number);
    }

    function _scheduleOf(PeriodicTerms memory t) internal pure returns (Schedule memory) {
        return Schedule(t.accrualStart, t.statedMaturity, t.firstPeriodEnd, t.frequency, t.endOfMonth);
    }

    /// @dev What one calculation amount is paid for a period, in hundredths of the currency.
    function _distribution(PeriodicTerms memory t, uint256 number) internal view returns (uint256) {
        return BondMath.distributionHalfUp(
            uint256(t.calculationAmount) * t.unitFace,
            Rate.wrap(uint32(_rateOf(t, number))),
            DayCount.ofPeriod(t.dayCount, _scheduleOf(t), number)
        );
    }

    /// @dev Every class of such series has these first in its terms.
    function _terms() internal view returns (PeriodicTerms memory) {
        return abi.decode(Clones.fetchCloneArgs(address(this)), (PeriodicTerms));
    }

    function _life() internal pure returns (Life storage life) {
        assembly ("memory-safe") {
            life.slot := LIFE
        }
    }
}
