// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IHolidayCalendar} from "../programme/IHolidayCalendar.sol";
import {Foundations} from "../token/Foundations.sol";
import {Gate} from "../token/Gate.sol";
import {Extended} from "../token/Extended.sol";
import {BondMath} from "./BondMath.sol";
import {PaymentKind} from "./IObligor.sol";
import {PeriodicDesk} from "./PeriodicDesk.sol";
import {PeriodicTerms} from "./PeriodicTerms.sol";
import {SukukTerms} from "./SukukTerms.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

/// @notice The desk of all Ijarah sukuk: terms, the leased asset, rentals, prices.
/// @custom:extension TokenDesk
contract SukukDesk is PeriodicDesk, Extended {
    constructor(Foundations memory foundations, address desk, IHolidayCalendar calendar)
        Gate(foundations)
        PeriodicDesk(calendar)
        Extended(desk)
    {}

    /// @notice The terms, whole.
    function terms() public view returns (SukukTerms memory) {
        return abi.decode(Clones.fetchCloneArgs(address(this)), (SukukTerms));
    }

    /// @notice What a certificate is.
    function ownership() external pure returns (string memory) {
        return "A certificate is an undivided share in the ownership of the leased asset that the terms name, and in the "
            "rentals it earns. It is no debt of the issuer and carries no vote.";
    }

    /// @dev No sukuk without its asset and the approval of its Shariah board.
    function _requireSoundRest(PeriodicTerms memory) internal view override {
        SukukTerms memory t = terms();
        if (t.assetId == 0 || t.assetHash == 0 || t.shariahApproval == 0) revert TermsUnsound();
    }

    /// @dev The issuer buys the asset back at its face.
    function _redemptionPrice() internal pure override returns (uint256) {
        return BondMath.PAR;
    }

    function _distributionKind() internal pure override returns (PaymentKind) {
        return PaymentKind.Rental;
    }
}
