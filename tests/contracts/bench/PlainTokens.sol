// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ERC20 as OpenZeppelinErc20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20 as SoladyErc20} from "solady/src/tokens/ERC20.sol";

/// @notice OpenZeppelin's ERC-20, open to whoever mints: what a token costs that knows no rules.
contract OpenZeppelinToken is OpenZeppelinErc20 {
    constructor() OpenZeppelinErc20("Plain", "PLAIN") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

/// @notice Solady's ERC-20 by the same measure.
contract SoladyToken is SoladyErc20 {
    function name() public pure override returns (string memory) {
        return "Plain";
    }

    function symbol() public pure override returns (string memory) {
        return "PLAIN";
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}
