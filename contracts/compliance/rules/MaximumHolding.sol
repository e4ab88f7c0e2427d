// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IInvestorRegistry} from "../../identity/IIdentityRegistry.sol";
import {InvestorRecords} from "../../identity/InvestorRecord.sol";
import {Movement} from "../../token/Movement.sol";
import {Restriction} from "../Restriction.sol";

/// @notice An investor holds at most so much, over all wallets together.
/// @dev No counter is kept, so none can drift: a single wallet's balance is the holding, and an investor's several
/// wallets are summed when asked.
library MaximumHolding {
    uint8 internal constant CODE = Restriction.MAXIMUM_HOLDING;
    uint256 internal constant ON = 1 << 3;

    error MaximumHoldingExceeded(address investor, uint256 holding, uint256 maximum);

    function allows(uint256 holding, uint256 maximum) internal pure returns (bool) {
        return holding <= maximum;
    }

    /// @notice What the recipient's investor would hold after a movement from somebody else.
    /// @dev Saturates, so that a question about an absurd amount is answered instead of panicking. The recipient's
    /// own balance is taken from the movement, whenever in its booking the token asks.
    function holdingAfter(IInvestorRegistry registry, address token, Movement calldata movement)
        internal
        view
        returns (uint256 holding)
    {
        holding = Math.saturatingAdd(movement.toBalance, movement.amount);
        if (!movement.recipient.is_(InvestorRecords.LINKED)) return holding;
        address[] memory wallets = registry.walletsOf(movement.recipient.investor());
        for (uint256 i = 0; i < wallets.length; ++i) {
            if (wallets[i] == movement.to) continue;
            holding = Math.saturatingAdd(holding, IERC20(token).balanceOf(wallets[i]));
        }
    }

    function refuse(address investor, uint256 holding, uint256 maximum) internal pure {
        revert MaximumHoldingExceeded(investor, holding, maximum);
    }
}
