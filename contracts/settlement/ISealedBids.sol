// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice A competitive bid. Its EIP-712 digest, which binds chain and contract too, is the commitment to it.
/// @param auctionId The auction.
/// @param investor Whose bid it is, as the registry names it; so that nobody else can show a copied commitment as its
/// own.
/// @param bidder The wallet that pays and receives.
/// @param number Tells apart the bids of an investor, from 0.
/// @param price Ten-thousandths of the currency for 100 of face: 97.4913 is 974_913.
/// @param units Smallest units of the series, in whole lots.
/// @param salt 32 random bytes: without them the commitment could be guessed.
struct SealedBid {
    uint256 auctionId;
    address investor;
    address bidder;
    uint256 number;
    uint256 price;
    uint256 units;
    bytes32 salt;
}

/// @notice Bids of an auction: sealed by primary dealers and revealed after the close, or open and without a price.
interface ISealedBids {
    /// @notice `bidder` sealed a bid, the `sequence`th of the auction from 0, and bound its bond.
    event BidSealed(
        uint256 indexed auctionId,
        address indexed investor,
        address indexed bidder,
        uint256 number,
        uint256 sequence,
        bytes32 commitment
    );
    /// @notice A sealed bid is known now, and stands.
    event BidRevealed(
        uint256 indexed auctionId, uint256 indexed sequence, address indexed bidder, uint256 price, uint256 units
    );
    /// @notice `bidder` bid for `units` at whatever the auction's price will be, and bound its bond.
    event BidNonCompetitively(
        uint256 indexed auctionId, uint256 indexed sequence, address indexed bidder, address investor, uint256 units
    );
    /// @notice `investor` bid non-competitively again: neither counts, and the bond of bid `sequence` went back.
    event BidVoided(uint256 indexed auctionId, uint256 indexed sequence, address indexed investor);

    /// @notice Bids are taken until `end`, and not later.
    error AuctionClosed(uint256 auctionId, uint256 end);
    /// @notice Bids are revealed from `from` until `end`, and at no other time.
    error AuctionNotRevealing(uint256 auctionId, uint256 from, uint256 end);
    /// @notice The auction has as many bids of this kind as it takes.
    error AuctionFull(uint256 auctionId, uint256 most);
    /// @notice An investor's bids have the numbers below `most`.
    error AuctionBidNumberInvalid(uint256 number, uint256 most);
    /// @notice The investor has sealed a bid under this number.
    error AuctionBidSealed(uint256 auctionId, address investor, uint256 number);
    /// @notice Sealed bids are for verified primary dealers, and others for verified investors.
    error AuctionBidderRefused(address bidder);
    /// @notice What is shown is not what was sealed.
    error AuctionSealDiffers(uint256 auctionId, address investor, uint256 number);
    /// @notice The bid was revealed before.
    error AuctionBidRevealed(uint256 auctionId, address investor, uint256 number);
    /// @notice The price is outside the limits of the auction.
    error AuctionPriceRefused(uint256 price, uint256 least, uint256 most);
    /// @notice The units are not whole lots, or outside the limits of the auction.
    error AuctionUnitsRefused(uint256 units, uint256 least, uint256 most);
    /// @notice The investor bid non-competitively several times: none counts, and no more are taken.
    error AuctionBidsVoid(uint256 auctionId, address investor);

    /// @notice Seals a bid, and binds its bond from the bidder's margin. By a verified primary dealer, until the close.
    /// @dev A commitment that is copied cannot be revealed by who copied it. An investor seals one bid a number.
    /// @param number Of the investor's bids, from 0.
    /// @param commitment What `commitmentOf` says of the bid.
    function commit(uint256 auctionId, uint256 number, bytes32 commitment) external;

    /// @notice Shows what was sealed. By anyone who has it, between the close and the end of revealing.
    /// @dev A bid outside the auction's rules is refused, stays sealed, and forfeits its bond like one never shown.
    function reveal(SealedBid calldata bid) external;

    /// @notice Bids for `units` without a price, and binds the bond for them. By any verified investor, until the close.
    /// @dev What the margin lacks is pulled. One an investor: a second, from whichever wallet, voids both.
    function bidNonCompetitively(uint256 auctionId, uint256 units) external;

    /// @notice The commitment to a bid: its EIP-712 digest.
    function commitmentOf(SealedBid calldata bid) external view returns (bytes32);

    /// @notice Whether an investor sealed a bid under a number, which in the auction it is, and whether it was shown.
    function sealOf(uint256 auctionId, address investor, uint256 number)
        external
        view
        returns (bool isSealed, uint256 sequence, bool isRevealed);
}
