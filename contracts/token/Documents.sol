// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC1643} from "./IERC1643.sol";

/// @notice ERC-1643: the documents of a series. Names are short ASCII strings, such as "TERM_SHEET".
abstract contract Documents is IERC1643 {
    struct Document {
        bytes32 hash;
        uint64 modified;
        uint32 position; // among the names, from one; zero where there is none
        string uri;
    }

    /// @custom:storage-location erc7201:amanat.documents
    struct Shelf {
        mapping(bytes32 name => Document) documents;
        bytes32[] names;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("amanat.documents")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant SHELF = 0x0afc0973f500e35e0d41e98d4db19655dd67ad4f6e575cc4c5c612da35a05300;

    error DocumentUnknown(bytes32 name);

    /// @inheritdoc IERC1643
    function getDocument(bytes32 name)
        external
        view
        returns (string memory uri, bytes32 documentHash, uint256 modified)
    {
        Document storage document = _shelf().documents[name];
        return (document.uri, document.hash, document.modified);
    }

    /// @inheritdoc IERC1643
    function getAllDocuments() external view returns (bytes32[] memory) {
        return _shelf().names;
    }

    function _setDocument(bytes32 name, string calldata uri, bytes32 documentHash) internal {
        Shelf storage shelf = _shelf();
        Document storage document = shelf.documents[name];
        if (document.position == 0) {
            shelf.names.push(name);
            document.position = uint32(shelf.names.length);
        }
        (document.uri, document.hash, document.modified) = (uri, documentHash, uint64(block.timestamp));
        emit DocumentUpdated(name, uri, documentHash);
    }

    function _removeDocument(bytes32 name) internal {
        Shelf storage shelf = _shelf();
        Document memory document = shelf.documents[name];
        if (document.position == 0) revert DocumentUnknown(name);
        bytes32 last = shelf.names[shelf.names.length - 1];
        shelf.names[document.position - 1] = last;
        shelf.documents[last].position = document.position;
        shelf.names.pop();
        delete shelf.documents[name];
        emit DocumentRemoved(name, document.uri, document.hash);
    }

    function _shelf() private pure returns (Shelf storage shelf) {
        assembly ("memory-safe") {
            shelf.slot := SHELF
        }
    }
}
