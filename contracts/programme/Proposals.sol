// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice What one institution proposes and another confirms, value for value.
/// @dev The two functions of a pair are opened to two roles that never meet in one hand, and the role that proposes waits
/// before it does. What is confirmed is named whole by the confirming call, so nobody confirms what he did not read.
abstract contract Proposals {
    /// @dev `until` and `proposer` share a slot.
    struct Proposal {
        bytes32 content;
        address proposer;
        uint40 until;
    }

    /// @dev How long a proposal can be confirmed.
    uint256 internal constant PROPOSAL_LIFE = 7 days;

    mapping(bytes32 subject => Proposal) private _proposals;

    /// @notice `content`, the hash of all that is proposed, can be confirmed until `until`. A later proposal on the same
    /// subject takes its place.
    event Proposed(bytes32 indexed subject, bytes32 indexed content, address indexed proposer, uint256 until);
    /// @notice It was confirmed, and is in force.
    event Confirmed(bytes32 indexed subject, bytes32 indexed content, address indexed confirmer);

    error NotProposed(bytes32 subject, bytes32 content);
    error ProposalLapsed(bytes32 subject, uint256 until);
    error ProposerCannotConfirm(address proposer);

    /// @notice The proposal that stands on a subject; zeros where there is none.
    function proposalOn(bytes32 subject) external view returns (Proposal memory) {
        return _proposals[subject];
    }

    function _propose(bytes32 subject, bytes32 content) internal {
        uint256 until = block.timestamp + PROPOSAL_LIFE;
        _proposals[subject] = Proposal(content, msg.sender, uint40(until));
        emit Proposed(subject, content, msg.sender, until);
    }

    function _confirm(bytes32 subject, bytes32 content) internal {
        Proposal memory proposal = _proposals[subject];
        if (proposal.content != content || content == 0) revert NotProposed(subject, content);
        if (block.timestamp > proposal.until) revert ProposalLapsed(subject, proposal.until);
        if (msg.sender == proposal.proposer) revert ProposerCannotConfirm(proposal.proposer);
        delete _proposals[subject];
        emit Confirmed(subject, content, msg.sender);
    }
}
