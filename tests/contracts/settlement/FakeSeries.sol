// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Entitlement, IObligor, Obligation, PaymentKind} from "contracts/assets/IObligor.sol";
import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev The one authority, as OpenZeppelin publishes it.
contract SettlementAuthority is AccessManager {
    constructor(address admin) AccessManager(admin) {}
}

/// @dev The programme's list of series and the registry's links of recovered wallets, as far as settlement asks.
contract FakeProgramme {
    mapping(address token => bool) public isSeries;
    mapping(address lost => address) private _successors;
    mapping(address wallet => uint256) private _flags;

    function enrol(address token) external {
        isSeries[token] = true;
    }

    /// @dev Lost and recovered; a record's investor is then the successor.
    function recover(address lost, address successor) external {
        _successors[lost] = successor;
        _flags[lost] = 96;
    }

    /// @dev 16 is suspended, 32 lost.
    function flag(address wallet, uint256 flags) external {
        _flags[wallet] = flags;
    }

    function recordOf(address wallet) public view returns (uint256) {
        address successor = _successors[wallet];
        return (_flags[wallet] << 176) | uint160(successor == address(0) ? wallet : successor);
    }

    function recoveryOf(address wallet) external view returns (address, uint40, uint8) {
        address successor = _successors[wallet];
        return (successor, 0, successor == address(0) ? 0 : 2);
    }

    function succession(address wallet) external view returns (address successor, uint256 record) {
        successor = wallet;
        while (_successors[successor] != address(0)) successor = _successors[successor];
        record = recordOf(successor);
    }

    function successorOf(address wallet) external view returns (address) {
        address successor = _successors[wallet];
        return successor == address(0) ? wallet : successor;
    }
}

/// @dev A series with one record date, as far as settlement asks. One unit is one rupee of face.
contract FakeSeries is ERC20("Series", "SRS") {
    error SeriesFrozen(address account);
    error SeriesRefused(address account);
    error SeriesNotDue();
    error SeriesPaused();

    event Issued(address indexed to, uint256 amount, bytes32 indexed reference_);

    FakeProgramme private immutable _programme;
    uint256 public immutable recordAt;
    uint256 public redemptionDue;
    uint16 public currency = 586;
    uint256 public discount;
    bool public paused;
    bool public claimsTooMuch;
    bool public accrues;

    mapping(address account => bool) public frozen;
    mapping(address account => bool) public refused;
    mapping(address account => uint256) private _recorded;
    uint256 private _supplyRecorded;

    constructor(FakeProgramme programme, uint256 recordAt_, uint256 due) {
        (_programme, recordAt, redemptionDue) = (programme, recordAt_, due);
    }

    function decimals() public pure override returns (uint8) {
        return 0;
    }

    function mint(address to, uint256 amount, bytes32 reference_) external {
        _mint(to, amount);
        emit Issued(to, amount, reference_);
    }

    function burn(address from, uint256 amount) external {
        _burn(from, amount);
    }

    function freeze(address account, bool frozen_) external {
        frozen[account] = frozen_;
    }

    function refuse(address account, bool refused_) external {
        refused[account] = refused_;
    }

    function pause(bool paused_) external {
        paused = paused_;
    }

    function setDue(uint256 due) external {
        redemptionDue = due;
    }

    function setAccrues() external {
        accrues = true;
    }

    /// @dev Half a hundredth of the currency a unit.
    function accruedUp(uint256 units, uint8 cashDecimals) external view returns (uint256) {
        require(accrues);
        return (units * 10 ** (cashDecimals - 2) + 1) / 2;
    }

    function setClaimsTooMuch() external {
        claimsTooMuch = true;
    }

    function redeem(address holder, uint256 most, bytes32) external returns (uint256 amount) {
        if (block.timestamp < redemptionDue) revert SeriesNotDue();
        amount = balanceOf(holder) < most ? balanceOf(holder) : most;
        _burn(holder, amount);
    }

    function follow(address lost) external {
        address successor = _programme.successorOf(lost);
        if (refused[successor]) revert SeriesRefused(successor);
        if (frozen[lost]) (frozen[lost], frozen[successor]) = (false, true);
        super._update(lost, successor, balanceOf(lost));
    }

    function obligation(PaymentKind kind, uint256 number) external view returns (Obligation memory) {
        if (kind != PaymentKind.Redemption || number != 0) revert IObligor.ObligationUnknown(kind, number);
        return Obligation(0, recordAt, redemptionDue);
    }

    function balanceOfAt(address account, uint256) public view returns (uint256) {
        return claimsTooMuch ? 2 * _recorded[account] : _recorded[account];
    }

    function balancesOfAt(address[] calldata accounts, uint256) external view returns (uint256[] memory balances) {
        balances = new uint256[](accounts.length);
        for (uint256 i; i < accounts.length; ++i) {
            balances[i] = balanceOfAt(accounts[i], 0);
        }
    }

    function totalSupplyAt(uint256) external view returns (uint256) {
        return _supplyRecorded;
    }

    function entitlement(PaymentKind, uint256, uint8 cashDecimals) external view returns (Entitlement memory) {
        uint256 par = 100 * 10 ** cashDecimals;
        return Entitlement(100, par, par / 100 * discount);
    }

    function setDiscount(uint256 percent) external {
        discount = percent;
    }

    function costOf(uint256 units, uint256 price, uint8 cashDecimals) external pure returns (uint256) {
        uint256 hundredths = (2 * units * 100 * price + 1e6) / 2e6;
        return hundredths * 10 ** (cashDecimals - 2);
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (paused) revert SeriesPaused();
        if (frozen[from]) revert SeriesFrozen(from);
        if (refused[to]) revert SeriesRefused(to);
        super._update(from, to, amount);
        if (block.timestamp < recordAt) {
            _recorded[from] = balanceOf(from);
            _recorded[to] = balanceOf(to);
            _supplyRecorded = totalSupply();
        }
    }
}
