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

    /// @param usage As `current`.
    function allows(Usage usage, Flow flow, uint256 amount) internal pure returns (bool) {
        uint256 limit = flow.velocityLimit();
        unchecked {
            return amount <= limit && used(usage) + amount <= limit; // two numbers of 112 bits
        }
    }

    /// @notice The usage of the window that a transfer now would fall in: the stored one, or that of a fresh window.
    function current(Usage usage, Flow flow) internal view returns (Usage) {
        bool stands = Usage.unwrap(usage) >> 152 == flow.velocityRound() && block.timestamp < windowEnds(usage, flow);
        return stands ? usage : Usage.wrap(block.timestamp << 112 | uint256(flow.velocityRound()) << 152);
    }

    /// @notice The usage with an allowed `amount` counted.
    /// @dev It cannot overflow into the next field: what is allowed keeps within the limit, which has the same width.
    function count(Usage usage, uint256 amount) internal pure returns (Usage) {
        unchecked {
            return Usage.wrap(Usage.unwrap(usage) + amount);
        }
    }

    function used(Usage usage) internal pure returns (uint256) {
        return uint112(Usage.unwrap(usage));
    }

    /// @notice Start of the window, in Unix seconds.
    function start(Usage usage) internal pure returns (uint256) {
        return uint40(Usage.unwrap(usage) >> 112);
    }

    /// @notice The first second after the window.
    function windowEnds(Usage usage, Flow flow) internal pure returns (uint256) {
        unchecked {
            return start(usage) + flow.velocityWindow(); // numbers of 40 and 32 bits
        }
    }

    function refuse(address investor, Usage usage, Flow flow, uint256 amount) internal pure {
        revert VelocityExceeded(
            investor, Math.saturatingAdd(used(usage), amount), flow.velocityLimit(), windowEnds(usage, flow)
        );
    }
}
