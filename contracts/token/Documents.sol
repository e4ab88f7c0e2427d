// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC1643} from "./IERC1643.sol";

/// @notice ERC-1643: the documents of a series. Names are short ASCII strings, such as "TERM_SHEET".
abstract contract Documents is IERC1643 {
    struct Document {
        bytes32 hash;
        uint64 modified;
        uint32 position; // in _names, from one; zero where there is none
        string uri;
    }

    mapping(bytes32 name => Document) private _documents;
    bytes32[] private _names;

    error DocumentUnknown(bytes32 name);

    /// @inheritdoc IERC1643
    function getDocument(bytes32 name) external view returns (string memory uri, bytes32 documentHash, uint256 modified) {
        Document storage document = _documents[name];
        return (document.uri, document.hash, document.modified);
    }

    /// @inheritdoc IERC1643
    function getAllDocuments() external view returns (bytes32[] memory) {
        return _names;
    }

    function _setDocument(bytes32 name, string calldata uri, bytes32 documentHash) internal {
        Document storage document = _documents[name];
        if (document.position == 0) {
            _names.push(name);
            document.position = uint32(_names.length);
        }
        (document.uri, document.hash, document.modified) = (uri, documentHash, uint64(block.timestamp));
        emit DocumentUpdated(name, uri, documentHash);
    }

    function _removeDocument(bytes32 name) internal {
        Document memory document = _documents[name];
        if (document.position == 0) revert DocumentUnknown(name);
        bytes32 last = _names[_names.length - 1];
        _names[document.position - 1] = last;
        _documents[last].position = document.position;
        _names.pop();
        delete _documents[name];
        emit DocumentRemoved(name, document.uri, document.hash);
    }
}
