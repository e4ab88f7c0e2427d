// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IMeasured} from "../assets/IMeasured.sol";
import {IStagedRules} from "../compliance/IStagedRules.sol";
import {Restriction} from "../compliance/Restriction.sol";
import {Rules} from "../compliance/Rules.sol";
import {Jurisdiction} from "../compliance/rules/Jurisdiction.sol";
import {IStandstill} from "../identity/IStandstill.sol";
import {IPilotStage, Stage, StageLimits, TokenLimits} from "./IPilotStage.sol";
import {IReferenceRates, Reading} from "./IReferenceRates.sol";
import {ISeriesRegister} from "./ISeriesRegister.sol";
import {Proposals} from "./Proposals.sol";
import {StageRules} from "./StageRules.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title How far the programme has been let.
/// @notice A stage goes one step on, or is widened, where the board proposes and the regulator confirms; the regulator
/// alone tightens it, at once.
/// @dev While a tighter stage has not reached the rules of every series, the registry is told that the stage is over:
/// transfers and mints of all of them stand still, at no cost to any. Anyone conforms what is left. What it calls is
/// the programme's own code alone, so no holder, module or feed can stand in the way.
contract PilotStage is AccessManaged, Proposals, IPilotStage {
    using StageRules for TokenLimits;
    using StageRules for StageLimits;

    /// @notice The subject that stages are proposed on.
    bytes32 public constant SUBJECT = "STAGE";

    uint256 private constant WAD = 1e18;

    IReferenceRates private immutable _RATES;
    IStandstill private immutable _REGISTRY;

    // One slot: all that is read where the stage limits nothing that a rule could say.
    Stage private _stage;
    bool private _binds;
    uint32 private _conformed;
    uint32 private _toConform;
    uint64 private _changes;

    /// @notice The programme's list of series.
    ISeriesRegister public register;
    /// @notice Where their rules are kept.
    IStagedRules public ruleBook;
    StageLimits private _limits;

    constructor(address authority_, IReferenceRates rates, IStandstill registry) AccessManaged(authority_) {
        (_RATES, _REGISTRY) = (rates, registry);
    }

    // ------------------------------------------------------------------ from stage to stage

    /// @inheritdoc IPilotStage
    function begin(ISeriesRegister register_, IStagedRules ruleBook_, Stage stage, StageLimits calldata limits)
        external
        restricted
    {
        if (_stage != Stage.None) revert StageBegunBefore(_stage);
        if (stage == Stage.None) revert StageNotBegun();
        _requireSound(limits);
        (register, ruleBook) = (register_, ruleBook_);
        _set(stage, limits, type(uint256).max);
    }

    /// @inheritdoc IPilotStage
    function proposeStage(Stage stage, StageLimits calldata limits) external restricted {
        _requireNext(stage);
        _requireSound(limits);
        _propose(SUBJECT, proposalOf(stage, limits));
        emit StageProposed(stage, limits);
    }

    /// @inheritdoc IPilotStage
    function confirmStage(Stage stage, StageLimits calldata limits, uint256 most) external restricted {
        _confirm(SUBJECT, proposalOf(stage, limits));
        _requireSound(limits); // its end may have come meanwhile
        _set(stage, limits, most);
    }

    /// @inheritdoc IPilotStage
    function narrowStage(StageLimits calldata limits, uint256 most) external restricted {
        if (_stage == Stage.None) revert StageNotBegun();
        StageLimits memory narrower = limits;
        if (limits.endsAt != 0 && limits.endsAt <= block.timestamp) narrower.endsAt = _earlier(_limits.endsAt);
        _requireSoundLists(narrower);
        if (!narrower.isWithinAll(_limits)) revert StageWouldWiden();
        _set(_stage, narrower, most);
    }

    // ------------------------------------------------------------------ the rules of the series

    /// @inheritdoc IPilotStage
    function conform(uint256 most) external {
        if (!_isHeld()) revert StageNotHeld();
        _conformNext(most);
        _tellRegistry();
    }

    /// @inheritdoc IPilotStage
    function conformSeries(address[] calldata tokens) external {
        if (_stage == Stage.None) revert StageNotBegun();
        for (uint256 i; i < tokens.length; ++i) {
            if (!register.isSeries(tokens[i])) revert NotASeries(tokens[i]);
            _conform(tokens[i]);
        }
    }

    /// @inheritdoc IPilotStage
    function requireWithin(address token) external view {
        if (!_binds) return;
        TokenLimits memory limits = limitsOf(token);
        Rules memory rules = ruleBook.rulesOf(token);
        uint256[4] memory list = ruleBook.jurisdictionsOf(token);
        if (rules.jurisdictions && StageRules.isEmpty(list)) return; // nobody may receive it
        uint8 code = limits.firstBeyond(rules, list);
        if (code != Restriction.NONE) revert RulesBeyondStage(token, code);
        if (limits.shut) revert SeriesShut(token);
    }

    // ------------------------------------------------------------------ what stands

    /// @inheritdoc IPilotStage
    function outstandingLimits() external view returns (uint256 perSeries, uint256 total) {
        return (_limits.perSeriesUsd, _limits.totalUsd);
    }

    /// @inheritdoc IPilotStage
    function isRunning() external view returns (bool) {
        return _stage != Stage.None && !_isHeld() && !_hasPassed(_limits.endsAt);
    }

    /// @inheritdoc IPilotStage
    function limitsOf(address token) public view returns (TokenLimits memory limits) {
        if (!_binds) return limits;
        limits.maximumHolders = _limits.investors;
        limits.classes = _limits.classes;
        limits.limitsCountries = _limits.countries.length != 0;
        limits.countries = StageRules.bitsOf(_limits.countries);
        (uint256 holding, uint256 transaction) = (_limits.holdingUsd, _limits.transactionUsd);
        if (holding == 0 && transaction == 0) return limits;
        uint256 worth = _worthOf(token);
        limits.shut = worth == 0 || _isBelowOne(holding, worth) || _isBelowOne(transaction, worth);
        if (limits.shut) return limits;
        limits.maximumHolding = uint112(Math.min(_unitsDown(holding, worth), type(uint112).max));
        limits.maximumTransaction = uint72(Math.min(_unitsDown(transaction, worth), type(uint72).max));
    }

    /// @inheritdoc IPilotStage
    function current() external view returns (Stage stage, StageLimits memory limits) {
        return (_stage, _limits);
    }

    /// @inheritdoc IPilotStage
    function conformed() external view returns (uint256 done, uint256 total) {
        return (_conformed, _toConform);
    }

    /// @inheritdoc IPilotStage
    function proposalOf(Stage stage, StageLimits calldata limits) public view returns (bytes32) {
        return keccak256(abi.encode(_changes, stage, limits));
    }

    // ------------------------------------------------------------------ setting

    function _set(Stage stage, StageLimits memory limits, uint256 most) private {
        StageLimits memory old = _limits;
        bool onlyWidens = _stage != Stage.None && old.isWithinAll(limits);
        _limits = limits;
        (_stage, _binds, _changes) = (stage, _bindsRules(limits), _changes + 1);
        emit StageSet(stage, limits, msg.sender);
        if (!onlyWidens) _hold();
        _conformNext(most);
        _tellRegistry();
    }

    /// @dev A series made from here on was let by the stage of now: those made before are conformed, from the first.
    function _hold() private {
        (_conformed, _toConform) = (0, uint32(register.seriesCount()));
        if (_toConform != 0) emit StageHeld(_toConform);
    }

    function _conformNext(uint256 most) private {
        (uint256 at, uint256 total) = (_conformed, _toConform);
        if (at == total) return;
        for (uint256 left = most; at < total && left != 0; --left) {
            _conform(register.seriesAt(at++));
        }
        _conformed = uint32(at);
        if (at == total) emit StageReleased();
    }

    function _conform(address token) private {
        TokenLimits memory limits = limitsOf(token);
        Rules memory rules = ruleBook.rulesOf(token);
        uint256[4] memory list = ruleBook.jurisdictionsOf(token);
        bytes32 before = keccak256(abi.encode(rules, list));
        uint256[4] memory next = [list[0], list[1], list[2], list[3]];
        bool shut = limits.tighten(rules, next, IERC20(token).totalSupply() != 0);
        if (keccak256(abi.encode(rules, next)) == before) return;
        ruleBook.narrow(token, rules, StageRules.numbersOf(list, next), StageRules.numbersOf(next, list));
        emit SeriesConformed(token, shut);
    }

    function _tellRegistry() private {
        uint40 end = _limits.endsAt;
        _REGISTRY.setStageEnd(_isHeld() ? _earlier(end) : end);
    }

    // ------------------------------------------------------------------ internals

    function _requireNext(Stage stage) private view {
        Stage now_ = _stage;
        if (now_ == Stage.None) revert StageNotBegun();
        if (stage != now_ && uint8(stage) != uint8(now_) + 1) revert StageNotNext(now_, stage);
    }

    function _requireSound(StageLimits memory limits) private view {
        if (_hasPassed(limits.endsAt)) revert StageLimitsInvalid();
        _requireSoundLists(limits);
    }

    /// @dev Countries ascend, so that one list is written in one way.
    function _requireSoundLists(StageLimits memory limits) private pure {
        bool sound = limits.classes & 1 == 0;
        uint16 last;
        for (uint256 i; i < limits.countries.length; ++i) {
            uint16 country = limits.countries[i];
            sound = sound && country > last && country <= Jurisdiction.LAST_COUNTRY;
            last = country;
        }
        if (!sound) revert StageLimitsInvalid();
    }

    /// @dev Whether it limits anything that the rules of a series say.
    function _bindsRules(StageLimits memory limits) private pure returns (bool) {
        return limits.holdingUsd != 0 || limits.transactionUsd != 0 || limits.investors != 0 || limits.classes != 0
            || limits.countries.length != 0;
    }

    /// @dev What one smallest unit is worth by the rate last set, in US dollars with 36 decimals; zero where that is
    /// not known.
    function _worthOf(address token) private view returns (uint256) {
        try IMeasured(token).measure() returns (bytes32 unit, uint256 content) {
            try _RATES.rateOf(unit) returns (Reading memory reading) {
                return content > type(uint128).max ? 0 : content * reading.rate;
            } catch {}
        } catch {}
        return 0;
    }

    function _unitsDown(uint256 usd, uint256 worth) private pure returns (uint256) {
        return Math.mulDiv(Math.min(usd, type(uint128).max), WAD, worth);
    }

    function _isBelowOne(uint256 usd, uint256 worth) private pure returns (bool) {
        return usd != 0 && _unitsDown(usd, worth) == 0;
    }

    function _isHeld() private view returns (bool) {
        return _conformed != _toConform;
    }

    function _hasPassed(uint40 end) private view returns (bool) {
        return end != 0 && block.timestamp >= end;
    }

    /// @dev The end, where it has passed; else now.
    function _earlier(uint40 end) private view returns (uint40) {
        return _hasPassed(end) ? end : uint40(block.timestamp);
    }
}
