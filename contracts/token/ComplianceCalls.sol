// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ICompliance} from "../compliance/ICompliance.sol";
import {IRuleBook} from "../compliance/IRuleBook.sol";
import {Restriction} from "../compliance/Restriction.sol";
import {Configuration, Configurations} from "./Configuration.sol";
import {Founded} from "./Foundations.sol";
import {Door, Movement} from "./Movement.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";

/// @notice How a series asks and tells its compliance contract: the rule book, or a foreign one the standard way.
abstract contract ComplianceCalls is Founded {
    /// @notice A foreign compliance contract refused the movement.
    error ForeignComplianceRefused(address compliance);
    /// @notice A foreign compliance contract failed to book what it has no power to refuse.
    event ForeignComplianceFailed(address indexed compliance, bytes reason);

    function _tellRules(Configuration configuration, Movement memory m) internal {
        if (configuration.is_(Configurations.FOREIGN)) return _tellForeign(configuration.compliance(), m);
        bool refusable = m.isThrough(Door.Mint);
        if (!configuration.is_(refusable ? Configurations.REFUSES : Configurations.BOOKS)) return;
        if (!_callRuleBook(IRuleBook.book.selector, m)) _raise(_answer(type(uint256).max));
    }

    /// @dev Calls the rule book with the movement as it lies in memory: a struct of words is its own ABI encoding, and
    /// to encode it anew would cost as much as the rules. The word before it lends its place to the selector.
    function _callRuleBook(bytes4 selector, Movement memory m) private returns (bool done) {
        address ruleBook = address(RULE_BOOK);
        assembly ("memory-safe") {
            let head := sub(m, 0x20)
            let lent := mload(head)
            mstore(head, shr(224, selector))
            done := call(gas(), ruleBook, 0, sub(m, 4), 0x164, 0, 0)
            mstore(head, lent)
        }
    }

    /// @dev A foreign compliance contract may refuse a transfer or a mint, and is asked before anything is written. One
    /// that refuses by a revert gives its own reason.
    function _askForeign(Configuration configuration, Movement memory m) internal view {
        if (m.door > Door.Mint) return;
        address foreign = configuration.compliance();
        (bool allowed, bool reverted) = _foreignAllows(foreign, m);
        if (allowed) return;
        bytes memory reason = reverted ? _answer(256) : bytes("");
        if (reason.length == 0) reason = abi.encodeWithSelector(ForeignComplianceRefused.selector, foreign);
        _raise(reason);
    }

    /// @dev Anything but one true word forbids.
    function _foreignAllows(address foreign, Movement memory m) private view returns (bool allowed, bool reverted) {
        bytes memory question = abi.encodeCall(ICompliance.canTransfer, (m.from, m.to, m.amount));
        (bool answered, bytes32 answer,) = LowLevelCall.staticcallReturn64Bytes(foreign, question);
        allowed = answered && LowLevelCall.returnDataSize() >= 32 && answer == bytes32(uint256(1));
        reverted = !answered;
    }

    /// @dev What it can refuse it can also fail to book; a burn, a forced transfer or a recovery it cannot block.
    function _tellForeign(address foreign, Movement memory m) private {
        bytes memory news;
        if (m.from == address(0)) news = abi.encodeCall(ICompliance.created, (m.to, m.amount));
        else if (m.door == Door.Burn) news = abi.encodeCall(ICompliance.destroyed, (m.from, m.amount));
        else news = abi.encodeCall(ICompliance.transferred, (m.from, m.to, m.amount));
        if (LowLevelCall.callNoReturn(foreign, news)) return;
        bytes memory reason = _answer(256);
        if (m.door <= Door.Mint) _raise(reason);
        emit ForeignComplianceFailed(foreign, reason);
    }

    /// @dev What the last call answered, cut to `most` bytes: an answer must not cost more than the call.
    function _answer(uint256 most) private pure returns (bytes memory answer) {
        assembly ("memory-safe") {
            let size := returndatasize()
            if gt(size, most) { size := most }
            answer := mload(0x40)
            mstore(answer, size)
            returndatacopy(add(answer, 0x20), 0, size)
            mstore(0x40, and(add(add(answer, size), 0x3f), not(0x1f)))
        }
    }

    /// @dev What compliance would say of a movement by a holder, as an ERC-1404 code.
    function _objection(Configuration configuration, Movement memory m) internal view returns (uint8) {
        if (configuration.is_(Configurations.FOREIGN)) {
            (bool allowed,) = _foreignAllows(configuration.compliance(), m);
            return allowed ? Restriction.NONE : Restriction.FOREIGN_COMPLIANCE;
        }
        return configuration.is_(Configurations.REFUSES) ? RULE_BOOK.restriction(m) : Restriction.NONE;
    }
}
