// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @dev A contract that signs under ERC-1271, whatever it was told to accept; a custodian's wallet, say.
contract FakeWallet {
    mapping(bytes32 digest => bool) private _accepted;

    function accept(bytes32 digest) external {
        _accepted[digest] = true;
    }

    function allow(IERC20 token, address spender, uint256 amount) external {
        token.approve(spender, amount);
    }

    function isValidSignature(bytes32 digest, bytes calldata) external view returns (bytes4) {
        return _accepted[digest] ? this.isValidSignature.selector : bytes4(0);
    }
}
