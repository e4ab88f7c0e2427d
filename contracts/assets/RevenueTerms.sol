// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {BusinessDayConvention} from "../programme/IHolidayCalendar.sol";
import {Rule} from "./Waterfall.sol";

/// @notice A step of the schedule at whose prices the issuer may call.
/// @param from First day of the step; zero where the schedule has ended.
/// @param price Ten-thousandths for 100 of face.
struct CallPrice {
    uint32 from;
    uint32 price;
}

/// @notice The terms of a revenue share, as they stand in the clone's code: nobody can change them, and the clone's
/// address commits to them. The first are where every class has them (see `TermsHead`). Dates are days since 1970-01-01,
/// and a day begins at 00:00 in Asia/Karachi.
/// @param maximumIssue Largest supply, in certificates.
/// @param statedMaturity Day the term ends, as printed: never adjusted. Revenue before it is shared.
/// @param name Name as ASCII, padded with zeros.
/// @param symbol Symbol as ASCII, padded with zeros.
/// @param isin ISO 6166, check digit verified on import.
/// @param cfi ISO 10962.
/// @param issuerLei ISO 17442, check digits verified on import.
/// @param currency ISO 4217 numeric: 586 is the Pakistan rupee.
/// @param country ISO 3166-1 numeric of the issuer.
/// @param unitFace Face of one certificate in hundredths of the currency: what prices are for 100 of.
/// @param denomination Smallest tradable lot, in certificates.
/// @param issueDate First day of the series: its settlement.
/// @param dltRegister This register is the legal one; otherwise the depository's is.
/// @param governingLaw As ASCII, padded with zeros.
/// @param termSheetHash keccak256 of the term sheet's bytes.
/// @param assetId The enterprise or work in the issuer's register of assets, as ASCII, padded with zeros.
/// @param accountHash Hash of the document that defines the revenue account.
/// @param controlHash Hash of the wording by which a certificate carries no vote, no title and no control.
/// @param auditor Who signs the figures of each declaration: a key, or a contract that answers to ERC-1271. It cannot be
/// replaced; a contract can change its keys.
/// @param revenueFrom First day whose revenue is shared.
/// @param waterfall The order of the tiers, the share, and its floor and cap a declaration.
/// @param businessDays What becomes of a payment on a closed day.
/// @param calendar Name of the calendar that says which day is closed, as ASCII, padded with zeros.
/// @param recordNoticeDays Days that lie at least between a declaration and its record date.
/// @param paymentDays Days that lie at most between a record date and its payment.
/// @param endPrice Ten-thousandths for 100 of face paid at the end of the term; zero where certificates lapse.
/// @param callNoticeDays Days that lie at least between the notice of a call and its day.
/// @param calls At what the issuer may call, in order of time.
struct RevenueTerms {
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
    uint32 issueDate;
    bool dltRegister;
    bytes32 governingLaw;
    bytes32 termSheetHash;
    bytes32 assetId;
    bytes32 accountHash;
    bytes32 controlHash;
    address auditor;
    uint32 revenueFrom;
    Rule waterfall;
    BusinessDayConvention businessDays;
    bytes32 calendar;
    uint16 recordNoticeDays;
    uint16 paymentDays;
    uint32 endPrice;
    uint16 callNoticeDays;
    CallPrice[8] calls;
}
