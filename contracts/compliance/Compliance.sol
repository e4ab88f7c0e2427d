// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Door, Movement} from "../token/Movement.sol";
import {ICompliance} from "./ICompliance.sol";
import {IRuleBook} from "./IRuleBook.sol";
import {IRuledToken} from "./IRuledToken.sol";
import {Messages} from "./Messages.sol";
import {Restriction} from "./Restriction.sol";

/// @title The ERC-3643 compliance address of one token.
/// @notice A face of the shared rule book, so that clients of the standard find a compliance contract for each token.
/// @dev A clone whose immutable argument is the token: it is bound by birth, for good, and keeps no state. Tokens of
/// the programme book in the rule book directly; see `transferred`.
contract Compliance is ICompliance {
    error ComplianceCallerNotBound(address caller);
    error ComplianceTokenNotBound(address token);
    error ComplianceBooksInRuleBook(address ruleBook);

    /// @notice The rule book that judges and books.
    IRuleBook public immutable ruleBook;
    address private immutable _implementation = address(this);

    constructor(IRuleBook ruleBook_) {
        ruleBook = ruleBook_;
    }

    // --- Binding

    /// @notice Confirms the binding that exists by birth. Only for its own token, by that token or the rule book.
    function bindToken(address token) external {
        _checkBinding(token);
        emit TokenBound(token);
    }

    /// @notice Notes that the token turned to another compliance contract. Only for its own token, by that token or
    /// the rule book.
    /// @dev The address still speaks of its token and of no other: whether the token listens is the token's
    /// `compliance()` to say.
    function unbindToken(address token) external {
        _checkBinding(token);
        emit TokenUnbound(token);
    }

    function isTokenBound(address token) external view returns (bool) {
        return token != address(0) && token == getTokenBound();
    }

    /// @notice The token; zero for the implementation behind the clones.
    function getTokenBound() public view returns (address token) {
        if (address(this) == _implementation) return address(0);
        return address(bytes20(Clones.fetchCloneArgs(address(this))));
    }

    // --- Asking

    /// @notice Whether the rules allow it now, with the holder himself as operator. A mint is from, a burn to the zero
    /// address; burns are never refused.
    /// @dev The rules alone: balances, freezes, pauses and verification are the token's `canTransfer` to judge.
    function canTransfer(address from, address to, uint256 amount) external view returns (bool) {
        return ruleBook.restrictionOf(getTokenBound(), movementOf(from, to, amount)) == Restriction.NONE;
    }

    /// @notice The movement as the token would present it to the rules.
    function movementOf(address from, address to, uint256 amount) public view returns (Movement memory movement) {
        IRuledToken token = IRuledToken(getTokenBound());
        movement.door = _doorOf(from, to);
        movement.operator = from;
        movement.from = from;
        movement.to = to;
        movement.amount = amount;
        (movement.sender, movement.recipient,) = token.identityRegistry().screen(from, from, to);
        if (from != address(0)) movement.fromBalance = token.balanceOf(from);
        if (to != address(0)) movement.toBalance = token.balanceOf(to);
        if (movement.door == Door.Mint) movement.supply = Math.saturatingAdd(token.totalSupply(), amount);
        movement.holders = token.holdersAfter(from, to, amount);
    }

    /// @notice A sentence for a reason code, for a wallet to show.
    function message(uint8 code) external pure returns (string memory) {
        return Messages.sentence(code);
    }

    // --- Booking

    /// @dev Tokens of the programme check and book in one call of `RuleBook.book`. A second way in would book twice, so
    /// the standard's three hooks refuse everybody: strangers as such, the token with the address to turn to.
    function transferred(address, address, uint256) external view {
        _refuseBooking();
    }

    /// @dev See `transferred`.
    function created(address, uint256) external view {
        _refuseBooking();
    }

    /// @dev See `transferred`.
    function destroyed(address, uint256) external view {
        _refuseBooking();
    }

    function _refuseBooking() private view {
        if (msg.sender != getTokenBound()) revert ComplianceCallerNotBound(msg.sender);
        revert ComplianceBooksInRuleBook(address(ruleBook));
    }

    function _checkBinding(address token) private view {
        address bound = getTokenBound();
        if (token != bound || bound == address(0)) revert ComplianceTokenNotBound(token);
        if (msg.sender != bound && msg.sender != address(ruleBook)) revert ComplianceCallerNotBound(msg.sender);
    }

    function _doorOf(address from, address to) private pure returns (Door) {
        if (from == address(0)) return Door.Mint;
        return to == address(0) ? Door.Burn : Door.Transfer;
    }
}
