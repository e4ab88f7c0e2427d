// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {BusinessDayConvention} from "../programme/IHolidayCalendar.sol";
import {DayCountConvention} from "./DayCount.sol";

/// @notice How a series earns. Numbers never change their meaning.
/// @param Discount Nothing is distributed: it is issued below par and redeemed at par.
/// @param Fixed One rate for all periods.
/// @param Variable A rate for each period, reset to a benchmark and a spread.
enum RateType {
    Discount,
    Fixed,
    Variable
}

/// @notice What every series that runs in periods has in its terms. They stand in the clone's code: nobody can change
/// them, and the clone's address commits to them. Field names follow ICMA's Bond Data Taxonomy, in words that suit a
/// bond and a sukuk alike; dates are days since 1970-01-01, and a day begins at 00:00 in Asia/Karachi.
/// @param maximumIssue Largest supply, in units.
/// @param statedMaturity Day the series matures, as printed: never adjusted; all periods are counted back from it.
/// @param name Name as ASCII, padded with zeros.
/// @param symbol Symbol as ASCII, padded with zeros.
/// @param isin ISO 6166, check digit verified on import.
/// @param cfi ISO 10962.
/// @param issuerLei ISO 17442, check digits verified on import.
/// @param currency ISO 4217 numeric: 586 is the Pakistan rupee.
/// @param country ISO 3166-1 numeric of the issuer.
/// @param unitFace Face of one unit in hundredths of the currency: 100 where a unit is one rupee.
/// @param denomination Smallest tradable lot, in units.
/// @param calculationAmount Units for which a distribution is published, and rounded.
/// @param issueDate First day of the series: its settlement.
/// @param issuePrice Ten-thousandths for 100 of face, clean, at which it was first issued.
/// @param dltRegister This register is the legal one; otherwise the depository's is.
/// @param governingLaw As ASCII, padded with zeros.
/// @param termSheetHash keccak256 of the term sheet's bytes.
/// @param accrualStart Day from which it accrues: the issue date, or earlier for a reopened one.
/// @param firstPeriodEnd End of the first period where the terms name it, as they do for a long one; else zero.
/// @param frequency Periods a year: 1, 2 or 4; zero for a discount series, which has none.
/// @param endOfMonth Every period ends on the last of its month, as the stated maturity does.
/// @param dayCount What a period's distribution is computed by.
/// @param accruedDayCount What is accrued between two payments is computed by: the same, or what the market settles by.
/// @param businessDays What becomes of a payment on a closed day.
/// @param calendar Name of the calendar that says which day is closed, as ASCII, padded with zeros.
/// @param recordDays Days by which a period's record date lies before its end.
/// @param rateType Discount, fixed or variable.
/// @param rate Ten-thousandths of a per cent a year: of every period, or of the first where it varies.
/// @param benchmark Name of the benchmark that a variable rate is reset to, as ASCII, padded with zeros.
/// @param spread On the benchmark, in the rate's unit.
/// @param floor Least rate a reset may give.
/// @param cap Greatest rate a reset may give; zero for none.
/// @param maximumStep Most by which a reset may part from the rate before; zero for any.
/// @param fixingDays Days before a period from which its rate may be set to the benchmark.
struct PeriodicTerms {
    uint112 maximumIssue;
    uint32 statedMaturity;
    bytes32 name;
    bytes32 symbol;
    bytes12 isin;
    bytes6 cfi;
    bytes20 issuerLei;
    uint16 currency;
    uint16 country;
    uint32 unitFace;
    uint64 denomination;
    uint64 calculationAmount;
    uint32 issueDate;
    uint32 issuePrice;
    bool dltRegister;
    bytes32 governingLaw;
    bytes32 termSheetHash;
    uint32 accrualStart;
    uint32 firstPeriodEnd;
    uint8 frequency;
    bool endOfMonth;
    DayCountConvention dayCount;
    DayCountConvention accruedDayCount;
    BusinessDayConvention businessDays;
    bytes32 calendar;
    uint16 recordDays;
    RateType rateType;
    uint32 rate;
    bytes32 benchmark;
    int32 spread;
    uint32 floor;
    uint32 cap;
    uint32 maximumStep;
    uint16 fixingDays;
}
