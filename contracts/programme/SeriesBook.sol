// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Status} from "./IProgramme.sol";

/// @notice What the programme must know of a series on every mint, in one storage slot.
///
///   bits  0..7    status
///         8..15   backed    whether every mint asks the series' reserve too
///        16..23   class     its number
///        24..135  authorised  smallest units that may be outstanding    } of a series that was opened; before that
///       136..175  until       Unix time up to which it may mint         } 24..183 are who proposed it
type SeriesBook is uint256;

using SeriesBooks for SeriesBook global;

library SeriesBooks {
    uint256 private constant BACKED = 1 << 8;
    uint256 private constant HEAD = (1 << 24) - 1;
    uint256 private constant UINT112 = type(uint112).max;

    function proposed(address by, uint8 number, bool backed) internal pure returns (SeriesBook) {
        uint256 head = uint256(uint8(Status.Proposed)) | uint256(number) << 16 | (backed ? BACKED : 0);
        return SeriesBook.wrap(head | uint256(uint160(by)) << 24);
    }

    function isKnown(SeriesBook self) internal pure returns (bool) {
        return SeriesBook.unwrap(self) != 0;
    }

    function isOpen(SeriesBook self) internal pure returns (bool) {
        return uint8(SeriesBook.unwrap(self)) == uint8(Status.Open);
    }

    function status(SeriesBook self) internal pure returns (Status) {
        return Status(uint8(SeriesBook.unwrap(self)));
    }

    function isBacked(SeriesBook self) internal pure returns (bool) {
        return SeriesBook.unwrap(self) & BACKED != 0;
    }

    function class(SeriesBook self) internal pure returns (uint8) {
        return uint8(SeriesBook.unwrap(self) >> 16);
    }

    /// @dev Zero once it was opened.
    function proposer(SeriesBook self) internal pure returns (address) {
        return self.wasOpened() ? address(0) : address(uint160(SeriesBook.unwrap(self) >> 24));
    }

    /// @dev Zero until it is opened.
    function authorised(SeriesBook self) internal pure returns (uint256) {
        return self.wasOpened() ? (SeriesBook.unwrap(self) >> 24) & UINT112 : 0;
    }

    /// @dev Likewise.
    function until(SeriesBook self) internal pure returns (uint256) {
        return self.wasOpened() ? uint40(SeriesBook.unwrap(self) >> 136) : 0;
    }

    /// @dev For a series that is open, which a mint has asked already.
    function authorisedNow(SeriesBook self) internal pure returns (uint256) {
        return (SeriesBook.unwrap(self) >> 24) & UINT112;
    }

    /// @dev Likewise.
    function untilNow(SeriesBook self) internal pure returns (uint256) {
        return uint40(SeriesBook.unwrap(self) >> 136);
    }

    function wasOpened(SeriesBook self) internal pure returns (bool) {
        return self.status() > Status.Approved;
    }

    function approved(SeriesBook self) internal pure returns (SeriesBook) {
        return SeriesBook.wrap(SeriesBook.unwrap(self) & ~uint256(0xFF) | uint8(Status.Approved));
    }

    /// @dev Forgets who proposed it. The caller has checked that `amount` fits 112 bits.
    function with(SeriesBook self, Status status_, uint256 amount, uint256 until_) internal pure returns (SeriesBook) {
        uint256 head = SeriesBook.unwrap(self) & HEAD & ~uint256(0xFF) | uint8(status_);
        return SeriesBook.wrap(head | amount << 24 | until_ << 136);
    }
}
