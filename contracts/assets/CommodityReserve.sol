// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ITermed} from "../programme/ISeries.sol";
import {ILotRegister} from "../reserve/ILotRegister.sol";
import {Foundations} from "../token/Foundations.sol";
import {Gate} from "../token/Gate.sol";
import {PermissionedToken} from "../token/PermissionedToken.sol";
import {TermsHead} from "../token/TermsHead.sol";
import {CivilDate} from "./CivilDate.sol";
import {CommodityMath} from "./CommodityMath.sol";
import {CommodityTerms, ICommodity} from "./CommodityTerms.sol";
import {IBacked} from "./IBacked.sol";
import {IMeasured} from "./IMeasured.sol";
import {IPriced} from "./IPriced.sol";
import {Measures} from "./Measures.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

/// @notice A share of a commodity in store: metal by the fine ounce or tonne, oil by the barrel, gas by the MMBtu.
/// @custom:extension TokenDesk
/// @dev What is minted is there: extracted, measured, warehoused and free of claims, as custodian and auditor attest
/// together. Where that is not known, or not enough, mints stop; transfers, burns and redemptions never do. Nothing
/// here rebases: fees are cash, beside the balance.
contract CommodityReserve is PermissionedToken, IPriced, IMeasured, IBacked, ICommodity, ITermed {
    uint8 private constant MAXIMUM_DECIMALS = 18;

    /// @notice The register of the lots that this class stands on.
    ILotRegister public immutable lotRegister;

    error TermsUnsound();

    constructor(Foundations memory foundations, address desk, ILotRegister lotRegister_)
        Gate(foundations)
        PermissionedToken(desk)
    {
        lotRegister = lotRegister_;
    }

    // ------------------------------------------------------------------ terms

    /// @inheritdoc ICommodity
    function terms() public view returns (CommodityTerms memory) {
        return abi.decode(Clones.fetchCloneArgs(address(this)), (CommodityTerms));
    }

    /// @inheritdoc ITermed
    function requireSoundTerms() external view {
        CommodityTerms memory t = terms();
        bool sound = t.maximumIssue != 0 && t.statedMaturity == 0 && t.commodity != 0 && t.unit != 0
            && t.decimals <= MAXIMUM_DECIMALS && t.minimumQuality != 0 && t.minimumQuality <= t.maximumQuality
            && t.termSheetHash != 0 && t.issueDate <= CivilDate.LAST_DAY && t.heartbeat != 0;
        sound = sound && t.minimumRedemption != 0 && t.tolerance < t.minimumRedemption && t.responseTime != 0
            && t.paymentTime != 0 && t.deliveryTime != 0;
        sound = sound && t.custodian != address(0) && t.auditor != address(0) && t.custodian != t.auditor;
        if (!sound) revert TermsUnsound();
    }

    /// @inheritdoc ITermed
    function termsHash() external view returns (bytes32) {
        return keccak256(Clones.fetchCloneArgs(address(this)));
    }

    /// @inheritdoc PermissionedToken
    function name() public view override returns (string memory) {
        return TermsHead.name();
    }

    /// @inheritdoc IERC20Metadata
    function symbol() external view returns (string memory) {
        return TermsHead.symbol();
    }

    /// @inheritdoc IERC20Metadata
    function decimals() external view returns (uint8) {
        return terms().decimals;
    }

    /// @notice ISO 4217 numeric code of the currency of its fees, and of its sales.
    function currency() external view returns (uint16) {
        return terms().currency;
    }

    /// @inheritdoc IMeasured
    function measure() external view returns (bytes32 unit, uint256 content) {
        CommodityTerms memory t = terms();
        return (Measures.commodityUnit(t.commodity, t.unit), Measures.ofDecimals(t.decimals));
    }

    // ------------------------------------------------------------------ reserve and price

    /// @notice Every mint asks `requireBacked`, whatever its door: the issuance gate calls it. Answered here, and so
    /// before the desk.
    function isBacked() external pure returns (bool) {
        return true;
    }

    /// @inheritdoc IBacked
    function requireBacked(uint256 amount) external view {
        uint256 supply = _accounts[address(0)].balance();
        uint256 reserve = lotRegister.recognisedReserve(address(this));
        if (supply > reserve) revert ReserveExceeded(supply - amount, amount, reserve);
    }

    /// @inheritdoc IPriced
    /// @dev A commodity is quoted by the whole unit, not for 100 of face: `price` is ten-thousandths of the currency
    /// for an ounce, a barrel.
    function costOf(uint256 units, uint256 price, uint8 cashDecimals) external view returns (uint256) {
        return CommodityMath.costHalfUp(units, price, terms().decimals, cashDecimals);
    }
}
