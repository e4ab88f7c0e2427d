// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {InvestorRecord} from "../identity/InvestorRecord.sol";

/// @notice The five ways in which a balance can change. Every one passes the same gate.
enum Door {
    Transfer,
    Mint,
    Burn,
    Force,
    Recovery
}

/// @notice One change of balances, as the token presents it to the rules: everything a rule needs to decide, so
/// that no rule has to call back for what the token already holds in its hand.
/// @param door Through which door the movement enters.
/// @param operator Who called the token: the holder, a spender, an agent or a settlement contract.
/// @param from Sender; the zero address for a mint.
/// @param to Recipient; the zero address for a burn.
/// @param amount In smallest units of the token.
/// @param sender The registry's record of `from`; zero where there is none.
/// @param recipient The registry's record of `to`; zero where there is none.
/// @param fromBalance Balance of `from` before the movement.
/// @param toBalance Balance of `to` before the movement.
/// @param supply Total supply after the movement, for a mint; zero for every other door, where it cannot grow.
/// @param holders Number of holding investors after the movement where it adds one; zero where it adds none.
struct Movement {
    Door door;
    address operator;
    address from;
    address to;
    uint256 amount;
    InvestorRecord sender;
    InvestorRecord recipient;
    uint256 fromBalance;
    uint256 toBalance;
    uint256 supply;
    uint256 holders;
}

using {isThrough} for Movement global;

/// @dev As `self.door <= last`, for the hot path: Solidity looks twice whether an enum in memory is one.
function isThrough(Movement memory self, Door last) pure returns (bool yes) {
    assembly ("memory-safe") {
        yes := iszero(gt(mload(self), last))
    }
}
