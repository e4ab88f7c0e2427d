// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccruing} from "./IAccruing.sol";
import {Obligation, PaymentKind} from "./IObligor.sol";

/// @notice What a rate was set to. Numbers never change their meaning.
/// @param Benchmark The benchmark of the terms, as published.
/// @param Fallback What the terms put in its place where it was not published in time.
enum RateSource {
    Benchmark,
    Fallback
}

/// @notice One period of a series.
/// @param number From zero, in order of time.
/// @param start First day that accrues.
/// @param end Day it ends, never adjusted; the first day of the next.
/// @param recordAt Unix time of its record date.
/// @param due Unix time from which it is paid: the start of its payment day; zero where the calendar of that year is
/// not published yet.
/// @param isRateSet Whether its rate is known.
/// @param rate Ten-thousandths of a per cent a year.
/// @param distribution What one calculation amount is paid, in hundredths of the currency.
struct Period {
    uint256 number;
    uint32 start;
    uint32 end;
    uint256 recordAt;
    uint256 due;
    bool isRateSet;
    uint256 rate;
    uint256 distribution;
}

/// @notice A series that runs in periods and pays at the end of each: what a venue needs to quote it.
/// @dev Prices for 100 of face: clean in ten-thousandths, dirty and accrued in millionths. A settlement now is one of
/// the day that begins in Asia/Karachi.
interface IPeriodic is IAccruing {
    /// @notice The rate of a period was set, once and for all.
    event RateReset(
        uint256 indexed period, uint256 rate, uint256 benchmark, RateSource source, bytes32 evidence, address setter
    );

    /// @notice Rates of this series are not reset.
    error RateNotVariable();
    /// @notice Rates are reset in order of the periods, each once: `expected` is next.
    error RateOutOfTurn(uint256 period, uint256 expected);
    /// @notice The benchmark is taken from the fixing day on, a fallback from the start of the period on.
    error RateTooEarly(uint256 period, uint256 notBefore);
    /// @notice The terms allow no such rate.
    error RateOutOfBounds(int256 rate, uint256 floor, uint256 cap);
    /// @notice The terms allow no such step from the rate before.
    error RateStepTooLarge(uint256 rate, uint256 before, uint256 maximumStep);
    /// @notice A reset names the document that proves it.
    error RateWithoutEvidence();
    /// @notice The rate of that period is not set yet.
    error RateNotSet(uint256 period);
    /// @notice Who settles now is not paid for the period that runs, since its record date has passed: what has accrued
    /// is less than nothing (see `accruedPer100`), and the parties agree a dirty price.
    error PastRecordDate(uint256 period, uint256 recordAt);

    /// @notice Sets the rate of the next period that has none: benchmark and spread.
    /// @param period Its number; the one after the last reset.
    /// @param benchmark Ten-thousandths of a per cent a year.
    /// @param evidence Hash of the publication it comes from.
    function resetRate(uint256 period, uint256 benchmark, RateSource source, bytes32 evidence) external;

    /// @notice How many periods there are; fewer than the terms say after a call.
    function periodCount() external view returns (uint256);

    /// @notice Number of the period that the day of now lies in.
    function currentPeriod() external view returns (uint256);

    /// @notice One period.
    function period(uint256 number) external view returns (Period memory);

    /// @notice All periods.
    function schedule() external view returns (Period[] memory);

    /// @notice The payment that is due next: the first whose day has not come; the redemption once all others have.
    function nextPayment() external view returns (PaymentKind kind, uint256 number, Obligation memory when);

    /// @notice Rate of a period; reverts with `RateNotSet` where it is not known.
    function rateOf(uint256 number) external view returns (uint256);

    /// @notice What 100 of face has accrued by a settlement now, half-up to the millionth. Less than nothing between a
    /// record date and the end of the period: who buys then is not paid for it.
    function accruedPer100() external view returns (int256);

    /// @notice As `accruedPer100`, by a settlement on `day`, days since 1970-01-01.
    function accruedPer100At(uint32 day) external view returns (int256);

    /// @notice The dirty price of a clean one, settled now. Exact.
    function dirtyPrice(uint256 clean) external view returns (uint256);

    /// @notice The clean price of a dirty one, settled now, half-up.
    function cleanPrice(uint256 dirty) external view returns (uint256);

    /// @notice Face in circulation, in hundredths of the currency.
    function outstanding() external view returns (uint256);
}
