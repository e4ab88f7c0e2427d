// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IInvestorRegistry} from "../identity/IIdentityRegistry.sol";
import {InvestorRecord, InvestorRecords} from "../identity/InvestorRecord.sol";
import {IPilotStage} from "../programme/IPilotStage.sol";
import {Door, Movement} from "../token/Movement.sol";
import {Compliance} from "./Compliance.sol";
import {IRuleBook} from "./IRuleBook.sol";
import {Module, ModuleCalls} from "./ModuleCalls.sol";
import {Restriction} from "./Restriction.sol";
import {RuleSettings} from "./RuleSettings.sol";
import {Flow, Limits, Terms} from "./Rules.sol";
import {VenueKeys, VenueWords} from "./VenueWords.sol";
import {InvestorClass} from "./rules/InvestorClass.sol";
import {Jurisdiction} from "./rules/Jurisdiction.sol";
import {LockUp} from "./rules/LockUp.sol";
import {Lot} from "./rules/Lot.sol";
import {MaximumHolders} from "./rules/MaximumHolders.sol";
import {MaximumHolding} from "./rules/MaximumHolding.sol";
import {MaximumTransaction} from "./rules/MaximumTransaction.sol";
import {PreApproval} from "./rules/PreApproval.sol";
import {RegisterClosing} from "./rules/RegisterClosing.sol";
import {Sanctions} from "./rules/Sanctions.sol";
import {SupplyCap} from "./rules/SupplyCap.sol";
import {TravelRule} from "./rules/TravelRule.sol";
import {Usage, Velocity} from "./rules/Velocity.sol";
import {LicenceWord, VenueDay, VenueLicence} from "./rules/VenueLicence.sol";

