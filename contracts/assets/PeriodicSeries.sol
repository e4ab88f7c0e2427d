// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IPermissionedTokenDesk} from "../token/IPermissionedToken.sol";
import {PermissionedToken} from "../token/PermissionedToken.sol";
import {Register} from "../token/Register.sol";
import {TermsHead} from "../token/TermsHead.sol";
import {IObligor, PaymentKind} from "./IObligor.sol";
import {Redeemable} from "./Redeemable.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

/// @notice A series that runs in periods: the token. All that is said of its terms stands in the desk of its class,
/// which has the `TokenDesk` behind it.
/// @dev One token is one unit of face and has no decimals. Its record dates are the desk's to say: terms, or declared with
/// a payment. Nobody announces them, so nobody can forget them. They are asked of the desk once each, when the first
/// account is written after it.
abstract contract PeriodicSeries is Redeemable {
    /// @inheritdoc PermissionedToken
    function name() public view override returns (string memory) {
        return TermsHead.name();
    }

    /// @inheritdoc IERC20Metadata
    function symbol() external view returns (string memory) {
        return TermsHead.symbol();
    }

    /// @inheritdoc IERC20Metadata
    function decimals() external pure returns (uint8) {
        return 0;
    }

    /// @inheritdoc Redeemable
    function _redemptionDue() internal view override returns (uint256) {
        return IObligor(address(this)).obligation(PaymentKind.Redemption, 0).due;
    }

    /// @inheritdoc Register
    function _recordDateOf(uint256 recordId) internal view override returns (uint256) {
        return IPermissionedTokenDesk(address(this)).recordDate(recordId);
    }
}
