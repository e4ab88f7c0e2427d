// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {PaymentKind} from "../assets/IObligor.sol";
import {IInvestorRegistry} from "../identity/IIdentityRegistry.sol";
import {ICashDesk} from "./ICashDesk.sol";
import {IWithholdingTax} from "./IWithholdingTax.sol";

/// @notice Where a payment stands.
/// @dev `Announced` and `Missed` wait for money; `Funded` waits for its due time or for holders; `Completed` has paid
/// every unit of the record date.
enum PaymentStatus {
    Unknown,
    Announced,
    Funded,
    Missed,
    Completed
}

/// @notice How a payment stands towards one holder of its record date.
enum PayoutState {
    Open,
    SetAside,
    Paid,
    Escheated
}

/// @notice The terms of a payment and its ledger; amounts are in smallest units of `cash`.
/// @dev Invariant 1: `funded == paid + taxHeld + taxRemitted + reserved + residual + withdrawn + escheated`.
/// Invariant 2: of the payment's money the agent holds `taxHeld + reserved + residual`, no more and no less.
/// @param number Period of a distribution; zero for the redemption.
/// @param recordAt Instant of the record date.
/// @param due Unix time from which it may be paid.
/// @param units Total supply at the record date; zero until the entitlement is fixed.
/// @param total What all `units` are paid, before tax; zero until the entitlement is fixed.
/// @param funded What was paid in.
/// @param paid What holders received, net of tax.
/// @param unitsPaid Units that are settled: paid or escheated.
/// @param taxHeld Tax withheld and not yet remitted.
/// @param taxRemitted Tax that went to the tax authority.
/// @param reserved What is kept for holders not yet paid.
/// @param residual What is nobody's: surplus and, once all are settled, what rounding left.
/// @param withdrawn Residual that went to the treasury.
/// @param escheated What nobody could be paid in time, and went to the treasury.
struct PaymentState {
    PaymentKind kind;
    uint256 number;
    PaymentStatus status;
    address token;
    address cash;
    uint256 recordId;
    uint256 recordAt;
    uint256 due;
    uint256 units;
    uint256 total;
    uint256 funded;
    uint256 paid;
    uint256 unitsPaid;
    uint256 taxHeld;
    uint256 taxRemitted;
    uint256 reserved;
    uint256 residual;
    uint256 withdrawn;
    uint256 escheated;
}

/// @notice What a holder of the record date is paid; amounts are in smallest units of cash.
/// @param payee Who receives it: the holder, or the wallet that stands in for it.
/// @param units Units of the record date that it is for.
/// @param gross Before tax.
/// @param taxable The part of `gross` that is income.
/// @param rate Rate of the tax on it, in millionths.
/// @param tax What is withheld; the payee receives `gross - tax`.
struct Payslip {
    address payee;
    uint256 units;
    uint256 gross;
    uint256 taxable;
    uint256 rate;
    uint256 tax;
}

/// @notice Pays what a series owes to those who held it at a record date: announced, funded in full, then pulled by
/// holders or pushed in pages.
/// @dev Nothing is paid before the whole is funded and due. A holder who cannot be paid is set aside, with the reason,
/// and stops nobody; the money stays reserved and a later `claim` or `pay` tries again, until the time has passed after
/// which it escheats. A distribution is paid to each holder once, by the order of its pages or by a mark; a redemption is
/// paid against the burn of the units themselves. So a retry pays nothing if the answer to the first attempt was merely
/// lost.
///
/// Tax is withheld at the moment of payment and kept on the payment's ledger until it is remitted.
///
/// Assumed of a series: its balances at a record date add up to its supply there, and are never rewritten once the
/// record date is reached; from the record date of its redemption on its holdings stand still. So a recovered wallet's
/// entitlement stays under its own name, and is paid to the wallet that stands in for it, however often that changed.
///
/// Warning: a unit that is forced to another account between record date and payment leaves its entitlement behind.
interface IPayingAgent is ICashDesk {
    /// @notice A payment will be made in `cash` to those who hold `token` at the record date `recordId`.
    event Announced(
        bytes32 indexed paymentId,
        address indexed token,
        address indexed cash,
        PaymentKind kind,
        uint256 number,
        uint256 recordId,
        uint256 recordAt,
        uint256 due
    );
    /// @notice The series' own dates were read again: it put the payment off, or brought it forward.
    event Redated(bytes32 indexed paymentId, uint256 recordId, uint256 recordAt, uint256 due);
    /// @notice An announcement to which no money had come was taken back.
    event Cancelled(bytes32 indexed paymentId);
    /// @notice The record date has passed: `units` are paid `total` between them, before tax.
    event EntitlementFixed(bytes32 indexed paymentId, uint256 units, uint256 total);
    /// @notice `funder` paid in `amount`; `missing` is what is still to come, as far as is known now.
    event Funded(bytes32 indexed paymentId, address indexed funder, uint256 amount, uint256 missing);
    /// @notice The payment was due and `missing` was not there; the largest number where the series lacks the rate that
    /// says how much it is.
    event Missed(bytes32 indexed paymentId, uint256 missing);
    /// @notice A missed payment was funded after all.
    event Cured(bytes32 indexed paymentId);
    /// @notice `payee` received `gross - tax` for the `units` that `holder` held at the record date: of `taxable` income
    /// `tax` was withheld at `rate` millionths. The certificate of the payment, and of the deduction.
    /// @dev `payee` differs from `holder` where the holder's wallet was recovered.
    event Paid(
        bytes32 indexed paymentId,
        address indexed holder,
        address indexed payee,
        uint256 units,
        uint256 gross,
        uint256 taxable,
        uint256 rate,
        uint256 tax
    );
    /// @notice `holder` could not be paid now. `reason` is the error, cut at 260 bytes.
    event SetAside(bytes32 indexed paymentId, address indexed holder, bytes reason);
    /// @notice Page number `page` of a distribution lists the holders of the call in ascending order, beyond `fence`.
    event PageListed(bytes32 indexed paymentId, uint256 indexed page, address fence);
    /// @notice All tax withheld so far went to the tax authority.
    event TaxRemitted(bytes32 indexed paymentId, address indexed taxAuthority, uint256 amount);
    /// @notice What nobody is owed went to the treasury.
    event ResidualWithdrawn(bytes32 indexed paymentId, address indexed treasury, uint256 amount);
    /// @notice What `holder` was owed before tax, and could not be paid in time, went to the treasury.
    event Escheated(bytes32 indexed paymentId, address indexed holder, uint256 units, uint256 gross);
    /// @notice Recovered wallets are looked up in `registry`.
    event RegistrySet(address indexed registry);
    /// @notice `withholding` says what is withheld, and `taxAuthority` receives it.
    event TaxSet(address indexed withholding, address indexed taxAuthority);
    /// @notice What cannot be paid escheats `period` seconds after it could have been.
    event EscheatPeriodSet(uint256 period);

