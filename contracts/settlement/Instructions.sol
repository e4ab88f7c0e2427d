// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IPledges, Pledge} from "../token/IPledges.sol";
import {CashDesk} from "./CashDesk.sol";
import {IInstructions, Instruction, InstructionStatus} from "./IInstructions.sol";

/// @title Instructions
abstract contract Instructions is CashDesk, EIP712, ReentrancyGuardTransient, IInstructions {
    bytes32 private constant INSTRUCTION_TYPE = keccak256(
        "Instruction(address token,address seller,address buyer,uint256 units,uint256 payment,bytes32 paymentReference,"
        "uint256 expiry,uint256 salt)"
    );

    /// @inheritdoc IInstructions
    mapping(bytes32 instructionId => InstructionStatus) public instructionStatus;

    /// @inheritdoc IInstructions
    function instruct(Instruction calldata what) external nonReentrant returns (bytes32 id) {
        id = instructionDigest(what);
        _require(id, InstructionStatus.Unknown);
        _requireSeries(what.token);
        bool sound =
            what.units != 0 && what.buyer != address(0) && what.buyer != what.seller && block.timestamp < what.expiry;
        if (!sound) revert InstructionUnsound(id);
        Pledge memory lock = IPledges(what.token).pledgeOf(_pledgeOf(what, id));
        if (lock.amount != what.units || lock.notice != 0) revert InstructionNotPledged(id, lock.amount, what.units);

        instructionStatus[id] = InstructionStatus.Locked;
        emit InstructionLocked(
            id, what.token, what.seller, what.buyer, what.units, what.payment, what.paymentReference, what.expiry
        );
    }

    /// @inheritdoc IInstructions
    function confirmPayment(Instruction calldata what, bytes32 evidence) external restricted nonReentrant {
        bytes32 id = instructionDigest(what);
        _require(id, InstructionStatus.Locked);
        if (block.timestamp >= what.expiry) revert InstructionExpired(id, what.expiry);
        instructionStatus[id] = InstructionStatus.Delivered;
        emit InstructionDelivered(id, evidence);
        IPledges(what.token).enforcePledge(_pledgeOf(what, id), what.buyer, what.units);
    }

    /// @inheritdoc IInstructions
    function release(Instruction calldata what) external nonReentrant {
        bytes32 id = instructionDigest(what);
        _require(id, InstructionStatus.Locked);
        if (msg.sender != what.buyer && block.timestamp < what.expiry) revert InstructionNotExpired(id, what.expiry);
        instructionStatus[id] = InstructionStatus.Released;
        emit InstructionReleased(id, msg.sender);
        IPledges(what.token).releasePledge(_pledgeOf(what, id), what.units);
    }

    /// @inheritdoc IInstructions
    function giveBack(address token, address pledger, bytes32 document) external nonReentrant {
        _requireSeries(token);
        if (instructionStatus[document] == InstructionStatus.Locked) {
            revert InstructionNotIn(document, InstructionStatus.Unknown, InstructionStatus.Locked);
        }
        bytes32 pledgeId = IPledges(token).pledgeId(pledger, address(this), document);
        Pledge memory lock = IPledges(token).pledgeOf(pledgeId);
        if (lock.holder != msg.sender) revert InstructionPledgeNotOfCaller(lock.holder, msg.sender);
        IPledges(token).releasePledge(pledgeId, lock.amount);
    }

    /// @inheritdoc IInstructions
    function instructionDigest(Instruction calldata what) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(INSTRUCTION_TYPE, what)));
    }

    function _pledgeOf(Instruction calldata what, bytes32 id) private view returns (bytes32) {
        return IPledges(what.token).pledgeId(what.seller, address(this), id);
    }

    function _require(bytes32 id, InstructionStatus wanted) private view {
        InstructionStatus found = instructionStatus[id];
        if (found != wanted) revert InstructionNotIn(id, wanted, found);
    }
}
