// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IRuleModule} from "contracts/compliance/IRuleModule.sol";
import {Movement} from "contracts/token/Movement.sol";

/// @notice A module that behaves as badly as it is told to.
contract WaywardModule is IRuleModule {
    enum Behaviour {
        Well,
        Forbid,
        Revert,
        BurnGas,
        AnswerNothing,
        AnswerGarbage,
        AnswerAtLength,
        RevertWithAYes
    }

    Behaviour public atCheck;
    Behaviour public atBooking;
    uint256 public bookings;

    event Told(address token, Movement movement);

    error Wayward();

    function behave(Behaviour atCheck_, Behaviour atBooking_) external {
        (atCheck, atBooking) = (atCheck_, atBooking_);
    }

    function check(address, Movement calldata) external view returns (bool) {
        _misbehave(atCheck);
        return atCheck == Behaviour.Well;
    }

    function booked(address token, Movement calldata movement) external {
        _misbehave(atBooking);
        ++bookings;
        emit Told(token, movement);
    }

    function _misbehave(Behaviour behaviour) private pure {
        if (behaviour == Behaviour.Revert) revert Wayward();
        assembly {
            switch behaviour
            case 3 { for {} 1 {} {} }
            case 4 { return(0, 0) }
            case 5 {
                mstore(0, 2)
                return(0, 32)
            }
            case 6 { revert(0, 100000) }
            case 7 {
                mstore(0, 1)
                revert(0, 32)
            }
        }
    }
}
