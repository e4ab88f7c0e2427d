// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Pledge} from "./IPledges.sol";

/// @notice What a holder takes from one series to another.
/// @param account Whose it is: the wallet, or whoever succeeded to it.
/// @param units Smallest units.
/// @param frozen Of what it holds, the units that a regulator froze; may exceed them.
/// @param isFrozen Whether the account is frozen as a whole.
/// @param pledges What it gave as security, in the order of the ids asked for.
struct Position {
    address account;
    uint256 units;
    uint256 frozen;
    bool isFrozen;
    Pledge[] pledges;
}

/// @notice What a series tells of pledges that come and go with their holders.
interface IExchangeableEvents {
    /// @notice The pledge left this series with its holder, for `successor` (zero: for the depository).
    event PledgeLeft(
        bytes32 indexed pledgeId,
        address indexed holder,
        address indexed pledgee,
        address successor,
        uint256 amount,
        uint256 notice,
        uint256 enforceableFrom
    );
    /// @notice The pledge came from the series `former`, whose id and agreement it keeps.
    event PledgeArrived(
        bytes32 indexed pledgeId,
        address indexed holder,
        address indexed pledgee,
        address former,
        uint256 amount,
        uint256 notice,
        uint256 enforceableFrom
    );
}

/// @notice The doors by which holders leave a series for the one that replaces it. For the `SeriesExchange` alone.
/// @dev Nothing is judged at them: who is frozen, suspended or no longer verified holds the same after as before. Old
/// and new tell of it as a burn and a mint, with the exchange's document as reference.
interface IExchangeable is IExchangeableEvents {
    /// @notice The pledge is another's.
    error PledgeNotOf(bytes32 pledgeId, address account);
    /// @notice The pledge is to a settlement contract, whose business must end first.
    error PledgeInSettlement(bytes32 pledgeId, address pledgee);

    /// @notice Pauses this series for good.
    function exchangeBegin() external;

    /// @notice Takes a holder out of this series, with `pledgeIds` and all that no other pledge of its stands on.
    /// @dev A recovered wallet is followed first. Units that are frozen, and the freeze, leave last: with the last of
    /// the pledges. Entitlements of record dates that have passed stay here.
    /// @param successor The series it leaves for; zero for the depository.
    function exchangeOut(address account, bytes32[] calldata pledgeIds, address successor, bytes32 reference_)
        external
        returns (Position memory left);

    /// @notice Takes a holder in, as it left `former`.
    function exchangeIn(Position calldata arriving, bytes32[] calldata pledgeIds, address former, bytes32 reference_)
        external;
}
