// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Restriction} from "../compliance/Restriction.sol";
import {Rules} from "../compliance/Rules.sol";
import {StageLimits, TokenLimits} from "./IPilotStage.sol";

/// @title What lies within a stage, and what must be tightened to lie within it.
/// @notice A rule that is off lets everything through; a limit that is zero limits nothing.
library StageRules {
    /// @notice Code of the first rule that lets through what `limits` do not; `Restriction.NONE` where none does.
    function firstBeyond(TokenLimits memory limits, Rules memory rules, uint256[4] memory list)
        internal
        pure
        returns (uint8)
    {
        if (limits.limitsCountries && !(rules.jurisdictions && covers(limits.countries, list))) {
            return Restriction.JURISDICTION;
        }
        if (!_classesWithin(rules.classes, limits.classes)) return Restriction.INVESTOR_CLASS;
        if (!isWithin(rules.maximumHolding, limits.maximumHolding)) return Restriction.MAXIMUM_HOLDING;
        if (!isWithin(rules.maximumHolders, limits.maximumHolders)) return Restriction.MAXIMUM_HOLDERS;
        if (!isWithin(rules.maximumTransaction, limits.maximumTransaction)) return Restriction.MAXIMUM_TRANSACTION;
        return Restriction.NONE;
    }

    /// @notice Tightens `rules` and the list of countries until they lie within `limits`, and no further.
    /// @dev Nobody may receive a series whose limits cannot be said, one that admits no class of the stage's, or one
    /// whose holders are to be limited but were never counted: its list is emptied, which the compliance officer fills
    /// again once the reason is gone.
    /// @param uncounted Whether somebody may hold that nobody has counted.
    /// @return shut Whether nobody may receive it now.
    function tighten(TokenLimits memory limits, Rules memory rules, uint256[4] memory list, bool uncounted)
        internal
        pure
        returns (bool shut)
    {
        shut = limits.shut || (uncounted && limits.maximumHolders != 0 && rules.maximumHolders == 0);
        rules.maximumHolding = uint112(_tighter(rules.maximumHolding, limits.maximumHolding));
        rules.maximumTransaction = uint72(_tighter(rules.maximumTransaction, limits.maximumTransaction));
        rules.maximumHolders = uint32(_tighter(rules.maximumHolders, limits.maximumHolders));
        if (limits.classes != 0) {
            uint64 both = rules.classes == 0 ? limits.classes : rules.classes & limits.classes;
            if (both == 0) shut = true;
            else rules.classes = both;
        }
        for (uint256 word; word < 4; ++word) {
            if (shut) list[word] = 0;
            else if (limits.limitsCountries && rules.jurisdictions) list[word] &= limits.countries[word];
            else if (limits.limitsCountries) list[word] = limits.countries[word];
        }
        if (shut || limits.limitsCountries) rules.jurisdictions = true;
    }

    /// @notice Whether every limit of `limits` is as tight as in `others`, or tighter.
    function isWithinAll(StageLimits memory limits, StageLimits memory others) internal pure returns (bool) {
        return isWithin(limits.perSeriesUsd, others.perSeriesUsd) && isWithin(limits.totalUsd, others.totalUsd)
            && isWithin(limits.holdingUsd, others.holdingUsd) && isWithin(limits.transactionUsd, others.transactionUsd)
            && isWithin(limits.investors, others.investors) && isWithin(limits.endsAt, others.endsAt)
            && _classesWithin(limits.classes, others.classes) && _countriesWithin(limits.countries, others.countries);
    }

    /// @notice Whether a limit is as tight as `most`, or tighter.
    function isWithin(uint256 limit, uint256 most) internal pure returns (bool) {
        return most == 0 || (limit != 0 && limit <= most);
    }

    /// @notice Whether every country of `list` is among `countries`.
    function covers(uint256[4] memory countries, uint256[4] memory list) internal pure returns (bool) {
        uint256 beyond;
        for (uint256 word; word < 4; ++word) {
            beyond |= list[word] & ~countries[word];
        }
        return beyond == 0;
    }

    /// @notice Whether the list names no country.
    function isEmpty(uint256[4] memory list) internal pure returns (bool) {
        return list[0] | list[1] | list[2] | list[3] == 0;
    }

    /// @notice Countries by their numbers as bits: bit n of word w stands for country 256 * w + n.
    function bitsOf(uint16[] memory countries) internal pure returns (uint256[4] memory bits) {
        for (uint256 i; i < countries.length; ++i) {
            bits[countries[i] >> 8] |= 1 << (countries[i] & 0xFF);
        }
    }

    /// @notice The numbers of the countries that are in `some` and not in `others`, in ascending order.
    function numbersOf(uint256[4] memory some, uint256[4] memory others)
        internal
        pure
        returns (uint16[] memory countries)
    {
        countries = new uint16[](1_024);
        uint256 found;
        for (uint256 word; word < 4; ++word) {
            uint256 left = some[word] & ~others[word];
            for (uint256 bit; left >> bit != 0 && bit < 256; ++bit) {
                if (left >> bit & 1 != 0) countries[found++] = uint16(word << 8 | bit);
            }
        }
        assembly ("memory-safe") {
            mstore(countries, found) // the rest of the array is never read
        }
    }

    function _countriesWithin(uint16[] memory countries, uint16[] memory others) private pure returns (bool) {
        if (others.length == 0) return true;
        return countries.length != 0 && covers(bitsOf(others), bitsOf(countries));
    }

    function _classesWithin(uint64 classes, uint64 others) private pure returns (bool) {
        return others == 0 || (classes != 0 && classes & ~others == 0);
    }

    function _tighter(uint256 limit, uint256 most) private pure returns (uint256) {
        return isWithin(limit, most) ? limit : most;
    }
}
