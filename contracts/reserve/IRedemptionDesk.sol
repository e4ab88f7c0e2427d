// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IStorageFees} from "./IStorageFees.sol";

/// @notice Where a redemption in kind stands. Numbers never change their meaning.
/// @param Requested The holder locked its tokens; the custodian is to choose a lot.
/// @param Assigned A lot is chosen; the holder is to accept it, and pay.
/// @param Accepted It is paid; the goods are to be delivered, and two are to confirm it.
/// @param Settled Delivered; the tokens are burnt.
/// @param Cancelled The holder thought better of it.
/// @param TimedOut Somebody did not do their part in time; everything is back where it was.
enum RedemptionStatus {
    Unknown,
    Requested,
    Assigned,
    Accepted,
    Settled,
    Cancelled,
    TimedOut
}

/// @notice One redemption in kind.
/// @param token The series.
/// @param deadline Unix time from which the step that is awaited comes too late.
/// @param status Where it stands.
/// @param handedOver The custodian confirmed the delivery.
/// @param received The holder did, or the auditor in its stead.
/// @param pledger Wallet that locked the tokens.
/// @param cash The money it is settled in.
/// @param units What is locked, and burnt in the end.
/// @param weight What is delivered; never more.
/// @param lotId The lot it comes from.
/// @param fee What the holder pays, smallest units of cash.
/// @param shortfall What the holder is paid for the units that no goods are delivered for.
struct Redemption {
    address token;
    uint40 deadline;
    RedemptionStatus status;
    bool handedOver;
    bool received;
    address pledger;
    address cash;
    uint112 units;
    uint112 weight;
    bytes32 lotId;
    uint128 fee;
    uint128 shortfall;
}

/// @notice Redemption in kind: tokens are locked, a lot is chosen, fees are paid, goods are delivered, tokens are burnt.
/// @dev The lock is the holder's own pledge to this contract, under the redemption's id as document and without
/// notice: the tokens never leave its wallet before they are burnt. Every step has its time; once it has run out,
/// anyone undoes everything. Delivery takes two: the custodian, and the holder or the auditor in its stead. Neither a
/// stale reserve nor a pause of the series stops a redemption that runs; a pause stops the pledge that begins one.
interface IRedemptionDesk is IStorageFees {
    event RedemptionRequested(
        bytes32 indexed id,
        address indexed token,
        address indexed holder,
        uint256 units,
        address cash,
        bytes32 instructions,
        uint256 deadline
    );
    /// @param bars Hash of the list of what is delivered.
    /// @param price At which the shortfall is settled; zero where there is none.
    event RedemptionAssigned(
        bytes32 indexed id,
        bytes32 indexed lotId,
        uint256 weight,
        bytes32 bars,
        uint256 fee,
        uint256 shortfall,
        uint256 price,
        uint256 deadline
    );
    event RedemptionAccepted(bytes32 indexed id, address indexed holder, uint256 fee, uint256 deadline);
    /// @notice One of the two confirmed the delivery, with `evidence` of it.
    event DeliveryConfirmed(bytes32 indexed id, address indexed by, bytes32 evidence);
    event RedemptionSettled(bytes32 indexed id, address indexed token, address indexed holder, uint256 units);
    event RedemptionCancelled(bytes32 indexed id, address indexed holder);
    event RedemptionTimedOut(bytes32 indexed id, RedemptionStatus status, address by);
    /// @notice The state takes a whole unit at `price`, ten-thousandths of the currency.
    event PricePublished(address indexed token, uint256 price, bytes32 indexed evidence);
    /// @notice `account` could not be paid; `claimCredit` pays it later.
    event Credited(address indexed cash, address indexed account, uint256 amount);
    /// @notice A credit was paid, to the account or to who succeeded it.
    event CreditPaid(address indexed cash, address indexed account, address indexed to, uint256 amount);