    error PaymentAlreadyAnnounced(bytes32 paymentId);
    error PaymentUnknown(bytes32 paymentId);
    /// @notice A payment cannot be due before its record date.
    error PaymentDueBeforeRecord(uint256 recordAt, uint256 due);
    /// @notice Money has come in; the announcement stands.
    error PaymentHasFunds(bytes32 paymentId, uint256 funded);
    /// @notice Nothing is missing: the payment is funded in full.
    error PaymentFundedInFull(bytes32 paymentId);
    error PaymentNotDue(bytes32 paymentId, uint256 due);
    error PaymentNotFunded(bytes32 paymentId, uint256 missing);
    error PaymentAlreadyMissed(bytes32 paymentId);
    /// @notice Somebody was paid: the dates stand.
    error PaymentBegun(bytes32 paymentId, uint256 unitsPaid);
    /// @notice The record date has passed, so it stands.
    error PaymentRecordReached(bytes32 paymentId, uint256 recordId, uint256 recordAt);
    /// @notice The holder had nothing at the record date, or was paid all of it.
    error PaymentNothingOwed(bytes32 paymentId, address holder);
    /// @notice A page of a distribution lists holders in ascending order of their addresses, each once.
    error PaymentPageNotAscending(bytes32 paymentId, uint256 index);
    /// @notice These are not the holders of that page, or it does not show that `holder` was left out.
    error PaymentNotPassedOver(bytes32 paymentId, address holder, uint256 page);
    /// @notice The wallet is under notice of recovery, or suspended: it is paid once that is over.
    error PaymentPayeeDead(address payee);
    /// @notice `missing` units that `holder` is owed for did not come to `payee`, who stands in for it.
    error PaymentNotFollowed(address holder, address payee, uint256 missing);
    /// @notice The series claims more at its record date than its supply there.
    error PaymentBeyondSupply(bytes32 paymentId, uint256 unitsPaid, uint256 units);
    /// @notice Some holders are still to be paid.
    error PaymentIncomplete(bytes32 paymentId, uint256 unitsPaid, uint256 units);
    error PaymentNoResidual(bytes32 paymentId);
    error PaymentAmountOutOfRange(uint256 amount);
    error PaymentNoTaxHeld(bytes32 paymentId);
    /// @notice The tax asked for is more than what is paid.
    error PaymentTaxBeyondGross(address payee, uint256 gross, uint256 tax);
    /// @notice Only what a page tried to pay, and set aside, can escheat.
    error PaymentNotSetAside(bytes32 paymentId, address holder);
    error PaymentNotEscheatable(bytes32 paymentId, uint256 from);
    error EscheatPeriodTooShort(uint256 period, uint256 least);
    error PayingAgentRegistryInvalid(address registry);
    error PayingAgentTaxInvalid(address withholding, address taxAuthority);

    /// @notice Announces what `token` owes as payment `number` of `kind`, in `cash`. Role: PAYING_AGENT.
    /// @dev Record date, due time, currency and amounts are the series' own. Each obligation is announced once.
    /// @return paymentId Equal to `paymentIdOf(token, kind, number)`.
    function announce(address token, PaymentKind kind, uint256 number, address cash)
        external
        returns (bytes32 paymentId);

