// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IInvestorRegistry} from "../identity/IIdentityRegistry.sol";
import {InvestorRecord, InvestorRecords} from "../identity/InvestorRecord.sol";
import {Attempt} from "./Attempt.sol";
import {CashDesk} from "./CashDesk.sol";
import {Permit} from "./IAllotments.sol";
import {IMargins} from "./IMargins.sol";

/// @title Margins
/// @dev What the contract holds of a cash token is the free margins in it and the bonds of bids that stand or are
/// sealed, to the unit. Nothing that is owed back can be stopped, or stop anything, by who it is owed to.
abstract contract Margins is CashDesk, ReentrancyGuardTransient, IMargins {
    /// @notice Who a wallet belongs to.
    IInvestorRegistry public immutable registry;

    /// @inheritdoc IMargins
    mapping(address cash => mapping(address account => uint256)) public marginOf;

    constructor(IInvestorRegistry registry_) {
        registry = registry_;
    }

    /// @inheritdoc IMargins
    function deposit(address cash, uint256 amount) external nonReentrant {
        _deposit(cash, msg.sender, amount);
    }

    /// @inheritdoc IMargins
    function depositWithPermit(address cash, uint256 amount, Permit calldata permit) external nonReentrant {
        try IERC20Permit(cash)
            .permit(msg.sender, address(this), amount, permit.deadline, permit.v, permit.r, permit.s) {}
            catch {}
        _deposit(cash, msg.sender, amount);
    }

    /// @inheritdoc IMargins
    function withdrawMargin(address cash, address account) external nonReentrant returns (uint256 amount) {
        (address to, bool payable_) = _payee(account);
        if (msg.sender != account && to == account && account != treasury) {
            revert MarginNotOfCaller(account, msg.sender);
        }
        if (!payable_) revert MarginSetAside(account);
        amount = marginOf[cash][account];
        marginOf[cash][account] = 0;
        emit MarginWithdrawn(cash, account, to, amount);
        _payExactly(IERC20(cash), to, amount);
    }

    /// @dev One payment, in a call of its own so that it can be undone whole.
    function payBack(IERC20 cash, address to, uint256 amount) external {
        _requireSelf();
        _payExactly(cash, to, amount);
    }

    // --------------------------------------------------------------------------------------------------- Internals

    /// @dev Binds `amount` of the margin of `account` as a bond.
    function _bind(address cash, address account, uint256 amount) internal {
        uint256 free = marginOf[cash][account];
        if (free < amount) revert MarginInsufficient(cash, account, free, amount);
        unchecked {
            marginOf[cash][account] = free - amount;
        }
    }

    /// @dev Pulls first what the margin of `account` lacks.
    function _bindOrPull(address cash, address account, uint256 amount) internal {
        uint256 free = marginOf[cash][account];
        if (free < amount) _deposit(cash, account, amount - free);
        _bind(cash, account, amount);
    }

    /// @dev Pays `amount`, no longer bound, to `account` or who succeeded it, and keeps it for `account` where that
    /// cannot be. Never reverts for anything the payee does.
    function _giveBack(address cash, address account, uint256 amount) internal {
        if (amount == 0) return;
        (address to, bool payable_) = _payee(account);
        if (payable_) {
            (bool done,) = Attempt.onSelf(abi.encodeCall(this.payBack, (IERC20(cash), to, amount)));
            if (done) return;
        }
        _credit(cash, account, amount);
    }

    /// @dev Keeps `amount`, no longer bound, for `account`.
    function _credit(address cash, address account, uint256 amount) internal {
        if (amount == 0) return;
        marginOf[cash][account] += amount;
        emit MarginCredited(cash, account, amount);
    }

    function _requireSelf() internal view {
        if (msg.sender != address(this)) revert SettlementSelfOnly(msg.sender);
    }

    function _deposit(address cash, address account, uint256 amount) private {
        (uint16 currency,) = cashTerms(cash);
        if (currency == 0) revert MarginCashUnknown(cash);
        marginOf[cash][account] += amount;
        emit MarginDeposited(cash, account, amount);
        _pullExactly(IERC20(cash), account, address(this), amount);
    }

    /// @return to Who is paid what `account` is owed.
    /// @return payable_ Whether the registry lets it be paid today.
    function _payee(address account) private view returns (address to, bool payable_) {
        InvestorRecord record;
        (to, record) = registry.succession(account);
        payable_ = !record.is_(InvestorRecords.SUSPENDED | InvestorRecords.LOST);
    }
}
