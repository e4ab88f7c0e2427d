// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice What the quality of a lot says. Numbers never change their meaning.
/// @param Content How much of the unit one unit of gross holds, in millionths: the fineness of a metal (0.9958 is
/// 995,800), the heating value of a gas. What is recognised of a lot is its gross times this, floored.
/// @param Grade A figure of its own in millionths, as an oil's API gravity (34.2 is 34,200,000). What is recognised is
/// the net that was measured, which never exceeds the gross.
enum Measure {
    Content,
    Grade
}

/// @notice The terms of a commodity reserve, as they stand in the clone's code: nobody can change them, and the
/// clone's address commits to them. The first four are where every class has them (see `TermsHead`).
/// @param maximumIssue Largest supply, in smallest units.
/// @param statedMaturity Zero: a reserve has no end.
/// @param name Name as ASCII, padded with zeros.
/// @param symbol Symbol as ASCII, padded with zeros.
/// @param isin ISO 6166; zero where it has none.
/// @param issuerLei ISO 17442, check digits verified on import.
/// @param currency ISO 4217 numeric, of fees and of what is settled in cash.
/// @param country ISO 3166-1 numeric of the issuer.
/// @param commodity As ASCII: GOLD, CRUDE OIL.
/// @param unit What one whole token is, as ASCII: FINE TROY OUNCE (31.1034768 g), BARREL (158.987294928 l at 60 °F),
/// MMBTU, TONNE.
/// @param decimals Precision: ounces to the thousandth have 3.
/// @param grade The standard that lots must meet, as ASCII.
/// @param measure What a lot's quality says.
/// @param minimumQuality Least quality of a lot, millionths.
/// @param maximumQuality Greatest quality of a lot, millionths.
/// @param minimumRedemption Least that is redeemed in kind, smallest units: a bar, a cargo.
/// @param tolerance By how much what is delivered may fall short of what was redeemed, smallest units; it is settled in
/// cash.
/// @param issueDate Day from which storage is charged, days since 1970-01-01 in Asia/Karachi.
/// @param heartbeat Seconds after which what is known of the reserve is stale, and mints stop.
/// @param feed An `AggregatorV3Interface` that tells the reserve; zero where the attested lots do.
/// @param custodian Who keeps the stock: attests with the auditor, chooses lots and delivers.
/// @param auditor Who verifies it: attests with the custodian, and certifies deliveries.
/// @param responseTime Seconds in which a lot is chosen for a request.
/// @param paymentTime Seconds in which the holder accepts it, and pays.
/// @param deliveryTime Seconds in which it is delivered.
/// @param redemptionFee Hundredths of the currency for each redemption.
/// @param deliveryFee Hundredths of the currency for each whole unit delivered.
/// @param storageFee Hundredths of the currency for each whole unit and year of 365 days.
/// @param governingLaw As ASCII, padded with zeros.
/// @param termSheetHash keccak256 of the term sheet's bytes.
struct CommodityTerms {
    uint112 maximumIssue;
    uint32 statedMaturity;
    bytes32 name;
    bytes32 symbol;
    bytes12 isin;
    bytes20 issuerLei;
    uint16 currency;
    uint16 country;
    bytes32 commodity;
    bytes32 unit;
    uint8 decimals;
    bytes32 grade;
    Measure measure;
    uint32 minimumQuality;
    uint32 maximumQuality;
    uint112 minimumRedemption;
    uint112 tolerance;
    uint32 issueDate;
    uint32 heartbeat;
    address feed;
    address custodian;
    address auditor;
    uint32 responseTime;
    uint32 paymentTime;
    uint32 deliveryTime;
    uint64 redemptionFee;
    uint64 deliveryFee;
    uint64 storageFee;
    bytes32 governingLaw;
    bytes32 termSheetHash;
}

/// @notice A series whose terms are a commodity's.
interface ICommodity {
    /// @notice The terms, whole.
    function terms() external view returns (CommodityTerms memory);
}
