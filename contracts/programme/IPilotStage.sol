// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

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
    /// @notice A stage and its limits were proposed, and can be confirmed up to and including `until`.
    event StageProposed(Stage indexed stage, StageLimits limits, address indexed proposer, uint256 until);
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
    /// @notice What is confirmed is not, word for word, what was proposed, or its time is over.
    error StageNotProposed(bytes32 proposal);
    /// @notice Narrowing may only tighten: this would loosen a limit.
    error StageWouldWiden();
    /// @notice The rules of a series would let through what the stage does not.
    /// @param code The rule's own reason code, of `Restriction`.
    error RulesBeyondStage(address token, uint8 code);

    /// @notice Most that may be outstanding of one series and of all together, in US dollars with 18 decimals; zero is
    /// no limit.
    function outstandingLimits() external view returns (uint256 perSeries, uint256 total);

    /// @notice Whether issues may go on: a stage has begun, it has not ended, and nothing is being conformed.
    function isRunning() external view returns (bool);

    /// @notice What the stage leaves to the rules of `token`, at the rate last set, whatever its age.
    function limitsOf(address token) external view returns (TokenLimits memory);

    /// @notice Reverts with `RulesBeyondStage` where the rules of `token` let through what the stage does not.
    function requireWithin(address token) external view;

    /// @notice The stage in force, its limits, and whether series are still being conformed to it.
    function current() external view returns (Stage stage, StageLimits memory limits, bool held);
}
