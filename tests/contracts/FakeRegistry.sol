// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IInvestorRegistry} from "contracts/identity/IIdentityRegistry.sol";
import {InvestorRecord, Standing, Verdict} from "contracts/identity/InvestorRecord.sol";

/// @notice A registry that knows what it is told and verifies everybody.
contract FakeRegistry is IInvestorRegistry {
    mapping(address wallet => InvestorRecord) public recordOf;
    mapping(address investor => address[]) private _wallets;

    function setRecord(address wallet, InvestorRecord record) external {
        recordOf[wallet] = record;
    }

    function setWallets(address investor, address[] calldata wallets) external {
        _wallets[investor] = wallets;
    }

    function walletsOf(address investor) external view returns (address[] memory) {
        return _wallets[investor];
    }

    function screen(address, address from, address to)
        external
        view
        returns (InvestorRecord sender, InvestorRecord recipient, Verdict verdict)
    {
        return (recordOf[from], recordOf[to], Verdict.wrap(0));
    }

    function standingOf(address) external pure returns (Standing) {
        return Standing.Verified;
    }

    function successorOf(address wallet) external pure returns (address) {
        return wallet;
    }

    function succession(address wallet) external view returns (address, InvestorRecord) {
        return (wallet, recordOf[wallet]);
    }
}
