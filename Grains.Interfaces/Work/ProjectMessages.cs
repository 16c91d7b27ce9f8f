using System.Collections.Immutable;
using Actors.Access;
using Actors.Idempotency;
using Actors.Storage;

namespace Actors.Work;

/// <summary>How far a project has come.</summary>
[GenerateSerializer, Alias("ProjectStatus")]
public enum ProjectStatus
{
    /// <summary>Under way.</summary>
    Active,

    /// <summary>To be gone on with later.</summary>
    Paused,

    /// <summary>Done.</summary>
    Completed,

    /// <summary>Kept for the record.</summary>
    Archived,
}

/// <summary>Statuses as the API and the schema write them.</summary>
public static class ProjectStatusNames
{
    /// <summary>All names, in the order of <see cref="ProjectStatus"/>.</summary>
    public static ImmutableArray<string> All { get; } = ["active", "paused", "completed", "archived"];

    /// <summary>The name of a status.</summary>
    public static string Of(ProjectStatus status) => All[(int)status];

    /// <summary>The status of a name; null when it is none.</summary>
    public static ProjectStatus? StatusOf(string name) => All.IndexOf(name) is >= 0 and var i ? (ProjectStatus)i : null;
}

/// <summary>A project to store.</summary>
/// <param name="Name">What it is called: 1 to 200 characters.</param>
/// <param name="Description">What it is: at most 8,192 characters.</param>
/// <param name="IsBillable">Whether hours of its tasks are billed.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="IdempotencyKey">By what a repeat of the request is recognised.</param>
[GenerateSerializer, Immutable, Alias("NewProject")]
public sealed record NewProject(
    [property: Id(0)] string Name,
    [property: Id(1)] string? Description = null,
    [property: Id(2)] bool IsBillable = true,
    [property: Id(3)] ProjectStatus Status = ProjectStatus.Active,
    [property: Id(4)] IdempotencyKey? IdempotencyKey = null)
{
    /// <summary>Longest name, in characters; of a sprint too.</summary>
    public const int MaxNameLength = 200;

    /// <summary>Longest description, in characters; of a task, and the goal of a sprint, too.</summary>
    public const int MaxDescriptionLength = 8_192;
}

/// <summary>What to change of a project.</summary>
/// <param name="Name">New name; null: as it is.</param>
/// <param name="Description">New description; null: as it is.</param>
/// <param name="IsBillable">Whether its hours are billed from now on; null: as it is.</param>
/// <param name="Status">New status; null: as it is.</param>
[GenerateSerializer, Immutable, Alias("ProjectChange")]
public sealed record ProjectChange(
    [property: Id(0)] string? Name = null,
    [property: Id(1)] Given<string>? Description = null,
    [property: Id(2)] bool? IsBillable = null,
    [property: Id(3)] ProjectStatus? Status = null);

/// <summary>A stored project.</summary>
/// <param name="Id">Its id (UUID version 7).</param>
/// <param name="ClientId">Whose; null: the house's.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Description">What it is.</param>
/// <param name="IsBillable">Whether hours of its tasks are billed.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was changed last: its version.</param>
[GenerateSerializer, Immutable, Alias("ProjectRecord")]
public sealed record ProjectRecord(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string? ClientId,
    [property: Id(2)] string Name,
    [property: Id(3)] string? Description,
    [property: Id(4)] bool IsBillable,
    [property: Id(5)] ProjectStatus Status,
    [property: Id(6)] DateTimeOffset CreatedAt,
    [property: Id(7)] DateTimeOffset UpdatedAt);

/// <summary>Which projects to list. All filters that are given must hold.</summary>
/// <param name="Visibility">Whose the caller may see.</param>
/// <param name="ClientId">Of this client; null: of all visible ones.</param>
/// <param name="Status">Of this status.</param>
/// <param name="IsBillable">Billable or not.</param>
/// <param name="Limit">Most projects on the page: 1 to 500.</param>
/// <param name="After">Last project of the page before; null: the first page.</param>
[GenerateSerializer, Immutable, Alias("ProjectListRequest")]
public sealed record ProjectListRequest(
    [property: Id(0)] ClientVisibility Visibility,
    [property: Id(1)] string? ClientId,
    [property: Id(2)] ProjectStatus? Status,
    [property: Id(3)] bool? IsBillable,
    [property: Id(4)] int Limit,
    [property: Id(5)] RowPosition? After);

/// <summary>One page of projects. Large ones make short pages.</summary>
/// <param name="Projects">The projects, newest first.</param>
/// <param name="HasMore">Whether there is a next page.</param>
[GenerateSerializer, Immutable, Alias("ProjectPage")]
public sealed record ProjectPage([property: Id(0)] ImmutableArray<ProjectRecord> Projects, [property: Id(1)] bool HasMore);
