// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Allocation, ICeiling, Limits} from "./ICeiling.sol";
import {IPilotStage} from "./IPilotStage.sol";
import {IReferenceRates} from "./IReferenceRates.sol";
import {Proposals} from "./Proposals.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

/// @notice What may be out, and what is committed of it.
/// @dev Two books, by unit and by class and unit, changed together; sums are of what was authorised, never of prices, so
/// that no order of moves of rates and issues makes them drift.
abstract contract Ceiling is AccessManaged, Proposals, ICeiling {
    bytes32 private constant CEILING = "CEILING";
    uint256 private constant LONGEST_AGE = 366 days;

    /// @notice What units are worth.
    IReferenceRates public immutable rates;
    /// @notice How far the programme has been let.
    IPilotStage public immutable stage;

    uint256 private _ceiling;
    uint32 internal _authorisationAge;
    bytes32[] private _classes;
    /// @dev From one; zero is none.
    mapping(bytes32 class => uint8 number) private _numberOf;
    bytes32[] private _units;
    /// @inheritdoc ICeiling
    mapping(bytes32 class => uint256 usd) public allocationOf;
    /// @inheritdoc ICeiling
    mapping(bytes32 unit => uint256 quantity) public committed;
    /// @inheritdoc ICeiling
    mapping(bytes32 class => mapping(bytes32 unit => uint256 quantity)) public committedOf;

    constructor(IReferenceRates rates_, IPilotStage stage_, Limits memory opening) {
        (rates, stage) = (rates_, stage_);
        _requireSound(opening);
        _setLimits(opening);
    }

    // ------------------------------------------------------------------ limits

    /// @inheritdoc ICeiling
    function proposeLimits(Limits calldata wanted) external restricted {
        _requireSound(wanted);
        _propose(CEILING, keccak256(abi.encode(wanted)));
        emit LimitsProposed(wanted);
    }

    /// @inheritdoc ICeiling
    function confirmLimits(Limits calldata wanted) external restricted {
        _confirm(CEILING, keccak256(abi.encode(wanted)));
        _setLimits(wanted);
    }

    /// @inheritdoc ICeiling
    function lowerLimits(Limits calldata wanted) external restricted {
        _requireSound(wanted);
        _requireLower(0, wanted.ceiling, _ceiling);
        if (wanted.authorisationAge > _authorisationAge) revert LimitsInvalid(wanted.authorisationAge);
        for (uint256 i; i < wanted.allocations.length; ++i) {
            Allocation calldata each = wanted.allocations[i];
            _requireLower(each.class, each.usd, allocationOf[each.class]);
        }
        _setLimits(wanted);
    }

    function _setLimits(Limits memory wanted) private {
        (_ceiling, _authorisationAge) = (wanted.ceiling, wanted.authorisationAge);
        for (uint256 i; i < wanted.allocations.length; ++i) {
            Allocation memory each = wanted.allocations[i];
            _list(each.class);
            allocationOf[each.class] = each.usd;
        }
        emit LimitsSet(wanted, msg.sender);
    }

    function _requireSound(Limits memory wanted) private pure {
        if (wanted.authorisationAge == 0 || wanted.authorisationAge > LONGEST_AGE) {
            revert LimitsInvalid(wanted.authorisationAge);
        }
    }

    function _requireLower(bytes32 class, uint256 usd, uint256 old) private pure {
        if (usd > old) revert LimitRaised(class, usd, old);
    }

    /// @return number By which a slot names a class, from one.
    function _list(bytes32 class) internal returns (uint8 number) {
        number = _numberOf[class];
        if (number != 0) return number;
        _classes.push(class);
        number = uint8(_classes.length);
        if (number == 0) revert ClassesTooMany();
        _numberOf[class] = number;
    }

    function _classAt(uint8 number) internal view returns (bytes32) {
        return number == 0 ? bytes32(0) : _classes[number - 1];
    }

    // ------------------------------------------------------------------ commitments

    function _commit(bytes32 class, bytes32 unit, uint256 quantity) internal {
        uint256 before = committed[unit];
        if (before == 0 && !_isUnit(unit)) _units.push(unit);
        committed[unit] = before + quantity;
        committedOf[class][unit] += quantity;
    }

    function _release(bytes32 class, bytes32 unit, uint256 quantity) internal {
        committed[unit] -= quantity;
        committedOf[class][unit] -= quantity;
    }

    /// @dev Once something new is committed: that all limits hold at the rates of now.
    function _requireRoom(address token, bytes32 class, bytes32 unit, uint256 ofSeries) internal view {
        uint256 total = committedValue();
        if (total > _ceiling) revert CeilingExceeded(total, _ceiling);
        uint256 ofClass = committedValueOf(class);
        uint256 allocation = allocationOf[class];
        if (ofClass > allocation) revert AllocationExceeded(class, ofClass, allocation);
        if (!stage.isRunning()) revert StageNotRunning();
        (uint256 perSeries, uint256 stageTotal) = stage.outstandingLimits();
        if (stageTotal != 0 && total > stageTotal) revert StageTotalExceeded(total, stageTotal);
        if (perSeries == 0) return;
        uint256 usd = rates.valueOf(unit, ofSeries);
        if (usd > perSeries) revert StageSeriesExceeded(token, usd, perSeries);
    }

    // ------------------------------------------------------------------ what can be asked

    /// @inheritdoc ICeiling
    function limits() external view returns (Limits memory found) {
        found = Limits(_ceiling, _authorisationAge, new Allocation[](_classes.length));
        for (uint256 i; i < _classes.length; ++i) {
            found.allocations[i] = Allocation(_classes[i], allocationOf[_classes[i]]);
        }
    }

    /// @inheritdoc ICeiling
    function unitsCommitted() external view returns (bytes32[] memory) {
        return _units;
    }

    /// @inheritdoc ICeiling
    function committedValue() public view returns (uint256 usd) {
        for (uint256 i; i < _units.length; ++i) {
            usd += _valueOf(_units[i], committed[_units[i]]);
        }
    }

    /// @inheritdoc ICeiling
    function committedValueOf(bytes32 class) public view returns (uint256 usd) {
        for (uint256 i; i < _units.length; ++i) {
            usd += _valueOf(_units[i], committedOf[class][_units[i]]);
        }
    }

    /// @dev Nothing is worth nothing, whether there is a rate or not.
    function _valueOf(bytes32 unit, uint256 quantity) private view returns (uint256) {
        return quantity == 0 ? 0 : rates.valueOf(unit, quantity);
    }

    function _isUnit(bytes32 unit) private view returns (bool) {
        for (uint256 i; i < _units.length; ++i) {
            if (_units[i] == unit) return true;
        }
        return false;
    }
}
