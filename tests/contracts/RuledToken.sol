// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IRuleBook, IRuleBookClient} from "contracts/compliance/IRuleBook.sol";
import {IRuledToken} from "contracts/compliance/IRuledToken.sol";
import {ICompliance} from "contracts/compliance/ICompliance.sol";
import {IInvestorRegistry} from "contracts/identity/IIdentityRegistry.sol";
import {Movement} from "contracts/token/Movement.sol";

/// @notice A token that holds whatever it is told to, and asks the rules what it is told to ask.
contract RuledToken is IRuledToken, IRuleBookClient {
    IRuleBook public immutable ruleBook;
    IInvestorRegistry public immutable identityRegistry;

    uint256 public totalSupply;
    uint256 public newHolders;
    bool public refuses;
    bool public books;
    bool public counts;
    mapping(address account => uint256) public balanceOf;

    error CallerNotRuleBook(address caller);

    constructor(IRuleBook ruleBook_, IInvestorRegistry registry) {
        ruleBook = ruleBook_;
        identityRegistry = registry;
    }

    function hold(address account, uint256 balance) external {
        totalSupply = totalSupply + balance - balanceOf[account];
        balanceOf[account] = balance;
    }

    function announceHolders(uint256 holders) external {
        newHolders = holders;
    }

    function holdersAfter(address, address, uint256) external view returns (uint256) {
        return newHolders;
    }

    function setRuleHooks(bool refuses_, bool books_, bool counts_) external {
        if (msg.sender != address(ruleBook)) revert CallerNotRuleBook(msg.sender);
        (refuses, books, counts) = (refuses_, books_, counts_);
    }

    /// @notice Books, and says what the call cost: what a transfer pays for its rules.
    function book(Movement calldata movement) external returns (uint256 gasUsed) {
        gasUsed = gasleft();
        ruleBook.book(movement);
        gasUsed -= gasleft();
    }

    function bind(ICompliance compliance) external {
        compliance.bindToken(address(this));
    }

    function unbind(ICompliance compliance) external {
        compliance.unbindToken(address(this));
    }

    function bookTheStandardWay(ICompliance compliance) external {
        compliance.transferred(msg.sender, msg.sender, 1);
    }
}
