using System.Collections.Immutable;
using Actors.Idempotency;

namespace Actors.Patterns;

/// <summary>A process template to make of a workflow.</summary>
/// <param name="EngagementId">For which engagement: 1 to 200 characters.</param>
/// <param name="ProjectId">In which project; null: none.</param>
/// <param name="Name">What it is called; null: as its workflow.</param>
/// <param name="IdempotencyKey">By what a repeat of the request is recognised.</param>
[GenerateSerializer, Immutable, Alias("NewInstance")]
public sealed record NewInstance(
    [property: Id(0)] string EngagementId,
    [property: Id(1)] Guid? ProjectId = null,
    [property: Id(2)] string? Name = null,
    [property: Id(3)] IdempotencyKey? IdempotencyKey = null);

/// <summary>A process template to store.</summary>
/// <param name="Name">What it is called: 1 to 200 characters.</param>
/// <param name="Checklist">Its steps, in order.</param>
/// <param name="WorkflowId">The workflow it goes by; null: none.</param>
/// <param name="EngagementId">For which engagement: at most 200 characters.</param>
/// <param name="ProjectId">In which project; null: none.</param>
/// <param name="Status">One of <see cref="TemplateRecord.Statuses"/>.</param>
/// <param name="IdempotencyKey">By what a repeat of the request is recognised.</param>
[GenerateSerializer, Immutable, Alias("NewTemplate")]
public sealed record NewTemplate(
    [property: Id(0)] string Name,
    [property: Id(1)] ImmutableArray<WorkflowStep> Checklist,
    [property: Id(2)] Guid? WorkflowId,
    [property: Id(3)] string? EngagementId,
    [property: Id(4)] Guid? ProjectId,
    [property: Id(5)] string Status,
    [property: Id(6)] IdempotencyKey? IdempotencyKey = null);

/// <summary>What to change of a process template.</summary>
/// <param name="Name">New name; null: as it is.</param>
/// <param name="Checklist">New steps, all of them; default (not given): as they are.</param>
/// <param name="Workflow">New workflow; null: as it is.</param>
/// <param name="Engagement">New engagement; null: as it is.</param>
/// <param name="Project">New project; null: as it is.</param>
/// <param name="Status">New status; null: as it is.</param>
[GenerateSerializer, Immutable, Alias("TemplateChange")]
public sealed record TemplateChange(
    [property: Id(0)] string? Name = null,
    [property: Id(1)] ImmutableArray<WorkflowStep> Checklist = default,
    [property: Id(2)] Given<Guid?>? Workflow = null,
    [property: Id(3)] Given<string>? Engagement = null,
    [property: Id(4)] Given<Guid?>? Project = null,
    [property: Id(5)] string? Status = null);

/// <summary>A process template: the checklist of an engagement, made of a workflow's steps or written for itself.</summary>
/// <param name="Id">Its id (UUID version 7).</param>
/// <param name="Name">What it is called.</param>
/// <param name="WorkflowId">The version of the workflow it goes by.</param>
/// <param name="EngagementId">For which engagement.</param>
/// <param name="ProjectId">In which project.</param>
/// <param name="Status">draft, active, completed or retired.</param>
/// <param name="Checklist">Its steps, in order.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was changed last.</param>
[GenerateSerializer, Immutable, Alias("TemplateRecord")]
public sealed record TemplateRecord(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Name,
    [property: Id(2)] Guid? WorkflowId,
    [property: Id(3)] string? EngagementId,
    [property: Id(4)] Guid? ProjectId,
    [property: Id(5)] string Status,
    [property: Id(6)] ImmutableArray<WorkflowStep> Checklist,
    [property: Id(7)] DateTimeOffset CreatedAt,
    [property: Id(8)] DateTimeOffset UpdatedAt)
{
    /// <summary>What a status may be.</summary>
    public static ImmutableArray<string> Statuses { get; } = ["draft", "active", "completed", "retired"];
}
