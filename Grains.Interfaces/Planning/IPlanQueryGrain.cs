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

/// <summary>One page of plans.</summary>
/// <param name="Plans">The plans.</param>
/// <param name="HasMore">Whether there is a next page.</param>
[GenerateSerializer, Immutable, Alias("PlanPage")]
public sealed record PlanPage([property: Id(0)] ImmutableArray<PlanRecord> Plans, [property: Id(1)] bool HasMore);
