// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {PaymentKind} from "../assets/IObligor.sol";
import {IInvestorRegistry} from "../identity/IIdentityRegistry.sol";
import {ICashDesk} from "./ICashDesk.sol";

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

/// @notice The terms of a payment and its ledger; amounts are in smallest units of `cash`.
/// @param number Period of a distribution; zero for the redemption.
/// @param recordAt Instant of the record date.
/// @param due Unix time from which it may be paid.
/// @param units Total supply at the record date; zero until the entitlement is fixed.
/// @param total What all `units` are paid, before tax; zero until the entitlement is fixed.
/// @param funded What was paid in. Always `funded == paid + reserved + residual + withdrawn`.
/// @param paid What was paid out, tax included.
/// @param unitsPaid Units whose holders were paid.
/// @param reserved What is kept for holders not yet paid.
/// @param residual What is nobody's: surplus and, once all are paid, what rounding left.
/// @param withdrawn Residual that went to the treasury.
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
    uint256 reserved;
    uint256 residual;
    uint256 withdrawn;
}

/// @notice Pays what a series owes to those who held it at a record date: announced, funded in full, then pulled by
/// holders or pushed in pages.
/// @dev Nothing is paid before the whole is funded and due. A holder who cannot be paid is set aside, with the reason,
/// and stops nobody; the money stays reserved and a later `claim` or `pay` tries again. What a holder was paid is kept
/// as units against the holder's balance at the record date, so a retry pays what is left, which is nothing if the
/// answer to the first attempt was merely lost.
///
/// Assumed of a series: its balances at a record date add up to its supply there, and are never rewritten once the
/// record date is reached. So a recovered wallet's entitlement stays under its own name, and is paid to the wallet
/// that stands in for it.
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
    /// @notice An announcement to which no money had come was taken back.
    event Cancelled(bytes32 indexed paymentId);
    /// @notice The record date has passed: `units` are paid `total` between them, before tax.
    event EntitlementFixed(bytes32 indexed paymentId, uint256 units, uint256 total);
    /// @notice `funder` paid in `amount`; `missing` is what is still to come, as far as is known now.
    event Funded(bytes32 indexed paymentId, address indexed funder, uint256 amount, uint256 missing);
    /// @notice The payment was due and `missing` was not there.
    event Missed(bytes32 indexed paymentId, uint256 missing);
    /// @notice A missed payment was funded after all.
    event Cured(bytes32 indexed paymentId);
    /// @notice `payee` received `net` for the `units` that `holder` held at the record date; `gross == tax + net`.
    /// @dev `payee` differs from `holder` where the holder's wallet was recovered.
    event Paid(
        bytes32 indexed paymentId,
        address indexed holder,
        address indexed payee,
        uint256 units,
        uint256 gross,
        uint256 tax,
        uint256 net
    );
    /// @notice `holder` could not be paid now. `reason` is the error, cut at 260 bytes.
    event SetAside(bytes32 indexed paymentId, address indexed holder, bytes reason);
    /// @notice What nobody is owed went to the treasury.
    event ResidualWithdrawn(bytes32 indexed paymentId, address indexed treasury, uint256 amount);
    /// @notice Recovered wallets are looked up in `registry`.
    event RegistrySet(address indexed registry);

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
    /// @notice The holder had nothing at the record date, or was paid all of it.
    error PaymentNothingOwed(bytes32 paymentId, address holder);
    /// @notice The wallet is under notice of recovery, or suspended: it is paid once that is over.
    error PaymentPayeeDead(address payee);
    /// @notice The series claims more at its record date than its supply there.
    error PaymentBeyondSupply(bytes32 paymentId, uint256 unitsPaid, uint256 units);
    /// @notice Some holders are still to be paid.
    error PaymentIncomplete(bytes32 paymentId, uint256 unitsPaid, uint256 units);
    error PaymentNoResidual(bytes32 paymentId);
    error PaymentAmountOutOfRange(uint256 amount);
    error PayingAgentRegistryInvalid(address registry);

    /// @notice Announces what `token` owes as payment `number` of `kind`, in `cash`. Role: PAYING_AGENT.
    /// @dev Record date, due time, currency and amounts are the series' own. Each obligation is announced once.
    /// @return paymentId Equal to `paymentIdOf(token, kind, number)`.
    function announce(address token, PaymentKind kind, uint256 number, address cash)
        external
        returns (bytes32 paymentId);

    /// @notice Takes back an announcement to which no money has come. Role: PAYING_AGENT.
    function cancelAnnouncement(bytes32 paymentId) external;

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

    /// @notice Pays a page of holders; who cannot be paid is set aside. Role: PAYING_AGENT.
    /// @dev Holders who are owed nothing are passed over. A page that runs short of gas reverts whole.
    /// @return paid Number of holders paid.
    /// @return setAside Number of holders set aside.
    function pay(bytes32 paymentId, address[] calldata holders) external returns (uint256 paid, uint256 setAside);

    /// @notice Sends what nobody is owed to the treasury, once every unit is paid. Role: PAYING_AGENT.
    function withdrawResidual(bytes32 paymentId) external returns (uint256 amount);

    /// @notice Looks recovered wallets up in `registry` from now on. Role: STEWARD.
    function setRegistry(IInvestorRegistry registry) external;

    /// @notice Where recovered wallets are looked up.
    function registry() external view returns (IInvestorRegistry);

    /// @notice The id that the payment has here: it binds chain, this contract, the token, kind and number.
    function paymentIdOf(address token, PaymentKind kind, uint256 number) external view returns (bytes32);

    /// @notice Terms, status and ledger of a payment; the status is `Unknown` where there is none.
    function payment(bytes32 paymentId) external view returns (PaymentState memory);

    /// @notice What `holder` was paid: units of the record date, and cash before tax.
    /// @param setAside The last page that tried could not pay the holder.
    function payout(bytes32 paymentId, address holder)
        external
        view
        returns (uint256 units, uint256 gross, bool setAside);

    /// @notice What `holder` is still owed, before tax; zero until the entitlement is fixed.
    function owed(bytes32 paymentId, address holder) external view returns (uint256 units, uint256 gross);

    /// @notice What is still to be paid in, as far as is known now.
    function missing(bytes32 paymentId) external view returns (uint256);
}