    /// @notice It is not in the state that this asks for.
    error RedemptionNotIn(bytes32 id, RedemptionStatus wanted, RedemptionStatus found);
    /// @notice The terms redeem no less than `minimum` in kind.
    error RedemptionBelowMinimum(uint256 units, uint256 minimum);
    /// @notice The holder has not pledged exactly these units, without notice, under the redemption's id.
    error RedemptionNotPledged(bytes32 id, uint256 pledged, uint256 units);
    /// @notice Only the holder may do this.
    error RedemptionHolderOnly(bytes32 id, address holder, address caller);
    /// @notice The holder is frozen or no longer stands, or the tokens were frozen or taken by an order.
    error RedemptionHolderRefused(bytes32 id, address holder);
    /// @notice The time of this step has run out, at `deadline`.
    error RedemptionTooLate(bytes32 id, uint256 deadline);
    /// @notice Its time has not run out: not before `deadline`.
    error RedemptionInTime(bytes32 id, uint256 deadline);
    /// @notice More than was asked for, or less than the terms tolerate.
    error WeightRefused(uint256 weight, uint256 least, uint256 most);
    /// @notice No price was published within the heartbeat of the terms.
    error PriceStale(uint256 publishedAt, uint256 heartbeat);
    /// @notice A price is more than nothing, and names the publication behind it.
    error PriceUnsound(uint256 price, bytes32 evidence);
    /// @notice Only the custodian, or the auditor, of this series.
    error KeeperOnly(address token, address caller);
    /// @notice Each confirms once.
    error DeliveryAlreadyConfirmed(bytes32 id);
    /// @notice The pledge is of a redemption that runs.
    error RedemptionRuns(bytes32 id);
    error CreditEmpty(address cash, address account);

    /// @notice Asks for `units` in kind. The caller has pledged them to this contract under `redemptionId`, without
    /// notice, and has paid for their storage.
    /// @param cash What fees are paid in: approved money of the series' currency.
    /// @param instructions Hash of where and how to deliver, salted; it tells apart what is otherwise equal.
    function request(address token, uint112 units, address cash, bytes32 instructions) external returns (bytes32 id);

    /// @notice Chooses what is delivered. What it falls short is set aside from the treasury, at the price last
    /// published. Role: CUSTODIAN, of this series.
    function assign(bytes32 id, bytes32 lotId, uint112 weight, bytes32 bars) external;

    /// @notice Takes what was chosen, and pays the fee. Only the holder.
    function accept(bytes32 id) external;

    /// @notice The goods were handed over. Role: CUSTODIAN, of this series.
    function confirmDelivery(bytes32 id, bytes32 receipt) external;

    /// @notice The goods were received. Only the holder.
    function acknowledge(bytes32 id) external;

    /// @notice The goods were received, which the holder does not say. Role: AUDITOR, of this series.
    function certifyDelivery(bytes32 id, bytes32 evidence) external;

    /// @notice Withdraws a request that is not accepted yet. Only the holder.
    function cancel(bytes32 id) external;

    /// @notice Undoes a redemption whose time has run out: the tokens are free, the money goes back. Anyone may.
    function timeOut(bytes32 id) external;

    /// @notice Frees tokens pledged to this contract under a document that is no redemption of its. Only whose they
    /// are.
    function giveBack(address token, address pledger, bytes32 document) external;

    /// @notice Says what the state takes a whole unit for. Role: FISCAL_AGENT.
    /// @param price Ten-thousandths of the currency.
    /// @param evidence Hash of the publication it comes from.
    function publishPrice(address token, uint128 price, bytes32 evidence) external;

    /// @notice Pays what could not be paid before. Anyone may.
    function claimCredit(address cash, address account) external returns (uint256 amount);

    /// @notice A redemption as it stands.
    function redemption(bytes32 id) external view returns (Redemption memory);

    /// @notice What was published last, and when; zeros where nothing was.
    function priceOf(address token) external view returns (uint128 price, uint40 publishedAt);

    /// @notice What could not be paid to `account` yet.
    function creditOf(address cash, address account) external view returns (uint256);

    /// @notice Name of a redemption, and document of its pledge.
    function redemptionId(address holder, address token, uint112 units, address cash, bytes32 instructions)
        external
        view
        returns (bytes32);
}
