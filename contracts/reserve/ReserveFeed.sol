// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AggregatorV3Interface} from "./AggregatorV3Interface.sol";
import {ILotRegister, Round} from "./ILotRegister.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

/// @notice The attested reserve of one series, for whoever reads feeds: what stands in the lots that are insured and
/// free, in the series' own decimals, as of the last attestation.
/// @dev A clone whose immutable arguments are the register and the series; it keeps nothing itself. A round is a
/// sequence number of the register.
contract ReserveFeed is AggregatorV3Interface {
    /// @inheritdoc AggregatorV3Interface
    function decimals() external view returns (uint8) {
        (, address token) = _subject();
        return IERC20Metadata(token).decimals();
    }

    /// @inheritdoc AggregatorV3Interface
    function description() external view returns (string memory) {
        (, address token) = _subject();
        return string.concat(IERC20Metadata(token).symbol(), " reserve");
    }

    /// @inheritdoc AggregatorV3Interface
    function version() external pure returns (uint256) {
        return 1;
    }

    /// @inheritdoc AggregatorV3Interface
    function getRoundData(uint80 roundId) external view returns (uint80, int256, uint256, uint256, uint80) {
        (ILotRegister register, address token) = _subject();
        return _told(roundId, register.roundOf(token, roundId));
    }

    /// @inheritdoc AggregatorV3Interface
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        (ILotRegister register, address token) = _subject();
        return _told(uint80(register.sequenceOf(token)), register.latestRound(token));
    }

    function _told(uint80 id, Round memory round) private pure returns (uint80, int256, uint256, uint256, uint80) {
        return (id, int256(uint256(round.reserve)), round.attestedAt, round.attestedAt, id);
    }

    function _subject() private view returns (ILotRegister register, address token) {
        return abi.decode(Clones.fetchCloneArgs(address(this)), (ILotRegister, address));
    }
}
