// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AggregatorV3Interface} from "./AggregatorV3Interface.sol";
import {ILotRegister} from "./ILotRegister.sol";

/// @title ExternalFeed
/// @notice Reads a feed that others keep, and believes nothing of it beforehand: no code, a revert, an answer too short
/// or out of its type are all one, no answer.
library ExternalFeed {
    /// @dev Ten to this many times the largest answer taken still fits a word.
    uint8 private constant MAXIMUM_DECIMALS = 36;
    uint256 private constant ROUND_WORDS = 5;

    /// @return answer More than nothing; larger than any supply where it is out of reason.
    /// @return decimals Of the answer.
    /// @return updatedAt Unix time; judged by the caller.
    function read(address feed) internal view returns (int256 answer, uint8 decimals, uint256 updatedAt) {
        bytes memory told = _ask(feed, abi.encodeCall(AggregatorV3Interface.latestRoundData, ()), ROUND_WORDS);
        (, answer,, updatedAt,) = abi.decode(told, (uint256, int256, uint256, uint256, uint256));
        uint256 places = abi.decode(_ask(feed, abi.encodeCall(AggregatorV3Interface.decimals, ()), 1), (uint256));
        bool sound = places <= MAXIMUM_DECIMALS && updatedAt <= type(uint40).max;
        if (!sound) revert ILotRegister.ReserveUnanswered(feed);
        if (answer <= 0) revert ILotRegister.ReserveNotPositive(answer);
        if (answer > type(int192).max) answer = type(int192).max;
        decimals = uint8(places);
    }

    function _ask(address feed, bytes memory question, uint256 words) private view returns (bytes memory told) {
        bool done;
        (done, told) = feed.staticcall(question);
        if (!done || told.length < 32 * words) revert ILotRegister.ReserveUnanswered(feed);
    }
}
