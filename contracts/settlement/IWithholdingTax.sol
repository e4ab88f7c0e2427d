// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {PaymentKind} from "../assets/IObligor.sol";
import {InvestorRecord} from "../identity/InvestorRecord.sol";

/// @notice Whom a rate is for.
/// @param kind What is paid.
/// @param class Class of investor, 1..63; zero stands for every class without a rate of its own.
/// @param resident Whether the investor's country is the one that levies the tax.
struct Taxpayers {
    PaymentKind kind;
    uint8 class;
    bool resident;
}

/// @notice A rate and the instant from which it holds.
/// @param rate Millionths of what is income: 15 % is 150_000.
/// @param reducible Whether an investor's certificate may lower it.
/// @param from Unix time; zero for at once.
struct TaxRate {
    Taxpayers who;
    uint24 rate;
    bool reducible;
    uint40 from;
}

/// @notice What tax is withheld from a payment: by what is paid, by class and residence of the investor, by date, and
/// by the certificate that an investor may hold under a treaty or an exemption.
/// @dev It only answers: it holds no money and moves none. Nothing is dated back: a rate holds from now or later.
interface IWithholdingTax {
    /// @notice For these taxpayers `rate` holds from `from` on.
    event TaxRateSet(
        PaymentKind indexed kind, uint8 indexed class, bool indexed resident, uint24 rate, bool reducible, uint40 from
    );
    /// @notice `investor` is taxed at most at `rate` until `until`. `evidence` is the hash of the certificate.
    event CertificateGranted(
        PaymentKind indexed kind, address indexed investor, uint24 rate, uint40 until, bytes32 indexed evidence
    );
    event CertificateRevoked(PaymentKind indexed kind, address indexed investor);

    /// @notice A rate is at most the whole: 1_000_000.
    error TaxRateOutOfRange(uint256 rate);
    error TaxClassOutOfRange(uint256 class);
    error TaxKindUnknown();
    /// @notice A rate is never dated back: `from` has passed.
    error TaxRateBackdated(uint256 from, uint256 now_);
    /// @notice Nobody set a rate for these taxpayers, and no rate is not a rate of zero.
    error TaxRateUnset(PaymentKind kind, uint8 class, bool resident);
    /// @notice A certificate ends in the future.
    error CertificateExpired(uint256 until, uint256 now_);

    /// @notice Sets rates. Role: TAX_AGENT.
    /// @dev One that begins later takes the place of whatever was to begin later; until then the present one holds.
    function setRates(TaxRate[] calldata rates) external;

    /// @notice Lets `investor` be taxed at most at `rate` until `until`, where its rate is reducible. Role: TAX_AGENT.
    function grantCertificate(PaymentKind kind, address investor, uint24 rate, uint40 until, bytes32 evidence) external;

    /// @notice Ends a certificate at once. Role: TAX_AGENT.
    function revokeCertificate(PaymentKind kind, address investor) external;

    /// @notice What is withheld now from income of `taxable`: half-up to the hundredth of the currency.
    /// @param record The payee's record; the zero word is taxed as a non-resident without class.
    /// @param cashDecimals Decimals of the cash token, in whose smallest units `taxable` and `tax` are; 2 at least.
    function taxOn(PaymentKind kind, InvestorRecord record, uint256 taxable, uint8 cashDecimals)
        external
        view
        returns (uint256 tax, uint256 rate);

    /// @notice The rate that holds now for an investor, in millionths.
    function rateOf(PaymentKind kind, InvestorRecord record) external view returns (uint256 rate);

    /// @notice The rate that holds now for taxpayers by their own row, and the one that follows it (`nextFrom` zero
    /// where none does).
    function rateRow(Taxpayers calldata who)
        external
        view
        returns (bool isSet, uint256 rate, bool reducible, uint256 nextRate, uint256 nextFrom);

    /// @notice An investor's certificate; `until` is zero where there is none.
    function certificateOf(PaymentKind kind, address investor) external view returns (uint256 rate, uint256 until);

    /// @notice ISO 3166-1 numeric code of the country that levies the tax.
    function residence() external view returns (uint16);
}
