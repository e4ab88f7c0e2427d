// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IRuleBook} from "../compliance/IRuleBook.sol";
import {IInvestorRegistry} from "../identity/IIdentityRegistry.sol";
import {IIssuanceGate} from "../programme/IIssuanceGate.sol";
import {Configuration, Configurations} from "./Configuration.sol";
import {Register} from "./Register.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

/// @notice What every series of a programme stands on; fixed in the code of its class.
/// @param authority Who may do what.
/// @param registry Who a wallet belongs to.
/// @param ruleBook The rules of all series.
/// @param issuance The gate of every mint and burn: the programme.
struct Foundations {
    address authority;
    IInvestorRegistry registry;
    IRuleBook ruleBook;
    IIssuanceGate issuance;
}

/// @notice A register on its foundations, and how whoever works on it refuses.
abstract contract Founded is Register, AccessManaged {
    address private immutable _AUTHORITY;
    IInvestorRegistry internal immutable REGISTRY;
    IRuleBook internal immutable RULE_BOOK;
    IIssuanceGate internal immutable ISSUANCE;

    /// @dev Row of the batch being worked on, from one; zero outside a batch. Lets a refusal name its row.
    uint256 internal transient _batchRow;

    /// @dev Used only while the configuration says `OTHER_REGISTRY`.
    address internal _otherRegistry;

    /// @notice A row of a batch was refused, so none was done.
    /// @param row From zero.
    /// @param reason The error the row alone would have raised.
    error BatchRowRefused(uint256 row, bytes reason);
    /// @notice The authority of a class is fixed; what may change is inside it.
    error AuthorityIsFixed(address authority);

    constructor(Foundations memory foundations) AccessManaged(foundations.authority) {
        _AUTHORITY = foundations.authority;
        REGISTRY = foundations.registry;
        RULE_BOOK = foundations.ruleBook;
        ISSUANCE = foundations.issuance;
    }

    function _registry(Configuration configuration) internal view returns (IInvestorRegistry) {
        return configuration.is_(Configurations.OTHER_REGISTRY) ? IInvestorRegistry(_otherRegistry) : REGISTRY;
    }

    function _pausedNow(Configuration configuration) internal view returns (bool) {
        uint256 until = configuration.pausedUntilHour();
        return until != 0 && block.timestamp < until * 1 hours;
    }

    /// @dev Reverts with `reason`, wrapped in the row's number inside a batch.
    function _raise(bytes memory reason) internal view {
        if (_batchRow != 0) revert BatchRowRefused(_batchRow - 1, reason);
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }

    /// @inheritdoc AccessManaged
    function authority() public view override returns (address) {
        return _AUTHORITY;
    }

    /// @notice Always reverts.
    function setAuthority(address) public view override {
        revert AuthorityIsFixed(_AUTHORITY);
    }
}
