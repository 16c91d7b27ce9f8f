using System.Collections.Immutable;
using Actors.Access;
using Orleans.Concurrency;

namespace Actors.Changes;

/// <summary>Reads the change feed: what became of events and facts, in order. Stateless; key: <see cref="Key"/>.</summary>
[Alias("IChangeQueryGrain")]
public interface IChangeQueryGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "changes";

    /// <summary>
    /// One page of changes after a cursor. Reading on from <see cref="ChangePage.Next"/> gives each committed change exactly once, whoever
    /// wrote it and in which order transactions end. Changes of one client come in the order in which they were committed;
    /// that a memory expired is in order with what was done to that memory.
    /// </summary>
    /// <exception cref="MalformedCursorException">The cursor is none of this feed.</exception>
    /// <exception cref="CursorExpiredException">Changes after the cursor are no longer kept, or the database was restored since.</exception>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; repeat later.</exception>
    [AlwaysInterleave, Alias("Read")]
    Task<ChangePage> ReadAsync(ChangeFeedRequest request, CancellationToken cancellationToken);
}

/// <summary>Which changes to read.</summary>
/// <param name="After">The cursor to read on from; null: from the oldest change that is kept; <see cref="Now"/>: from the end.</param>
/// <param name="Visibility">Whose changes may be seen. Those of the house are for those who see all.</param>
/// <param name="ClientId">Only changes of this client; null: of all that may be seen.</param>
/// <param name="Limit">Most changes on the page: 1 to 500.</param>
/// <param name="Wait">How long to wait for a change when there is none: zero to <see cref="LongestWait"/>.</param>
[GenerateSerializer, Immutable, Alias("ChangeFeedRequest")]
public sealed record ChangeFeedRequest(
    [property: Id(0)] string? After,
    [property: Id(1)] ClientVisibility Visibility,
    [property: Id(2)] string? ClientId,
    [property: Id(3)] int Limit,
    [property: Id(4)] TimeSpan Wait)
{
    /// <summary>In place of a cursor: the end of the feed.</summary>
    public const string Now = "now";

    /// <summary>Most changes on a page.</summary>
    public const int MaxLimit = 500;

    /// <summary>
    /// Longest cursor that is read, in characters. A cursor takes some 60 characters and about five for each transaction that was under way
    /// when it was made; with hundreds of them it stays below this.
    /// </summary>
    public const int MaxCursorLength = 6_144;

    /// <summary>Longest wait: below the 30 s after which a host gives up a call.</summary>
    public static TimeSpan LongestWait { get; } = TimeSpan.FromSeconds(20);
}

/// <summary>One page of changes.</summary>
/// <param name="Changes">The changes, oldest first. A page that holds 8,388,608 characters of memories is shorter than its limit.</param>
/// <param name="Next">The cursor after the page, also when it is empty: it moves on with what others change.</param>
/// <param name="HasMore">Whether there are more changes already. May be true for an empty page: the feed was looked through so far.</param>
[GenerateSerializer, Immutable, Alias("ChangePage")]
public sealed record ChangePage(
    [property: Id(0)] ImmutableArray<Change> Changes,
    [property: Id(1)] string Next,
    [property: Id(2)] bool HasMore);

/// <summary>One change of an event or a fact.</summary>
/// <param name="Cursor">The cursor after it.</param>
/// <param name="Seq">Its number in the log: unique, and for one client in the order of commits, but for <see cref="ChangeOperation.Expired"/>.</param>
/// <param name="Operation">What was done.</param>
/// <param name="Kind">To what.</param>
/// <param name="Id">Id of the event or fact.</param>
/// <param name="ClientId">Whose it was; null: the house's. One that moves is changed for both clients.</param>
/// <param name="ChangedAt">When it was written, by the clock of Postgres. Its commit may have come later.</param>
/// <param name="IsBySql">Whether somebody else than the service wrote it.</param>
/// <param name="MemoryJson">The event or fact as it is now, in JSON as the API answers with it; null: it is gone, or now belongs to a client that may not be seen.</param>
[GenerateSerializer, Immutable, Alias("Change")]
public sealed record Change(
    [property: Id(0)] string Cursor,
    [property: Id(1)] long Seq,
    [property: Id(2)] ChangeOperation Operation,
    [property: Id(3)] ChangedKind Kind,
    [property: Id(4)] Guid Id,
    [property: Id(5)] string? ClientId,
    [property: Id(6)] DateTimeOffset ChangedAt,
    [property: Id(7)] bool IsBySql,
    [property: Id(8)] string? MemoryJson);
