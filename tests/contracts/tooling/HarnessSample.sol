// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

/// @notice What the tests of the EVM harness speak to: one of each thing that an ABI can hold.
contract HarnessSample is ReentrancyGuardTransient {
    struct Holding {
        address holder;
        uint256 amount;
    }

    mapping(address holder => uint256) public held;
    string public label;
    bytes32 public immutable COMMITMENT;

    event Moved(address indexed from, string indexed tag, uint256 amount, Holding after_);

    error NotEnough(address holder, uint256 asked);

    constructor(string memory label_, bytes32 commitment) {
        label = label_;
        COMMITMENT = commitment;
    }

    function put(uint256 amount) external nonReentrant returns (uint256) {
        return _put(msg.sender, amount);
    }

    function put(address holder, uint256 amount) external nonReentrant returns (uint256) {
        return _put(holder, amount);
    }

    function take(uint256 amount) external {
        if (held[msg.sender] < amount) revert NotEnough(msg.sender, amount);
        held[msg.sender] -= amount;
    }

    function sum(Holding[] calldata holdings) external pure returns (uint256 total, address first) {
        for (uint256 i; i < holdings.length; ++i) {
            total += holdings[i].amount;
        }
        first = holdings[0].holder;
    }

    function holding(address holder) external view returns (Holding memory) {
        return Holding(holder, held[holder]);
    }

    function clock() external view returns (uint256 time, uint256 number, uint256 chain) {
        return (block.timestamp, block.number, block.chainid);
    }

    function refuse(string calldata why) external pure {
        revert(why);
    }

    function _put(address holder, uint256 amount) private returns (uint256) {
        held[holder] += amount;
        emit Moved(holder, "put", amount, Holding(holder, held[holder]));
        return held[holder];
    }
}
