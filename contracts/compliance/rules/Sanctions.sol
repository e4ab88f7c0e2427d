// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Movement} from "../../token/Movement.sol";
import {Restriction} from "../Restriction.sol";

/// @notice Nobody on the programme's sanctions list sends, receives or acts.
/// @dev The list names wallets and investors alike; an investor's entry reaches all wallets, whenever registered.
library Sanctions {
    uint8 internal constant CODE = Restriction.SANCTIONED;
    uint256 internal constant ON = 1 << 10;

    error PartySanctioned(address party);

    function allows(mapping(address party => bool) storage list, Movement calldata movement)
        internal
        view
        returns (bool)
    {
        return firstListed(list, movement) == address(0);
    }

    /// @notice The first party of the movement on the list, or zero. The zero address of a mint is no party.
    function firstListed(mapping(address party => bool) storage list, Movement calldata movement)
        internal
        view
        returns (address)
    {
        address investor = movement.sender.investor();
        if (list[movement.from]) return movement.from;
        if (investor != movement.from && list[investor]) return investor;
        investor = movement.recipient.investor();
        if (list[movement.to]) return movement.to;
        if (investor != movement.to && list[investor]) return investor;
        if (movement.operator != movement.from && list[movement.operator]) return movement.operator;
        return address(0);
    }

    function refuse(address party) internal pure {
        revert PartySanctioned(party);
    }
}
