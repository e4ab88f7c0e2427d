// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Enquiries} from "./Enquiries.sol";
import {IERC3643Desk} from "./IERC3643.sol";
import {IPermissionedTokenDesk} from "./IPermissionedToken.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice The batches of the desk: all rows are done, or none, and the refusal names its row.
abstract contract BatchDesk is Enquiries {
    /// @notice The lists of a batch have different lengths.
    error BatchLengthsDiffer(uint256 first, uint256 other);

    /// @inheritdoc IERC3643Desk
    function batchTransfer(address[] calldata toList, uint256[] calldata amounts) external {
        _eachRow(toList, amounts, _send);
    }

    /// @inheritdoc IPermissionedTokenDesk
    function batchMint(address[] calldata to, uint256[] calldata amounts, bytes32 reference_) external restricted {
        _mintAll(to, amounts, reference_);
    }

    /// @inheritdoc IERC3643Desk
    function batchMint(address[] calldata toList, uint256[] calldata amounts) external restricted {
        _mintAll(toList, amounts, 0);
    }

    /// @inheritdoc IERC3643Desk
    function batchBurn(address[] calldata userAddresses, uint256[] calldata amounts) external restricted {
        _eachRow(userAddresses, amounts, _burn);
        _retired(_sum(amounts), 0);
    }

    /// @inheritdoc IERC3643Desk
    function batchForcedTransfer(address[] calldata fromList, address[] calldata toList, uint256[] calldata amounts)
        external
        restricted
    {
        _requireSameLength(fromList.length, toList.length);
        _requireSameLength(fromList.length, amounts.length);
        for (uint256 row; row < amounts.length; ++row) {
            _batchRow = row + 1;
            _force(fromList[row], toList[row], amounts[row]);
        }
        _batchRow = 0;
    }

    /// @inheritdoc IERC3643Desk
    function batchSetAddressFrozen(address[] calldata userAddresses, bool[] calldata freeze) external restricted {
        _requireSameLength(userAddresses.length, freeze.length);
        for (uint256 row; row < freeze.length; ++row) {
            _batchRow = row + 1;
            _setAddressFrozen(userAddresses[row], freeze[row]);
        }
        _batchRow = 0;
    }

    /// @inheritdoc IERC3643Desk
    function batchFreezePartialTokens(address[] calldata userAddresses, uint256[] calldata amounts)
        external
        restricted
    {
        _eachRow(userAddresses, amounts, _freezePartial);
    }

    /// @inheritdoc IERC3643Desk
    function batchUnfreezePartialTokens(address[] calldata userAddresses, uint256[] calldata amounts)
        external
        restricted
    {
        _eachRow(userAddresses, amounts, _unfreezePartial);
    }

    function _mintAll(address[] calldata to, uint256[] calldata amounts, bytes32 reference_) private {
        uint256 sum = _sum(amounts);
        _requireRoom(sum);
        _eachRow(to, amounts, _mint);
        _issued(sum, reference_);
    }

    function _eachRow(address[] calldata accounts, uint256[] calldata amounts, function(address, uint256) internal act)
        private
    {
        _requireSameLength(accounts.length, amounts.length);
        for (uint256 row; row < amounts.length; ++row) {
            _batchRow = row + 1;
            act(accounts[row], amounts[row]);
        }
        _batchRow = 0;
    }

    function _send(address to, uint256 amount) private {
        _transfer(msg.sender, msg.sender, to, amount);
    }

    /// @dev Saturates: no issue and no supply is that large.
    function _sum(uint256[] calldata amounts) private pure returns (uint256 sum) {
        for (uint256 row; row < amounts.length; ++row) {
            sum = Math.saturatingAdd(sum, amounts[row]);
        }
    }

    function _requireSameLength(uint256 first, uint256 other) private pure {
        if (first != other) revert BatchLengthsDiffer(first, other);
    }
}
