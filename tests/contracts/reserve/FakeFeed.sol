// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @dev A feed that says whatever it was told to, in any shape, or nothing.
contract FakeFeed {
    bytes private _decimals = abi.encode(uint8(8));
    bytes private _round;
    bool private _broken;

    function tell(int256 answer, uint256 updatedAt) external {
        (_round, _broken) = (abi.encode(uint80(1), answer, updatedAt, updatedAt, uint80(1)), false);
    }

    function tellDecimals(uint256 decimals_) external {
        _decimals = abi.encode(decimals_);
    }

    function tellBytes(bytes calldata round) external {
        _round = round;
    }

    function breakDown() external {
        _broken = true;
    }

    function decimals() external view returns (uint8) {
        _answer(_decimals);
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        require(!_broken, "broken");
        _answer(_round);
    }

    function _answer(bytes memory told) private pure {
        assembly ("memory-safe") {
            return(add(told, 0x20), mload(told))
        }
    }
}
