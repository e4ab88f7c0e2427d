// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice The terms of a treasury bill, as they stand in the clone's code: nobody can change them, and the clone's
/// address commits to them. The first two are where every class has them (see `TermsHead`). Field names follow ICMA's
/// Bond Data Taxonomy; dates are days since 1970-01-01, and a day begins at 00:00 in Asia/Karachi (see `CivilDate`).
/// @param maximumIssue Largest supply, in units.
/// @param statedMaturity Day the bill matures, as printed: what price and yield are computed to, and from whose first
/// instant holdings stand still.
/// @param name Name as ASCII, padded with zeros.
/// @param symbol Symbol as ASCII, padded with zeros.
/// @param isin ISO 6166, check digit verified on import.
/// @param cfi ISO 10962.
/// @param issuerLei ISO 17442, check digits verified on import.
/// @param currency ISO 4217 numeric: 586 is the Pakistan rupee.
/// @param country ISO 3166-1 numeric of the issuer.
/// @param unitFace Face of one unit in hundredths of the currency: 100 where a unit is one rupee.
/// @param denomination Smallest tradable lot, in units.
/// @param issueDate First day of the bill: its settlement.
/// @param paymentDate Day redemption is paid: the stated maturity, or the next business day.
/// @param cutOffPrice Ten-thousandths for 100 of face at which the auction cut off.
/// @param dltRegister This register is the legal one; otherwise the depository's is.
/// @param governingLaw As ASCII, padded with zeros.
/// @param termSheetHash keccak256 of the term sheet's bytes.
struct BillTerms {
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
    uint32 paymentDate;
    uint32 cutOffPrice;
    bool dltRegister;
    bytes32 governingLaw;
    bytes32 termSheetHash;
}
