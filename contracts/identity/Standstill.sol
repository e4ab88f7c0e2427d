// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Authority} from "../programme/Authority.sol";
import {Verdicts} from "./InvestorRecord.sol";
import {IStandstill} from "./IStandstill.sol";
import {Policy} from "./Policy.sol";
import {PolicyWord, PolicyWords} from "./PolicyWord.sol";

/// @notice The halt, the pauses of whole classes, and the end of the stage.
/// @dev All of it hangs on the policy's slot, which is read for every verdict anyway: while nothing is stopped and no
/// end is set, a transfer pays one comparison. Only while some class is paused must a token's class be looked up.
abstract contract Standstill is Policy, IStandstill {
    /// @dev What one person stops lapses after this many hours unless another confirms it.
    uint256 private constant LAPSE_HOURS = 7 * 24;
    uint24 private constant FOR_GOOD = type(uint24).max;

    /// @dev Hour at which the pause of a class lapses; zero where it was never paused, or was released.
    mapping(address class => uint24 untilHour) private _classPauses;

    // ---------------------------------------------------------------- everything

    /// @inheritdoc IStandstill
    function halt() external restricted {
        if (!_inForce(_policy.haltedUntilHour())) _setHalt(_lapseHour());
        emit Halted(msg.sender);
    }

    /// @inheritdoc IStandstill
    function confirmHalt() external restricted {
        _requireHalted();
        _setHalt(FOR_GOOD);
        emit HaltConfirmed(msg.sender);
    }

    /// @inheritdoc IStandstill
    function resume() external restricted {
        _requireHalted();
        _setHalt(0);
        emit Resumed(msg.sender);
    }

    // ---------------------------------------------------------------- a class

    /// @inheritdoc IStandstill
    function pauseClass(address class) external restricted {
        uint24 until = _classPauses[class];
        if (until == 0) {
            _requireClass(class);
            _countPaused(_policy.pausedClasses() + 1);
        }
        if (!_inForce(until)) _classPauses[class] = _lapseHour();
        emit ClassPaused(class, msg.sender);
    }

    /// @inheritdoc IStandstill
    function confirmClassPause(address class) external restricted {
        if (!_inForce(_classPauses[class])) revert ClassNotPaused(class);
        _classPauses[class] = FOR_GOOD;
        emit ClassPauseConfirmed(class, msg.sender);
    }

    /// @inheritdoc IStandstill
    function unpauseClass(address class) external {
        uint24 until = _classPauses[class];
        if (until == 0 || _inForce(until)) _checkCanCall(msg.sender, msg.data);
        if (until == 0) revert ClassNotPaused(class);
        delete _classPauses[class];
        _countPaused(_policy.pausedClasses() - 1);
        emit ClassUnpaused(class, msg.sender);
    }

    // ---------------------------------------------------------------- the stage

    /// @inheritdoc IStandstill
    function setStageEnd(uint40 at) external restricted {
        _policy = _policy.with(PolicyWords.STAGE_END, 40, at);
        emit StageEndSet(at);
    }

    // ---------------------------------------------------------------- what stands

    /// @inheritdoc IStandstill
    function haltedUntilHour() external view returns (uint24) {
        return _ifInForce(_policy.haltedUntilHour());
    }

    /// @inheritdoc IStandstill
    function classPausedUntilHour(address class) external view returns (uint24) {
        return _ifInForce(_classPauses[class]);
    }

    /// @inheritdoc IStandstill
    function stageEnd() external view returns (uint40) {
        return _policy.stageEnd();
    }

    /// @dev What of all this stops `token`, as bits of a `Verdict`.
    function _standstillOf(address token, PolicyWord policy_) internal view returns (uint256 flags) {
        if (_inForce(policy_.haltedUntilHour())) flags = Verdicts.HALTED;
        uint256 end = policy_.stageEnd();
        if (end != 0 && block.timestamp >= end) flags |= Verdicts.STAGE_ENDED;
        if (policy_.pausedClasses() != 0 && _inForce(_classPauses[Authority(authority()).classOf(token)])) {
            flags |= Verdicts.CLASS_PAUSED;
        }
    }

    // ---------------------------------------------------------------- internals

    function _setHalt(uint24 untilHour) private {
        _policy = _policy.with(PolicyWords.HALTED_UNTIL, 24, untilHour);
    }

    function _countPaused(uint256 classes) private {
        _policy = _policy.with(PolicyWords.PAUSED_CLASSES, 8, classes);
    }

    function _requireHalted() private view {
        if (!_inForce(_policy.haltedUntilHour())) revert NotHalted();
    }

    /// @dev A token's address, given for its class's, is refused instead of pausing nothing.
    function _requireClass(address class) private view {
        if (!Authority(authority()).isClass(class)) revert ClassUnknown(class);
    }

    function _lapseHour() private view returns (uint24) {
        return uint24(_hourNow() + LAPSE_HOURS);
    }

    function _ifInForce(uint24 untilHour) private view returns (uint24) {
        return _inForce(untilHour) ? untilHour : 0;
    }
}
