using System.Collections.Immutable;
using Actors.Access;

namespace Actors.Planning;

/// <summary>Reads of plans, from Postgres. Stateless; key: <see cref="Key"/>.</summary>
/// <remarks>Every method throws <see cref="Storage.StorageUnavailableException"/> when Postgres cannot be reached; repeat later.</remarks>
[Alias("IPlanQueryGrain")]
public interface IPlanQueryGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "plans";

    /// <summary>A plan; null when there is none of that id, or the caller may not see it.</summary>
    [Alias("Find")]
    Task<PlanRecord?> FindAsync(Guid planId, ClientVisibility visibility, CancellationToken cancellationToken);

    /// <summary>One page of plans, newest first.</summary>
    [Alias("List")]
    Task<PlanPage> ListAsync(PlanListRequest request, CancellationToken cancellationToken);
}

/// <summary>Which plans to list. All filters that are given must hold.</summary>
/// <param name="Visibility">Whose plans the caller may see.</param>
/// <param name="ClientId">Of this client; null: of all visible ones.</param>
/// <param name="Status">Of this status.</param>
/// <param name="EngagementId">For this engagement.</param>
/// <param name="WorkflowId">By this workflow.</param>
/// <param name="Limit">Most plans on the page: 1 to 500.</param>
/// <param name="After">Last plan of the page before; null: the first page.</param>
[GenerateSerializer, Immutable, Alias("PlanListRequest")]
public sealed record PlanListRequest(
    [property: Id(0)] ClientVisibility Visibility,
    [property: Id(1)] string? ClientId,
    [property: Id(2)] PlanStatus? Status,
    [property: Id(3)] string? EngagementId,
    [property: Id(4)] Guid? WorkflowId,
    [property: Id(5)] int Limit,
    [property: Id(6)] Guid? After);

/// <summary>A plan in a list: without its procedure, which may be long.</summary>
/// <param name="Id">Plan id.</param>
/// <param name="ClientId">For whom; null: the house.</param>
/// <param name="Title">What it is called; at most 4,096 characters, as are the intent and the engagement.</param>
/// <param name="Intent">What is to be reached.</param>
/// <param name="EngagementId">For which engagement.</param>
/// <param name="WorkflowId">The workflow it goes by; null: none.</param>
/// <param name="ProcessTemplateId">The engagement's checklist it goes by; null: none.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="WrittenBy">Who wrote it first: one of <see cref="PlanRecord.Writers"/>.</param>
/// <param name="Steps">How many steps it has.</param>
/// <param name="EstimatedHours">Hours of those steps of which they are known; null: of none.</param>
/// <param name="TasksCreatedAt">When tasks were made of it; null: not yet.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was changed last.</param>
[GenerateSerializer, Immutable, Alias("PlanSummary")]
public sealed record PlanSummary(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string? ClientId,
    [property: Id(2)] string Title,
    [property: Id(3)] string Intent,
    [property: Id(4)] string? EngagementId,
    [property: Id(5)] Guid? WorkflowId,
    [property: Id(6)] Guid? ProcessTemplateId,
    [property: Id(7)] PlanStatus Status,
    [property: Id(8)] string WrittenBy,
    [property: Id(9)] int Steps,
    [property: Id(10)] decimal? EstimatedHours,
    [property: Id(11)] DateTimeOffset? TasksCreatedAt,
    [property: Id(12)] DateTimeOffset CreatedAt,
    [property: Id(13)] DateTimeOffset UpdatedAt);

/// <summary>One page of plans.</summary>
/// <param name="Plans">The plans.</param>
/// <param name="HasMore">Whether there is a next page.</param>
[GenerateSerializer, Immutable, Alias("PlanPage")]
public sealed record PlanPage([property: Id(0)] ImmutableArray<PlanSummary> Plans, [property: Id(1)] bool HasMore);
