// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice What a trusted issuer signs: EIP-712 type
/// `AttestationBatch(address issuer,bytes32 root,uint256 size,uint256[] topics,uint256 issuedAt)` in the registry's
/// domain, which binds chain and registry.
/// @param issuer The trusted issuer: an EOA, or a contract that speaks ERC-1271.
/// @param root Merkle root over the leaves in the order in which they are presented.
/// @param size Number of leaves.
/// @param topics Topics the issuer vouches on for every wallet of the batch.
/// @param issuedAt Unix time, not in the future; serves as the sequence number of every leaf.
struct BatchHeader {
    address issuer;
    bytes32 root;
    uint256 size;
    uint256[] topics;
    uint256 issuedAt;
}

/// @notice One wallet of a batch. Its hash is keccak256(keccak256(abi.encode(packed, investor))).
/// @param packed wallet (bits 0..159), country (160..169), class (170..175), untilHour (176..199: Unix time / 3600).
/// @param investor Any wallet of the investor it belongs to; zero where the wallet itself is the investor, or where a
/// renewal leaves it with whom it is.
struct Leaf {
    uint256 packed;
    address investor;
}

/// @notice Why a leaf was passed over.
enum SkipReason {
    None,
    Malformed,
    NotNewer,
    WalletLost,
    OnchainIdWallet,
    OtherIssuer,
    OtherInvestor,
    InvestorNotOurs,
    TooManyWallets
}

/// @notice The attested way in: one signature of a trusted issuer registers or renews a whole batch of investors.
/// @dev The tree is the one of OpenZeppelin's `StandardMerkleTree` over (uint256, address) with the leaves in the
/// presented order: node i has the children 2i+1 and 2i+2, pairs are sorted before hashing, the first leaf is the last
/// node. `MerkleProof.verify` accepts its proofs.
interface IAttestationBook {
    event BatchAttested(
        uint24 indexed batch, address indexed issuer, bytes32 root, uint256 size, uint256[] topics, uint256 issuedAt
    );
    /// @notice `wallet` of `investor` is attested by `batch` until `untilHour` (Unix time / 3600).
    event InvestorAttested(
        address indexed wallet, address indexed investor, uint24 batch, uint16 country, uint8 class, uint24 untilHour
    );
    /// @notice Leaf `index` of `batch` was passed over.
    event AttestationSkipped(uint24 indexed batch, uint256 index, address indexed wallet, SkipReason reason);
    /// @notice Nobody is verified by `batch` any more.
    event BatchRevoked(uint24 indexed batch, address indexed by);
    /// @notice `wallet` is no longer vouched for; only a later attestation of the same issuer brings it back.
    event WalletWithdrawn(address indexed wallet, address indexed by);

    /// @notice `given` leaves were presented, `signed` were signed for; a batch has one leaf at least.
    error BatchSizeMismatch(uint256 signed, uint256 given);
    /// @notice The leaves presented hash to another root than the one signed.
    error BatchRootMismatch(bytes32 signed, bytes32 computed);
    /// @notice `issuedAt` is in the future, or so far back that the attestation has lapsed.
    error BatchTimeInvalid(uint256 issuedAt, uint256 now_);
    /// @notice The issuer may not vouch on all topics of the batch, or the batch lacks a required one. Sets of topics.
    error BatchTopicsInvalid(uint256 required, uint256 vouched, uint256 trusted);
    /// @notice This header was presented before, as batch `batch`.
    error BatchAlreadyAttested(uint24 batch);
    /// @notice Not signed by `issuer`.
    error BatchSignatureInvalid(address issuer);
    /// @notice No such batch, or revoked already.
    error BatchNotInForce(uint24 batch);
    /// @notice `wallet` does not rest on an attestation.
    error WalletNotAttested(address wallet);

    /// @notice Registers or renews the wallets of a batch; anyone may bring it, the issuer's signature is what counts.
    /// @dev A leaf that may not be applied is passed over with `AttestationSkipped` and never stops the others: a
    /// wallet that another issuer or the registrar keeps, that is lost, or whose record is as new.
    function attest(BatchHeader calldata header, Leaf[] calldata leaves, bytes calldata signature)
        external
        returns (uint24 batch);

    /// @notice Revokes a batch for good. For its issuer, or whom the authority allows.
    function revokeBatch(uint24 batch) external;

    /// @notice Withdraws an attested wallet, at once. For the issuer its record rests on, or whom the authority allows.
    function withdraw(address wallet) external;

    /// @notice What the issuer signs.
    function batchDigest(BatchHeader calldata header) external view returns (bytes32);

    /// @notice The batch that a digest was presented as; zero for none.
    function batchOf(bytes32 digest) external view returns (uint24);

    /// @notice A batch as kept. `topics` is a set by topic index.
    function batchInfo(uint24 batch)
        external
        view
        returns (address issuer, uint40 issuedAt, uint32 topics, bool revoked);
}
