// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @dev A cash token that misbehaves as it is told: by fee, or towards one account.
contract FakeCash is ERC20, ERC20Permit {
    enum Manner {
        Plain,
        Refuse,
        BurnGas,
        Shout,
        CallBack
    }

    error CashRefused(address account);
    error CallBackRefused(bytes reason);

    uint8 private immutable _decimals;

    uint256 public feeBasisPoints;
    mapping(address account => Manner) public mannerTo;
    address public callBackTarget;
    bytes public callBackData;

    constructor(uint8 decimals_) ERC20("Cash", "CASH") ERC20Permit("Cash") {
        _decimals = decimals_;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setFee(uint256 basisPoints) external {
        feeBasisPoints = basisPoints;
    }

    function setManner(address account, Manner manner) external {
        mannerTo[account] = manner;
    }

    function setCallBack(address account, address target, bytes calldata data) external {
        mannerTo[account] = Manner.CallBack;
        (callBackTarget, callBackData) = (target, data);
    }

    function decimals() public view override returns (uint8) {
        return _decimals;
    }

    function _update(address from, address to, uint256 amount) internal override {
        uint256 fee = from == address(0) ? 0 : amount * feeBasisPoints / 10_000;
        super._update(from, to, amount - fee);
        if (fee != 0) super._update(from, address(0), fee);
        _behave(mannerTo[to], to);
    }

    function _behave(Manner manner, address to) private {
        if (manner == Manner.Refuse) revert CashRefused(to);
        if (manner == Manner.BurnGas) {
            while (true) {}
        }
        if (manner == Manner.Shout) {
            assembly {
                revert(0, 100000)
            }
        }
        if (manner == Manner.CallBack) {
            (bool done, bytes memory reason) = callBackTarget.call(callBackData);
            if (!done) revert CallBackRefused(reason);
        }
    }
}

/// @dev A cash token of the old kind, whose transfers return nothing.
contract SilentCash {
    uint8 public constant decimals = 6;
    mapping(address account => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function approve(address spender, uint256 amount) external {
        allowance[msg.sender][spender] = amount;
    }

    function transfer(address to, uint256 amount) external {
        _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        _move(from, to, amount);
    }

    function _move(address from, address to, uint256 amount) private {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}

/// @dev A cash token that says no instead of reverting.
contract RefusingCash is ERC20("Cash", "CASH") {
    bool public refusing;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function refuse(bool refusing_) external {
        refusing = refusing_;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        return !refusing && super.transfer(to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        return !refusing && super.transferFrom(from, to, amount);
    }
}
