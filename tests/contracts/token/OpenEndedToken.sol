// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IMeasured} from "../../../contracts/assets/IMeasured.sol";
import {ITermed} from "../../../contracts/programme/ISeries.sol";
import {Foundations} from "../../../contracts/token/Foundations.sol";
import {Gate} from "../../../contracts/token/Gate.sol";
import {PermissionedToken} from "../../../contracts/token/PermissionedToken.sol";
import {TermsHead} from "../../../contracts/token/TermsHead.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

/// @dev A class of asset without maturity, so that record dates are announced freely. Its terms are the maximum
/// issue, a zero, and a word that tells one series from another.
contract OpenEndedToken is PermissionedToken, IMeasured, ITermed {
    error TermsUnsound();

    constructor(Foundations memory foundations, address desk) Gate(foundations) PermissionedToken(desk) {}

    /// @inheritdoc ITermed
    function termsHash() external view returns (bytes32) {
        return keccak256(Clones.fetchCloneArgs(address(this)));
    }

    /// @inheritdoc ITermed
    function requireSoundTerms() external view {
        if (TermsHead.maximumIssue() == 0 || TermsHead.maturityDay() != 0) revert TermsUnsound();
    }

    /// @inheritdoc IMeasured
    function measure() external pure returns (bytes32 unit, uint256 content) {
        return ("PKR", 1e18);
    }

    /// @inheritdoc IERC20Metadata
    function name() public pure override returns (string memory) {
        return "Open-ended token";
    }

    /// @inheritdoc IERC20Metadata
    function symbol() external pure returns (string memory) {
        return "OPEN";
    }

    /// @inheritdoc IERC20Metadata
    function decimals() external pure returns (uint8) {
        return 0;
    }
}
