using System.Collections.Immutable;
using Actors.Idempotency;

namespace Actors.Runs;

/// <summary>How far a run has come.</summary>
[GenerateSerializer, Alias("RunStatus")]
public enum RunStatus
{
    /// <summary>Planned, not begun.</summary>
    Pending,

    /// <summary>Under way.</summary>
    Running,

    /// <summary>Ended with its work done; it has actual hours.</summary>
    Completed,

    /// <summary>Ended without its work done.</summary>
    Failed,

    /// <summary>Given up.</summary>
    Cancelled,
}

/// <summary>Statuses as the API and the schema write them.</summary>
public static class RunStatusNames
{
    /// <summary>All names, in the order of <see cref="RunStatus"/>.</summary>
    public static ImmutableArray<string> All { get; } = ["pending", "running", "completed", "failed", "cancelled"];

    /// <summary>The name of a status.</summary>
    public static string Of(RunStatus status) => All[(int)status];

    /// <summary>The status of a name; null when it is none.</summary>
    public static RunStatus? StatusOf(string name) => All.IndexOf(name) is >= 0 and var i ? (RunStatus)i : null;
}

/// <summary>A run to start.</summary>
/// <param name="ClientId">For whom; null: for the house.</param>
/// <param name="RunIdentifier">What its client calls it, unique among the client's runs: 1 to 200 characters; null: its id.</param>
/// <param name="ProcessTemplateId">The checklist it goes by; its workflow, steps and estimates are the run's. Null: none.</param>
/// <param name="WorkflowId">The workflow it goes by, when there is no template. Null: none.</param>
/// <param name="EstimatedHours">How long it is thought to take, at least 0; null: the sum of its steps' estimates.</param>
/// <param name="IsBegun">False: it is only planned, and begins with the first report.</param>
/// <param name="IdempotencyKey">By what a repeat of the request is recognised.</param>
[GenerateSerializer, Immutable, Alias("NewRun")]
public sealed record NewRun(
    [property: Id(0)] string? ClientId,
    [property: Id(1)] string? RunIdentifier = null,
    [property: Id(2)] Guid? ProcessTemplateId = null,
    [property: Id(3)] Guid? WorkflowId = null,
    [property: Id(4)] decimal? EstimatedHours = null,
    [property: Id(5)] bool IsBegun = true,
    [property: Id(6)] IdempotencyKey? IdempotencyKey = null)
{
    /// <summary>Longest <see cref="RunIdentifier"/>, in characters.</summary>
    public const int MaxIdentifierLength = 200;

    /// <summary>Most hours of a run, a step, a task, or a sprint's capacity.</summary>
    public const decimal MaxHours = 100_000;
}

/// <summary>What has become known of a run under way.</summary>
/// <param name="TelemetryJson">A JSON object, merged into the run's telemetry as a merge patch (RFC 7396); null: nothing new.</param>
/// <param name="ActualHours">How long it took so far, at least 0; null: nothing new.</param>
/// <param name="Steps">Hours of its steps.</param>
[GenerateSerializer, Immutable, Alias("RunReport")]
public sealed record RunReport(
    [property: Id(0)] string? TelemetryJson = null,
    [property: Id(1)] decimal? ActualHours = null,
    [property: Id(2)] ImmutableArray<StepReport> Steps = default);

/// <summary>How long a step took.</summary>
/// <param name="StepNumber">Its place in the checklist, from 1.</param>
/// <param name="ActualHours">Hours, at least 0.</param>
[GenerateSerializer, Immutable, Alias("StepReport")]
public sealed record StepReport([property: Id(0)] int StepNumber, [property: Id(1)] decimal ActualHours);

/// <summary>How a run ends.</summary>
/// <param name="Status">Completed, failed or cancelled.</param>
/// <param name="LastReport">What became known with its end.</param>
/// <param name="Reason">Why it failed or was given up, kept as <c>reason</c> of its telemetry; null: not said.</param>
/// <param name="IdempotencyKey">By what a repeat of the request is recognised.</param>
[GenerateSerializer, Immutable, Alias("RunEnd")]
public sealed record RunEnd(
    [property: Id(0)] RunStatus Status,
    [property: Id(1)] RunReport LastReport,
    [property: Id(2)] string? Reason = null,
    [property: Id(3)] IdempotencyKey? IdempotencyKey = null);

/// <summary>A run. Times have microsecond precision.</summary>
/// <param name="Id">Run id (UUID version 7).</param>
/// <param name="ClientId">For whom; null: the house.</param>
/// <param name="RunIdentifier">What its client calls it.</param>
/// <param name="ProcessTemplateId">The checklist it goes by.</param>
/// <param name="WorkflowId">The workflow it goes by.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="EstimatedHours">How long it was thought to take.</param>
/// <param name="ActualHours">How long it took.</param>
/// <param name="VariancePct">(actual - estimated) / estimated in per cent, as the database computes it; null without both.</param>
/// <param name="Steps">Its steps, in order.</param>
/// <param name="TelemetryJson">A JSON object, or an array an operator wrote.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended, and with it the memories of its scope.</param>
/// <param name="CreatedAt">When it was recorded.</param>
/// <param name="UpdatedAt">When it was changed last.</param>
[GenerateSerializer, Immutable, Alias("RunRecord")]
public sealed record RunRecord(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string? ClientId,
    [property: Id(2)] string RunIdentifier,
    [property: Id(3)] Guid? ProcessTemplateId,
    [property: Id(4)] Guid? WorkflowId,
    [property: Id(5)] RunStatus Status,
    [property: Id(6)] decimal? EstimatedHours,
    [property: Id(7)] decimal? ActualHours,
    [property: Id(8)] decimal? VariancePct,
    [property: Id(9)] ImmutableArray<RunStep> Steps,
    [property: Id(10)] string TelemetryJson,
    [property: Id(11)] DateTimeOffset? StartedAt,
    [property: Id(12)] DateTimeOffset? EndedAt,
    [property: Id(13)] DateTimeOffset CreatedAt,
    [property: Id(14)] DateTimeOffset UpdatedAt);

/// <summary>A step of a run.</summary>
/// <param name="StepNumber">Its place, from 1.</param>
/// <param name="Title">What is done.</param>
/// <param name="EstimatedHours">How long it was thought to take; null: not said.</param>
/// <param name="ActualHours">How long it took; null: not known yet.</param>
[GenerateSerializer, Immutable, Alias("RunStep")]
public sealed record RunStep(
    [property: Id(0)] int StepNumber,
    [property: Id(1)] string Title,
    [property: Id(2)] decimal? EstimatedHours,
    [property: Id(3)] decimal? ActualHours);
