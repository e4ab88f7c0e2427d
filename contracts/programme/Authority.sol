// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Roles} from "./Roles.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @notice The one authority of the programme: every role, the functions it opens, and its delay.
/// @dev OpenZeppelin's `AccessManager` with three differences, each of which only narrows:
///
/// - A contract answers only once it is enrolled. A series answers to the labels of its class, which are set once on
///   the implementation's address: to enrol it costs one slot, and `canCall`, `schedule`, `execute` and `cancel` all
///   follow.
/// - A function without a label is closed to everyone, not open to the administrator.
/// - Roles that must not meet in one hand are refused to it when granted.
///
/// A delay is not an approval: who scheduled an operation is who executes it. What needs two people is a role held
/// by a multi-signature wallet alone.
contract Authority is AccessManager {
    /// @dev One slot a series, so that to ask costs one read: the class it answers to, and whether it is closed.
    struct Enrolment {
        address class;
        bool closed;
    }

    /// @dev Every class of tokens opens this to some role.
    bytes4 private constant _PAUSE = bytes4(keccak256("pause()"));

    mapping(address target => Enrolment) private _enrolments;

    /// @notice `target` answers to the labels of `class` from now on, for good.
    event Enrolled(address indexed target, address indexed class);

    error AlreadyEnrolled(address target, address class);
    error RoleNeverGranted(uint64 role);
    error RolesIncompatible(address account, uint64 held, uint64 wanted);

    constructor(address initialAdmin) AccessManager(initialAdmin) {}

    /// @notice Lets `target` answer to the labels of `class`: a series to its class's, every other contract to its own.
    /// Only the factory, and who sets the programme up.
    function enrol(address target, address class) external onlyAuthorized {
        if (classOf(target) != address(0)) revert AlreadyEnrolled(target, classOf(target));
        _enrolments[target] = Enrolment(class, super.isTargetClosed(target));
        emit Enrolled(target, class);
    }

    /// @notice Implementation whose labels `target` answers to; zero where it answers to its own.
    function classOf(address target) public view returns (address) {
        return _enrolments[target].class;
    }

    /// @notice Whether `class` is an implementation to whose labels tokens answer: no token itself, and no contract of
    /// its own.
    function isClass(address class) external view returns (bool) {
        return classOf(class) == address(0) && super.getTargetFunctionRole(class, _PAUSE) != 0;
    }

    /// @inheritdoc AccessManager
    /// @dev As AccessManager answers, in one read of the target where that reads three times. What was never enrolled
    /// is closed.
    function canCall(address caller, address target, bytes4 selector)
        public
        view
        override
        returns (bool immediate, uint32 delay)
    {
        Enrolment memory enrolment = _enrolments[target];
        if (enrolment.closed || enrolment.class == address(0)) return (false, 0);
        if (caller == address(this) || selector == IAccessManaged.setAuthority.selector) {
            return super.canCall(caller, target, selector);
        }
        uint64 role = super.getTargetFunctionRole(enrolment.class, selector);
        if (role == ADMIN_ROLE) return (false, 0);
        bool isMember;
        (isMember, delay) = hasRole(role, caller);
        return isMember ? (delay == 0, delay) : (false, 0);
    }

    /// @inheritdoc AccessManager
    function isTargetClosed(address target) public view override returns (bool) {
        return _enrolments[target].closed || super.isTargetClosed(target);
    }

    /// @inheritdoc AccessManager
    /// @dev Zero, AccessManager's default, would be the administrator's role: here it means that nobody labelled it.
    function getTargetFunctionRole(address target, bytes4 selector) public view override returns (uint64 role) {
        address class = classOf(target);
        role = super.getTargetFunctionRole(class == address(0) ? target : class, selector);
        if (role == ADMIN_ROLE) role = Roles.CLOSED;
    }

    /// @notice The roles that must not meet `role` in one hand, as a bit mask by role id.
    /// @dev Proposing a series and whatever brings it about; registering or regulating, and moving tokens; minting and
    /// setting its limits, or pointing elsewhere; pausing, and confirming the pause or ending it; issuing or registering,
    /// and keeping or verifying the stock it stands on; keeping and verifying that stock; issuing, and proposing what may
    /// be issued, measuring it, or licensing who trades it; proposing that, and measuring or confirming it.
    function incompatibleWith(uint64 role) public pure returns (uint256 roles) {
        uint256 self = _bit(role);
        uint256 minter = _bit(Roles.MINTER);
        uint256 regulator = _bit(Roles.REGULATOR);
        uint256 board = _bit(Roles.BOARD);
        uint256 measurer = _bit(Roles.RATE_AGENT);
        uint256 issuers = _bit(Roles.ISSUER) | minter | _bit(Roles.FISCAL_AGENT);
        uint256 registrar = _bit(Roles.REGISTRAR);
        roles = _across(self, _bit(Roles.ISSUER), minter | _bit(Roles.FISCAL_AGENT) | registrar)
            | _across(self, _bit(Roles.ORDER_EXECUTOR), registrar | regulator)
            | _across(self, minter, _bit(Roles.COMPLIANCE_OFFICER) | _bit(Roles.STEWARD) | regulator)
            | _across(self, _bit(Roles.PAUSE_CONFIRMER), regulator | _bit(Roles.EMERGENCY))
            | _across(self, _bit(Roles.EMERGENCY), _bit(Roles.RELEASER))
            | _across(self, _bit(Roles.CUSTODIAN) | _bit(Roles.AUDITOR), issuers | registrar)
            | _across(self, _bit(Roles.CUSTODIAN), _bit(Roles.AUDITOR))
            | _across(self, issuers, board | measurer | _bit(Roles.LICENSOR))
            | _across(self, board, measurer | regulator);
    }

    function _setTargetClosed(address target, bool closed) internal override {
        _enrolments[target].closed = closed;
        super._setTargetClosed(target, closed);
    }

    function _grantRole(uint64 role, address account, uint32 grantDelay, uint32 executionDelay)
        internal
        override
        returns (bool)
    {
        if (role == Roles.CLOSED) revert RoleNeverGranted(role);
        uint256 refused = incompatibleWith(role);
        for (uint64 other; refused >> other != 0; ++other) {
            if (refused & _bit(other) == 0) continue;
            (uint48 since,,,) = getAccess(other, account);
            if (since != 0) revert RolesIncompatible(account, other, role);
        }
        return super._grantRole(role, account, grantDelay, executionDelay);
    }

    /// @dev What `self` must not meet where none of `these` may meet any of `those`.
    function _across(uint256 self, uint256 these, uint256 those) private pure returns (uint256) {
        return (self & these == 0 ? 0 : those) | (self & those == 0 ? 0 : these);
    }

    function _bit(uint64 role) private pure returns (uint256) {
        return 1 << role;
    }
}
