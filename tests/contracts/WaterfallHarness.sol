// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Figures, Rule, Split, Waterfall} from "../../contracts/assets/Waterfall.sol";

/// @dev Opens the internal functions of the waterfall to tests.
contract WaterfallHarness {
    function split(Figures calldata figures, Rule calldata rule) external pure returns (Split memory) {
        return Waterfall.split(figures, rule);
    }

    function net(uint256 share, int256 carried) external pure returns (uint256 pool, int256 left) {
        return Waterfall.net(share, carried);
    }
}
