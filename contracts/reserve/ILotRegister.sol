// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice One lot, as custodian and auditor attest it. Amounts are smallest units of its series.
/// @param lotId Name of the lot as ASCII, padded with zeros.
/// @param gross What was weighed or measured.
/// @param quality Millionths; what it says is a term of the series.
/// @param net What is recognised of it.
/// @param vault Where it is, as ASCII, padded with zeros.
/// @param serials Hash of the list of its bars, tanks or cargoes.
/// @param assay Hash of the assay or inspection report.
/// @param insuredUntil Unix time to which it is insured; from then on it does not count.
struct Lot {
    bytes32 lotId;
    uint112 gross;
    uint32 quality;
    uint112 net;
    bytes32 vault;
    bytes32 serials;
    bytes32 assay;
    uint40 insuredUntil;
}

/// @notice What custodian and auditor sign together: all that is in store for a series. A lot that it does not name is
/// there no more.
/// @param token The series.
/// @param sequence One more than the register's, which every attestation and every delivery moves on: what was signed
/// before a bar left the vault cannot put it back.
/// @param asOf Unix time of the count.
/// @param document Hash of the signed statement.
/// @param lots In ascending order of their ids.
struct Attestation {
    address token;
    uint64 sequence;
    uint40 asOf;
    bytes32 document;
    Lot[] lots;
}

/// @notice What the register keeps of a lot, in one slot.
/// @param net What is recognised of it.
/// @param assigned What of it is chosen for redemptions that run.
/// @param insuredUntilHour Unix time / 3600, floored.
/// @param encumbered Whether others have a claim on it.
struct LotState {
    uint112 net;
    uint112 assigned;
    uint24 insuredUntilHour;
    bool encumbered;
}

/// @notice What the lots came to at one sequence number.
/// @param reserve Smallest units.
/// @param attestedAt Unix time of the count.
struct Round {
    uint112 reserve;
    uint40 attestedAt;
}

/// @notice The attested lots of a series, and what is recognised of them.
interface ILotBook {
    /// @notice A delivery took `weight` from a lot, and left `net`; the register moved on to `sequence`.
    event LotDelivered(
        address indexed token, bytes32 indexed lotId, uint256 weight, uint256 net, uint256 indexed sequence
    );
    /// @notice `assigned` of a lot is chosen for redemptions that run.
    event LotAssigned(address indexed token, bytes32 indexed lotId, uint256 assigned);

    /// @notice The register knows no such token as a commodity's series.
    error LotsOfNoSeries(address token);
    /// @notice Only `free` of the lot is neither delivered nor chosen for another.
    error LotInsufficient(bytes32 lotId, uint256 weight, uint256 free);
    /// @notice Others have a claim on the lot.
    error LotIsEncumbered(bytes32 lotId);
    /// @notice Nothing was told at that sequence number.
    error RoundUnknown(address token, uint256 sequence);

    /// @notice Chooses `weight` of a lot for a redemption. Role: REDEEMER.
    function assign(address token, bytes32 lotId, uint112 weight) external;

    /// @notice Frees what was chosen. Role: REDEEMER.
    function unassign(address token, bytes32 lotId, uint112 weight) external;

    /// @notice Takes what was chosen out of the lot: it was delivered. Role: REDEEMER.
    function deliver(address token, bytes32 lotId, uint112 weight) external;

    /// @notice Number of the last attestation or delivery; zero before the first.
    function sequenceOf(address token) external view returns (uint256);

    /// @notice What the lots came to at a sequence number.
    function roundOf(address token, uint256 sequence) external view returns (Round memory);

    /// @notice What the insured and free lots come to now, as of the last attestation.
    function latestRound(address token) external view returns (Round memory);

    /// @notice Ids of the lots of the last attestation.
    function lotsOf(address token) external view returns (bytes32[] memory);

    /// @notice One lot as it stands.
    function lot(address token, bytes32 lotId) external view returns (LotState memory);
}

/// @notice What custodian and auditor say together.
interface IAttestations {
    /// @notice The lots of `token` are these, and come to `reserve`.
    event ReserveAttested(
        address indexed token,
        uint256 indexed sequence,
        bytes32 indexed document,
        uint256 asOf,
        uint256 reserve,
        address custodian,
        address auditor,
        Lot[] lots
    );
    /// @notice The supply exceeds the reserve. Mints have stopped; nothing is burnt, and every holder keeps its claim.
    event ReserveShort(address indexed token, uint256 supply, uint256 reserve);
    /// @notice `custodian` and `auditor` stand in for those of the terms.
    event KeepersSet(address indexed token, address indexed custodian, address indexed auditor);

