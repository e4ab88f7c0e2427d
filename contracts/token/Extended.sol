// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice A contract that runs another's code, in its own name, for every function it does not have itself.
/// @dev The other's address is fixed in the code, and both inherit the same storage. To callers they are one.
abstract contract Extended {
    address private immutable _EXTENSION;

    constructor(address extension) {
        _EXTENSION = extension;
    }

    fallback() external {
        address extension = _EXTENSION;
        assembly ("memory-safe") {
            // Solidity's memory may be overwritten: control never comes back.
            calldatacopy(0, 0, calldatasize())
            let done := delegatecall(gas(), extension, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            if iszero(done) { revert(0, returndatasize()) }
            return(0, returndatasize())
        }
    }
}
