// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IStagedRules} from "../compliance/IStagedRules.sol";
import {ISeriesRegister} from "./ISeriesRegister.sol";

/// @notice How far the programme has been let. Numbers never change their meaning.
/// @param None Nothing has begun: nothing may be issued.
enum Stage {
    None,
    Sandbox,
    Pilot,
    Expansion,
    Full
}

/// @notice The limits of a stage. Zero, or an empty list, is no limit.
/// @param perSeriesUsd Most outstanding of one series, in US dollars with 18 decimals.
/// @param totalUsd Most outstanding of all series together, likewise.
/// @param holdingUsd Most that one investor may hold of one series, likewise.
/// @param transactionUsd Most that one transfer or mint may move, likewise.
/// @param investors Most investors that may hold one series.
/// @param classes Bit n admits investors of class n as recipients; bit 0 is never set.
/// @param endsAt Second of Unix time from which only redemptions and the regulator's acts are left.
/// @param countries ISO 3166-1 numbers of the countries that recipients may be of.
struct StageLimits {
    uint256 perSeriesUsd;
    uint256 totalUsd;
    uint256 holdingUsd;
    uint256 transactionUsd;
    uint32 investors;
    uint64 classes;
    uint40 endsAt;
    uint16[] countries;
}

/// @notice What a stage leaves to the rules of one series. Zero, or false, is no limit.
/// @param maximumHolding In smallest units of the series, rounded down.
/// @param maximumTransaction Likewise; never more than a rule can say.
/// @param maximumHolders Number of investors.
/// @param classes Bit n admits class n.
/// @param limitsCountries Whether recipients must be of the countries below.
/// @param countries Bit n of word w stands for country 256 * w + n.
/// @param shut A limit comes to less than the smallest unit, or cannot be worked out since nobody has measured the
/// series or rated its unit: nobody may receive it.
struct TokenLimits {
    uint112 maximumHolding;
    uint72 maximumTransaction;
    uint32 maximumHolders;
    uint64 classes;
    bool limitsCountries;
    bool shut;
    uint256[4] countries;
}

/// @notice How far the programme has been let, by stages that two institutions widen and one narrows at once.
/// @dev What concerns investors is written into the rules of each series, so that a transfer reads nothing more than
/// its own rules; what is outstanding is asked by the programme when an issue is opened or raised; the end stands in
/// the registry's word, which every transfer reads anyway.
interface IPilotStage {
    /// @notice What can be confirmed now, in full.
    event StageProposed(Stage indexed stage, StageLimits limits);
    /// @notice This stage and these limits are in force.
    event StageSet(Stage indexed stage, StageLimits limits, address indexed by);
    /// @notice Transfers and mints stand still until the rules of the first `series` series lie within the stage.
    event StageHeld(uint256 series);
    /// @notice The rules of every series lie within the stage: transfers and mints go on.
    event StageReleased();
    /// @notice The rules of a series were narrowed to the stage.
    /// @param shut Whether nobody may receive it now, until the compliance officer has settled why.
    event SeriesConformed(address indexed token, bool shut);

    /// @notice Only the next stage, or the same one, can be proposed or confirmed.
    error StageNotNext(Stage stage, Stage proposed);
    /// @notice The programme is in its first stage already.
    error StageBegunBefore(Stage stage);
    /// @notice Nothing has begun.
    error StageNotBegun();
    /// @notice Classes, countries or the end cannot be so.
    error StageLimitsInvalid();
    /// @notice Narrowing may only tighten: this would loosen a limit.
    error StageWouldWiden();
    /// @notice The rules of a series would let through what the stage does not.
    /// @param code The rule's own reason code, of `Restriction`.
    error RulesBeyondStage(address token, uint8 code);
    /// @notice Nobody may receive this series: a limit comes to less than its smallest unit, or cannot be worked out.
    error SeriesShut(address token);
    /// @notice The rules of every series lie within the stage already.
    error StageNotHeld();
    error NotASeries(address token);

    /// @notice Begins with a stage, once. Role: STEWARD.
    /// @param register The programme's list of series, whose rules `ruleBook` keeps.
    function begin(ISeriesRegister register, IStagedRules ruleBook, Stage stage, StageLimits calldata limits) external;

    /// @notice Proposes the next stage, or other limits of this one. Role: BOARD, after its delay.
    /// @param limits Countries in ascending order; an end, where there is one, still to come.
    function proposeStage(Stage stage, StageLimits calldata limits) external;

    /// @notice Puts it in force, unchanged. Role: REGULATOR. Falls away with any change of the stage in between.
    /// @dev Where it tightens anything, transfers are held until every series is conformed.
    /// @param most Series to conform in this transaction.
    function confirmStage(Stage stage, StageLimits calldata limits, uint256 most) external;

    /// @notice Tightens limits at once, or ends the stage. Role: REGULATOR.
    /// @dev Transfers and mints of every series stand still until all have been conformed.
    /// @param limits None looser than it is; an end that has passed is an end now.
    /// @param most Series to conform in this transaction.
    function narrowStage(StageLimits calldata limits, uint256 most) external;

    /// @notice Narrows the rules of the next series to the stage; with the last, transfers go on. Anyone, while held.
    function conform(uint256 most) external;

    /// @notice Narrows the rules of these series to the stage, at the rate of now. Anyone, at any time.
    function conformSeries(address[] calldata tokens) external;

    /// @notice Most that may be outstanding of one series and of all together, in US dollars with 18 decimals; zero is
    /// no limit.
    function outstandingLimits() external view returns (uint256 perSeries, uint256 total);

    /// @notice Whether issues may go on: a stage has begun, it has not ended, and nothing is being conformed.
    function isRunning() external view returns (bool);

    /// @notice What the stage leaves to the rules of `token`, at the rate last set, whatever its age.
    function limitsOf(address token) external view returns (TokenLimits memory);

    /// @notice Reverts with `RulesBeyondStage` where the rules of `token` let through what the stage does not.
    function requireWithin(address token) external view;

    /// @notice The stage in force and its limits.
    function current() external view returns (Stage stage, StageLimits memory limits);

    /// @notice How many series have been conformed, of how many; the stage is held where the first is less.
    function conformed() external view returns (uint256 done, uint256 total);

    /// @notice Hash under which a proposal of these values would stand until the next change of the stage.
    function proposalOf(Stage stage, StageLimits calldata limits) external view returns (bytes32);
}
