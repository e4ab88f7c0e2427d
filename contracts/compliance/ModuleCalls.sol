// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Door, Movement} from "../token/Movement.sol";
import {IRuleModule} from "./IRuleModule.sol";
import {Restriction} from "./Restriction.sol";

/// @notice A module of one token and the hooks it is called for, in one slot.
struct Module {
    IRuleModule target;
    uint8 hooks;
}

/// @notice Calls of modules, which are not trusted with the caller's gas, memory or fate.
library ModuleCalls {
    uint8 internal constant CODE = Restriction.MODULE;
    uint256 internal constant ON = 1 << 16;

    /// @notice Gas that one call of a module may use.
    uint256 internal constant BUDGET = 150_000;

    error ModuleRefused(address module);
    error ModuleGasMissing(address module, uint256 gasNeeded);

    function checks(Module memory module, Door door) internal pure returns (bool) {
        return (module.hooks >> uint8(door)) & 1 == 1 && uint8(door) <= uint8(Door.Mint);
    }

    function books(Module memory module, Door door) internal pure returns (bool) {
        return (module.hooks >> (2 + uint8(door))) & 1 == 1;
    }

    /// @notice Whether the module allows the movement: one true word, in time.
    function allows(Module memory module, address token, Movement calldata movement) internal view returns (bool) {
        bytes memory call_ = abi.encodeCall(IRuleModule.check, (token, movement));
        address target = address(module.target);
        bool answered;
        uint256 answer;
        // Only one word of the answer is copied: a long one costs the module its own gas, not ours.
        assembly ("memory-safe") {
            mstore(0, 0)
            answered := staticcall(BUDGET, target, add(call_, 32), mload(call_), 0, 32)
            answered := and(answered, gt(returndatasize(), 31))
            answer := mload(0)
        }
        return answered && answer == 1;
    }

    /// @notice Tells the module of a movement; false where it failed.
    /// @dev With less gas at hand than the module may use, this reverts: nobody starves a module to have his movement
    /// go by unbooked.
    function tell(Module memory module, address token, Movement calldata movement) internal returns (bool told) {
        bytes memory call_ = abi.encodeCall(IRuleModule.booked, (token, movement));
        address target = address(module.target);
        // A call is passed at most 63/64 of what is left, less the 2,600 of a cold address.
        uint256 needed = BUDGET * 64 / 63 + 3_000;
        if (gasleft() < needed) revert ModuleGasMissing(target, needed);
        assembly ("memory-safe") {
            told := call(BUDGET, target, 0, add(call_, 32), mload(call_), 0, 0)
        }
    }

    function refuse(Module memory module) internal pure {
        revert ModuleRefused(address(module.target));
    }
}
