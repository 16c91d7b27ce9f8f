using System.Collections.Immutable;
using Actors.Idempotency;

namespace Actors.Patterns;

/// <summary>Whether a workflow is to be used.</summary>
[GenerateSerializer, Alias("WorkflowStatus")]
public enum WorkflowStatus
{
    /// <summary>Being written.</summary>
    Draft,

    /// <summary>To be used.</summary>
    Active,

    /// <summary>Used no more; another version has taken its place, perhaps.</summary>
    Retired,
}

/// <summary>Statuses as the API and the schema write them.</summary>
public static class WorkflowStatusNames
{
    /// <summary>All names, in the order of <see cref="WorkflowStatus"/>.</summary>
    public static ImmutableArray<string> All { get; } = ["draft", "active", "retired"];

    /// <summary>The name of a status.</summary>
    public static string Of(WorkflowStatus status) => All[(int)status];

    /// <summary>The status of a name; null when it is none.</summary>
    public static WorkflowStatus? StatusOf(string name) => All.IndexOf(name) is >= 0 and var i ? (WorkflowStatus)i : null;
}

/// <summary>A step of a workflow.</summary>
/// <param name="Order">Its place, from 1.</param>
/// <param name="Title">What is done: 1 to 500 characters.</param>
/// <param name="Description">How; at most 8,192 characters.</param>
/// <param name="EstimatedHours">How long it is thought to take, at least 0.</param>
[GenerateSerializer, Immutable, Alias("WorkflowStep")]
public sealed record WorkflowStep(
    [property: Id(0)] int Order,
    [property: Id(1)] string Title,
    [property: Id(2)] string? Description,
    [property: Id(3)] decimal? EstimatedHours)
{
    /// <summary>Longest title, in characters.</summary>
    public const int MaxTitleLength = 500;

    /// <summary>Longest description, in characters; of a workflow too.</summary>
    public const int MaxDescriptionLength = 8_192;

    /// <summary>Most steps of a workflow.</summary>
    public const int MaxSteps = 500;
}

/// <summary>A workflow to store.</summary>
/// <param name="Name">What it is called: 1 to 200 characters.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Capability">What it is an instance of, for example <c>delivery</c>: at most 200 characters.</param>
/// <param name="ParentWorkflowId">The workflow it is a part of; null: none.</param>
/// <param name="Status">Whether it is to be used.</param>
/// <param name="Steps">Its steps, in order.</param>
/// <param name="IdempotencyKey">By what a repeat of the request is recognised.</param>
[GenerateSerializer, Immutable, Alias("NewWorkflow")]
public sealed record NewWorkflow(
    [property: Id(0)] string Name,
    [property: Id(1)] string? Description,
    [property: Id(2)] string? Capability,
    [property: Id(3)] Guid? ParentWorkflowId,
    [property: Id(4)] WorkflowStatus Status,
    [property: Id(5)] ImmutableArray<WorkflowStep> Steps,
    [property: Id(6)] IdempotencyKey? IdempotencyKey = null)
{
    /// <summary>Longest name and capability, in characters.</summary>
    public const int MaxNameLength = 200;
}

/// <summary>What to change of a workflow.</summary>
/// <param name="Name">New name; null: as it is.</param>
/// <param name="Description">New description; null: as it is.</param>
/// <param name="Capability">New capability; null: as it is.</param>
/// <param name="Parent">New parent; null: as it is.</param>
/// <param name="Status">New status; null: as it is.</param>
/// <param name="Steps">New steps, all of them; default (not given): as they are.</param>
[GenerateSerializer, Immutable, Alias("WorkflowChange")]
public sealed record WorkflowChange(
    [property: Id(0)] string? Name = null,
    [property: Id(1)] Given<string>? Description = null,
    [property: Id(2)] Given<string>? Capability = null,
    [property: Id(3)] Given<Guid?>? Parent = null,
    [property: Id(4)] WorkflowStatus? Status = null,
    [property: Id(5)] ImmutableArray<WorkflowStep> Steps = default);

/// <summary>A stored workflow.</summary>
/// <param name="Id">Id of this version (UUID version 7).</param>
/// <param name="OriginId">Id of the first version.</param>
/// <param name="Version">Which version, from 1.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Capability">What it is an instance of.</param>
/// <param name="ParentWorkflowId">The workflow it is a part of.</param>
/// <param name="Status">Whether it is to be used.</param>
/// <param name="Steps">Its steps, in order.</param>
/// <param name="CreatedAt">When this version was made.</param>
/// <param name="UpdatedAt">When it was changed last.</param>
[GenerateSerializer, Immutable, Alias("WorkflowRecord")]
public sealed record WorkflowRecord(
    [property: Id(0)] Guid Id,
    [property: Id(1)] Guid OriginId,
    [property: Id(2)] int Version,
    [property: Id(3)] string Name,
    [property: Id(4)] string? Description,
    [property: Id(5)] string? Capability,
    [property: Id(6)] Guid? ParentWorkflowId,
    [property: Id(7)] WorkflowStatus Status,
    [property: Id(8)] ImmutableArray<WorkflowStep> Steps,
    [property: Id(9)] DateTimeOffset CreatedAt,
    [property: Id(10)] DateTimeOffset UpdatedAt);
