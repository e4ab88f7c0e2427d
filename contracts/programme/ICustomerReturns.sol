// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice The most that a list of customers may take of one token.
struct ReturnTotal {
    address token;
    uint256 amount;
}

/// @notice One customer's part of a venue's holding: a leaf of a list.
/// @param index Its place in the list, so that two alike are two.
/// @param token The series.
/// @param from Wallet of the venue that holds it.
/// @param customer Wallet of the customer, which must be able to receive; its successor where it was lost since.
/// @param amount In smallest units of the token.
struct CustomerReturn {
    uint256 index;
    address token;
    address from;
    address customer;
    uint256 amount;
}

/// @notice Gives customers back what a venue holds for them, without the venue's signature, once its licence no longer
/// stands.
/// @dev The licensing desk posts who is owed what, the order executors confirm it, and anyone brings each customer's
/// part to its wallet: a forced transfer under the list's document.
interface ICustomerReturns {
    /// @notice List `list` of `venue` was posted under the document of that hash.
    event ReturnsPosted(
        uint256 indexed list, address indexed venue, bytes32 root, bytes32 document, ReturnTotal[] totals
    );
    /// @notice The list was confirmed: from now on its parts can be claimed.
    event ReturnsConfirmed(uint256 indexed list, address by);
    /// @notice Nothing more is claimed from the list.
    event ReturnsWithdrawn(uint256 indexed list, bytes32 document);
    /// @notice Part `index` of the list went to `to`, the customer's wallet or its successor.
    event CustomerReturned(
        uint256 indexed list, uint256 index, address indexed token, address from, address indexed to, uint256 amount
    );

    /// @notice The licence of `venue` stands: it gives back itself.
    error VenueStands(address venue);
    /// @notice There is no such list, or it was withdrawn.
    error ReturnsUnknown(uint256 list);
    /// @notice The list was confirmed already, or is not what the caller confirms.
    error ReturnsNotToConfirm(uint256 list, bytes32 root);
    /// @notice Nobody confirmed the list yet.
    error ReturnsNotConfirmed(uint256 list);
    /// @notice A list has a root, a document and totals of series of the programme, each once.
    error ReturnsInvalid();
    /// @notice The leaf is not of the list.
    error ReturnNotListed(uint256 list, uint256 index);
    /// @notice Part `index` was returned already.
    error ReturnClaimed(uint256 list, uint256 index);
    /// @notice More of `token` than the list's total.
    error ReturnTotalExceeded(uint256 list, address token, uint256 amount, uint256 left);
    /// @notice `wallet` is not the venue's.
    error ReturnNotFromVenue(address wallet, address venue);
    /// @notice `wallet` is not frozen on `token`: what the venue can still give back itself could be taken twice.
    error WalletNotFrozen(address token, address wallet);

    /// @notice Posts a list: the Merkle root of `leafOf` of its parts, as OpenZeppelin's `MerkleProof` reads it, the
    /// hash of the document behind it, and the most it takes of each token.
    function post(address venue, bytes32 root, bytes32 document, ReturnTotal[] calldata totals)
        external
        returns (uint256 list);

    /// @notice Confirms a list, by its number and root.
    function confirm(uint256 list, bytes32 root) external;

    /// @notice Ends a list, found wrong or done with, under the document of that hash.
    function withdrawList(uint256 list, bytes32 document) external;

    /// @notice Brings one part to its customer. Anyone; as often as it is refused, once that it succeeds.
    function claim(uint256 list, CustomerReturn calldata part, bytes32[] calldata proof) external;

    /// @notice The leaf that stands for a part.
    function leafOf(CustomerReturn calldata part) external pure returns (bytes32);

    /// @notice A list, and whether it was confirmed; a zero venue where there is none.
    function listOf(uint256 list) external view returns (address venue, bool confirmed, bytes32 root, bytes32 document);

    /// @notice What of `token` the list may still take.
    function leftOf(uint256 list, address token) external view returns (uint256);

    /// @notice Whether part `index` was returned.
    function isClaimed(uint256 list, uint256 index) external view returns (bool);

    /// @notice Number of lists so far; they count from 1.
    function lists() external view returns (uint256);
}
