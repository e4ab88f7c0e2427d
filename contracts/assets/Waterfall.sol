// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice What is taken from a revenue account before it is shared. Numbers never change their meaning.
enum Tier {
    OperatingCosts,
    TaxesAndRoyalties,
    Reserve
}

/// @notice The figures of one period, audited, in hundredths of the currency.
/// @param gross What the account received.
/// @param operatingCosts What running the asset cost.
/// @param taxesAndRoyalties What was owed to the state and to owners of rights.
/// @param reserve What the terms put aside.
struct Figures {
    uint112 gross;
    uint112 operatingCosts;
    uint112 taxesAndRoyalties;
    uint112 reserve;
}

/// @notice Who comes when, and what the holders' part of the rest is.
/// @param order The tiers, each once, the first to be served first.
/// @param share Ten-thousandths of the net: 2_500 is 25 %.
/// @param floor What the holders get at least, as far as the net reaches; in hundredths.
/// @param cap What the holders get at most, in hundredths; zero for no cap.
struct Rule {
    Tier[3] order;
    uint16 share;
    uint112 floor;
    uint112 cap;
}

/// @notice Where the gross went, in hundredths; all but `net` add up to it.
/// @param net What the tiers left.
/// @param share The holders' part of the net.
/// @param rest The issuer's.
struct Split {
    uint256 operatingCosts;
    uint256 taxesAndRoyalties;
    uint256 reserve;
    uint256 net;
    uint256 share;
    uint256 rest;
}

/// @title Waterfall
/// @notice From what an account received to what its holders share: exact, floored, and never more than there is.
library Waterfall {
    uint256 internal constant WHOLE = 10_000;

    /// @notice Serves each tier in its order with what is left, and divides the net.
    /// @dev A tier that finds less than it claims takes what there is. The share is floored to the hundredth, then capped,
    /// then raised to the floor, but never beyond the net.
    function split(Figures memory figures, Rule memory rule) internal pure returns (Split memory s) {
        uint256 left = figures.gross;
        for (uint256 place; place < rule.order.length; ++place) {
            left -= _serve(figures, rule.order[place], left, s);
        }
        s.net = left;
        s.share = left * rule.share / WHOLE;
        if (rule.cap != 0 && s.share > rule.cap) s.share = rule.cap;
        if (s.share < rule.floor) s.share = _lesser(rule.floor, left);
        s.rest = left - s.share;
    }

    /// @notice A share and what was carried to it: what is paid, and what stays to be carried.
    /// @dev What was paid too much comes off what is paid next, as far as that goes; nothing is ever claimed back.
    function net(uint256 share, int256 carried) internal pure returns (uint256 pool, int256 left) {
        int256 sum = int256(share) + carried; // A share fits 112 bits.
        return sum < 0 ? (0, sum) : (uint256(sum), int256(0));
    }

    /// @notice Whether the order has each tier once.
    function isOrder(Tier[3] memory order) internal pure returns (bool) {
        return order[0] != order[1] && order[1] != order[2] && order[0] != order[2];
    }

    function _serve(Figures memory figures, Tier tier, uint256 left, Split memory s)
        private
        pure
        returns (uint256 taken)
    {
        if (tier == Tier.OperatingCosts) return s.operatingCosts = _lesser(figures.operatingCosts, left);
        if (tier == Tier.TaxesAndRoyalties) return s.taxesAndRoyalties = _lesser(figures.taxesAndRoyalties, left);
        return s.reserve = _lesser(figures.reserve, left);
    }

    function _lesser(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}
