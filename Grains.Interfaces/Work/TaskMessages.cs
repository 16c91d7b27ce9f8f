using System.Collections.Immutable;
using Actors.Access;
using Actors.Idempotency;
using Actors.Storage;

namespace Actors.Work;

/// <summary>How far a task has come. (<c>TaskStatus</c> is .NET's.)</summary>
[GenerateSerializer, Alias("TaskState")]
public enum TaskState
{
    /// <summary>Not begun.</summary>
    Todo,

    /// <summary>Under way.</summary>
    InProgress,

    /// <summary>Waits for something.</summary>
    Blocked,

    /// <summary>Done.</summary>
    Done,

    /// <summary>Given up; takes no hours of a week.</summary>
    Cancelled,
}

/// <summary>Statuses as the API and the schema write them.</summary>
public static class TaskStateNames
{
    /// <summary>All names, in the order of <see cref="TaskState"/>.</summary>
    public static ImmutableArray<string> All { get; } = ["todo", "in_progress", "blocked", "done", "cancelled"];

    /// <summary>The name of a status.</summary>
    public static string Of(TaskState state) => All[(int)state];

    /// <summary>The status of a name; null when it is none.</summary>
    public static TaskState? StateOf(string name) => All.IndexOf(name) is >= 0 and var i ? (TaskState)i : null;
}

/// <summary>A task to store.</summary>
/// <param name="Title">What is to be done: 1 to 500 characters.</param>
/// <param name="Description">How: at most 8,192 characters.</param>
/// <param name="ProjectId">In which project of the client; null: none.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Priority">-100 to 100; more is more urgent.</param>
/// <param name="Owner">Who does it: at most 200 characters.</param>
/// <param name="Tags">At most 32, each once, each 1 to 64 characters.</param>
/// <param name="DependsOn">Tasks of the client that come first, at most 100, each once.</param>
/// <param name="EstimatedHours">How long it is thought to take: 0 to 100,000.</param>
/// <param name="ActualHours">How long it took: 0 to 100,000.</param>
/// <param name="DueAt">By when it must be done.</param>
/// <param name="ScheduledStartAt">When it is to begin.</param>
/// <param name="ScheduledEndAt">When it is to end, after its start.</param>
/// <param name="IdempotencyKey">By what a repeat of the request is recognised.</param>
[GenerateSerializer, Immutable, Alias("NewTask")]
public sealed record NewTask(
    [property: Id(0)] string Title,
    [property: Id(1)] string? Description,
    [property: Id(2)] Guid? ProjectId,
    [property: Id(3)] TaskState State,
    [property: Id(4)] int Priority,
    [property: Id(5)] string? Owner,
    [property: Id(6)] ImmutableArray<string> Tags,
    [property: Id(7)] ImmutableArray<Guid> DependsOn,
    [property: Id(8)] decimal? EstimatedHours,
    [property: Id(9)] decimal? ActualHours,
    [property: Id(10)] DateTimeOffset? DueAt,
    [property: Id(11)] DateTimeOffset? ScheduledStartAt,
    [property: Id(12)] DateTimeOffset? ScheduledEndAt,
    [property: Id(13)] IdempotencyKey? IdempotencyKey = null)
{
    /// <summary>Longest title, in characters.</summary>
    public const int MaxTitleLength = 500;

    /// <summary>Longest owner, in characters.</summary>
    public const int MaxOwnerLength = 200;

    /// <summary>Highest priority; the lowest is its negative.</summary>
    public const int MaxPriority = 100;

    /// <summary>Most tags.</summary>
    public const int MaxTags = 32;

    /// <summary>Longest tag, in characters.</summary>
    public const int MaxTagLength = 64;

    /// <summary>Most tasks a task may depend on.</summary>
    public const int MaxDependencies = 100;

    /// <summary>A task of which only this is known.</summary>
    public static NewTask Of(string title) => new(title, null, null, TaskState.Todo, 0, null, [], [], null, null, null, null, null);
}

/// <summary>What to change of a task.</summary>
/// <param name="Title">New title; null: as it is.</param>
/// <param name="Description">New description; null: as it is.</param>
/// <param name="ProjectId">New project; null: as it is.</param>
/// <param name="State">New status; null: as it is.</param>
/// <param name="Priority">New priority; null: as it is.</param>
/// <param name="Owner">New owner; null: as it is.</param>
/// <param name="Tags">New tags, all of them; default (not given): as they are.</param>
/// <param name="DependsOn">Tasks that come first, all of them; default (not given): as they are.</param>
/// <param name="EstimatedHours">New estimate; null: as it is.</param>
/// <param name="ActualHours">New actual hours; null: as they are.</param>
/// <param name="DueAt">New end of its term; null: as it is.</param>
/// <param name="ScheduledStartAt">New start; null: as it is.</param>
/// <param name="ScheduledEndAt">New end; null: as it is.</param>
[GenerateSerializer, Immutable, Alias("TaskChange")]
public sealed record TaskChange(
    [property: Id(0)] string? Title = null,
    [property: Id(1)] Given<string>? Description = null,
    [property: Id(2)] Given<Guid?>? ProjectId = null,
    [property: Id(3)] TaskState? State = null,
    [property: Id(4)] int? Priority = null,
    [property: Id(5)] Given<string>? Owner = null,
    [property: Id(6)] ImmutableArray<string> Tags = default,
    [property: Id(7)] ImmutableArray<Guid> DependsOn = default,
    [property: Id(8)] Given<decimal?>? EstimatedHours = null,
    [property: Id(9)] Given<decimal?>? ActualHours = null,
    [property: Id(10)] Given<DateTimeOffset?>? DueAt = null,
    [property: Id(11)] Given<DateTimeOffset?>? ScheduledStartAt = null,
    [property: Id(12)] Given<DateTimeOffset?>? ScheduledEndAt = null);

