// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {CommodityMath} from "../assets/CommodityMath.sol";
import {CommodityTerms, ICommodity} from "../assets/CommodityTerms.sol";
import {Rounding} from "../assets/Rounding.sol";
import {IInvestorRegistry} from "../identity/IIdentityRegistry.sol";
import {ISeriesRegister} from "../programme/ISeriesRegister.sol";
import {CashDesk} from "../settlement/CashDesk.sol";
import {IERC7943Fungible} from "../token/IERC7943Fungible.sol";
import {IPermissionedToken} from "../token/IPermissionedToken.sol";
import {IPledges, Pledge} from "../token/IPledges.sol";
import {CreditLedger} from "./CreditLedger.sol";
import {ILotRegister} from "./ILotRegister.sol";
import {IRedemptionDesk, Redemption, RedemptionStatus} from "./IRedemptionDesk.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title RedemptionDesk
contract RedemptionDesk is CreditLedger {
    using SafeCast for uint256;

    struct Price {
        uint128 price;
        uint40 publishedAt;
    }

    /// @notice The register of the lots it delivers from.
    ILotRegister public immutable lotRegister;

    mapping(bytes32 id => Redemption) private _redemptions;

    /// @inheritdoc IRedemptionDesk
    mapping(address token => Price) public priceOf;

    constructor(
        address authority_,
        ISeriesRegister seriesRegister_,
        IInvestorRegistry registry,
        ILotRegister lotRegister_,
        address treasury_
    ) AccessManaged(authority_) CashDesk(seriesRegister_, treasury_) CreditLedger(registry) {
        lotRegister = lotRegister_;
    }

    // ------------------------------------------------------------------ the way of a redemption

    /// @inheritdoc IRedemptionDesk
    function request(address token, uint112 units, address cash, bytes32 instructions)
        external
        nonReentrant
        returns (bytes32 id)
    {
        _requireMoneyOf(token, cash);
        id = redemptionId(msg.sender, token, units, cash, instructions);
        Redemption storage made = _redemptions[id];
        _require(id, made, RedemptionStatus.Unknown);
        CommodityTerms memory terms = ICommodity(token).terms();
        if (units < terms.minimumRedemption) revert RedemptionBelowMinimum(units, terms.minimumRedemption);
        _requireStoragePaid(token, msg.sender);
        Pledge memory lock = IPledges(token).pledgeOf(IPledges(token).pledgeId(msg.sender, address(this), id));
        if (lock.amount != units || lock.notice != 0) revert RedemptionNotPledged(id, lock.amount, units);

        (made.token, made.pledger, made.cash, made.units) = (token, msg.sender, cash, units);
        _advance(made, RedemptionStatus.Requested, terms.responseTime);
        emit RedemptionRequested(id, token, msg.sender, units, cash, instructions, made.deadline);
    }

    /// @inheritdoc IRedemptionDesk
    function assign(bytes32 id, bytes32 lotId, uint112 weight, bytes32 bars) external restricted nonReentrant {
        Redemption storage made = _inTime(id, RedemptionStatus.Requested);
        _requireKeeper(made.token, true);
        CommodityTerms memory terms = ICommodity(made.token).terms();
        uint112 units = made.units;
        uint256 least = units - terms.tolerance;
        if (weight > units || weight < least || weight == 0) revert WeightRefused(weight, least, units);

        uint8 cashDecimals = _requireMoneyOf(made.token, made.cash);
        (uint256 shortfall, uint256 price) = _shortfall(made.token, terms, units - weight, cashDecimals);
        made.fee = _feeOf(terms, weight, cashDecimals).toUint128();
        (made.lotId, made.weight, made.shortfall) = (lotId, weight, shortfall.toUint128());
        _advance(made, RedemptionStatus.Assigned, terms.paymentTime);
        emit RedemptionAssigned(id, lotId, weight, bars, made.fee, shortfall, price, made.deadline);
        lotRegister.assign(made.token, lotId, weight);
        if (shortfall != 0) _pullExactly(IERC20(made.cash), treasury, address(this), shortfall);
    }

    /// @inheritdoc IRedemptionDesk
    function accept(bytes32 id) external nonReentrant {
        Redemption storage made = _inTime(id, RedemptionStatus.Assigned);
        address holder = _requireHolder(id, made);
        _requireInGoodStanding(id, made, holder);
        _advance(made, RedemptionStatus.Accepted, ICommodity(made.token).terms().deliveryTime);
        emit RedemptionAccepted(id, holder, made.fee, made.deadline);
        if (made.fee != 0) _pullExactly(IERC20(made.cash), holder, address(this), made.fee);
    }

    /// @inheritdoc IRedemptionDesk
    function confirmDelivery(bytes32 id, bytes32 receipt) external restricted nonReentrant {
        Redemption storage made = _inTime(id, RedemptionStatus.Accepted);
        _requireKeeper(made.token, true);
        if (made.handedOver) revert DeliveryAlreadyConfirmed(id);
        made.handedOver = true;
        emit DeliveryConfirmed(id, msg.sender, receipt);
        if (made.received) _settle(id, made);
    }

    /// @inheritdoc IRedemptionDesk
    function acknowledge(bytes32 id) external nonReentrant {
        Redemption storage made = _inTime(id, RedemptionStatus.Accepted);
        _requireHolder(id, made);
        _receive(id, made, 0);
    }

    /// @inheritdoc IRedemptionDesk
    function certifyDelivery(bytes32 id, bytes32 evidence) external restricted nonReentrant {
        Redemption storage made = _inTime(id, RedemptionStatus.Accepted);
        _requireKeeper(made.token, false);
        _receive(id, made, evidence);
    }

    // ------------------------------------------------------------------ ways out

    /// @inheritdoc IRedemptionDesk
    function cancel(bytes32 id) external nonReentrant {
        Redemption storage made = _redemptions[id];
        if (made.status != RedemptionStatus.Assigned) _require(id, made, RedemptionStatus.Requested);
        address holder = _requireHolder(id, made);
        emit RedemptionCancelled(id, holder);
        _undo(id, made, RedemptionStatus.Cancelled);
    }

    /// @inheritdoc IRedemptionDesk
    function timeOut(bytes32 id) external nonReentrant {
        Redemption storage made = _redemptions[id];
        RedemptionStatus status = made.status;
        bool runs = status == RedemptionStatus.Assigned || status == RedemptionStatus.Accepted;
        if (!runs) _require(id, made, RedemptionStatus.Requested);
        if (block.timestamp < made.deadline) revert RedemptionInTime(id, made.deadline);
        emit RedemptionTimedOut(id, status, msg.sender);
        _undo(id, made, RedemptionStatus.TimedOut);
    }

    /// @inheritdoc IRedemptionDesk
    function giveBack(address token, address pledger, bytes32 document) external nonReentrant {
        _requireSeries(token);
        if (_redemptions[document].status != RedemptionStatus.Unknown) revert RedemptionRuns(document);
        bytes32 pledgeId = IPledges(token).pledgeId(pledger, address(this), document);
        Pledge memory lock = IPledges(token).pledgeOf(pledgeId);
        if (lock.holder != msg.sender) revert RedemptionHolderOnly(document, lock.holder, msg.sender);
        IPledges(token).releasePledge(pledgeId, lock.amount);
    }

    // ------------------------------------------------------------------ the price of what is not delivered

    /// @inheritdoc IRedemptionDesk
    function publishPrice(address token, uint128 price, bytes32 evidence) external restricted {
        _requireSeries(token);
        if (price == 0 || evidence == 0) revert PriceUnsound(price, evidence);
        priceOf[token] = Price(price, uint40(block.timestamp));
        emit PricePublished(token, price, evidence);
    }

    // ------------------------------------------------------------------ what can be asked

    /// @inheritdoc IRedemptionDesk
    function redemption(bytes32 id) external view returns (Redemption memory) {
        return _redemptions[id];
    }

    /// @inheritdoc IRedemptionDesk
    function redemptionId(address holder, address token, uint112 units, address cash, bytes32 instructions)
        public
        view
        returns (bytes32)
    {
        return keccak256(abi.encode(block.chainid, address(this), holder, token, units, cash, instructions));
    }

    // ------------------------------------------------------------------ internals

    function _receive(bytes32 id, Redemption storage made, bytes32 evidence) private {
        if (made.received) revert DeliveryAlreadyConfirmed(id);
        made.received = true;
        emit DeliveryConfirmed(id, msg.sender, evidence);
        if (made.handedOver) _settle(id, made);
    }

    /// @dev Both have confirmed: the goods are gone, and so are the tokens.
    function _settle(bytes32 id, Redemption storage made) private {
        (bytes32 pledgeId, address holder) = _lockOf(id, made);
        _requireInGoodStanding(id, made, holder);
        made.status = RedemptionStatus.Settled;
        emit RedemptionSettled(id, made.token, holder, made.units);
        lotRegister.deliver(made.token, made.lotId, made.weight);
        IPledges(made.token).releasePledge(pledgeId, made.units);
        IPermissionedToken(made.token).burn(holder, made.units, id);
        _payOrCredit(made.cash, treasury, made.fee);
        _payOrCredit(made.cash, holder, made.shortfall);
    }

    /// @dev Everything back to whose it was.
    function _undo(bytes32 id, Redemption storage made, RedemptionStatus end) private {
        (bytes32 pledgeId, address holder) = _lockOf(id, made);
        RedemptionStatus reached = made.status;
        made.status = end;
        if (reached != RedemptionStatus.Requested) {
            lotRegister.unassign(made.token, made.lotId, made.weight);
            _payOrCredit(made.cash, treasury, made.shortfall);
        }
        if (reached == RedemptionStatus.Accepted) _payOrCredit(made.cash, holder, made.fee);
        IPledges(made.token).releasePledge(pledgeId, made.units);
    }

    function _advance(Redemption storage made, RedemptionStatus status, uint32 time) private {
        made.status = status;
        made.deadline = uint40(block.timestamp + time);
    }

    function _feeOf(CommodityTerms memory terms, uint256 weight, uint8 cashDecimals) private pure returns (uint256) {
        uint256 fixedPart = terms.redemptionFee * Rounding.cashPerHundredth(cashDecimals);
        return fixedPart + CommodityMath.feeHalfUp(weight, terms.deliveryFee, terms.decimals, cashDecimals);
    }

    function _shortfall(address token, CommodityTerms memory terms, uint256 missing, uint8 cashDecimals)
        private
        view
        returns (uint256 cash, uint256 price)
    {
        if (missing == 0) return (0, 0);
        Price memory published = priceOf[token];
        bool fresh = published.price != 0 && block.timestamp <= uint256(published.publishedAt) + terms.heartbeat;
        if (!fresh) revert PriceStale(published.publishedAt, terms.heartbeat);
        price = published.price;
        cash = CommodityMath.costHalfUp(missing, price, terms.decimals, cashDecimals);
    }

    function _inTime(bytes32 id, RedemptionStatus wanted) private view returns (Redemption storage made) {
        made = _redemptions[id];
        _require(id, made, wanted);
        if (block.timestamp >= made.deadline) revert RedemptionTooLate(id, made.deadline);
    }

    function _require(bytes32 id, Redemption storage made, RedemptionStatus wanted) private view {
        if (made.status != wanted) revert RedemptionNotIn(id, wanted, made.status);
    }

    /// @dev The custodian of the series, or its auditor.
    function _requireKeeper(address token, bool isCustodian) private view {
        (address custodian, address auditor) = lotRegister.keepersOf(token);
        if (msg.sender != (isCustodian ? custodian : auditor)) revert KeeperOnly(token, msg.sender);
    }

    function _requireHolder(bytes32 id, Redemption storage made) private view returns (address holder) {
        (, holder) = _lockOf(id, made);
        if (msg.sender != holder) revert RedemptionHolderOnly(id, holder, msg.sender);
    }

    /// @dev A burn would ask none of this: but goods are not handed to who is frozen, nor for tokens that are, or that
    /// an order took.
    function _requireInGoodStanding(bytes32 id, Redemption storage made, address holder) private view {
        IERC7943Fungible token = IERC7943Fungible(made.token);
        uint256 balance = IERC20(made.token).balanceOf(holder);
        bool sound = token.canSend(holder) && token.getFrozenTokens(holder) + made.units <= balance;
        if (!sound) revert RedemptionHolderRefused(id, holder);
    }

    /// @dev The holder is whose tokens are locked now: who asked, or who succeeded to its wallet.
    function _lockOf(bytes32 id, Redemption storage made) private view returns (bytes32 pledgeId, address holder) {
        pledgeId = IPledges(made.token).pledgeId(made.pledger, address(this), id);
        holder = IPledges(made.token).pledgeOf(pledgeId).holder;
    }
}
