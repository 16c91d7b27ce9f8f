using System.Collections.Immutable;
using Actors.Access;

namespace Actors.Runs;

/// <summary>Reads of runs, from Postgres. Stateless; key: <see cref="Key"/>.</summary>
/// <remarks>Every method throws <see cref="Storage.StorageUnavailableException"/> when Postgres cannot be reached; repeat later.</remarks>
[Alias("IRunQueryGrain")]
public interface IRunQueryGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "runs";

    /// <summary>A run by its id; null when there is none, or the caller may not see it.</summary>
    [Alias("Find")]
    Task<RunRecord?> FindAsync(Guid runId, ClientVisibility visibility, CancellationToken cancellationToken);

    /// <summary>A run by what its client calls it; null when there is none, or the caller may not see it.</summary>
    [Alias("FindByIdentifier")]
    Task<RunRecord?> FindByIdentifierAsync(string? clientId, string runIdentifier, ClientVisibility visibility, CancellationToken cancellationToken);

    /// <summary>One page of runs.</summary>
    [Alias("List")]
    Task<RunPage> ListAsync(RunListRequest request, CancellationToken cancellationToken);

    /// <summary>How far completed runs were from their estimates, the largest median first; at most <see cref="VarianceGroup.MaxGroups"/>.</summary>
    [Alias("Variance")]
    Task<ImmutableArray<VarianceGroup>> VarianceAsync(VarianceRequest request, CancellationToken cancellationToken);
}

/// <summary>In what order runs are listed.</summary>
[GenerateSerializer, Alias("RunOrder")]
public enum RunOrder
{
    /// <summary>Newest first.</summary>
    Newest,

    /// <summary>Largest variance first; those without one last.</summary>
    VarianceDescending,
}

/// <summary>Which runs to list. All filters that are given must hold.</summary>
/// <param name="Visibility">Whose runs the caller may see.</param>
/// <param name="ClientId">Of this client; null: of all visible ones.</param>
/// <param name="Status">Of this status.</param>
/// <param name="ProcessTemplateId">Of this template.</param>
/// <param name="WorkflowId">Of this workflow.</param>
/// <param name="Order">In what order.</param>
/// <param name="Limit">Most runs on the page: 1 to 500.</param>
/// <param name="Skip">How many come before this page.</param>
[GenerateSerializer, Immutable, Alias("RunListRequest")]
public sealed record RunListRequest(
    [property: Id(0)] ClientVisibility Visibility,
    [property: Id(1)] string? ClientId,
    [property: Id(2)] RunStatus? Status,
    [property: Id(3)] Guid? ProcessTemplateId,
    [property: Id(4)] Guid? WorkflowId,
    [property: Id(5)] RunOrder Order,
    [property: Id(6)] int Limit,
    [property: Id(7)] int Skip);

/// <summary>One page of runs. Large ones make short pages.</summary>
/// <param name="Runs">The runs.</param>
/// <param name="HasMore">Whether there is a next page.</param>
[GenerateSerializer, Immutable, Alias("RunPage")]
public sealed record RunPage([property: Id(0)] ImmutableArray<RunRecord> Runs, [property: Id(1)] bool HasMore);

/// <summary>By what variances are grouped.</summary>
[GenerateSerializer, Alias("VarianceGrouping")]
public enum VarianceGrouping
{
    /// <summary>By process template.</summary>
    Template,

    /// <summary>By workflow.</summary>
    Workflow,
}

/// <summary>Which variances.</summary>
/// <param name="Visibility">Whose runs the caller may see.</param>
/// <param name="ClientId">Of this client; null: of all visible ones.</param>
/// <param name="Grouping">By what they are grouped.</param>
[GenerateSerializer, Immutable, Alias("VarianceRequest")]
public sealed record VarianceRequest(
    [property: Id(0)] ClientVisibility Visibility, [property: Id(1)] string? ClientId, [property: Id(2)] VarianceGrouping Grouping);

/// <summary>How far the completed runs of one template or workflow were from their estimates.</summary>
/// <param name="Id">The template or workflow.</param>
/// <param name="Name">Its name.</param>
/// <param name="Runs">How many completed runs.</param>
/// <param name="MeanPct">Mean of their variances, in per cent; null when none had an estimate.</param>
/// <param name="MedianPct">Median of their variances, in per cent; null when none had an estimate.</param>
/// <param name="SpreadPct">Standard deviation of their variances, in points; null when fewer than two had an estimate.</param>
/// <param name="SuggestedHours">Median of their actual hours.</param>
[GenerateSerializer, Immutable, Alias("VarianceGroup")]
public sealed record VarianceGroup(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Name,
    [property: Id(2)] int Runs,
    [property: Id(3)] double? MeanPct,
    [property: Id(4)] double? MedianPct,
    [property: Id(5)] double? SpreadPct,
    [property: Id(6)] decimal SuggestedHours)
{
    /// <summary>Most groups of an answer.</summary>
    public const int MaxGroups = 500;

    /// <summary>Above this a variance is called high, in per cent.</summary>
    public const double HighPct = 30;

    /// <summary>Whether estimates are off by more than <see cref="HighPct"/>, in either direction.</summary>
    public bool IsHigh => Math.Abs(MedianPct ?? 0) > HighPct;
}
