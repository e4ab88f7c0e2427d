// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Entitlement, IObligor, PaymentKind} from "./IObligor.sol";

/// @notice What any number of units is owed, by the entitlement of one calculation amount: the same for every class.
abstract contract Obligor is IObligor {
    /// @inheritdoc IObligor
    function obligationAmount(PaymentKind kind, uint256 number, uint256 units, uint8 cashDecimals)
        external
        view
        returns (uint256)
    {
        Entitlement memory owed = entitlement(kind, number, cashDecimals);
        return owed.amount * units / owed.units;
    }

    /// @inheritdoc IObligor
    function taxableAmount(PaymentKind kind, uint256 number, uint256 units, uint8 cashDecimals)
        external
        view
        returns (uint256)
    {
        Entitlement memory owed = entitlement(kind, number, cashDecimals);
        return owed.taxable * units / owed.units;
    }

    /// @inheritdoc IObligor
    function entitlement(PaymentKind kind, uint256 number, uint8 cashDecimals)
        public
        view
        virtual
        returns (Entitlement memory);
}
