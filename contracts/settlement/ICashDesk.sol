// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice What every settlement contract decides of money: which cash it takes, and which account is the state's.
interface ICashDesk {
    /// @notice `cash` is taken (or no longer taken) as money of `currency`.
    event CashApproved(address indexed cash, uint16 indexed currency, uint8 decimals, bool approved);
    /// @notice The state's account for cash is `treasury`.
    event TreasurySet(address indexed treasury);

    /// @notice `cash` is not taken as money of `currency`.
    error CashNotApproved(address cash, uint16 currency);
    /// @notice Cash tokens carry 2 to 18 decimals: the hundredth must be exact and sums must fit.
    error CashDecimalsUnsupported(address cash, uint8 decimals);
    /// @notice ISO 4217 numeric codes run from 1 to 999.
    error CashCurrencyUnknown(uint16 currency);
    /// @notice A transfer of `expected` brought `received`: a token that takes a fee, or rebases, is no cash.
    error CashReceiptMismatch(address cash, uint256 expected, uint256 received);
    /// @notice The account must not be the zero address, nor this contract.
    error CashTreasuryInvalid(address treasury);
    /// @notice `token` is not a series of the programme.
    error SettlementUnknownSeries(address token);
    /// @notice Only the contract itself calls this, so that one row can be undone whole.
    error SettlementSelfOnly(address caller);

    /// @notice Takes `cash` as money of `currency`, or ceases to. Role: STEWARD.
    /// @dev What was announced in a cash token is still paid in it after it is no longer approved.
    /// @param currency ISO 4217 numeric.
    function approveCash(address cash, uint16 currency, bool approved) external;

    /// @notice Makes `treasury` the state's account for cash. Role: STEWARD.
    function setTreasury(address treasury) external;

    /// @notice The state's account for cash.
    function treasury() external view returns (address);

    /// @notice The currency `cash` is money of, and its decimals as read when it was approved; zeros where it is not.
    function cashTerms(address cash) external view returns (uint16 currency, uint8 decimals);
}
