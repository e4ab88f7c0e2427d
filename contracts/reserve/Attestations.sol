// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {CommodityMath} from "../assets/CommodityMath.sol";
import {CommodityTerms, Measure} from "../assets/CommodityTerms.sol";
import {Roles} from "../programme/Roles.sol";
import {Attestation, IAttestations, Lot, LotState} from "./ILotRegister.sol";
import {LotBook} from "./LotBook.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title Attestations
/// @notice One signer is no proof: custodian and auditor sign one record of all that is in store.
abstract contract Attestations is LotBook, EIP712, IAttestations {
    struct Keepers {
        address custodian;
        address auditor;
    }

    /// @dev Every mint counts the lots, at two cold slots each.
    uint256 private constant MAXIMUM_LOTS = 50;

    bytes32 private constant LOT_TYPE = keccak256(
        "Lot(bytes32 lotId,uint112 gross,uint32 quality,uint112 net,bytes32 vault,bytes32 serials,bytes32 assay,"
        "uint40 insuredUntil)"
    );
    bytes32 private constant ATTESTATION_TYPE = keccak256(
        "Attestation(address token,uint64 sequence,uint40 asOf,bytes32 document,Lot[] lots)"
        "Lot(bytes32 lotId,uint112 gross,uint32 quality,uint112 net,bytes32 vault,bytes32 serials,bytes32 assay,"
        "uint40 insuredUntil)"
    );

    mapping(address token => Keepers) private _keepers;

    /// @inheritdoc IAttestations
    function attest(
        Attestation calldata attestation,
        bytes calldata custodianSignature,
        bytes calldata auditorSignature
    ) external {
        address token = attestation.token;
        CommodityTerms memory terms = _termsOf(token);
        Book storage book = _books[token];
        _requireNext(book, attestation);
        (address custodian, address auditor) = _keepersOf(token, terms);
        bytes32 digest = attestationDigest(attestation);
        _requireSigned(custodian, Roles.CUSTODIAN, digest, custodianSignature);
        _requireSigned(auditor, Roles.AUDITOR, digest, auditorSignature);

        _takeStock(book, terms, attestation.lots);
        book.attestedAt = attestation.asOf;
        uint64 sequence = _turn(book);
        uint256 reserve = book.rounds[sequence].reserve;
        emit ReserveAttested(
            token, sequence, attestation.document, attestation.asOf, reserve, custodian, auditor, attestation.lots
        );
        if (terms.feed == address(0)) _warn(token, reserve);
    }

    /// @inheritdoc IAttestations
    function raiseAlarm(address token) external {
        uint256 reserve = _reserveOf(token, _termsOf(token));
        if (!_warn(token, reserve)) revert ReserveSuffices(IERC20(token).totalSupply(), reserve);
    }

    /// @inheritdoc IAttestations
    function setKeepers(address token, address custodian, address auditor) external restricted {
        _termsOf(token);
        if (custodian == address(0) || auditor == address(0) || custodian == auditor) {
            revert KeepersUnsound(custodian, auditor);
        }
        _keepers[token] = Keepers(custodian, auditor);
        emit KeepersSet(token, custodian, auditor);
    }

    // ------------------------------------------------------------------ what can be asked

    /// @inheritdoc IAttestations
    function keepersOf(address token) external view returns (address custodian, address auditor) {
        return _keepersOf(token, _termsOf(token));
    }

    /// @inheritdoc IAttestations
    function attestationDigest(Attestation calldata attestation) public view returns (bytes32) {
        bytes32[] memory lots = new bytes32[](attestation.lots.length);
        for (uint256 i; i < lots.length; ++i) {
            lots[i] = keccak256(abi.encode(LOT_TYPE, attestation.lots[i]));
        }
        return _hashTypedDataV4(
            keccak256(
                abi.encode(
                    ATTESTATION_TYPE,
                    attestation.token,
                    attestation.sequence,
                    attestation.asOf,
                    attestation.document,
                    keccak256(abi.encodePacked(lots))
                )
            )
        );
    }

    // ------------------------------------------------------------------ internals

    /// @dev The lots of the count before, then those of this one: claims on a lot and what is chosen of it stay.
    function _takeStock(Book storage book, CommodityTerms memory terms, Lot[] calldata lots) private {
        if (lots.length > MAXIMUM_LOTS) revert LotsTooMany(lots.length, MAXIMUM_LOTS);
        for (uint256 i; i < book.lotIds.length; ++i) {
            book.lots[book.lotIds[i]].net = 0;
        }
        delete book.lotIds;
        bytes32 before;
        for (uint256 i; i < lots.length; ++i) {
            Lot calldata each = lots[i];
            if (each.lotId <= before) revert LotOutOfOrder(each.lotId);
            before = each.lotId;
            _requireSoundLot(terms, each);
            LotState storage state = book.lots[each.lotId];
            (state.net, state.insuredUntilHour) = (each.net, _hourDown(each.insuredUntil));
            book.lotIds.push(each.lotId);
        }
    }

    /// @dev What is insured beyond the year 3883 is kept as insured until then.
    function _hourDown(uint256 time) private pure returns (uint24) {
        uint256 hour = time / 1 hours;
        return hour < type(uint24).max ? uint24(hour) : type(uint24).max;
    }

    function _requireSoundLot(CommodityTerms memory terms, Lot calldata each) private pure {
        if (each.quality < terms.minimumQuality || each.quality > terms.maximumQuality) {
            revert LotOffGrade(each.lotId, each.quality, terms.minimumQuality, terms.maximumQuality);
        }
        bool byContent = terms.measure == Measure.Content;
        uint256 expected = byContent ? CommodityMath.contentDown(each.gross, each.quality) : each.gross;
        bool fits = byContent ? each.net == expected : each.net <= expected;
        if (!fits) revert LotNetInvalid(each.lotId, each.net, expected);
    }

    function _requireNext(Book storage book, Attestation calldata attestation) private view {
        uint256 expected = uint256(book.sequence) + 1;
        if (attestation.sequence != expected) {
            revert AttestationOutOfSequence(attestation.token, attestation.sequence, expected);
        }
        uint256 earliest = book.deliveredAt > book.attestedAt ? book.deliveredAt : book.attestedAt;
        bool inTime = attestation.asOf != 0 && attestation.asOf >= earliest && attestation.asOf <= block.timestamp;
        if (!inTime) revert AttestationTimeInvalid(attestation.asOf, earliest, block.timestamp);
    }

    /// @dev Who lost its role attests no more, whatever the terms say.
    function _requireSigned(address keeper, uint64 role, bytes32 digest, bytes calldata signature) private view {
        (bool holds,) = IAccessManager(authority()).hasRole(role, keeper);
        bool signed = holds && SignatureChecker.isValidSignatureNow(keeper, digest, signature);
        if (!signed) revert AttestationNotSigned(keeper, role);
    }

    function _warn(address token, uint256 reserve) private returns (bool short) {
        uint256 supply = IERC20(token).totalSupply();
        short = supply > reserve;
        if (short) emit ReserveShort(token, supply, reserve);
    }

    function _keepersOf(address token, CommodityTerms memory terms) internal view returns (address, address) {
        Keepers memory keepers = _keepers[token];
        return keepers.custodian == address(0) ? (terms.custodian, terms.auditor) : (keepers.custodian, keepers.auditor);
    }

    /// @dev What the reserve comes to, however old that is.
    function _reserveOf(address token, CommodityTerms memory terms) internal view virtual returns (uint256 reserve);
}
