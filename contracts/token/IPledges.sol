// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice Tokens that a holder gave as security, to one creditor under one agreement.
/// @param holder Whose tokens they are.
/// @param pledgee Who may release them, or take them.
/// @param amount Smallest units still pledged.
/// @param notice Seconds that the pledgee must wait between giving notice and taking.
/// @param enforceableFrom Unix time from which the notice last given allows taking; zero where none was given.
struct Pledge {
    address holder;
    address pledgee;
    uint112 amount;
    uint32 notice;
    uint40 enforceableFrom;
}

/// @notice What pledges tell. Folded, they say who pledged how much to whom.
interface IPledgeEvents {
    /// @notice `holder` pledged `amount` under the agreement whose hash is `document`.
    event Pledged(
        bytes32 indexed pledgeId,
        address indexed holder,
        address indexed pledgee,
        uint256 amount,
        bytes32 document,
        uint256 notice
    );
    /// @notice The pledgee gave notice that it will take what is pledged, from `enforceableFrom` on.
    event PledgeNoticed(bytes32 indexed pledgeId, address indexed pledgee, uint256 enforceableFrom);
    /// @notice `amount` of `holder` is free of this pledge.
    event PledgeReleased(
        bytes32 indexed pledgeId, address indexed holder, address indexed pledgee, uint256 amount, uint256 left
    );
    /// @notice The pledgee took `amount` of `holder` to `to`.
    event PledgeEnforced(
        bytes32 indexed pledgeId,
        address indexed holder,
        address indexed to,
        address pledgee,
        uint256 amount,
        uint256 left
    );
    /// @notice All that the recovered wallet `lost` had pledged, `amount` in sum, is pledged by `successor` now.
    event PledgesFollowed(address indexed lost, address indexed successor, uint256 amount);
    /// @notice An order took what was pledged, because what was free did not suffice: pledges of `pledged` in sum stand
    /// on a balance of `balance`.
    event PledgesUncovered(address indexed account, uint256 pledged, uint256 balance);
}

/// @notice Pledges of tokens: given by the holder, released or taken by the pledgee, and by nobody else.
/// @dev Pledged tokens stay in the holder's balance, with their coupons, and can neither be transferred nor burnt. They
/// are counted apart from what a regulator froze, and the two add up: a holder can move what exceeds their sum. A lien
/// and a freeze are claims of different people, and both are to be met; neither may hide in the other's tokens. But a
/// freeze comes first: it may reach pledged tokens, and what is frozen the pledgee cannot take. Were it otherwise, a
/// pledge to a friend would be a way out of a freeze. For the same reason an order (a forced transfer) takes pledged
/// tokens too where the free ones do not suffice, and says so; the pledges then stand on what is left and on what comes
/// in later.
///
/// By the stated maturity a pledge must have been enforced: from then on holdings stand still, and the redemption of a
/// holder who has pledged is set aside until the pledgee releases.
interface IPledges is IPledgeEvents {
    /// @notice A pledge needs an amount, a document, and a pledgee who is not the holder.
    error PledgeUnsound(address pledgee, uint256 amount, bytes32 document);
    /// @notice The agreement has made its pledge already: a sum added later takes an agreement of its own.
    error PledgeAlreadyMade(bytes32 pledgeId);
    /// @notice No such pledge was ever made.
    error PledgeUnknown(bytes32 pledgeId);
    /// @notice Only the pledgee, or who succeeded to its wallet, may do this.
    error PledgeeOnly(bytes32 pledgeId, address caller);
    /// @notice Only `left` is still pledged.
    error PledgeExceeded(bytes32 pledgeId, uint256 amount, uint256 left);
    /// @notice The pledge can be enforced from `from` (zero: no notice was given) to `until`, Unix times.
    error PledgeNoticeNotRun(bytes32 pledgeId, uint256 from, uint256 until);

    /// @notice Pledges `amount` of the caller's own tokens to `pledgee`, and agrees that `pledgee` may take them.
    /// @dev Both must stand as for a transfer between them, but for the rules of the rule book, which are asked when
    /// the pledge is enforced; a settlement contract of the programme is pledgee by office, and needs no identity. The
    /// caller's consent is all there is: what must have happened before the pledgee may
    /// take is between the two, in the document.
    /// @param document Hash of the agreement; salted, nothing personal.
    /// @param notice Seconds from the pledgee's notice to its right to take; zero for none.
    /// @return The pledge's id, see `pledgeId`.
    function pledge(address pledgee, uint256 amount, bytes32 document, uint32 notice) external returns (bytes32);

    /// @notice Frees `amount` of the pledge. Only the pledgee, also while the series is paused or after its maturity.
    function releasePledge(bytes32 id, uint256 amount) external;

    /// @notice Begins the notice that the pledge asks for, anew where it had begun. Only the pledgee.
    /// @dev A notice lapses 30 days after it has run: none can be kept in a drawer.
    function giveNotice(bytes32 id) external;

    /// @notice Takes `amount` of the pledge to `to`. Only the pledgee, who must itself be able to receive.
    /// @dev A transfer in every respect, with the pledgee as operator: pause, freezes, standings and rules all speak.
    function enforcePledge(bytes32 id, address to, uint256 amount) external;

    /// @notice The pledge as it stands, with the wallets that stand in today for whoever made it.
    function pledgeOf(bytes32 id) external view returns (Pledge memory);

    /// @notice Sum of all pledges of `account`, in smallest units. After an order it may exceed the balance.
    function pledgedOf(address account) external view returns (uint256);

    /// @notice The pledge of `holder` to `pledgee` under an agreement, by the wallets that made it. One that came from
    /// a series that this one replaced keeps the id it had there.
    function pledgeId(address holder, address pledgee, bytes32 document) external view returns (bytes32);
}
