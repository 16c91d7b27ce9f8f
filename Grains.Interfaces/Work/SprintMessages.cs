using System.Collections.Immutable;
using Actors.Access;
using Actors.Idempotency;

namespace Actors.Work;

/// <summary>How far a sprint has come.</summary>
[GenerateSerializer, Alias("SprintStatus")]
public enum SprintStatus
{
    /// <summary>Planned.</summary>
    Planned,

    /// <summary>Under way.</summary>
    Active,

    /// <summary>Over.</summary>
    Completed,

    /// <summary>Given up.</summary>
    Cancelled,
}

/// <summary>Statuses as the API and the schema write them.</summary>
public static class SprintStatusNames
{
    /// <summary>All names, in the order of <see cref="SprintStatus"/>.</summary>
    public static ImmutableArray<string> All { get; } = ["planned", "active", "completed", "cancelled"];

    /// <summary>The name of a status.</summary>
    public static string Of(SprintStatus status) => All[(int)status];

    /// <summary>The status of a name; null when it is none.</summary>
    public static SprintStatus? StatusOf(string name) => All.IndexOf(name) is >= 0 and var i ? (SprintStatus)i : null;
}

/// <summary>A sprint to store.</summary>
/// <param name="Week">Its week; a client has one sprint a week.</param>
/// <param name="Name">What it is called: 1 to 200 characters; null: as its week.</param>
/// <param name="Goal">What it is for: at most 8,192 characters.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="CapacityHours">How many hours there are in the week: 0 to 100,000.</param>
/// <param name="IdempotencyKey">By what a repeat of the request is recognised.</param>
[GenerateSerializer, Immutable, Alias("NewSprint")]
public sealed record NewSprint(
    [property: Id(0)] SprintWeek Week,
    [property: Id(1)] string? Name = null,
    [property: Id(2)] string? Goal = null,
    [property: Id(3)] SprintStatus Status = SprintStatus.Planned,
    [property: Id(4)] decimal CapacityHours = 0,
    [property: Id(5)] IdempotencyKey? IdempotencyKey = null);

/// <summary>What to change of a sprint.</summary>
/// <param name="Name">New name; null: as it is.</param>
/// <param name="Goal">New goal; null: as it is.</param>
/// <param name="Status">New status; null: as it is.</param>
/// <param name="CapacityHours">New capacity; null: as it is.</param>
[GenerateSerializer, Immutable, Alias("SprintChange")]
public sealed record SprintChange(
    [property: Id(0)] string? Name = null,
    [property: Id(1)] Given<string>? Goal = null,
    [property: Id(2)] SprintStatus? Status = null,
    [property: Id(3)] decimal? CapacityHours = null);

/// <summary>A stored sprint.</summary>
/// <param name="Id">Id of its row (UUID version 7).</param>
/// <param name="ClientId">Whose; null: the house's.</param>
/// <param name="Week">Its week.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Goal">What it is for.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="CapacityHours">How many hours there are in the week.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was changed last: its version.</param>
[GenerateSerializer, Immutable, Alias("SprintRecord")]
public sealed record SprintRecord(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string? ClientId,
    [property: Id(2)] SprintWeek Week,
    [property: Id(3)] string Name,
    [property: Id(4)] string? Goal,
    [property: Id(5)] SprintStatus Status,
    [property: Id(6)] decimal CapacityHours,
    [property: Id(7)] DateTimeOffset CreatedAt,
    [property: Id(8)] DateTimeOffset UpdatedAt);

/// <summary>Which sprints to list. All filters that are given must hold.</summary>
/// <param name="Visibility">Whose the caller may see.</param>
/// <param name="ClientId">Of this client; null: of all visible ones.</param>
/// <param name="Status">Of this status.</param>
/// <param name="From">Of this week or later.</param>
/// <param name="To">Of this week or earlier.</param>
/// <param name="Limit">Most sprints on the page: 1 to 500.</param>
/// <param name="After">Last sprint of the page before; null: the first page.</param>
[GenerateSerializer, Immutable, Alias("SprintListRequest")]
public sealed record SprintListRequest(
    [property: Id(0)] ClientVisibility Visibility,
    [property: Id(1)] string? ClientId,
    [property: Id(2)] SprintStatus? Status,
    [property: Id(3)] SprintWeek? From,
    [property: Id(4)] SprintWeek? To,
    [property: Id(5)] int Limit,
    [property: Id(6)] SprintPosition? After);

/// <summary>A place in a list of sprints: that of the sprint of this week and row.</summary>
/// <param name="Week">Its week.</param>
/// <param name="Id">Id of its row.</param>
[GenerateSerializer, Immutable, Alias("SprintPosition")]
public sealed record SprintPosition([property: Id(0)] SprintWeek Week, [property: Id(1)] Guid Id);

/// <summary>One page of sprints.</summary>
/// <param name="Sprints">The sprints, newest week first.</param>
/// <param name="HasMore">Whether there is a next page.</param>
[GenerateSerializer, Immutable, Alias("SprintPage")]
public sealed record SprintPage([property: Id(0)] ImmutableArray<SprintRecord> Sprints, [property: Id(1)] bool HasMore);

/// <summary>How much of a client's week is planned, and how much of that is billed.</summary>
/// <param name="Sprint">The sprint of the week; null: there is none.</param>
/// <param name="PlannedBillableHours">Hours of the week's tasks in billable projects.</param>
/// <param name="ScheduledHours">Hours of all the week's tasks.</param>
/// <param name="FloorPct">The least share of the capacity that is to be billed, in per cent.</param>
[GenerateSerializer, Immutable, Alias("WeekCapacity")]
public sealed record WeekCapacity(
    [property: Id(0)] SprintRecord? Sprint,
    [property: Id(1)] double PlannedBillableHours,
    [property: Id(2)] double ScheduledHours,
    [property: Id(3)] double FloorPct)
{
    /// <summary>How many hours there are in the week; 0 without a sprint.</summary>
    public double CapacityHours => (double)(Sprint?.CapacityHours ?? 0);

    /// <summary>Planned billable hours in per cent of the capacity; 0 without capacity.</summary>
    public double BillablePct => PercentOf(CapacityHours);

    /// <summary>Planned billable hours in per cent of all scheduled ones; 0 without any.</summary>
    public double BillableOfScheduledPct => PercentOf(ScheduledHours);

    /// <summary>Whether too little is billed; never without a sprint.</summary>
    public bool IsBelowFloor => Sprint is not null && BillablePct < FloorPct;

    // 4.6 of 10 hours are 46 %, which doubles miss by their last digit.
    private double PercentOf(double hours) => hours > 0 ? Math.Round(PlannedBillableHours * 100 / hours, 10) : 0;
}
