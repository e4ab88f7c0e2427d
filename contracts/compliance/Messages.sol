// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Standing} from "../identity/InvestorRecord.sol";
import {Restriction} from "./Restriction.sol";

/// @notice The sentences behind the reason codes, for a wallet to show.
library Messages {
    function sentence(uint8 code) internal pure returns (string memory) {
        if (code == Restriction.NONE) return "Nothing forbids this transfer";
        if (code < Restriction.SENDER_STANDING) return _ofToken(code);
        if (code < Restriction.RECIPIENT_STANDING) {
            return _ofParty("The sender", code - Restriction.SENDER_STANDING);
        }
        if (code < Restriction.JURISDICTION) {
            return _ofParty("The recipient", code - Restriction.RECIPIENT_STANDING);
        }
        return _ofRules(code);
    }

    function _ofToken(uint8 code) private pure returns (string memory) {
        if (code == Restriction.PAUSED) return "This token is paused";
        if (code == Restriction.PROGRAMME_HALTED) return "All transfers are halted";
        if (code == Restriction.SENDER_FROZEN) return "The sender is frozen";
        if (code == Restriction.RECIPIENT_FROZEN) return "The recipient is frozen";
        if (code == Restriction.SPENDER_FROZEN) return "The spender is frozen";
        if (code == Restriction.INSUFFICIENT_BALANCE) return "The sender holds less than this amount";
        if (code == Restriction.INSUFFICIENT_UNFROZEN) return "Part of the sender's holding is frozen";
        if (code == Restriction.MATURED) return "This instrument has matured";
        if (code == Restriction.ZERO_RECIPIENT) return "No recipient is given";
        if (code == Restriction.SPENDER_DEAD) return "The spender's wallet is suspended or lost";
        if (code == Restriction.INSUFFICIENT_ALLOWANCE) return "The spender may not move as much";
        if (code == Restriction.INSUFFICIENT_UNPLEDGED) return "Part of the sender's holding is pledged";
        if (code == Restriction.STAGE_ENDED) return "The programme's stage has ended";
        if (code == Restriction.CLASS_PAUSED) return "Every token of this class is paused";
        return _unknown();
    }

    function _ofParty(string memory party, uint8 standing) private pure returns (string memory) {
        if (standing == uint8(Standing.Unknown)) return string.concat(party, " is not a registered investor");
        if (standing == uint8(Standing.Lapsed)) return string.concat(party, "'s verification has lapsed");
        if (standing == uint8(Standing.Untrusted)) {
            return string.concat(party, "'s verification no longer meets the programme's requirements");
        }
        if (standing == uint8(Standing.Withdrawn)) return string.concat(party, "'s verification was withdrawn");
        if (standing == uint8(Standing.Suspended)) return string.concat(party, " is suspended by the regulator");
        if (standing == uint8(Standing.Lost)) return string.concat(party, "'s wallet is reported lost");
        return _unknown();
    }

    function _ofRules(uint8 code) private pure returns (string memory) {
        if (code == Restriction.JURISDICTION) return "The recipient's country is not admitted";
        if (code == Restriction.INVESTOR_CLASS) return "The recipient's class of investor is not admitted";
        if (code == Restriction.LOT) return "The amount is not a whole number of lots";
        if (code == Restriction.MAXIMUM_HOLDING) return "The recipient would hold more than one investor may";
        if (code == Restriction.MAXIMUM_HOLDERS) return "This token has as many holders as it may have";
        if (code == Restriction.SUPPLY_CAP) return "More would exist than may be issued";
        if (code == Restriction.LOCK_UP) return "This token is locked up";
        if (code == Restriction.REGISTER_CLOSED) return "The register is closed";
        if (code == Restriction.VELOCITY) return "The sender has transferred as much as this period allows";
        if (code == Restriction.NOT_PRE_APPROVED) return "This transfer needs an approval beforehand";
        if (code == Restriction.SANCTIONED) return "A party to this transfer is under sanctions";
        if (code == Restriction.MAXIMUM_TRANSACTION) return "More moves at once than one transaction may move";
        if (code == Restriction.VENUE_LICENCE) return "The venue's licence does not allow this";
        if (code == Restriction.VENUE_CLIENT) return "The venue may not serve this investor";
        if (code == Restriction.VENUE_HOLDING) return "The venue would hold more than its stage allows";
        if (code == Restriction.VENUE_TRADE) return "The venue has traded as much today as its stage allows";
        if (code == Restriction.TRAVEL_RULE) return "Venues need a travel rule reference for this";
        if (code == Restriction.MODULE) return "A special rule of this token forbids this transfer";
        if (code == Restriction.FOREIGN_COMPLIANCE) return "This token's compliance contract forbids this transfer";
        return _unknown();
    }

    function _unknown() private pure returns (string memory) {
        return "Unknown reason";
    }
}
