// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ICompliance} from "../compliance/ICompliance.sol";
import {IERC3643IdentityRegistry} from "../identity/IIdentityRegistry.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @notice ERC-3643: the token's events.
interface IERC3643Events {
    event UpdatedTokenInformation(
        string newName, string newSymbol, uint8 newDecimals, string newVersion, address indexed newOnchainID
    );
    event IdentityRegistryAdded(address indexed identityRegistry);
    event ComplianceAdded(address indexed compliance);
    event RecoverySuccess(address indexed lostWallet, address indexed newWallet, address indexed investorOnchainID);
    event AddressFrozen(address indexed userAddress, bool indexed isFrozen, address indexed owner);
    event TokensFrozen(address indexed userAddress, uint256 amount);
    event TokensUnfrozen(address indexed userAddress, uint256 amount);
    event Paused(address userAddress);
    event Unpaused(address userAddress);
}

/// @notice ERC-3643: what a series answers itself.
interface IERC3643Core {
    function freezePartialTokens(address userAddress, uint256 amount) external;
}

/// @notice ERC-3643: what a series leaves to the desk that all series share.
interface IERC3643Desk {
    function identityRegistry() external view returns (IERC3643IdentityRegistry);
    function compliance() external view returns (ICompliance);
    function paused() external view returns (bool);
    function isFrozen(address userAddress) external view returns (bool);
    function onchainID() external view returns (address);
    function version() external view returns (string memory);
    function setName(string calldata name) external;
    function setSymbol(string calldata symbol) external;
    function setOnchainID(address onchainID) external;
    function pause() external;
    function unpause() external;
    function setAddressFrozen(address userAddress, bool freeze) external;
    function unfreezePartialTokens(address userAddress, uint256 amount) external;
    function setIdentityRegistry(address identityRegistry) external;
    function setCompliance(address compliance) external;
    function mint(address to, uint256 amount) external;
    function burn(address userAddress, uint256 amount) external;
    function recoveryAddress(address lostWallet, address newWallet, address investorOnchainID) external returns (bool);
    function batchTransfer(address[] calldata toList, uint256[] calldata amounts) external;
    function batchForcedTransfer(address[] calldata fromList, address[] calldata toList, uint256[] calldata amounts)
        external;
    function batchMint(address[] calldata toList, uint256[] calldata amounts) external;
    function batchBurn(address[] calldata userAddresses, uint256[] calldata amounts) external;
    function batchSetAddressFrozen(address[] calldata userAddresses, bool[] calldata freeze) external;
    function batchFreezePartialTokens(address[] calldata userAddresses, uint256[] calldata amounts) external;
    function batchUnfreezePartialTokens(address[] calldata userAddresses, uint256[] calldata amounts) external;
}

/// @notice ERC-3643: the token, whole. What needs an agent or the owner there needs a role of the `Authority` here.
interface IERC3643 is IERC20, IERC3643Events, IERC3643Core, IERC3643Desk {}

/// @notice ERC-3643: agents and owner. Here both are read from the `Authority`, where powers are changed.
interface IERC3643Roles {
    function isAgent(address agent) external view returns (bool);
    function owner() external view returns (address);
    function addAgent(address agent) external;
    function removeAgent(address agent) external;
    function transferOwnership(address newOwner) external;
}
