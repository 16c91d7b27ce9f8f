using System.Collections.Immutable;

namespace Actors.Planning;

/// <summary>A standard operating procedure: what to do, in which order, and what was taken for granted.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Summary">What it is made of, for people.</param>
/// <param name="Checklist">Its steps; at most <see cref="MaxSteps"/>.</param>
/// <param name="Assumptions">What was taken for granted: preferences and facts of the client among it.</param>
/// <param name="Risks">What may go wrong.</param>
[GenerateSerializer, Immutable, Alias("Sop")]
public sealed record Sop(
    [property: Id(0)] string Name,
    [property: Id(1)] string Summary,
    [property: Id(2)] ImmutableArray<SopStep> Checklist,
    [property: Id(3)] ImmutableArray<string> Assumptions,
    [property: Id(4)] ImmutableArray<string> Risks)
{
    /// <summary>Most steps.</summary>
    public const int MaxSteps = 500;

    /// <summary>Most assumptions, and most risks.</summary>
    public const int MaxRemarks = 100;

    /// <summary>Longest assumption or risk, in characters.</summary>
    public const int MaxRemarkLength = 2_000;

    /// <summary>Longest summary, in characters.</summary>
    public const int MaxSummaryLength = 8_192;
}

/// <summary>A step of a procedure.</summary>
/// <param name="StepNumber">Its number, from 1.</param>
/// <param name="Title">What is done: 1 to 500 characters.</param>
/// <param name="Description">How; at most 8,192 characters.</param>
/// <param name="EstimatedHours">How long it is thought to take, at least 0; null: not known.</param>
/// <param name="Basis">What the hours rest on.</param>
/// <param name="Dependencies">Numbers of the steps to be done before; as many as a task may depend on.</param>
/// <param name="Owner">Who does it; as long as a task's may be.</param>
/// <param name="Tags">As many and as long as a task's may be.</param>
[GenerateSerializer, Immutable, Alias("SopStep")]
public sealed record SopStep(
    [property: Id(0)] int StepNumber,
    [property: Id(1)] string Title,
    [property: Id(2)] string? Description,
    [property: Id(3)] decimal? EstimatedHours,
    [property: Id(4)] HoursBasis Basis,
    [property: Id(5)] ImmutableArray<int> Dependencies,
    [property: Id(6)] string? Owner,
    [property: Id(7)] ImmutableArray<string> Tags);

/// <summary>What hours of a step rest on; docs/planner.md tells the rule.</summary>
/// <param name="Source">Where they come from.</param>
/// <param name="Runs">How many completed runs they were learned from, outliers left out.</param>
/// <param name="Outliers">How many runs were left out: of three and more, those that took over three times the median of all, or less than a third of it.</param>
/// <param name="MeanVariancePct">Mean of (actual - estimated) / estimated of those runs, in per cent; null without estimates.</param>
[GenerateSerializer, Immutable, Alias("HoursBasis")]
public sealed record HoursBasis(
    [property: Id(0)] HoursSource Source,
    [property: Id(1)] int Runs = 0,
    [property: Id(2)] int Outliers = 0,
    [property: Id(3)] double? MeanVariancePct = null);

/// <summary>Where hours come from.</summary>
[GenerateSerializer, Alias("HoursSource")]
public enum HoursSource
{
    /// <summary>There are none.</summary>
    None,

    /// <summary>Completed runs.</summary>
    Runs,

    /// <summary>The workflow or checklist.</summary>
    Workflow,

    /// <summary>A language model's guess.</summary>
    Model,

    /// <summary>Whoever changed the plan.</summary>
    Given,
}

/// <summary>Sources as the API and the schema write them.</summary>
public static class HoursSourceNames
{
    /// <summary>All names, in the order of <see cref="HoursSource"/>.</summary>
    public static ImmutableArray<string> All { get; } = ["none", "runs", "workflow", "model", "given"];

    /// <summary>The name of a source.</summary>
    public static string Of(HoursSource source) => All[(int)source];

    /// <summary>The source of a name; null when it is none.</summary>
    public static HoursSource? SourceOf(string name) => All.IndexOf(name) is >= 0 and var i ? (HoursSource)i : null;
}
