// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice A sale whose money moves elsewhere: in the central bank's system, say. Its digest names it.
/// @param token Series that is delivered.
/// @param seller Who delivers; its tokens are locked meanwhile.
/// @param buyer Who receives.
/// @param units Smallest units of `token`.
/// @param payment Hundredths of the series' currency that the buyer pays.
/// @param paymentReference Hash of the reference that the payment will carry.
/// @param expiry Unix time from which it can no longer be confirmed, and the lock can be released.
/// @param salt Tells apart instructions that are otherwise equal.
struct Instruction {
    address token;
    address seller;
    address buyer;
    uint256 units;
    uint256 payment;
    bytes32 paymentReference;
    uint256 expiry;
    uint256 salt;
}

/// @notice Where an instruction stands.
enum InstructionStatus {
    Unknown,
    Locked,
    Delivered,
    Released
}

/// @notice Sales against a payment off the chain: the securities are locked, the fiscal agent confirms the payment, and
/// they are delivered under the rules of the series; or the time runs out, and anyone releases them.
/// @dev The lock is the seller's own pledge to this contract, under the digest as document and without notice: so the
/// seller agrees to every word of the instruction, its tokens never leave its wallet, and no other contract is trusted
/// with them. On each series this contract is pledgee by office and needs no identity.
interface IInstructions {
    /// @notice The seller's tokens are locked for this sale.
    event InstructionLocked(
        bytes32 indexed instructionId,
        address indexed token,
        address indexed seller,
        address buyer,
        uint256 units,
        uint256 payment,
        bytes32 paymentReference,
        uint256 expiry
    );
    /// @notice The payment was confirmed, with `evidence` of it, and the tokens went to the buyer.
    event InstructionDelivered(bytes32 indexed instructionId, bytes32 evidence);
    /// @notice The sale came to nothing: the tokens are free.
    event InstructionReleased(bytes32 indexed instructionId, address indexed by);

    /// @notice The instruction is for nothing, for nobody, for oneself, or its time has run out.
    error InstructionUnsound(bytes32 instructionId);
    /// @notice It is not in the state that this asks for.
    error InstructionNotIn(bytes32 instructionId, InstructionStatus wanted, InstructionStatus found);
    /// @notice The seller has not pledged exactly these units, without notice, under the instruction's digest.
    error InstructionNotPledged(bytes32 instructionId, uint256 pledged, uint256 units);
    /// @notice Its time has run out: the payment is not accepted any more.
    error InstructionExpired(bytes32 instructionId, uint256 expiry);
    /// @notice The pledge is another's.
    error InstructionPledgeNotOfCaller(address holder, address caller);
    /// @notice Until its expiry only the buyer can let go.
    error InstructionNotExpired(bytes32 instructionId, uint256 expiry);

    /// @notice Opens an instruction whose units the seller has pledged to this contract. Anyone may call: the pledge is
    /// the seller's word.
    /// @return instructionId Equal to `instructionDigest(instruction)`.
    function instruct(Instruction calldata instruction) external returns (bytes32 instructionId);

    /// @notice Confirms the payment and delivers. Role: FISCAL_AGENT.
    /// @dev Under the rules of the series: if they refuse, nothing moves, the reason surfaces, and the lock stands.
    /// @param evidence Hash of the confirmation of the payment.
    function confirmPayment(Instruction calldata instruction, bytes32 evidence) external;

    /// @notice Releases the lock: the buyer at any time, anyone from the expiry on.
    function release(Instruction calldata instruction) external;

    /// @notice Gives back what the caller pledged to this contract under a document that is no open instruction's.
    function giveBack(address token, address pledger, bytes32 document) external;

    /// @notice The EIP-712 digest of an instruction: what the seller pledges under. It binds chain and contract.
    function instructionDigest(Instruction calldata instruction) external view returns (bytes32);

    /// @notice Where an instruction stands.
    function instructionStatus(bytes32 instructionId) external view returns (InstructionStatus);
}
