// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {PaymentKind} from "../assets/IObligor.sol";
import {IInvestorRegistry} from "../identity/IIdentityRegistry.sol";
import {ISeriesRegister} from "../programme/ISeriesRegister.sol";
import {IPermissionedToken} from "../token/IPermissionedToken.sol";
import {Attempt} from "./Attempt.sol";
import {CashDesk} from "./CashDesk.sol";
import {IPayingAgent, PayoutState} from "./IPayingAgent.sol";
import {IWithholdingTax} from "./IWithholdingTax.sol";
import {Payouts} from "./Payouts.sol";
import {Portion} from "./Portion.sol";

/// @title PayingAgent
contract PayingAgent is Payouts, ReentrancyGuardTransient {
    uint256 private constant LEAST_ESCHEAT_PERIOD = 180 days;

    /// @inheritdoc IPayingAgent
    uint256 public escheatPeriod;

    constructor(
        address authority_,
        ISeriesRegister seriesRegister_,
        IInvestorRegistry registry_,
        IWithholdingTax withholding_,
        address treasury_,
        address taxAuthority_
    ) AccessManaged(authority_) CashDesk(seriesRegister_, treasury_) {
        _setRegistry(registry_);
        _setTax(withholding_, taxAuthority_);
        _setEscheatPeriod(3652 days);
    }

    // ------------------------------------------------------------------------------------------------ Announcement

    /// @inheritdoc IPayingAgent
    function announce(address token, PaymentKind kind, uint256 number, address cash)
        external
        restricted
        returns (bytes32 paymentId)
    {
        uint8 cashDecimals = _requireMoneyOf(token, cash);
        paymentId = paymentIdOf(token, kind, number);
        _open(paymentId, token, kind, number, cash, cashDecimals);
    }

    /// @inheritdoc IPayingAgent
    function cancelAnnouncement(bytes32 paymentId) external restricted {
        Payment storage terms = _known(paymentId);
        // Without funds nothing can have been paid, unless nothing was ever owed.
        uint256 funded = terms.money.whole();
        if (funded != 0) revert PaymentHasFunds(paymentId, funded);
        delete _payments[paymentId];
        emit Cancelled(paymentId);
    }

    /// @inheritdoc IPayingAgent
    function redate(bytes32 paymentId) external nonReentrant {
        _redate(paymentId, _known(paymentId));
    }

    // ----------------------------------------------------------------------------------------------------- Funding

    /// @inheritdoc IPayingAgent
    function fund(bytes32 paymentId, uint256 amount) external nonReentrant returns (uint256 taken) {
        Payment storage terms = _known(paymentId);
        _fix(paymentId, terms);
        uint256 lacking = _missing(terms);
        if (lacking == 0) revert PaymentFundedInFull(paymentId);
        taken = amount < lacking ? amount : lacking;
        lacking -= taken;

        Portion money = terms.money.withMore(taken);
        _narrow(money.whole());
        terms.money = money;
        emit Funded(paymentId, msg.sender, taken, lacking);
        if (lacking == 0) terms.fundedAt = uint32(block.timestamp);
        if (lacking == 0 && terms.missed) {
            terms.missed = false;
            emit Cured(paymentId);
        }
        _pullExactly(IERC20(terms.cash), msg.sender, address(this), taken);
    }

    /// @inheritdoc IPayingAgent
    function markMissed(bytes32 paymentId) external nonReentrant {
        Payment storage terms = _known(paymentId);
        if (block.timestamp < terms.due) revert PaymentNotDue(paymentId, terms.due);
        if (terms.missed) revert PaymentAlreadyMissed(paymentId);
        uint256 lacking = _shortfall(paymentId);
        if (lacking == 0) revert PaymentFundedInFull(paymentId);
        terms.missed = true;
        emit Missed(paymentId, lacking);
    }

    // ----------------------------------------------------------------------------------------------------- Payment

    /// @inheritdoc IPayingAgent
    function claim(bytes32 paymentId, address holder) external nonReentrant {
        Payment storage terms = _requirePayable(paymentId);
        _payAlone(paymentId, terms, holder, Way.Alone);
    }

    /// @inheritdoc IPayingAgent
    function claimPassedOver(bytes32 paymentId, address holder, uint256 page, address fence, address[] calldata listed)
        external
        nonReentrant
    {
        Payment storage terms = _requirePayable(paymentId);
        _requirePassedOver(paymentId, holder, page, fence, listed);
        _payAlone(paymentId, terms, holder, Way.PassedOver);
    }

    /// @inheritdoc IPayingAgent
    function pay(bytes32 paymentId, address[] calldata holders)
        external
        restricted
        nonReentrant
        returns (uint256 paid, uint256 setAside)
    {
        Payment storage terms = _requirePayable(paymentId);
        uint256[] memory held = IPermissionedToken(terms.token).balancesOfAt(holders, terms.recordId);
        bool lists = terms.kind != PaymentKind.Redemption;
        address before = lists ? _turnPage(paymentId, terms, holders) : address(0);
        for (uint256 i = 0; i < holders.length; ++i) {
            Way way = lists && holders[i] > before ? Way.Listed : Way.Alone;
            (bool done, bytes memory answer) =
                Attempt.onSelf(abi.encodeCall(this.payHolder, (paymentId, holders[i], held[i], way)));
            if (!done) {
                _setMark(terms, holders[i], PayoutState.SetAside);
                emit SetAside(paymentId, holders[i], answer);
                ++setAside;
            } else if (abi.decode(answer, (bool))) {
                ++paid;
            }
        }
    }

    /// @dev One row of a page, in a call of its own so that it can be undone whole.
    function payHolder(bytes32 paymentId, address holder, uint256 held, Way way) external returns (bool) {
        if (msg.sender != address(this)) revert SettlementSelfOnly(msg.sender);
        return _payHolder(paymentId, _payments[paymentId], holder, held, way);
    }

    // ------------------------------------------------------------------------------------------------ What is left

    /// @inheritdoc IPayingAgent
    function escheat(bytes32 paymentId, address[] calldata holders)
        external
        restricted
        nonReentrant
        returns (uint256 amount)
    {
        Payment storage terms = _requirePayable(paymentId);
        uint256 from = (terms.due > terms.fundedAt ? terms.due : terms.fundedAt) + escheatPeriod;
        if (block.timestamp < from) revert PaymentNotEscheatable(paymentId, from);
        uint256[] memory held = IPermissionedToken(terms.token).balancesOfAt(holders, terms.recordId);
        for (uint256 i = 0; i < holders.length; ++i) {
            amount += _escheat(paymentId, terms, holders[i], held[i]);
        }
        _payExactly(IERC20(terms.cash), treasury, amount);
    }

    /// @inheritdoc IPayingAgent
    function remitTax(bytes32 paymentId) external restricted nonReentrant returns (uint256 amount) {
        Payment storage terms = _known(paymentId);
        uint256 withheld = terms.total.used();
        amount = withheld - terms.taxRemitted;
        if (amount == 0) revert PaymentNoTaxHeld(paymentId);

        terms.taxRemitted = uint112(withheld); // At most the total, which fits.
        emit TaxRemitted(paymentId, taxAuthority, amount);
        _payExactly(IERC20(terms.cash), taxAuthority, amount);
    }

    /// @inheritdoc IPayingAgent
    function withdrawResidual(bytes32 paymentId) external restricted nonReentrant returns (uint256 amount) {
        Payment storage terms = _known(paymentId);
        _fix(paymentId, terms);
        if (!_completed(terms)) revert PaymentIncomplete(paymentId, terms.units.used(), terms.units.whole());
        (, amount) = _kept(terms);
        if (amount == 0) revert PaymentNoResidual(paymentId);

        terms.withdrawn += uint112(amount); // At most what was funded, which fits.
        emit ResidualWithdrawn(paymentId, treasury, amount);
        _payExactly(IERC20(terms.cash), treasury, amount);
    }

    // ---------------------------------------------------------------------------------------------------- Settings

    /// @inheritdoc IPayingAgent
    function setRegistry(IInvestorRegistry registry_) external restricted {
        _setRegistry(registry_);
    }

    /// @inheritdoc IPayingAgent
    function setTax(IWithholdingTax withholding_, address taxAuthority_) external restricted {
        _setTax(withholding_, taxAuthority_);
    }

    /// @inheritdoc IPayingAgent
    function setEscheatPeriod(uint256 period) external restricted {
        _setEscheatPeriod(period);
    }

    // --------------------------------------------------------------------------------------------------- Internals

    function _requirePayable(bytes32 paymentId) private returns (Payment storage terms) {
        terms = _known(paymentId);
        if (block.timestamp < terms.due) revert PaymentNotDue(paymentId, terms.due);
        _fix(paymentId, terms);
        uint256 lacking = _missing(terms);
        if (lacking != 0) revert PaymentNotFunded(paymentId, lacking);
    }

    function _payAlone(bytes32 paymentId, Payment storage terms, address holder, Way way) private {
        bool paid = _payHolder(paymentId, terms, holder, _held(terms, holder), way);
        if (!paid) revert PaymentNothingOwed(paymentId, holder);
    }

    function _escheat(bytes32 paymentId, Payment storage terms, address holder, uint256 held)
        private
        returns (uint256 gross)
    {
        uint256 units = _unitsOwed(terms, holder, held, Way.Alone);
        if (units == 0 || _mark(terms, holder) != PayoutState.SetAside) revert PaymentNotSetAside(paymentId, holder);
        gross = _shareDown(terms.lotAmount, units, terms.lot);
        _setMark(terms, holder, PayoutState.Escheated);
        _bookEscheat(paymentId, terms, units, gross);
        emit Escheated(paymentId, holder, units, gross);
        if (terms.kind != PaymentKind.Redemption) return gross;
        // The units are what shows that it is settled. A frozen holding is in dispute, and so its money waits.
        _redeem(terms.token, holder, registry.successorOf(holder), units, paymentId);
    }

    function _setRegistry(IInvestorRegistry registry_) private {
        if (address(registry_).code.length == 0) revert PayingAgentRegistryInvalid(address(registry_));
        registry = registry_;
        emit RegistrySet(address(registry_));
    }

    function _setTax(IWithholdingTax withholding_, address taxAuthority_) private {
        bool fit =
            address(withholding_).code.length != 0 && taxAuthority_ != address(0) && taxAuthority_ != address(this);
        if (!fit) revert PayingAgentTaxInvalid(address(withholding_), taxAuthority_);
        (withholding, taxAuthority) = (withholding_, taxAuthority_);
        emit TaxSet(address(withholding_), taxAuthority_);
    }

    function _setEscheatPeriod(uint256 period) private {
        if (period < LEAST_ESCHEAT_PERIOD) revert EscheatPeriodTooShort(period, LEAST_ESCHEAT_PERIOD);
        escheatPeriod = period;
        emit EscheatPeriodSet(period);
    }
}
