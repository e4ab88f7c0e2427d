// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IInvestorRegistry} from "../identity/IIdentityRegistry.sol";
import {Attempt} from "../settlement/Attempt.sol";
import {IRedemptionDesk} from "./IRedemptionDesk.sol";
import {StorageFees} from "./StorageFees.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title CreditLedger
/// @notice Pays, or where an account cannot be paid keeps what it is owed: so nobody's cash stops another's delivery.
abstract contract CreditLedger is StorageFees, IRedemptionDesk {
    IInvestorRegistry private immutable _REGISTRY;

    /// @inheritdoc IRedemptionDesk
    mapping(address cash => mapping(address account => uint256)) public creditOf;

    constructor(IInvestorRegistry registry) {
        _REGISTRY = registry;
    }

    /// @inheritdoc IRedemptionDesk
    function claimCredit(address cash, address account) external nonReentrant returns (uint256 amount) {
        amount = creditOf[cash][account];
        if (amount == 0) revert CreditEmpty(cash, account);
        address to = _REGISTRY.successorOf(account);
        delete creditOf[cash][account];
        emit CreditPaid(cash, account, to, amount);
        _payExactly(IERC20(cash), to, amount);
    }

    /// @dev One payment, in a call of its own so that it can be undone whole.
    function payOut(address cash, address to, uint256 amount) external {
        if (msg.sender != address(this)) revert SettlementSelfOnly(msg.sender);
        _payExactly(IERC20(cash), to, amount);
    }

    function _payOrCredit(address cash, address to, uint256 amount) internal {
        if (amount == 0) return;
        (bool done,) = Attempt.onSelf(abi.encodeCall(this.payOut, (cash, to, amount)));
        if (done) return;
        creditOf[cash][to] += amount;
        emit Credited(cash, to, amount);
    }
}
