// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Account, Accounts} from "../token/Account.sol";
import {PermissionedToken} from "../token/PermissionedToken.sol";
import {IRedeemable} from "./IRedeemable.sol";

/// @notice A token that is burnt when it is paid back.
abstract contract Redeemable is PermissionedToken, IRedeemable {
    /// @dev What the terms and the calendar said in this transaction: a page asks them once, not once a holder.
    uint256 private transient _dueKnown;

    /// @inheritdoc IRedeemable
    function redeem(address holder, uint256 amount, bytes32 paymentId) external restricted {
        uint256 due = _dueKnown;
        if (due == 0) _dueKnown = due = _redemptionDue();
        if (block.timestamp < due) revert RedemptionNotDue(due);
        Account account = _accounts[holder];
        if (account.is_(Accounts.FROZEN) || account.frozen() != 0) revert HoldingFrozen(holder);
        _burn(holder, amount, paymentId);
        emit Redeemed(holder, amount, paymentId);
    }

    /// @dev Unix time from which it may be paid back.
    function _redemptionDue() internal view virtual returns (uint256);
}
