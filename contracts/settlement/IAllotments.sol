// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice One accepted bid of an auction, to be paid and delivered.
/// @param token Series that is delivered.
/// @param investor Who pays and receives.
/// @param units Smallest units of `token`.
/// @param price Ten-thousandths of the currency for 100 of face, as accepted: 97.4913 is 974_913.
/// @param cash Token it is paid in.
/// @param cost Smallest units of `cash` that the investor pays: what the fiscal agent computed, proved on-chain.
/// @param auctionReference Hash of the auction's result; the tokens are minted under it.
/// @param allotmentId Names this row for ever: a hash over auction, series and bid. It settles once.
struct Allotment {
    address token;
    address investor;
    uint256 units;
    uint256 price;
    address cash;
    uint256 cost;
    bytes32 auctionReference;
    bytes32 allotmentId;
}

/// @notice One accepted offer of a buyback auction, to be paid and cancelled.
/// @param token Series that is bought back.
/// @param investor Who is paid, and whose tokens are burnt.
/// @param units Smallest units of `token`: what was accepted of the offer, which may be a part of it.
/// @param price Ten-thousandths of the currency for 100 of face, as accepted.
/// @param cash Token it is paid in.
/// @param proceeds Smallest units of `cash` that the treasury pays: what the fiscal agent computed, proved on-chain.
/// @param auctionReference Hash of the auction's result; the tokens are burnt under it.
/// @param buybackId Names this row for ever: a hash over auction, series and offer. It settles once.
struct Buyback {
    address token;
    address investor;
    uint256 units;
    uint256 price;
    address cash;
    uint256 proceeds;
    bytes32 auctionReference;
    bytes32 buybackId;
}

/// @notice An EIP-2612 signature of the investor: over the cost of an allotment, or the units of a buyback.
struct Permit {
    uint256 deadline;
    uint8 v;
    bytes32 r;
    bytes32 s;
}

/// @notice What the state sells and buys back at its auctions, each row whole or not at all.
interface IAllotments {
    /// @notice `investor` paid `cost` and received `units`.
    event Allotted(
        bytes32 indexed allotmentId,
        address indexed token,
        address indexed investor,
        uint256 units,
        uint256 price,
        address cash,
        uint256 cost,
        bytes32 auctionReference
    );
    /// @notice Row `index` of a page moved nothing. `reason` is the error, cut at 260 bytes.
    event AllotmentRefused(uint256 indexed index, bytes32 indexed allotmentId, bytes reason);

    /// @notice `investor` was paid `proceeds` for `units`, which are no more.
    event BoughtBack(
        bytes32 indexed buybackId,
        address indexed token,
        address indexed investor,
        uint256 units,
        uint256 price,
        address cash,
        uint256 proceeds,
        bytes32 auctionReference
    );
    /// @notice Row `index` of a page moved nothing. `reason` is the error, cut at 260 bytes.
    event BuybackRefused(uint256 indexed index, bytes32 indexed buybackId, bytes reason);

    /// @notice The row was settled before.
    error AllotmentAlreadySettled(bytes32 rowId);
    /// @notice The money stated is not what the units cost at the price.
    error AllotmentCostMismatch(bytes32 rowId, uint256 stated, uint256 computed);
    error AllotmentEmpty(bytes32 rowId);

    /// @notice Takes the cost from the investor and mints the units to it. Role: FISCAL_AGENT.
    function allot(Allotment calldata row) external;

    /// @notice As `allot`, using the investor's signature over exactly the cost. Role: FISCAL_AGENT.
    /// @dev A permit that someone else presented first is no obstacle: the allowance it left is used.
    function allotWithPermit(Allotment calldata row, Permit calldata permit) external;

    /// @notice Settles a page; a row that fails moves nothing and stops no other. Role: FISCAL_AGENT.
    /// @dev A page that runs short of gas reverts whole.
    /// @return settled Number of rows settled.
    function allotMany(Allotment[] calldata rows) external returns (uint256 settled);

    /// @notice Pays the investor out of what the treasury allowed, and burns the units. Role: FISCAL_AGENT.
    /// @dev The investor allows this contract to spend what it offers; what is frozen, pledged or matured is refused.
    function buyBack(Buyback calldata row) external;

    /// @notice As `buyBack`, using the investor's signature over exactly the units. Role: FISCAL_AGENT.
    function buyBackWithPermit(Buyback calldata row, Permit calldata permit) external;

    /// @notice Settles a page; a row that fails moves nothing and stops no other. Role: FISCAL_AGENT.
    /// @return settled Number of rows settled.
    function buyBackMany(Buyback[] calldata rows) external returns (uint256 settled);

    /// @notice Whether the row, of an allotment or a buyback, was settled.
    function isSettled(bytes32 rowId) external view returns (bool);
}
