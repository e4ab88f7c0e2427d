// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IPriced} from "../assets/IPriced.sol";
import {IPermissionedToken} from "../token/IPermissionedToken.sol";
import {Attempt} from "./Attempt.sol";
import {CashDesk} from "./CashDesk.sol";
import {Allotment, Buyback, IAllotments, Permit} from "./IAllotments.sol";

/// @title Allotments
/// @notice The state sells and buys back: accepted bids are paid and minted, accepted offers are paid and burnt.
abstract contract Allotments is CashDesk, ReentrancyGuardTransient, IAllotments {
    /// @inheritdoc IAllotments
    mapping(bytes32 rowId => bool) public isSettled;

    // ------------------------------------------------------------------------------------------- Primary allotment

    /// @inheritdoc IAllotments
    function allot(Allotment calldata row) external restricted nonReentrant {
        _allot(row);
    }

    /// @inheritdoc IAllotments
    function allotWithPermit(Allotment calldata row, Permit calldata permit) external restricted nonReentrant {
        _permit(row.cash, row.investor, row.cost, permit);
        _allot(row);
    }

    /// @inheritdoc IAllotments
    function allotMany(Allotment[] calldata rows) external restricted nonReentrant returns (uint256 settled) {
        for (uint256 i = 0; i < rows.length; ++i) {
            (bool done, bytes memory reason) = Attempt.onSelf(abi.encodeCall(this.allotRow, (rows[i])));
            if (done) ++settled;
            else emit AllotmentRefused(i, rows[i].allotmentId, reason);
        }
    }

    /// @dev One row of a page, in a call of its own so that it can be undone whole.
    function allotRow(Allotment calldata row) external {
        _requireSelf();
        _allot(row);
    }

    // ----------------------------------------------------------------------------------------------------- Buyback

    /// @inheritdoc IAllotments
    function buyBack(Buyback calldata row) external restricted nonReentrant {
        _buyBack(row);
    }

    /// @inheritdoc IAllotments
    function buyBackWithPermit(Buyback calldata row, Permit calldata permit) external restricted nonReentrant {
        _permit(row.token, row.investor, row.units, permit);
        _buyBack(row);
    }

    /// @inheritdoc IAllotments
    function buyBackMany(Buyback[] calldata rows) external restricted nonReentrant returns (uint256 settled) {
        for (uint256 i = 0; i < rows.length; ++i) {
            (bool done, bytes memory reason) = Attempt.onSelf(abi.encodeCall(this.buyBackRow, (rows[i])));
            if (done) ++settled;
            else emit BuybackRefused(i, rows[i].buybackId, reason);
        }
    }

    /// @dev One row of a page, in a call of its own so that it can be undone whole.
    function buyBackRow(Buyback calldata row) external {
        _requireSelf();
        _buyBack(row);
    }

    // --------------------------------------------------------------------------------------------------- Internals

    function _allot(Allotment calldata row) private {
        bytes32 id = row.allotmentId;
        _settle(id, row.units);
        uint256 cost = _costOf(row.token, row.units, row.price, row.cash);
        if (cost != row.cost) revert AllotmentCostMismatch(id, row.cost, cost);
        emit Allotted(id, row.token, row.investor, row.units, row.price, row.cash, cost, row.auctionReference);
        _pullExactly(IERC20(row.cash), row.investor, treasury, cost);
        IPermissionedToken(row.token).mint(row.investor, row.units, row.auctionReference);
    }

    function _buyBack(Buyback calldata row) private {
        bytes32 id = row.buybackId;
        _settle(id, row.units);
        uint256 proceeds = _costOf(row.token, row.units, row.price, row.cash);
        if (proceeds != row.proceeds) revert AllotmentCostMismatch(id, row.proceeds, proceeds);
        emit BoughtBack(id, row.token, row.investor, row.units, row.price, row.cash, proceeds, row.auctionReference);
        _pullExactly(IERC20(row.cash), treasury, row.investor, proceeds);
        IPermissionedToken(row.token).burnFrom(row.investor, row.units, row.auctionReference);
    }

    /// @dev Each row settles once, whatever becomes of the answer.
    function _settle(bytes32 id, uint256 units) private {
        if (isSettled[id]) revert AllotmentAlreadySettled(id);
        if (units == 0) revert AllotmentEmpty(id);
        isSettled[id] = true;
    }

    /// @dev In approved cash, for a series; accrued interest of the day is in it where the market quotes clean.
    function _costOf(address token, uint256 units, uint256 price, address cash) private returns (uint256) {
        uint8 cashDecimals = _requireMoneyOf(token, cash);
        return IPriced(token).costOf(units, price, cashDecimals);
    }

    /// @dev Whoever saw the signature may have used it already; then the allowance is there and the leg shows it.
    function _permit(address token, address owner, uint256 amount, Permit calldata permit) private {
        try IERC20Permit(token).permit(owner, address(this), amount, permit.deadline, permit.v, permit.r, permit.s) {}
            catch {}
    }

    function _requireSelf() private view {
        if (msg.sender != address(this)) revert SettlementSelfOnly(msg.sender);
    }
}
