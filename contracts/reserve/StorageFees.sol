// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {CivilDate} from "../assets/CivilDate.sol";
import {CommodityMath} from "../assets/CommodityMath.sol";
import {CommodityTerms, ICommodity} from "../assets/CommodityTerms.sol";
import {Rounding} from "../assets/Rounding.sol";
import {CashDesk} from "../settlement/CashDesk.sol";
import {IPermissionedTokenDesk} from "../token/IPermissionedToken.sol";
import {IStorageFees} from "./IStorageFees.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

/// @title StorageFees
abstract contract StorageFees is CashDesk, ReentrancyGuardTransient, IStorageFees {
    /// @dev The first record date that a holder has not paid for.
    mapping(address token => mapping(address holder => uint256)) private _paidUntil;

    /// @inheritdoc IStorageFees
    function payStorage(address token, address holder, address cash) external nonReentrant returns (uint256 amount) {
        uint8 cashDecimals = _requireMoneyOf(token, cash);
        (uint256 hundredths, uint256 next) = storageOwed(token, holder);
        if (hundredths == 0) revert StorageNotDue(token, holder);
        amount = hundredths * Rounding.cashPerHundredth(cashDecimals);
        _paidUntil[token][holder] = next;
        emit StoragePaid(token, holder, cash, amount, next, msg.sender);
        _pullExactly(IERC20(cash), msg.sender, treasury, amount);
    }

    /// @inheritdoc IStorageFees
    function storageOwed(address token, address holder) public view returns (uint256 hundredths, uint256 next) {
        CommodityTerms memory t = ICommodity(token).terms();
        IPermissionedTokenDesk register = IPermissionedTokenDesk(token);
        next = _paidUntil[token][holder];
        if (t.storageFee == 0) return (0, next);
        uint256 since = next == 0 ? CivilDate.startOfDayKarachi(t.issueDate) : register.recordDate(next - 1);
        for (uint256 at = register.recordDate(next); at != 0 && at <= block.timestamp; at = register.recordDate(next)) {
            uint256 time = at > since ? at - since : 0;
            uint256 held = register.balanceOfAt(holder, next);
            hundredths += CommodityMath.storageDown(held, t.storageFee, t.decimals, time);
            since = at;
            ++next;
        }
    }

    function _requireStoragePaid(address token, address holder) internal view {
        (uint256 owed,) = storageOwed(token, holder);
        if (owed != 0) revert StorageUnpaid(token, holder, owed);
    }
}
