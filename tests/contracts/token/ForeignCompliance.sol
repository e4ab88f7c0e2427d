// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ICompliance} from "../../../contracts/compliance/ICompliance.sol";

interface IHeldToken {
    function balanceOf(address account) external view returns (uint256);
}

/// @dev A foreign ERC-3643 compliance contract in every temper that a token must bear with.
contract ForeignCompliance is ICompliance {
    enum Booking {
        Keeps,
        Reverts,
        BurnsGas,
        AnswersAtLength,
        CallsBack
    }

    enum Verdict {
        Allows,
        Forbids,
        AllowsUpToHolding,
        Reverts,
        RevertsMutely,
        AnswersGarbage
    }

    address private _token;
    bool public stubborn;
    Verdict public verdict;
    Booking public booking;
    uint256 public maximumHolding;
    address public callTarget;
    bytes public callData;
    bool public calledBack;
    bytes public answer;

    error NotAllowed(address from, address to, uint256 amount);
    error BookingFailed(address from, address to, uint256 amount);
    error Stubborn();

    event Booked(string hook, address from, address to, uint256 amount);

    function setTemper(Verdict verdict_, Booking booking_) external {
        (verdict, booking) = (verdict_, booking_);
    }

    function setMaximumHolding(uint256 maximum) external {
        (verdict, maximumHolding) = (Verdict.AllowsUpToHolding, maximum);
    }

    function setCallBack(address target, bytes calldata data) external {
        (booking, callTarget, callData) = (Booking.CallsBack, target, data);
    }

    function setStubborn(bool on) external {
        stubborn = on;
    }

    function bindToken(address token) external {
        _token = token;
        emit TokenBound(token);
    }

    function unbindToken(address token) external {
        if (stubborn) revert Stubborn();
        _token = address(0);
        emit TokenUnbound(token);
    }

    function isTokenBound(address token) external view returns (bool) {
        return token == _token;
    }

    function getTokenBound() external view returns (address) {
        return _token;
    }

    function canTransfer(address from, address to, uint256 amount) external view returns (bool) {
        if (verdict == Verdict.Reverts) revert NotAllowed(from, to, amount);
        if (verdict == Verdict.RevertsMutely) revert();
        if (verdict == Verdict.AnswersGarbage) {
            assembly ("memory-safe") {
                mstore(0, 2)
                return(0, 0x20)
            }
        }
        if (verdict == Verdict.AllowsUpToHolding) {
            return IHeldToken(_token).balanceOf(to) + amount <= maximumHolding;
        }
        return verdict == Verdict.Allows;
    }

    function transferred(address from, address to, uint256 amount) external {
        _book("transferred", from, to, amount);
    }

    function created(address to, uint256 amount) external {
        _book("created", address(0), to, amount);
    }

    function destroyed(address from, uint256 amount) external {
        _book("destroyed", from, address(0), amount);
    }

    function _book(string memory hook, address from, address to, uint256 amount) private {
        if (booking == Booking.Reverts) revert BookingFailed(from, to, amount);
        if (booking == Booking.BurnsGas) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        if (booking == Booking.AnswersAtLength) {
            assembly {
                revert(0, 2000000) // costs 8 million gas here, and as much for whoever copies it
            }
        }
        if (booking == Booking.CallsBack && !calledBack) {
            calledBack = true;
            (bool done, bytes memory data) = callTarget.call(callData);
            answer = done ? bytes("") : data;
        }
        emit Booked(hook, from, to, amount);
    }
}
