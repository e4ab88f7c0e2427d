// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IMeasured} from "contracts/assets/IMeasured.sol";
import {ITermed} from "contracts/programme/ISeries.sol";
import {Foundations} from "contracts/token/Foundations.sol";
import {Gate} from "contracts/token/Gate.sol";
import {PermissionedToken} from "contracts/token/PermissionedToken.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

/// @notice A series without end, so that record dates can be announced and passed while it is traded.
/// @dev Its terms are the two that every class has: the maximum issue, and a stated maturity of zero.
contract BenchNote is PermissionedToken, IMeasured, ITermed {
    constructor(Foundations memory foundations, address desk) Gate(foundations) PermissionedToken(desk) {}

    /// @inheritdoc ITermed
    function termsHash() external view returns (bytes32) {
        return keccak256(Clones.fetchCloneArgs(address(this)));
    }

    /// @inheritdoc ITermed
    function requireSoundTerms() external view {}

    /// @inheritdoc IMeasured
    function measure() external pure returns (bytes32 unit, uint256 content) {
        return ("PKR", 1e18);
    }

    /// @inheritdoc IERC20Metadata
    function name() public pure override returns (string memory) {
        return "Note";
    }

    /// @inheritdoc IERC20Metadata
    function symbol() external pure returns (string memory) {
        return "NOTE";
    }

    /// @inheritdoc IERC20Metadata
    function decimals() external pure returns (uint8) {
        return 0;
    }
}