    /// @notice The register expects `expected`: the attestation was used, or something left the vault since.
    error AttestationOutOfSequence(address token, uint256 sequence, uint256 expected);
    /// @notice A count is not of the future, nor from before the last one or the last delivery.
    error AttestationTimeInvalid(uint256 asOf, uint256 earliest, uint256 latest);
    /// @notice `keeper` did not sign this, or is no `role` of the programme any more.
    error AttestationNotSigned(address keeper, uint64 role);
    /// @notice More lots than a mint could count.
    error LotsTooMany(uint256 lots, uint256 maximum);
    /// @notice Each lot is named once, in ascending order.
    error LotOutOfOrder(bytes32 lotId);
    /// @notice The terms allow no lot of such a quality.
    error LotOffGrade(bytes32 lotId, uint256 quality, uint256 minimum, uint256 maximum);
    /// @notice Gross and quality make another net.
    error LotNetInvalid(bytes32 lotId, uint256 net, uint256 expected);
    /// @notice One who keeps and one who verifies, and two of them.
    error KeepersUnsound(address custodian, address auditor);
    /// @notice The reserve suffices: there is nothing to warn of.
    error ReserveSuffices(uint256 supply, uint256 reserve);

    /// @notice Takes an attestation into the register. Anyone may bring it; the two signatures are what counts: EIP-712,
    /// of accounts or of contracts (ERC-1271), who also hold their role in the programme.
    function attest(
        Attestation calldata attestation,
        bytes calldata custodianSignature,
        bytes calldata auditorSignature
    ) external;

    /// @notice Tells everyone that the supply exceeds what its reserve comes to: lots fell out of their insurance, say.
    /// Anyone may call, and reverts where it does not.
    function raiseAlarm(address token) external;

    /// @notice Lets others stand in for the custodian and auditor of the terms. Role: STEWARD.
    function setKeepers(address token, address custodian, address auditor) external;

    /// @notice Who keeps and who verifies the reserve of `token`.
    function keepersOf(address token) external view returns (address custodian, address auditor);

    /// @notice What custodian and auditor sign.
    function attestationDigest(Attestation calldata attestation) external view returns (bytes32);
}

/// @notice Claims of others on a lot: made and let go by two parties, the custodian first.
interface IEncumbrances {
    /// @notice The custodian proposed to encumber a lot, or to release it, until `expiry`.
    event EncumbranceProposed(
        address indexed token,
        bytes32 indexed lotId,
        bool encumbered,
        bytes32 document,
        address custodian,
        uint256 expiry
    );
    /// @notice A lot is encumbered, and counts no more.
    event LotEncumbered(
        address indexed token, bytes32 indexed lotId, bytes32 indexed document, address custodian, address confirmer
    );
    /// @notice A lot is free again.
    event LotReleased(
        address indexed token, bytes32 indexed lotId, bytes32 indexed document, address custodian, address confirmer
    );

    /// @notice The lot is so already, is none of the last attestation, or the proposal names no document.
    error EncumbranceUnsound(bytes32 lotId, bool encumbered, bytes32 document);
    /// @notice The custodian proposed no such thing, or too long ago.
    error EncumbranceNotProposed(bytes32 lotId, bool encumbered, bytes32 document);
    /// @notice A part of the lot is chosen for redemptions that run.
    error LotIsAssigned(bytes32 lotId, uint256 assigned);
    /// @notice What holders have a claim on cannot be encumbered: `reserve` would be left for `supply`.
    error EncumbranceUncovers(bytes32 lotId, uint256 supply, uint256 reserve);
    /// @notice Only the custodian of this series may do this.
    error CustodianOnly(address token, address caller);

    /// @notice Proposes to encumber a lot, or to release it. Role: CUSTODIAN, of this series. A new proposal takes the
    /// place of the former, and each lapses after seven days.
    /// @param document Hash of the agreement, or of its discharge.
    function proposeEncumbrance(address token, bytes32 lotId, bool encumbered, bytes32 document) external;

    /// @notice Confirms what the custodian proposed, word by word. Role: FISCAL_AGENT.
    function confirmEncumbrance(address token, bytes32 lotId, bool encumbered, bytes32 document) external;
}

/// @notice The register of the lots behind every commodity of the programme, and what is recognised of them.
interface ILotRegister is ILotBook, IAttestations, IEncumbrances {
    /// @notice A feed of the attested reserve of `token` stands at `feed`.
    event FeedOpened(address indexed token, address feed);

    /// @notice The feed of the terms does not answer as a feed does.
    error ReserveUnanswered(address feed);
    /// @notice The reserve comes to nothing.
    error ReserveNotPositive(int256 answer);
    /// @notice The feed of the terms tells of the future.
    error ReserveFromTheFuture(uint256 updatedAt);
    /// @notice The last word on the reserve is older than the heartbeat of the terms, or none was given (zero).
    error ReserveStale(uint256 updatedAt, uint256 heartbeat);
    /// @notice Something left the vault that the feed has not heard of.
    error ReserveBeforeDelivery(uint256 updatedAt, uint256 deliveredAt);

    /// @notice Makes the feed of a series, an `AggregatorV3Interface`. Anyone may, once.
    function openFeed(address token) external returns (address feed);

    /// @notice Where the feed of a series stands, or would.
    function feedOf(address token) external view returns (address);

    /// @notice What may be in circulation, in smallest units. Reverts where that is not known: stale, of the future,
    /// nothing, or no answer.
    /// @dev Of the attested lots, or of the feed that the terms name, less what the register holds as encumbered or
    /// uninsured.
    function recognisedReserve(address token) external view returns (uint256);
}