/// <summary>A stored task. Times have microsecond precision.</summary>
/// <param name="Id">Its id (UUID version 7).</param>
/// <param name="ClientId">Whose; null: the house's.</param>
/// <param name="ProjectId">In which project; null: none.</param>
/// <param name="PlanId">Of which plan; null: none.</param>
/// <param name="StepNumber">Which step of the plan, from 1; null: none.</param>
/// <param name="Title">What is to be done.</param>
/// <param name="Description">How.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Priority">More is more urgent.</param>
/// <param name="Owner">Who does it.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="DependsOn">Tasks that come first.</param>
/// <param name="EstimatedHours">How long it is thought to take.</param>
/// <param name="ActualHours">How long it took.</param>
/// <param name="DueAt">By when it must be done.</param>
/// <param name="ScheduledStartAt">When it is to begin.</param>
/// <param name="ScheduledEndAt">When it is to end.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was changed last: its version.</param>
[GenerateSerializer, Immutable, Alias("TaskRecord")]
public sealed record TaskRecord(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string? ClientId,
    [property: Id(2)] Guid? ProjectId,
    [property: Id(3)] Guid? PlanId,
    [property: Id(4)] int? StepNumber,
    [property: Id(5)] string Title,
    [property: Id(6)] string? Description,
    [property: Id(7)] TaskState State,
    [property: Id(8)] int Priority,
    [property: Id(9)] string? Owner,
    [property: Id(10)] ImmutableArray<string> Tags,
    [property: Id(11)] ImmutableArray<Guid> DependsOn,
    [property: Id(12)] decimal? EstimatedHours,
    [property: Id(13)] decimal? ActualHours,
    [property: Id(14)] DateTimeOffset? DueAt,
    [property: Id(15)] DateTimeOffset? ScheduledStartAt,
    [property: Id(16)] DateTimeOffset? ScheduledEndAt,
    [property: Id(17)] DateTimeOffset CreatedAt,
    [property: Id(18)] DateTimeOffset UpdatedAt);

/// <summary>In what order tasks are listed.</summary>
[GenerateSerializer, Alias("TaskOrder")]
public enum TaskOrder
{
    /// <summary>Made last first.</summary>
    Newest,

    /// <summary>Made first first: those of a plan each after the tasks they depend on.</summary>
    Oldest,

    /// <summary>By when they are to begin; those without a time last.</summary>
    Scheduled,

    /// <summary>By when they must be done; those without a time last.</summary>
    Due,
}

/// <summary>Orders as the API writes them.</summary>
public static class TaskOrderNames
{
    private static readonly DateTimeOffset NotTimed = new(9999, 12, 30, 0, 0, 0, TimeSpan.Zero);

    /// <summary>All names, in the order of <see cref="TaskOrder"/>.</summary>
    public static ImmutableArray<string> All { get; } = ["newest", "oldest", "scheduled", "due"];

    /// <summary>The order of a name; null when it is none.</summary>
    public static TaskOrder? OrderOf(string name) => All.IndexOf(name) is >= 0 and var i ? (TaskOrder)i : null;

    /// <summary>Where a task stands in a list of that order.</summary>
    public static RowPosition PositionOf(TaskRecord task, TaskOrder order) => new(
        order switch { TaskOrder.Scheduled => task.ScheduledStartAt ?? NotTimed, TaskOrder.Due => task.DueAt ?? NotTimed, _ => task.CreatedAt }, task.Id);
}

/// <summary>Which tasks to list. All filters that are given must hold.</summary>
/// <param name="Visibility">Whose the caller may see.</param>
/// <param name="ClientId">Of this client; null: of all visible ones.</param>
/// <param name="ProjectId">In this project.</param>
/// <param name="PlanId">Of this plan.</param>
/// <param name="State">Of this status.</param>
/// <param name="Owner">Of this owner.</param>
/// <param name="Tag">With this tag.</param>
/// <param name="DueBefore">Due before this time.</param>
/// <param name="ScheduledFrom">To begin at this time or later.</param>
/// <param name="ScheduledTo">To begin before this time.</param>
/// <param name="Sprint">To begin in this week, in the configured zone; its value null: in the current one.</param>
/// <param name="Order">In what order.</param>
/// <param name="Limit">Most tasks on the page: 1 to 500.</param>
/// <param name="After">Last task of the page before; null: the first page.</param>
[GenerateSerializer, Immutable, Alias("TaskListRequest")]
public sealed record TaskListRequest(
    [property: Id(0)] ClientVisibility Visibility,
    [property: Id(1)] string? ClientId,
    [property: Id(2)] Guid? ProjectId,
    [property: Id(3)] Guid? PlanId,
    [property: Id(4)] TaskState? State,
    [property: Id(5)] string? Owner,
    [property: Id(6)] string? Tag,
    [property: Id(7)] DateTimeOffset? DueBefore,
    [property: Id(8)] DateTimeOffset? ScheduledFrom,
    [property: Id(9)] DateTimeOffset? ScheduledTo,
    [property: Id(10)] Given<SprintWeek>? Sprint,
    [property: Id(11)] TaskOrder Order,
    [property: Id(12)] int Limit,
    [property: Id(13)] RowPosition? After);

/// <summary>One page of tasks. Large ones make short pages.</summary>
/// <param name="Tasks">The tasks, in that order.</param>
/// <param name="HasMore">Whether there is a next page.</param>
[GenerateSerializer, Immutable, Alias("TaskPage")]
public sealed record TaskPage([property: Id(0)] ImmutableArray<TaskRecord> Tasks, [property: Id(1)] bool HasMore);