    /// @notice Takes back an announcement to which no money has come. Role: PAYING_AGENT.
    function cancelAnnouncement(bytes32 paymentId) external;

    /// @notice Reads record date and due time from the series again, while nobody was paid: after its calendar changed,
    /// or it was called. Anyone may call.
    function redate(bytes32 paymentId) external;

    /// @notice Pays in up to `amount` from the caller, and never more than is missing. Anyone may fund.
    /// @dev The caller's allowance to this contract must cover it. Before the record date the measure is the supply of
    /// that moment; if the supply falls afterwards, the surplus becomes residual.
    /// @return taken What was pulled; a call that comes when nothing is missing is refused.
    function fund(bytes32 paymentId, uint256 amount) external returns (uint256 taken);

    /// @notice Notes that a payment is due and not funded in full. Anyone may call; late funding clears it.
    function markMissed(bytes32 paymentId) external;

    /// @notice Pays `holder` what it is owed: itself, or the wallet that stands in for it. Anyone may call.
    /// @dev Reverts with the reason if the holder cannot be paid.
    function claim(bytes32 paymentId, address holder) external;

    /// @notice Pays `holder` whom the pages of a distribution left out. Anyone may call.
    /// @param page Number of the page within whose range the holder's address lies.
    /// @param fence The last holder of the page before it, or zero; as in its `PageListed`.
    /// @param listed The holders that the page listed.
    function claimPassedOver(bytes32 paymentId, address holder, uint256 page, address fence, address[] calldata listed)
        external;

    /// @notice Pays a page of holders; who cannot be paid is set aside. Role: PAYING_AGENT.
    /// @dev Pages of a distribution go through the holders in ascending order of their addresses: within a page, and
    /// from page to page. Whoever an earlier page listed comes first, and is tried again if it was set aside. That
    /// order is what keeps a payee from being paid twice, at no cost of a mark each. A redemption needs no order.
    /// Holders who are owed nothing are passed over. A page that runs short of gas reverts whole.
    /// @return paid Number of holders paid.
    /// @return setAside Number of holders set aside.
    function pay(bytes32 paymentId, address[] calldata holders) external returns (uint256 paid, uint256 setAside);

    /// @notice Sends what holders who were set aside are owed to the treasury, once the period has passed since it
    /// could be paid. Role: PAYING_AGENT.
    /// @dev At a redemption the units are burnt, so a frozen holding is refused: its money waits for the regulator.
    /// @return amount What went, before tax.
    function escheat(bytes32 paymentId, address[] calldata holders) external returns (uint256 amount);

    /// @notice Sends the tax withheld so far to the tax authority, in one transfer. Role: PAYING_AGENT.
    function remitTax(bytes32 paymentId) external returns (uint256 amount);

    /// @notice Sends what nobody is owed to the treasury, once every unit is paid. Role: PAYING_AGENT.
    function withdrawResidual(bytes32 paymentId) external returns (uint256 amount);

    /// @notice Looks recovered wallets up in `registry` from now on. Role: STEWARD.
    function setRegistry(IInvestorRegistry registry) external;

    /// @notice Withholds what `withholding` says, for `taxAuthority`, from now on. Role: STEWARD.
    function setTax(IWithholdingTax withholding, address taxAuthority) external;

    /// @notice Lets what cannot be paid escheat after `period` seconds: at least 180 days. Role: STEWARD.
    function setEscheatPeriod(uint256 period) external;

    /// @notice Where recovered wallets are looked up.
    function registry() external view returns (IInvestorRegistry);

    /// @notice What says how much is withheld.
    function withholding() external view returns (IWithholdingTax);

    /// @notice Who receives what is withheld.
    function taxAuthority() external view returns (address);

    /// @notice Seconds after which what cannot be paid escheats; ten years unless it was set.
    function escheatPeriod() external view returns (uint256);

    /// @notice The id that the payment has here: it binds chain, this contract, the token, kind and number.
    function paymentIdOf(address token, PaymentKind kind, uint256 number) external view returns (bytes32);

    /// @notice Terms, status and ledger of a payment; the status is `Unknown` where there is none.
    function payment(bytes32 paymentId) external view returns (PaymentState memory);

    /// @notice How the payment stands towards `holder`.
    /// @dev A holder whom a distribution's pages went past counts as paid; if they left it out, see `claimPassedOver`.
    function payoutOf(bytes32 paymentId, address holder) external view returns (PayoutState);

    /// @notice What `holder` is still owed, before tax; zero until the entitlement is fixed.
    function owed(bytes32 paymentId, address holder) external view returns (uint256 units, uint256 gross);

    /// @notice What a payment to `holder` would be now, tax included; no units where nothing is owed.
    /// @dev Reverts with the reason for which it could not be paid, as far as this contract knows one.
    function payslipOf(bytes32 paymentId, address holder) external view returns (Payslip memory);

    /// @notice What is still to be paid in, as far as is known now.
    function missing(bytes32 paymentId) external view returns (uint256);
}
