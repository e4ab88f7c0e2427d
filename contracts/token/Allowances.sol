// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

/// @notice ERC-20 allowances, and the ERC-2612 permits and EIP-712 domain they are signed under.
/// @dev The domain's name is the token's own, as wallets expect; a clone cannot cache it, so it is built anew.
abstract contract Allowances is IERC20Errors, Nonces {
    bytes32 private constant _DOMAIN =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant _PERMIT =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
    string internal constant DOMAIN_VERSION = "1";

    mapping(address holder => mapping(address spender => uint256)) internal _allowances;

    error ERC2612ExpiredSignature(uint256 deadline);
    error ERC2612InvalidSigner(address signer, address owner);

    function _permit(address holder, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        internal
    {
        if (block.timestamp > deadline) revert ERC2612ExpiredSignature(deadline);
        bytes32 digest =
            _typedDataHash(keccak256(abi.encode(_PERMIT, holder, spender, value, _useNonce(holder), deadline)));
        address signer = ECDSA.recover(digest, v, r, s);
        if (signer != holder) revert ERC2612InvalidSigner(signer, holder);
        _approve(holder, spender, value);
    }

    function _spend(address holder, address spender, uint256 value) internal {
        mapping(address spender => uint256) storage granted = _allowances[holder];
        uint256 allowed = granted[spender];
        if (allowed == type(uint256).max) return;
        if (allowed < value) revert ERC20InsufficientAllowance(spender, allowed, value);
        unchecked {
            granted[spender] = allowed - value;
        }
    }

    function _approve(address holder, address spender, uint256 value) internal {
        if (spender == address(0)) revert ERC20InvalidSpender(address(0));
        _allowances[holder][spender] = value;
        emit IERC20.Approval(holder, spender, value);
    }

    function _domainSeparator() internal view returns (bytes32) {
        bytes32 name = keccak256(bytes(_domainName()));
        return keccak256(abi.encode(_DOMAIN, name, keccak256(bytes(DOMAIN_VERSION)), block.chainid, address(this)));
    }

    function _typedDataHash(bytes32 structHash) internal view returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(_domainSeparator(), structHash);
    }

    /// @dev The token's name.
    function _domainName() internal view virtual returns (string memory);
}
