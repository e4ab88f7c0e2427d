// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IObligor} from "../assets/IObligor.sol";
import {ISeriesRegister} from "../programme/ISeriesRegister.sol";
import {ICashDesk} from "./ICashDesk.sol";

/// @title CashDesk
/// @notice The money side that all settlement contracts share.
abstract contract CashDesk is AccessManaged, ICashDesk {
    using SafeERC20 for IERC20;

    struct CashTerms {
        uint16 currency;
        uint8 decimals;
    }

    uint8 internal constant MINIMUM_DECIMALS = 2;
    uint8 internal constant MAXIMUM_DECIMALS = 18;
    uint16 internal constant MAXIMUM_CURRENCY = 999;

    /// @notice The programme's list of its series.
    ISeriesRegister public immutable seriesRegister;

    /// @inheritdoc ICashDesk
    address public treasury;

    mapping(address cash => CashTerms) private _cash;

    /// @dev Of each series that was settled before: a series stays one, and its currency is a term.
    mapping(address token => uint16) private _currencies;

    constructor(ISeriesRegister seriesRegister_, address treasury_) {
        seriesRegister = seriesRegister_;
        _setTreasury(treasury_);
    }

    /// @inheritdoc ICashDesk
    function approveCash(address cash, uint16 currency, bool approved) external restricted {
        if (currency == 0 || currency > MAXIMUM_CURRENCY) revert CashCurrencyUnknown(currency);
        uint8 decimals = approved ? IERC20Metadata(cash).decimals() : _cash[cash].decimals;
        if (approved) {
            if (decimals < MINIMUM_DECIMALS || decimals > MAXIMUM_DECIMALS) {
                revert CashDecimalsUnsupported(cash, decimals);
            }
            _cash[cash] = CashTerms(currency, decimals);
        } else {
            if (_cash[cash].currency != currency) revert CashNotApproved(cash, currency);
            delete _cash[cash];
        }
        emit CashApproved(cash, currency, decimals, approved);
    }

    /// @inheritdoc ICashDesk
    function setTreasury(address treasury_) external restricted {
        _setTreasury(treasury_);
    }

    /// @inheritdoc ICashDesk
    function cashTerms(address cash) public view returns (uint16 currency, uint8 decimals) {
        CashTerms memory terms = _cash[cash];
        return (terms.currency, terms.decimals);
    }

    /// @dev Pulls exactly `amount` from `from` to `to`, measured at the recipient.
    function _pullExactly(IERC20 cash, address from, address to, uint256 amount) internal {
        uint256 before = cash.balanceOf(to);
        cash.safeTransferFrom(from, to, amount);
        _requireReceipt(cash, amount, cash.balanceOf(to) - before);
    }

    /// @dev Pays exactly `amount` to `to`, measured at the recipient: a fee that is switched on after the funding
    /// would otherwise make the record of what was paid a lie.
    function _payExactly(IERC20 cash, address to, uint256 amount) internal {
        uint256 before = cash.balanceOf(to);
        cash.safeTransfer(to, amount);
        _requireReceipt(cash, amount, cash.balanceOf(to) - before);
    }

    /// @return decimals Of `cash`, which is approved as money of the currency of `token`, which is a series.
    function _requireMoneyOf(address token, address cash) internal returns (uint8 decimals) {
        uint16 currency = _currencies[token];
        if (currency == 0) {
            _requireSeries(token);
            _currencies[token] = currency = IObligor(token).currency();
        }
        return _requireCash(cash, currency);
    }

    function _requireSeries(address token) internal view {
        if (!seriesRegister.isSeries(token)) revert SettlementUnknownSeries(token);
    }

    /// @return decimals Of `cash`, which is approved as money of `currency`.
    function _requireCash(address cash, uint16 currency) internal view returns (uint8 decimals) {
        CashTerms memory terms = _cash[cash];
        if (terms.currency == 0 || terms.currency != currency) revert CashNotApproved(cash, currency);
        return terms.decimals;
    }

    function _setTreasury(address treasury_) private {
        if (treasury_ == address(0) || treasury_ == address(this)) revert CashTreasuryInvalid(treasury_);
        treasury = treasury_;
        emit TreasurySet(treasury_);
    }

    function _requireReceipt(IERC20 cash, uint256 expected, uint256 received) private pure {
        if (received != expected) revert CashReceiptMismatch(address(cash), expected, received);
    }
}
