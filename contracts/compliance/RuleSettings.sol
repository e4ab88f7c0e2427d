// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {Compliance} from "./Compliance.sol";
import {IPilotStage} from "../programme/IPilotStage.sol";
import {IRuleBook, IRuleBookClient} from "./IRuleBook.sol";
import {IRuleModule, ModuleHooks} from "./IRuleModule.sol";
import {IStagedRules} from "./IStagedRules.sol";
import {Module, ModuleCalls} from "./ModuleCalls.sol";
import {Flow, Limits, PackedRules, Rules, Terms} from "./Rules.sol";
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
import {Usage, Velocity} from "./rules/Velocity.sol";
import {VenueLicence} from "./rules/VenueLicence.sol";

/// @title What the rules are, who sets them, and where they are kept.
/// @notice Every setting belongs to one token; the sanctions list alone is the programme's. Every change is told by an
/// event with all its values: folding the events rebuilds the rules.
abstract contract RuleSettings is IRuleBook, IStagedRules, AccessManaged {
    /// @dev All that the book keeps of one token. The first slot says which of the others matter.
    struct Book {
        Limits limits;
        Flow flow;
        Terms terms;
        uint256[4] jurisdictions;
        Module[] modules;
        mapping(address investor => Usage) usage;
        mapping(bytes32 transfer => uint40 expires) approvals;
    }

    uint256 internal constant MAXIMUM_MODULES = 4;

    event TokenOpened(address indexed token, address indexed compliance);
    event RulesConfigured(address indexed token, Rules rules);
    event JurisdictionsSet(address indexed token, uint16[] countries, bool allowed);
    event ModuleAdded(address indexed token, IRuleModule indexed module, uint8 hooks);
    event ModuleRemoved(address indexed token, IRuleModule indexed module);
    event TransferPreApproved(
        address indexed token, address indexed from, address indexed to, uint256 amount, uint40 expires
    );
    event PreApprovalWithdrawn(address indexed token, address indexed from, address indexed to, uint256 amount);
    event SanctionImposed(address indexed party);
    event SanctionLifted(address indexed party);

    error TokenUnknown(address token);
    error TokenAlreadyOpen(address token);
    error InvalidVelocity(uint112 limit, uint32 window);
    error InvalidRegisterClosing(uint40 from, uint40 until);
    error InvalidClasses(uint64 classes);
    error InvalidCountry(uint16 country);
    error InvalidExpiry(uint40 expires);
    error InvalidParty(address party);
    error InvalidModule(IRuleModule module, uint8 hooks);
    error ModuleAlreadyAdded(IRuleModule module);
    error ModuleUnknown(IRuleModule module);
    error TooManyModules(uint256 maximum);

    /// @notice The code behind every token's compliance address.
    address public immutable complianceImplementation;

    /// @notice How far the programme has been let: no rule of a series may let through more.
    IPilotStage public immutable stage;

    mapping(address token => Book) internal _books;
    mapping(address party => bool) internal _sanctioned;

    constructor(IPilotStage stage_) {
        stage = stage_;
        complianceImplementation = address(new Compliance(this));
    }

    modifier known(address token) {
        _checkKnown(token);
        _;
    }

    // --- Tokens

    /// @notice Gives `token` its compliance address and its first rules. Only the factory, once.
    /// @dev The token need not be initialised, nor even exist while `rules` are all off; with any rule on, it is told
    /// so by `setRuleHooks` and must answer.
    /// @param countries Countries on its list from the start, whether the rule is on or off.
    function open(address token, Rules calldata rules, uint16[] calldata countries)
        external
        restricted
        returns (address compliance)
    {
        if (token == address(0)) revert TokenUnknown(token);
        if (complianceOf(token) != address(0)) revert TokenAlreadyOpen(token);
        compliance = Clones.cloneDeterministicWithImmutableArgs(
            complianceImplementation, abi.encodePacked(token), bytes32(uint256(uint160(token)))
        );
        emit TokenOpened(token, compliance);
        Compliance(compliance).bindToken(token);
        if (countries.length != 0) _setJurisdictions(token, countries, true);
        _configure(token, rules);
        _requireWithinStage(token);
        if (_books[token].limits.on() != 0) _announce(token);
    }

    /// @inheritdoc IRuleBook
    function complianceOf(address token) public view returns (address compliance) {
        compliance = predictCompliance(token);
        // No stranger can put code there: the address commits to this contract as its creator.
        if (compliance.code.length == 0) return address(0);
    }

    /// @notice The compliance address that `token` has or would have.
    function predictCompliance(address token) public view returns (address) {
        return Clones.predictDeterministicAddressWithImmutableArgs(
            complianceImplementation, abi.encodePacked(token), bytes32(uint256(uint160(token)))
        );
    }

    // --- Rules

    /// @notice Replaces the rules of `token` as a whole. Compliance officer.
    /// @dev The list of countries, approvals and modules have setters of their own and stand.
    function configure(address token, Rules calldata rules) external restricted known(token) {
        _configure(token, rules);
        _requireWithinStage(token);
        _announce(token);
    }

    /// @inheritdoc IStagedRules
    function narrow(address token, Rules calldata rules, uint16[] calldata removed, uint16[] calldata added)
        external
        restricted
    {
        if (removed.length != 0) _setJurisdictions(token, removed, false);
        if (added.length != 0) _setJurisdictions(token, added, true);
        _configure(token, rules);
        _announce(token);
    }

    /// @notice Puts countries (ISO 3166-1 numeric) on the token's list or takes them off. Compliance officer.
    function setJurisdictions(address token, uint16[] calldata countries, bool allowed)
        external
        restricted
        known(token)
    {
        _setJurisdictions(token, countries, allowed);
        if (allowed) _requireWithinStage(token);
    }

    /// @notice Begins or ceases to ask about venues, under limits that were set anew. Venues' rules.
    function askAboutVenues(address token, bool asks) external restricted known(token) {
        _books[token].limits = _books[token].limits.withVenues(asks);
        _announce(token);
    }

    /// @notice Whether `token` asks about venues, and how often its limits for them were set.
    function asksAboutVenues(address token) external view returns (bool asks, uint256 round) {
        Limits limits = _books[token].limits;
        return (limits.has(VenueLicence.ON), limits.venueRound());
    }

    /// @inheritdoc IStagedRules
    function rulesOf(address token) external view returns (Rules memory rules) {
        Book storage book = _books[token];
        (Limits limits, Flow flow, Terms terms) = (book.limits, book.flow, book.terms);
        rules.maximumHolding = limits.maximumHolding();
        rules.supplyCap = limits.supplyCap();
        rules.lot = flow.lot();
        rules.maximumHolders = flow.maximumHolders();
        rules.velocityLimit = flow.velocityLimit();
        rules.velocityWindow = flow.velocityWindow();
        rules.classes = terms.classes();
        rules.lockedUntil = terms.lockedUntil();
        rules.closedFrom = terms.closedFrom();
        rules.closedUntil = terms.closedUntil();
        rules.jurisdictions = limits.has(Jurisdiction.ON);
        rules.preApproval = limits.has(PreApproval.ON);
        rules.sanctions = limits.has(Sanctions.ON);
        rules.maximumTransaction = terms.maximumTransaction();
    }

    /// @notice Whether `country` is on the token's list.
    function isCountryListed(address token, uint16 country) external view returns (bool) {
        return country <= Jurisdiction.LAST_COUNTRY && Jurisdiction.allows(_books[token].jurisdictions, country);
    }

    /// @inheritdoc IStagedRules
    function jurisdictionsOf(address token) external view returns (uint256[4] memory) {
        return _books[token].jurisdictions;
    }

    /// @notice What `investor` has transferred to others in the window that a transfer now would fall in, and when that
    /// window ends or would end; meaningful while the rule is on.
    function usageOf(address token, address investor) external view returns (uint256 used, uint256 windowEnds) {
        Book storage book = _books[token];
        Flow flow = book.flow;
        Usage usage = book.usage[investor].current(flow);
        return (usage.used(), usage.windowEnds(flow));
    }

    // --- Approvals beforehand

    /// @notice Approves one transfer of exactly `amount`, until `expires` inclusive. Registrar.
    /// @dev A second approval of the same transfer replaces the first. May be given before the rule is on; a transfer
    /// uses it up only while the rule is on.
    function preApprove(address token, address from, address to, uint256 amount, uint40 expires)
        external
        restricted
        known(token)
    {
        if (expires < block.timestamp) revert InvalidExpiry(expires);
        _books[token].approvals[PreApproval.key(from, to, amount)] = expires;
        emit TransferPreApproved(token, from, to, amount, expires);
    }

    /// @notice Withdraws an approval that was not used. Registrar.
    function withdrawPreApproval(address token, address from, address to, uint256 amount) external restricted {
        delete _books[token].approvals[PreApproval.key(from, to, amount)];
        emit PreApprovalWithdrawn(token, from, to, amount);
    }

    /// @notice The last second in which such a transfer is approved; zero where it is not.
    function preApprovalOf(address token, address from, address to, uint256 amount) external view returns (uint40) {
        return _books[token].approvals[PreApproval.key(from, to, amount)];
    }

    // --- Sanctions

    /// @notice Puts wallets or investors on the programme's list, at once. Regulator.
    function imposeSanctions(address[] calldata parties) external restricted {
        for (uint256 i = 0; i < parties.length; ++i) {
            if (parties[i] == address(0)) revert InvalidParty(parties[i]);
            _sanctioned[parties[i]] = true;
            emit SanctionImposed(parties[i]);
        }
    }

    /// @notice Takes wallets or investors off the list. Releaser.
    function liftSanctions(address[] calldata parties) external restricted {
        for (uint256 i = 0; i < parties.length; ++i) {
            delete _sanctioned[parties[i]];
            emit SanctionLifted(parties[i]);
        }
    }

    /// @notice Whether the list names `party`, a wallet or an investor.
    function isSanctioned(address party) external view returns (bool) {
        return _sanctioned[party];
    }

    // --- Modules

    /// @notice Adds a bespoke rule, to be called for `hooks` (see `ModuleHooks`). Compliance officer.
    function addModule(address token, IRuleModule module, uint8 hooks) external restricted known(token) {
        Book storage book = _books[token];
        if (address(module).code.length == 0 || hooks == 0 || hooks > ModuleHooks.ALL) {
            revert InvalidModule(module, hooks);
        }
        if (book.modules.length == MAXIMUM_MODULES) revert TooManyModules(MAXIMUM_MODULES);
        if (_indexOf(book.modules, module) < book.modules.length) revert ModuleAlreadyAdded(module);
        book.modules.push(Module(module, hooks));
        book.limits = book.limits.with(ModuleCalls.ON);
        emit ModuleAdded(token, module, hooks);
        _announce(token);
    }

    /// @notice Removes a bespoke rule, which is not asked. Compliance officer.
    function removeModule(address token, IRuleModule module) external restricted known(token) {
        Book storage book = _books[token];
        uint256 last = book.modules.length;
        uint256 index = _indexOf(book.modules, module);
        if (index == last) revert ModuleUnknown(module);
        book.modules[index] = book.modules[--last];
        book.modules.pop();
        if (last == 0) book.limits = book.limits.without(ModuleCalls.ON);
        emit ModuleRemoved(token, module);
        _announce(token);
    }

    /// @notice The modules of `token` and their hooks.
    function modulesOf(address token) external view returns (Module[] memory) {
        return _books[token].modules;
    }

    // --- Internals

    function _checkKnown(address token) private view {
        if (complianceOf(token) == address(0)) revert TokenUnknown(token);
    }

    /// @dev Asked once all is written: the stage reads what stands.
    function _requireWithinStage(address token) private view {
        stage.requireWithin(token);
    }

    function _configure(address token, Rules calldata rules) private {
        _validate(rules);
        Book storage book = _books[token];
        (Limits limits, Flow flow) = (book.limits, book.flow);
        uint16 round = flow.velocityRound();
        uint256 on = _switches(rules);
        if (on & Velocity.ON != 0 && !limits.has(Velocity.ON)) {
            unchecked {
                ++round;
            }
        }
        book.limits = PackedRules.packLimits(on | limits.kept(), rules);
        book.flow = PackedRules.packFlow(rules, round);
        book.terms = PackedRules.packTerms(rules);
        emit RulesConfigured(token, rules);
    }

    function _validate(Rules calldata rules) private pure {
        if ((rules.velocityLimit == 0) != (rules.velocityWindow == 0)) {
            revert InvalidVelocity(rules.velocityLimit, rules.velocityWindow);
        }
        bool open_ = rules.closedFrom == 0 && rules.closedUntil == 0;
        if (!open_ && rules.closedFrom >= rules.closedUntil) {
            revert InvalidRegisterClosing(rules.closedFrom, rules.closedUntil);
        }
        if (rules.classes & 1 == 1) revert InvalidClasses(rules.classes);
    }

    function _switches(Rules calldata rules) private pure returns (uint256 on) {
        if (rules.jurisdictions) on |= Jurisdiction.ON;
        if (rules.classes != 0) on |= InvestorClass.ON;
        if (rules.lot != 0) on |= Lot.ON;
        if (rules.maximumHolding != 0) on |= MaximumHolding.ON;
        if (rules.maximumHolders != 0) on |= MaximumHolders.ON;
        if (rules.supplyCap != 0) on |= SupplyCap.ON;
        if (rules.lockedUntil != 0) on |= LockUp.ON;
        if (rules.closedUntil != 0) on |= RegisterClosing.ON;
        if (rules.velocityLimit != 0) on |= Velocity.ON;
        if (rules.preApproval) on |= PreApproval.ON;
        if (rules.sanctions) on |= Sanctions.ON;
        if (rules.maximumTransaction != 0) on |= MaximumTransaction.ON;
    }

    function _setJurisdictions(address token, uint16[] calldata countries, bool allowed) private {
        uint256[4] memory named;
        for (uint256 i = 0; i < countries.length; ++i) {
            uint16 country = countries[i];
            if (country == 0 || country > Jurisdiction.LAST_COUNTRY) revert InvalidCountry(country);
            named[country >> 8] |= 1 << (country & 0xFF);
        }
        uint256[4] storage list = _books[token].jurisdictions;
        for (uint256 word = 0; word < 4; ++word) {
            if (named[word] == 0) continue;
            list[word] = allowed ? list[word] | named[word] : list[word] & ~named[word];
        }
        emit JurisdictionsSet(token, countries, allowed);
    }

    /// @dev Tells the token what it has to ask about from now on.
    function _announce(address token) private {
        Book storage book = _books[token];
        uint8 hooks;
        for (uint256 i = 0; i < book.modules.length; ++i) {
            hooks |= book.modules[i].hooks;
        }
        Limits limits = book.limits;
        bool books = hooks & ModuleHooks.BOOK_UNREFUSABLE != 0;
        IRuleBookClient(token).setRuleHooks(limits.on() != 0, books, limits.has(MaximumHolders.ON));
    }

    function _indexOf(Module[] storage modules, IRuleModule module) private view returns (uint256 index) {
        uint256 length = modules.length;
        while (index < length && address(modules[index].target) != address(module)) ++index;
    }
}
