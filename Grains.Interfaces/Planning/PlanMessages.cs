using System.Collections.Immutable;
using Actors.Access;
using Actors.Idempotency;
using Actors.Storage;
using Actors.Work;

namespace Actors.Planning;

/// <summary>How far a plan has come.</summary>
[GenerateSerializer, Alias("PlanStatus")]
public enum PlanStatus
{
    /// <summary>To be read and changed.</summary>
    Draft,

    /// <summary>To be carried out as it stands.</summary>
    Approved,

    /// <summary>Its tasks are in a calendar.</summary>
    Scheduled,

    /// <summary>Under way.</summary>
    Active,

    /// <summary>Carried out.</summary>
    Completed,

    /// <summary>Given up.</summary>
    Cancelled,

    /// <summary>Put away.</summary>
    Archived,
}

/// <summary>Statuses as the API and the schema write them.</summary>
public static class PlanStatusNames
{
    /// <summary>All names, in the order of <see cref="PlanStatus"/>.</summary>
    public static ImmutableArray<string> All { get; } = ["draft", "approved", "scheduled", "active", "completed", "cancelled", "archived"];

    /// <summary>The name of a status.</summary>
    public static string Of(PlanStatus status) => All[(int)status];

    /// <summary>The status of a name; null when it is none.</summary>
    public static PlanStatus? StatusOf(string name) => All.IndexOf(name) is >= 0 and var i ? (PlanStatus)i : null;
}

/// <summary>A plan to make.</summary>
/// <param name="ClientId">For whom; null: for the house.</param>
/// <param name="Intent">What is to be reached: 1 to 4,096 characters.</param>
/// <param name="EngagementId">For which engagement; null: none.</param>
/// <param name="WorkflowId">The workflow to go by; null: the one that matches the intent best, if any does.</param>
/// <param name="ContextJson">What else is to be known, a JSON object.</param>
/// <param name="Learning">Whose completed runs hours are learned from; whoever may read the plan sees how many and how far off they were.</param>
/// <param name="FallsBackToRules">What to do when a language model is configured and fails: true: go by rules; false: <see cref="LanguageModelException"/>.</param>
/// <param name="IdempotencyKey">By what a repeat of the request is recognised.</param>
[GenerateSerializer, Immutable, Alias("NewPlan")]
public sealed record NewPlan(
    [property: Id(0)] string? ClientId,
    [property: Id(1)] string Intent,
    [property: Id(2)] string? EngagementId,
    [property: Id(3)] Guid? WorkflowId,
    [property: Id(4)] string ContextJson,
    [property: Id(5)] ClientVisibility Learning,
    [property: Id(6)] bool FallsBackToRules = false,
    [property: Id(7)] IdempotencyKey? IdempotencyKey = null)
{
    /// <summary>Longest intent, in characters.</summary>
    public const int MaxIntentLength = 4_096;

    /// <summary>Longest context, in characters of its JSON.</summary>
    public const int MaxContextLength = 32_768;
}

/// <summary>What to change of a draft.</summary>
/// <param name="Title">New title: 1 to 200 characters; null: as it is.</param>
/// <param name="Sop">New procedure, all of it; null: as it is. Hours that are as they were keep their basis.</param>
[GenerateSerializer, Immutable, Alias("PlanChange")]
public sealed record PlanChange([property: Id(0)] string? Title = null, [property: Id(1)] Sop? Sop = null)
{
    /// <summary>Longest title of a plan, and longest name of a procedure, in characters.</summary>
    public const int MaxTitleLength = 200;
}

/// <summary>Tasks to make of a plan's steps.</summary>
/// <param name="ProjectId">The project they are put into; null: none.</param>
/// <param name="Expected">The versions it is meant for; null: any.</param>
/// <param name="IdempotencyKey">By what a repeat of the request is recognised.</param>
[GenerateSerializer, Immutable, Alias("NewPlanTasks")]
public sealed record NewPlanTasks(
    [property: Id(0)] Guid? ProjectId = null, [property: Id(1)] ExpectedVersions? Expected = null, [property: Id(2)] IdempotencyKey? IdempotencyKey = null);

/// <summary>What is done with a plan as a whole.</summary>
/// <param name="Note">Why, kept with the plan; at most <see cref="MaxNoteLength"/> characters; null: not said.</param>
/// <param name="Expected">The versions it is meant for; null: any.</param>
/// <param name="IdempotencyKey">By what a repeat of the request is recognised.</param>
[GenerateSerializer, Immutable, Alias("PlanDecision")]
public sealed record PlanDecision(
    [property: Id(0)] string? Note = null, [property: Id(1)] ExpectedVersions? Expected = null, [property: Id(2)] IdempotencyKey? IdempotencyKey = null)
{
    /// <summary>Longest note, in characters.</summary>
    public const int MaxNoteLength = 1_024;
}

/// <summary>A plan. Times have microsecond precision.</summary>
/// <param name="Id">Plan id (UUID version 7).</param>
/// <param name="ClientId">For whom; null: the house.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Intent">What is to be reached.</param>
/// <param name="EngagementId">For which engagement.</param>
/// <param name="WorkflowId">The workflow it goes by; null: none.</param>
/// <param name="ProcessTemplateId">The engagement's checklist it goes by; null: none.</param>
/// <param name="Sop">What to do.</param>
/// <param name="ContextJson">What else was known, a JSON object.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="StatusNote">Why it was approved or put away; null: not said.</param>
/// <param name="WrittenBy">Who wrote it first: one of <see cref="Writers"/>.</param>
/// <param name="TasksCreatedAt">When tasks were made of it; null: not yet.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was changed last.</param>
[GenerateSerializer, Immutable, Alias("PlanRecord")]
public sealed record PlanRecord(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string? ClientId,
    [property: Id(2)] string Title,
    [property: Id(3)] string Intent,
    [property: Id(4)] string? EngagementId,
    [property: Id(5)] Guid? WorkflowId,
    [property: Id(6)] Guid? ProcessTemplateId,
    [property: Id(7)] Sop Sop,
    [property: Id(8)] string ContextJson,
    [property: Id(9)] PlanStatus Status,
    [property: Id(10)] string? StatusNote,
    [property: Id(11)] string WrittenBy,
    [property: Id(12)] DateTimeOffset? TasksCreatedAt,
    [property: Id(13)] DateTimeOffset CreatedAt,
    [property: Id(14)] DateTimeOffset UpdatedAt)
{
    /// <summary>What <see cref="WrittenBy"/> may be: an operator by SQL, the rules, or a language model.</summary>
    public static ImmutableArray<string> Writers { get; } = ["operator", "rules", "llm"];
}

/// <summary>A plan and the tasks that were made of it.</summary>
/// <param name="Plan">The plan; approved, if it was a draft.</param>
/// <param name="Tasks">A task for each step, each after those it depends on.</param>
[GenerateSerializer, Immutable, Alias("PlanTasks")]
public sealed record PlanTasks([property: Id(0)] PlanRecord Plan, [property: Id(1)] ImmutableArray<TaskRecord> Tasks);

/// <summary>A new plan.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Degraded">What it was made without, though it is configured: <c>recall</c>: the client's memory did not answer in time, so only preferences are known; <c>llm</c>: the model failed; or nothing.</param>
[GenerateSerializer, Immutable, Alias("MadePlan")]
public sealed record MadePlan([property: Id(0)] PlanRecord Plan, [property: Id(1)] ImmutableArray<string> Degraded);
