// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IPriced} from "../assets/IPriced.sol";
import {IRedeemable} from "../assets/IRedeemable.sol";
import {ISeriesRegister} from "../programme/ISeriesRegister.sol";
import {IPermissionedToken} from "../token/IPermissionedToken.sol";
import {Attempt} from "./Attempt.sol";
import {CashDesk} from "./CashDesk.sol";
import {Allotment, CashPermit, IDeliveryVersusPayment} from "./IDeliveryVersusPayment.sol";

/// @title DeliveryVersusPayment
contract DeliveryVersusPayment is CashDesk, ReentrancyGuardTransient, IDeliveryVersusPayment {
    /// @inheritdoc IDeliveryVersusPayment
    mapping(bytes32 allotmentId => bool) public isSettled;

    constructor(address authority_, ISeriesRegister seriesRegister_, address treasury_)
        AccessManaged(authority_)
        CashDesk(seriesRegister_, treasury_)
    {}

    /// @inheritdoc IDeliveryVersusPayment
    function allot(Allotment calldata row) external restricted nonReentrant {
        _allot(row);
    }

    /// @inheritdoc IDeliveryVersusPayment
    function allotWithPermit(Allotment calldata row, CashPermit calldata permit) external restricted nonReentrant {
        // Whoever saw the signature may have used it already; then the allowance is there and the payment shows it.
        try IERC20Permit(row.cash)
            .permit(row.investor, address(this), row.cost, permit.deadline, permit.v, permit.r, permit.s) {}
            catch {}
        _allot(row);
    }

    /// @inheritdoc IDeliveryVersusPayment
    function allotMany(Allotment[] calldata rows) external restricted nonReentrant returns (uint256 settled) {
        for (uint256 i = 0; i < rows.length; ++i) {
            (bool done, bytes memory reason) = Attempt.onSelf(abi.encodeCall(this.allotRow, (rows[i])));
            if (done) ++settled;
            else emit AllotmentRefused(i, rows[i].allotmentId, reason);
        }
    }

    /// @dev One row of a page, in a call of its own so that it can be undone whole.
    function allotRow(Allotment calldata row) external {
        if (msg.sender != address(this)) revert SettlementSelfOnly(msg.sender);
        _allot(row);
    }

    function _allot(Allotment calldata row) private {
        bytes32 id = row.allotmentId;
        if (isSettled[id]) revert AllotmentAlreadySettled(id);
        if (row.units == 0) revert AllotmentEmpty(id);
        _requireSeries(row.token);
        uint8 cashDecimals = _requireCash(row.cash, IRedeemable(row.token).currency());
        uint256 cost = IPriced(row.token).costOf(row.units, row.price, cashDecimals);
        if (cost != row.cost) revert AllotmentCostMismatch(id, row.cost, cost);

        isSettled[id] = true;
        emit Allotted(id, row.token, row.investor, row.units, row.price, row.cash, cost, row.auctionReference);
        _pullExactly(IERC20(row.cash), row.investor, treasury, cost);
        IPermissionedToken(row.token).mint(row.investor, row.units, row.auctionReference);
    }
}
