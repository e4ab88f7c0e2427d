// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Restriction} from "../Restriction.sol";
import {Flow} from "../Rules.sol";

/// @notice What an investor has transferred to others in the current window.
///
///   bits  0..111  used
///       112..151  start of the window
///       152..167  the round it was counted in
type Usage is uint256;

using Velocity for Usage global;

/// @notice An investor transfers at most so much to others within a window.
/// @dev Windows are fixed: one starts with an investor's first transfer after the last one ended. Counted by investor,
/// so that a further or a recovered wallet brings no second allowance. Events need not tell of it: folding the token's
/// transfers over these rules gives the same figures.
library Velocity {
    uint8 internal constant CODE = Restriction.VELOCITY;
    uint256 internal constant ON = 1 << 8;

    error VelocityExceeded(address investor, uint256 used, uint256 limit, uint256 windowEnds);

    function allows(Usage usage, Flow flow, uint256 amount) internal view returns (bool) {
        return usedAfter(usage, flow, amount) <= flow.velocityLimit();
    }

    /// @notice What is used of the current window once `amount` is transferred; saturates.
    function usedAfter(Usage usage, Flow flow, uint256 amount) internal view returns (uint256) {
        return isCurrent(usage, flow) ? Math.saturatingAdd(uint112(Usage.unwrap(usage)), amount) : amount;
    }

    /// @notice The end of the window that a transfer now would fall in, in Unix seconds.
    function windowEnds(Usage usage, Flow flow) internal view returns (uint256) {
        return (isCurrent(usage, flow) ? start(usage) : block.timestamp) + flow.velocityWindow();
    }

    /// @notice The usage with an allowed `amount` counted.
    function count(Usage usage, Flow flow, uint256 amount) internal view returns (Usage) {
        uint256 window = isCurrent(usage, flow) ? start(usage) : block.timestamp;
        return Usage.wrap(usedAfter(usage, flow, amount) | window << 112 | uint256(flow.velocityRound()) << 152);
    }

    function start(Usage usage) internal pure returns (uint40) {
        return uint40(Usage.unwrap(usage) >> 112);
    }

    function isCurrent(Usage usage, Flow flow) internal view returns (bool) {
        return uint16(Usage.unwrap(usage) >> 152) == flow.velocityRound()
            && block.timestamp < uint256(start(usage)) + flow.velocityWindow();
    }

    function refuse(address investor, Usage usage, Flow flow, uint256 amount) internal view {
        revert VelocityExceeded(
            investor, usedAfter(usage, flow, amount), flow.velocityLimit(), windowEnds(usage, flow)
        );
    }
}
