using System.Collections.Immutable;
using Actors.Storage;

namespace Actors.Sessions;

/// <summary>Reads of events that concern no single session's hot state. Stateless; key: <see cref="Key"/>.</summary>
[Alias("IEventQueryGrain")]
public interface IEventQueryGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "events";

    /// <summary>Whose event this is. No API changes that; an operator may, by SQL.</summary>
    /// <returns>The client id, or null when there is no such event or it belongs to the house.</returns>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; repeat later.</exception>
    [Alias("FindClient")]
    Task<string?> FindClientAsync(Guid eventId, CancellationToken cancellationToken);

    /// <summary>
    /// One page of a client's events, newest first by <see cref="EventRecord.CreatedAt"/>. A page of large events may be
    /// shorter than its limit, and still have a next one.
    /// </summary>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; repeat later.</exception>
    [Alias("List")]
    Task<EventPage> ListAsync(EventListRequest request, CancellationToken cancellationToken);
}

/// <summary>Which events to list. All filters that are given must hold.</summary>
/// <param name="ClientId">Whose events.</param>
/// <param name="Scope">Only this scope.</param>
/// <param name="From">Earliest occurred_at, inclusive.</param>
/// <param name="To">Latest occurred_at, exclusive.</param>
/// <param name="AsOf">Valid time: occurred by then, and not expired then; null: not expired now.</param>
/// <param name="KnownAt">Transaction time: stored by then; null: now.</param>
/// <param name="MinSalience">Least salience, 0..1.</param>
/// <param name="IncludeExpired">Whether events that have expired are listed too.</param>
/// <param name="Limit">Most events on the page: 1 to 500.</param>
/// <param name="After">Where the page before ended; null: the first page.</param>
[GenerateSerializer, Immutable, Alias("EventListRequest")]
public sealed record EventListRequest(
    [property: Id(0)] string ClientId,
    [property: Id(1)] MemoryScope? Scope,
    [property: Id(2)] DateTimeOffset? From,
    [property: Id(3)] DateTimeOffset? To,
    [property: Id(4)] DateTimeOffset? AsOf,
    [property: Id(5)] DateTimeOffset? KnownAt,
    [property: Id(6)] double? MinSalience,
    [property: Id(7)] bool IncludeExpired,
    [property: Id(8)] int Limit,
    [property: Id(9)] RowPosition? After);

/// <summary>One page of events.</summary>
/// <param name="Events">The events, newest first.</param>
/// <param name="Next">Where the next page starts; null: this was the last.</param>
/// <param name="ReachesBehindRetention">Whether events may be missing that had expired long ago and were deleted: the request looks at a time, by <see cref="EventListRequest.AsOf"/> or for expired ones, of which retention has deleted some.</param>
[GenerateSerializer, Immutable, Alias("EventPage")]
public sealed record EventPage(
    [property: Id(0)] ImmutableArray<EventRecord> Events,
    [property: Id(1)] RowPosition? Next,
    [property: Id(2)] bool ReachesBehindRetention = false);
