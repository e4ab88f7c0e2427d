// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IReferenceRates, OpeningRate, RateBounds, Reading} from "./IReferenceRates.sol";
import {Proposals} from "./Proposals.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice Reference rates with their evidence, each bounded in one move and over a period.
/// @dev One hand moves a rate within its bounds; beyond them it takes board and regulator. Every rate is kept, so that
/// the bound over a period holds against each that was in force within it, and not against one chosen moment of it.
contract ReferenceRates is AccessManaged, Proposals, IReferenceRates {
    using Math for uint256;

    /// @notice Most units; all of them are walked where the programme is measured.
    uint256 public constant MAXIMUM_UNITS = 16;

    bytes32 private constant US_DOLLAR = "USD";
    uint256 private constant ONE = 1e18;
    uint256 private constant WHOLE = 10_000;

    bytes32[] private _units;
    mapping(bytes32 unit => RateBounds) private _bounds;
    mapping(bytes32 unit => Reading[]) private _readings;
    /// @dev Readings before this one are of before the last confirmation, which no bound reaches across.
    mapping(bytes32 unit => uint256) private _boundFrom;

    /// @param opening Units with their first rates. The dollar is always there.
    constructor(address authority_, OpeningRate[] memory opening) AccessManaged(authority_) {
        _units.push(US_DOLLAR);
        _bounds[US_DOLLAR] = RateBounds(0, 0, 1, type(uint32).max);
        emit BoundsSet(US_DOLLAR, _bounds[US_DOLLAR]);
        _setRate(US_DOLLAR, ONE, 0);
        for (uint256 i; i < opening.length; ++i) {
            OpeningRate memory first = opening[i];
            _requireSoundRate(first.unit, first.rate, first.evidence);
            _requireSoundBounds(first.unit, first.bounds);
            _setUnit(first.unit, first.rate, first.bounds, first.evidence);
        }
    }

    // ------------------------------------------------------------------ rates

    /// @inheritdoc IReferenceRates
    function setRate(bytes32 unit, uint256 rate, bytes32 evidence) external restricted {
        RateBounds memory bounds = _known(unit);
        _requireSoundRate(unit, rate, evidence);
        _requireWithin(unit, rate, bounds);
        _setRate(unit, rate, evidence);
    }

    /// @inheritdoc IReferenceRates
    function proposeRate(bytes32 unit, uint256 rate, RateBounds calldata bounds, bytes32 evidence) external restricted {
        _requireSoundRate(unit, rate, evidence);
        _requireSoundBounds(unit, bounds);
        _propose(unit, keccak256(abi.encode(unit, rate, bounds, evidence)));
        emit RateProposed(unit, rate, bounds, evidence);
    }

    /// @inheritdoc IReferenceRates
    function confirmRate(bytes32 unit, uint256 rate, RateBounds calldata bounds, bytes32 evidence) external restricted {
        _confirm(unit, keccak256(abi.encode(unit, rate, bounds, evidence)));
        _setUnit(unit, rate, bounds, evidence);
    }

    /// @inheritdoc IReferenceRates
    function tightenBounds(bytes32 unit, RateBounds calldata bounds) external restricted {
        RateBounds memory old = _known(unit);
        _requireSoundBounds(unit, bounds);
        bool wider = bounds.perMove > old.perMove || bounds.perPeriod > old.perPeriod || bounds.period < old.period
            || bounds.maximumAge > old.maximumAge;
        if (wider) revert BoundsWider(bounds, old);
        _bounds[unit] = bounds;
        emit BoundsSet(unit, bounds);
    }

    function _setUnit(bytes32 unit, uint256 rate, RateBounds memory bounds, bytes32 evidence) private {
        if (_readings[unit].length == 0) {
            if (_units.length == MAXIMUM_UNITS) revert UnitsTooMany(MAXIMUM_UNITS);
            _units.push(unit);
        }
        _bounds[unit] = bounds;
        emit BoundsSet(unit, bounds);
        _boundFrom[unit] = _readings[unit].length;
        _setRate(unit, rate, evidence);
    }

    function _setRate(bytes32 unit, uint256 rate, bytes32 evidence) private {
        _readings[unit].push(Reading(uint96(rate), uint40(block.timestamp)));
        emit RateSet(unit, rate, evidence, msg.sender);
    }

    /// @dev Rates fit 96 bits, so that no quantity of any series makes a product that overflows.
    function _requireSoundRate(bytes32 unit, uint256 rate, bytes32 evidence) private pure {
        if (unit == 0) revert UnitUnknown(unit);
        if (rate == 0 || rate > type(uint96).max) revert RateInvalid(unit, rate);
        if (evidence == 0) revert RateWithoutEvidence(unit);
    }

    function _requireSoundBounds(bytes32 unit, RateBounds memory bounds) private pure {
        if (unit == US_DOLLAR) revert UnitFixed(unit);
        bool sound = bounds.perMove <= bounds.perPeriod && bounds.perPeriod < WHOLE && bounds.period != 0
            && bounds.maximumAge != 0;
        if (!sound) revert BoundsInvalid(bounds);
    }

    /// @dev Walks back from the newest: a rate was in force until the next was set.
    function _requireWithin(bytes32 unit, uint256 rate, RateBounds memory bounds) private view {
        if (unit == US_DOLLAR) revert UnitFixed(unit);
        Reading[] storage readings = _readings[unit];
        uint256 first = _boundFrom[unit];
        uint256 index = readings.length - 1;
        Reading memory reading = readings[index];
        if (_apart(rate, reading.rate) > bounds.perMove) {
            revert RateMovesTooFar(unit, rate, reading.rate, bounds.perMove);
        }
        while (true) {
            if (_apart(rate, reading.rate) > bounds.perPeriod) {
                revert RateDriftsTooFar(unit, rate, reading.rate, bounds.perPeriod);
            }
            if (index == first || uint256(reading.setAt) + bounds.period <= block.timestamp) return;
            reading = readings[--index];
        }
    }

    /// @dev Ten-thousandths of `from`, rounded up.
    function _apart(uint256 rate, uint256 from) private pure returns (uint256) {
        return (rate > from ? rate - from : from - rate).mulDiv(WHOLE, from, Math.Rounding.Ceil);
    }

    // ------------------------------------------------------------------ what can be asked

    /// @inheritdoc IReferenceRates
    function units() external view returns (bytes32[] memory) {
        return _units;
    }

    /// @inheritdoc IReferenceRates
    function boundsOf(bytes32 unit) external view returns (RateBounds memory) {
        return _known(unit);
    }

    /// @inheritdoc IReferenceRates
    function rateOf(bytes32 unit) public view returns (Reading memory) {
        _known(unit);
        Reading[] storage readings = _readings[unit];
        return readings[readings.length - 1];
    }

    /// @inheritdoc IReferenceRates
    function freshRateOf(bytes32 unit) public view returns (uint256) {
        RateBounds memory bounds = _known(unit);
        Reading memory reading = rateOf(unit);
        if (block.timestamp > uint256(reading.setAt) + bounds.maximumAge) {
            revert RateStale(unit, reading.setAt, bounds.maximumAge);
        }
        return reading.rate;
    }

    /// @inheritdoc IReferenceRates
    function readingCount(bytes32 unit) external view returns (uint256) {
        return _readings[unit].length;
    }

    /// @inheritdoc IReferenceRates
    function readingAt(bytes32 unit, uint256 index) external view returns (Reading memory) {
        return _readings[unit][index];
    }

    /// @inheritdoc IReferenceRates
    function valueOf(bytes32 unit, uint256 quantity) external view returns (uint256) {
        return quantity.mulDiv(freshRateOf(unit), ONE, Math.Rounding.Ceil);
    }

    /// @inheritdoc IReferenceRates
    function lastValueOf(bytes32 unit, uint256 quantity) external view returns (uint256) {
        return quantity.mulDiv(rateOf(unit).rate, ONE, Math.Rounding.Ceil);
    }

    function _known(bytes32 unit) private view returns (RateBounds memory bounds) {
        bounds = _bounds[unit];
        if (bounds.maximumAge == 0) revert UnitUnknown(unit);
    }
}
