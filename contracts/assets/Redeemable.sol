// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Account, Accounts} from "../token/Account.sol";
import {PermissionedToken} from "../token/PermissionedToken.sol";
import {IRedeemable} from "./IRedeemable.sol";

/// @notice A token that is burnt when it is paid back.
abstract contract Redeemable is PermissionedToken, IRedeemable {
    /// @dev Who may redeem at once, and from when, as the authority, the terms and the calendar said in this
    /// transaction: a page asks them once, not once a holder.
    address private transient _redeemer;
    uint40 private transient _due;

    /// @inheritdoc IRedeemable
    function redeem(address holder, uint256 most, bytes32 paymentId) external returns (uint256 amount) {
        if (msg.sender != _redeemer) _admitRedeemer();
        if (block.timestamp < _due) revert RedemptionNotDue(_due);
        Account account = _accounts[holder];
        amount = account.balance() < most ? account.balance() : most;
        if (amount == 0) return 0;
        if (account.is_(Accounts.FROZEN) || account.frozen() != 0) revert HoldingFrozen(holder);
        _burn(holder, amount);
        _retired(amount, paymentId);
    }

    /// @dev Who redeems after a delay scheduled each holder, and is asked for each.
    function _admitRedeemer() private {
        if (_canCall(msg.sender, IRedeemable.redeem.selector)) _redeemer = msg.sender;
        else _checkCanCall(msg.sender, msg.data);
        _due = uint40(_redemptionDue());
    }

    /// @dev Unix time from which it may be paid back.
    function _redemptionDue() internal view virtual returns (uint256);
}