/// @title The rules of every series, in one engine.
/// @notice Judges each movement of balances and books what a rule counts, in one call.
/// @dev Each rule can only forbid, so their order decides no more than which reason is given. The rules that are on
/// stand in one word, and a word of settings is read only where a rule in it is on. The order of the reasons follows
/// the words: jurisdiction, maximum holding, supply cap; lot, maximum holders, velocity; investor class, maximum
/// transaction, lock-up, register closing; sanctions, approval beforehand; modules; venues' licences, travel rule.
///
/// Mints are asked about parties and quantities, not about times or flow. Burns, forced transfers and recoveries are
/// asked about nothing: they are only told to the modules that keep books of them, and no module can stop them.
contract RuleBook is RuleSettings, VenueWords {
    uint256 private constant IN_LIMITS = Jurisdiction.ON | MaximumHolding.ON | SupplyCap.ON;
    uint256 private constant FLOWS = Lot.ON | Velocity.ON;
    uint256 private constant IN_FLOW = FLOWS | MaximumHolders.ON;
    uint256 private constant IN_TERMS = InvestorClass.ON | MaximumTransaction.ON | LockUp.ON | RegisterClosing.ON;
    uint256 private constant IN_LISTS = Sanctions.ON | PreApproval.ON;
    uint256 private constant BEYOND_LIMITS = IN_FLOW | IN_TERMS | IN_LISTS | ModuleCalls.ON;
    uint256 private constant KEEPS_BOOKS = Velocity.ON | PreApproval.ON | ModuleCalls.ON;

    event PreApprovalUsed(address indexed token, address indexed from, address indexed to, uint256 amount);
    /// @notice A reference for the travel rule served a transfer from one venue to another, below the threshold too.
    event TravelReferenceUsed(address indexed token, address indexed from, address indexed to, uint256 amount);
    /// @notice A module failed to book a movement that nothing can stop; its own figures may be wrong from here on.
    event ModuleFailed(
        address indexed token, address indexed module, Door door, address from, address to, uint256 amount
    );

    /// @notice The programme's registry, asked for the wallets of an investor who has several.
    IInvestorRegistry public immutable registry;

    constructor(address authority, IInvestorRegistry registry_, IPilotStage stage_)
        AccessManaged(authority)
        RuleSettings(stage_)
    {
        registry = registry_;
    }

    // --- The token's call

    /// @inheritdoc IRuleBook
    function book(Movement calldata movement) external {
        Book storage rules = _books[msg.sender];
        Limits limits = rules.limits;
        if (_refusable(movement.door)) {
            uint8 code = _firstViolation(rules, limits, msg.sender, movement);
            if (code != Restriction.NONE) _refuse(rules, limits, code, movement);
            if (limits.has(VenueLicence.ON)) _bookVenues(limits.venueRound(), movement);
        }
        if (limits.has(KEEPS_BOOKS)) _keepBooks(rules, limits, movement);
    }

    /// @inheritdoc IRuleBook
    function restriction(Movement calldata movement) external view returns (uint8) {
        return restrictionOf(msg.sender, movement);
    }

    /// @inheritdoc IRuleBook
    function restrictionOf(address token, Movement calldata movement) public view returns (uint8 code) {
        if (!_refusable(movement.door)) return Restriction.NONE;
        Book storage rules = _books[token];
        Limits limits = rules.limits;
        code = _firstViolation(rules, limits, token, movement);
        if (code == Restriction.NONE && limits.has(VenueLicence.ON)) {
            (code,) = _inVenues(token, limits.venueRound(), movement);
        }
    }

    /// @inheritdoc IRuleBook
    /// @dev The compliance addresses have the sentences: they would take a seventh of what code may be here.
    function message(uint8 code) external view returns (string memory) {
        return Compliance(complianceImplementation).message(code);
    }

    // --- Judging

    /// @dev The only judge but of venues: `book` and `restriction` both ask here, so they cannot disagree.
    function _firstViolation(Book storage rules, Limits limits, address token, Movement calldata movement)
        private
        view
        returns (uint8 code)
    {
        if (limits.has(IN_LIMITS)) code = _inLimits(rules, limits, token, movement);
        if (code == 0 && limits.has(BEYOND_LIMITS)) code = _beyondLimits(rules, limits.on(), token, movement);
    }

    function _beyondLimits(Book storage rules, uint256 on, address token, Movement calldata movement)
        private
        view
        returns (uint8 code)
    {
        // Who limits holders alone is asked only where a holder is added: else the word need not be read.
        if (on & FLOWS != 0 || (on & IN_FLOW != 0 && movement.holders != 0)) code = _inFlow(rules, on, movement);
        if (code == 0 && on & IN_TERMS != 0) code = _inTerms(rules, on, movement);
        if (code == 0 && on & IN_LISTS != 0) code = _inLists(rules, on, movement);
        if (code == 0 && on & ModuleCalls.ON != 0) code = _inModules(rules, token, movement);
    }

    /// @dev Read by nearly every transfer, so in as few steps as the three rules take.
    function _inLimits(Book storage rules, Limits limits, address token, Movement calldata movement)
        private
        view
        returns (uint8)
    {
        InvestorRecord recipient = movement.recipient;
        if (limits.has(Jurisdiction.ON) && !Jurisdiction.allows(rules.jurisdictions, recipient.country())) {
            return Jurisdiction.CODE;
        }
        if (limits.has(MaximumHolding.ON)) {
            uint256 maximum = limits.maximumHolding();
            bool plainlyWithin = !recipient.is_(InvestorRecords.LINKED) && movement.amount <= maximum
                && movement.toBalance <= maximum - movement.amount;
            if (!plainlyWithin && !_holdingAllowed(maximum, token, movement)) return MaximumHolding.CODE;
        }
        if (limits.has(SupplyCap.ON) && !SupplyCap.allows(movement.supply, limits.supplyCap())) return SupplyCap.CODE;
        return Restriction.NONE;
    }

    function _holdingAllowed(uint256 maximum, address token, Movement calldata movement) private view returns (bool) {
        if (!_changesInvestor(movement)) return true;
        return MaximumHolding.allows(MaximumHolding.holdingAfter(registry, token, movement), maximum);
    }

    function _inFlow(Book storage rules, uint256 on, Movement calldata movement) private view returns (uint8) {
        Flow flow = rules.flow;
        if (on & Lot.ON != 0 && !Lot.allows(movement.amount, flow.lot())) return Lot.CODE;
        if (on & MaximumHolders.ON != 0 && !MaximumHolders.allows(movement.holders, flow.maximumHolders())) {
            return MaximumHolders.CODE;
        }
        if (on & Velocity.ON != 0 && _isTransferToAnother(movement)) {
            Usage usage = rules.usage[_sendingInvestor(movement)].current(flow);
            if (!usage.allows(flow, movement.amount)) return Velocity.CODE;
        }
        return Restriction.NONE;
    }

    function _inTerms(Book storage rules, uint256 on, Movement calldata movement) private view returns (uint8) {
        Terms terms = rules.terms;
        if (on & InvestorClass.ON != 0 && !InvestorClass.allows(terms.classes(), movement.recipient.class())) {
            return InvestorClass.CODE;
        }
        if (on & MaximumTransaction.ON != 0 && !MaximumTransaction.allows(movement.amount, terms.maximumTransaction()))
        {
            return MaximumTransaction.CODE;
        }
        if (movement.door != Door.Transfer) return Restriction.NONE;
        if (on & LockUp.ON != 0 && !LockUp.allows(terms.lockedUntil())) return LockUp.CODE;
        if (on & RegisterClosing.ON != 0 && !RegisterClosing.allows(terms.closedFrom(), terms.closedUntil())) {
            return RegisterClosing.CODE;
        }
        return Restriction.NONE;
    }

    function _inLists(Book storage rules, uint256 on, Movement calldata movement) private view returns (uint8) {
        if (on & Sanctions.ON != 0 && !Sanctions.allows(_sanctioned, movement)) return Sanctions.CODE;
        if (on & PreApproval.ON != 0 && _isTransferToAnother(movement)) {
            if (!PreApproval.allows(rules.approvals[_approvalKey(movement)])) return PreApproval.CODE;
        }
        return Restriction.NONE;
    }

    /// @dev The only judge of venues, as `_firstViolation` is of all else. Who is no venue, and has none before him, is
    /// asked nothing.
    /// @return code Of the first rule about venues that forbids it.
    /// @return day The recipient's with the transfer counted; zero where there is nothing to count.
    function _inVenues(address token, uint256 round, Movement calldata movement)
        private
        view
        returns (uint8 code, VenueDay day)
    {
        bool sends = movement.sender.is_(InvestorRecords.VENUE);
        bool receives = movement.recipient.is_(InvestorRecords.VENUE);
        if (!(sends || receives) || !_changesInvestor(movement)) return (code, day);
        if (sends) code = _fromVenue(token, movement, receives);
        if (code == 0 && receives) (code, day) = _toVenue(token, round, movement, sends);
    }

    /// @dev The way to its own customers is never shut.
    function _fromVenue(address token, Movement calldata movement, bool toAnother) private view returns (uint8) {
        address venue = movement.sender.investor();
        LicenceWord licence = _licenceOf(venue);
        bool stands = licence.stands();
        if (toAnother) {
            if (!stands) return VenueLicence.CODE;
            if (movement.amount <= _limitsOf(token, licence.stage()).travelAbove()) return Restriction.NONE;
            return TravelRule.allows(venueWord[_travelKey(token, movement)]) ? Restriction.NONE : TravelRule.CODE;
        }
        if (stands && licence.serves(movement.recipient.class())) return Restriction.NONE;
        if (venueWord[VenueKeys.customer(venue, movement.recipient.investor())] != 0) return Restriction.NONE;
        return stands ? VenueLicence.CLIENT_CODE : VenueLicence.CODE;
    }

    function _toVenue(address token, uint256 round, Movement calldata movement, bool fromAnother)
        private
        view
        returns (uint8, VenueDay day)
    {
        address venue = movement.recipient.investor();
        LicenceWord licence = _licenceOf(venue);
        if (!licence.stands()) return (VenueLicence.CODE, day);
        bool transfers = movement.door == Door.Transfer;
        if (transfers && !fromAnother && !licence.serves(movement.sender.class())) {
            return (VenueLicence.CLIENT_CODE, day);
        }
        VenueDay today = _dayOf(token, venue, licence, round);
        if (today.isShort()) return (VenueLicence.CODE, day);
        if (MaximumHolding.holdingAfter(registry, token, movement) > today.hold()) {
            return (VenueLicence.HOLDING_CODE, day);
        }
        if (!transfers || today.isUnlimited()) return (Restriction.NONE, day);
        if (today.usedAfter(movement.amount) > today.trade()) return (VenueLicence.TRADE_CODE, day);
        return (Restriction.NONE, today.count(movement.amount));
    }

    function _inModules(Book storage rules, address token, Movement calldata movement) private view returns (uint8) {
        return _refusingModule(rules, token, movement) < rules.modules.length ? ModuleCalls.CODE : Restriction.NONE;
    }

    /// @dev Index of the first module that forbids; their number where none does.
    function _refusingModule(Book storage rules, address token, Movement calldata movement)
        private
        view
        returns (uint256 index)
    {
        uint256 length = rules.modules.length;
        for (; index < length; ++index) {
            Module memory module = rules.modules[index];
            if (ModuleCalls.checks(module, movement.door) && !ModuleCalls.allows(module, token, movement)) break;
        }
    }

    // --- Refusing: the rule's own error, with its values

    function _refuse(Book storage rules, Limits limits, uint8 code, Movement calldata movement) private view {
        if (code == Jurisdiction.CODE) Jurisdiction.refuse(movement.to, movement.recipient.country());
        if (code == MaximumHolding.CODE) {
            uint256 holding = MaximumHolding.holdingAfter(registry, msg.sender, movement);
            MaximumHolding.refuse(movement.recipient.investor(), holding, limits.maximumHolding());
        }
        if (code == SupplyCap.CODE) SupplyCap.refuse(movement.supply, limits.supplyCap());
        if (code == Sanctions.CODE) Sanctions.refuse(Sanctions.firstListed(_sanctioned, movement));
        if (code == PreApproval.CODE) PreApproval.refuse(movement.from, movement.to, movement.amount);
        if (code == ModuleCalls.CODE) {
            ModuleCalls.refuse(rules.modules[_refusingModule(rules, msg.sender, movement)]);
        }
        _refuseByFlow(rules, code, movement);
        _refuseByTerms(rules.terms, code, movement);
    }

    function _refuseByFlow(Book storage rules, uint8 code, Movement calldata movement) private view {
        Flow flow = rules.flow;
        if (code == Lot.CODE) Lot.refuse(movement.amount, flow.lot());
        if (code == MaximumHolders.CODE) MaximumHolders.refuse(movement.holders, flow.maximumHolders());
        if (code == Velocity.CODE) {
            address investor = _sendingInvestor(movement);
            Velocity.refuse(investor, rules.usage[investor].current(flow), flow, movement.amount);
        }
    }

    /// @dev Names the venue at fault: the sender where it may not send, else the recipient.
    function _refuseVenue(uint8 code, uint256 round, Movement calldata movement) private view {
        if (code == TravelRule.CODE) TravelRule.refuse(movement.from, movement.to, movement.amount);
        bool sends = movement.sender.is_(InvestorRecords.VENUE);
        address venue = (sends ? movement.sender : movement.recipient).investor();
        if (code == VenueLicence.CLIENT_CODE) {
            InvestorRecord client = sends ? movement.recipient : movement.sender;
            revert VenueLicence.VenueMayNotServe(venue, client.class());
        }
        LicenceWord licence = _licenceOf(venue);
        if (sends && (code != VenueLicence.CODE || licence.stands())) {
            venue = movement.recipient.investor();
            licence = _licenceOf(venue);
        }
        if (code == VenueLicence.CODE) revert VenueLicence.VenueNotLicensed(venue, licence.stage(), licence.until());
        VenueDay day = _dayOf(msg.sender, venue, licence, round);
        if (code == VenueLicence.TRADE_CODE) {
            revert VenueLicence.VenueTradeExceeded(venue, day.usedAfter(movement.amount), day.trade());
        }
        uint256 holding = MaximumHolding.holdingAfter(registry, msg.sender, movement);
        revert VenueLicence.VenueHoldingExceeded(venue, holding, day.hold());
    }

    function _refuseByTerms(Terms terms, uint8 code, Movement calldata movement) private pure {
        if (code == InvestorClass.CODE) InvestorClass.refuse(movement.to, movement.recipient.class());
        if (code == MaximumTransaction.CODE) {
            MaximumTransaction.refuse(movement.amount, terms.maximumTransaction());
        }
        if (code == LockUp.CODE) LockUp.refuse(terms.lockedUntil());
        if (code == RegisterClosing.CODE) RegisterClosing.refuse(terms.closedFrom(), terms.closedUntil());
        assert(false); // every code that `_firstViolation` gives has its error above
    }

    // --- Booking

    function _keepBooks(Book storage rules, Limits limits, Movement calldata movement) private {
        if (_isTransferToAnother(movement)) {
            if (limits.has(Velocity.ON)) _countVelocity(rules, movement);
            if (limits.has(PreApproval.ON)) _useApproval(rules, movement);
        }
        if (limits.has(ModuleCalls.ON)) _tellModules(rules, movement);
    }

    function _countVelocity(Book storage rules, Movement calldata movement) private {
        address investor = _sendingInvestor(movement);
        rules.usage[investor] = rules.usage[investor].current(rules.flow).count(movement.amount);
    }

    function _useApproval(Book storage rules, Movement calldata movement) private {
        delete rules.approvals[_approvalKey(movement)];
        emit PreApprovalUsed(msg.sender, movement.from, movement.to, movement.amount);
    }

    /// @dev Judges and books at once, so that a venue's slot is worked out once.
    function _bookVenues(uint256 round, Movement calldata movement) private {
        (uint8 code, VenueDay day) = _inVenues(msg.sender, round, movement);
        if (code != Restriction.NONE) _refuseVenue(code, round, movement);
        if (VenueDay.unwrap(day) != 0) venueDay[msg.sender][movement.recipient.investor()] = day;
        if (movement.sender.is_(InvestorRecords.VENUE)) _useTravelReference(movement);
    }

    function _useTravelReference(Movement calldata movement) private {
        if (!movement.recipient.is_(InvestorRecords.VENUE) || !_changesInvestor(movement)) return;
        bytes32 key = _travelKey(msg.sender, movement);
        if (venueWord[key] == 0) return;
        delete venueWord[key];
        emit TravelReferenceUsed(msg.sender, movement.from, movement.to, movement.amount);
    }

    /// @dev Comes last: a module that calls back finds everything booked. A module that cannot book a movement that
    /// may be refused refuses it; of the others, its failure is noted and the movement goes on.
    function _tellModules(Book storage rules, Movement calldata movement) private {
        uint256 length = rules.modules.length;
        for (uint256 i = 0; i < length; ++i) {
            Module memory module = rules.modules[i];
            if (!ModuleCalls.books(module, movement.door)) continue;
            if (ModuleCalls.tell(module, msg.sender, movement)) continue;
            if (_refusable(movement.door)) ModuleCalls.refuse(module);
            emit ModuleFailed(
                msg.sender, address(module.target), movement.door, movement.from, movement.to, movement.amount
            );
        }
    }

    // --- What the movement is

    function _refusable(Door door) private pure returns (bool) {
        return door <= Door.Mint;
    }

    function _isTransferToAnother(Movement calldata movement) private pure returns (bool) {
        return movement.door == Door.Transfer && _changesInvestor(movement);
    }

    /// @dev Nothing, or something between wallets of one investor, changes nobody's holding and uses nothing up.
    /// Wallets without a record are investors of their own.
    function _changesInvestor(Movement calldata movement) private pure returns (bool) {
        if (movement.amount == 0) return false;
        address investor = movement.sender.investor();
        if (investor != movement.recipient.investor()) return true;
        return investor == address(0) && movement.from != movement.to;
    }

    /// @dev The wallet itself stands in for a sender without a record.
    function _sendingInvestor(Movement calldata movement) private pure returns (address investor) {
        investor = movement.sender.investor();
        if (investor == address(0)) investor = movement.from;
    }

    function _travelKey(address token, Movement calldata movement) private pure returns (bytes32) {
        return VenueKeys.travel(token, movement.from, movement.to, movement.amount);
    }

    function _approvalKey(Movement calldata movement) private pure returns (bytes32) {
        return PreApproval.key(movement.from, movement.to, movement.amount);
    }
}
