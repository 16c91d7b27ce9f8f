using System.Collections.Immutable;
using Actors.Facts;
using Actors.Idempotency;
using Actors.Retention;

namespace Actors.Sessions;

/// <summary>Where a session stands in its history.</summary>
/// <param name="Version">Counts the write statements that ever touched the client's memory.</param>
/// <param name="LastRecordedAt">Latest transaction time; null: nothing was ever written.</param>
/// <param name="EraseEpoch">Counts how often the client was erased; what was kept before is void.</param>
internal sealed record SessionHead(long Version, DateTimeOffset? LastRecordedAt, long EraseEpoch)
{
    /// <summary>How far its past reaches.</summary>
    public RetentionHorizon Horizon { get; init; }
}

/// <summary>What others wrote since a version.</summary>
/// <param name="Head">The head after these changes.</param>
/// <param name="Written">Events and facts as they are now.</param>
/// <param name="Removed">Events and facts that are gone.</param>
/// <param name="HasFacts">Whether facts are among them.</param>
internal sealed record SessionChanges(SessionHead Head, ImmutableArray<IMemory> Written, ImmutableArray<Guid> Removed, bool HasFacts);

/// <summary>What to write in one transaction.</summary>
/// <param name="Added">Events to insert, in this order.</param>
/// <param name="Removed">Events to delete.</param>
/// <param name="Facts">Changes of facts, at most one of a subject.</param>
/// <param name="Instant">Transaction time of the facts' changes, and of the kept answers.</param>
/// <param name="Kept">Answers to keep for repeats of their requests.</param>
internal sealed record SessionCommit(
    ImmutableArray<EventRecord> Added,
    ImmutableArray<Guid> Removed,
    ImmutableArray<FactChange> Facts,
    DateTimeOffset Instant,
    ImmutableArray<(IdempotencyKey Key, ImmutableArray<byte> Body)> Kept)
{
    public bool IsEmpty => Added.IsEmpty && Removed.IsEmpty && Facts.IsEmpty && Kept.IsEmpty;

    /// <summary>Whether rows are deleted.</summary>
    public bool Deletes => !Removed.IsEmpty || Facts.Any(change => change.Write.Operation == FactOperation.Retract);

    /// <summary>How many rows it is about.</summary>
    public int Size => Added.Length + Removed.Length + Facts.Length;

    /// <summary>How much text it holds, roughly.</summary>
    public long Characters =>
        Added.Sum(e => (long)e.Content.Length + e.MetadataJson.Length)
        + Facts.Sum(change => change.Added is { } added ? (long)added.Content.Length + added.MetadataJson.Length : 0);

    /// <summary>The latest transaction time in it; null: none.</summary>
    public DateTimeOffset? LastRecordedAt => Latest(Added, Facts);

    /// <summary>The latest transaction time of events, which are in its order, and facts; null: there are none.</summary>
    public static DateTimeOffset? Latest(ImmutableArray<EventRecord> events, ImmutableArray<FactChange> facts)
    {
        DateTimeOffset? latest = events.IsEmpty ? null : events[^1].CreatedAt;
        foreach (var change in facts)
        {
            latest = latest > change.Instant ? latest : change.Instant;
        }

        return latest;
    }
}

/// <summary>One session's part of a transaction.</summary>
/// <param name="ClientId">Whose session.</param>
/// <param name="ExpectedVersion">The version it has.</param>
/// <param name="Commit">What it writes.</param>
internal sealed record SessionPart(string ClientId, long ExpectedVersion, SessionCommit Commit)
{
    /// <summary>The version it has afterwards, unless it deletes.</summary>
    public long Version => ExpectedVersion + 1;

    /// <summary>The client; null: the house.</summary>
    public string? OwnerId => ClientId == FactSubjectKey.House ? null : ClientId;
}

/// <summary>A change of a fact in a transaction of several sessions.</summary>
internal readonly record struct SessionFact(SessionPart Part, FactChange Change);

/// <summary>What a commit did.</summary>
/// <param name="Version">The session's version after it.</param>
/// <param name="Added">The events as Postgres holds them, in the order of the commit.</param>
/// <param name="Removed">Which events it really deleted.</param>
/// <param name="Facts">The facts as Postgres holds them.</param>
internal sealed record SessionCommitted(
    long Version, ImmutableArray<EventRecord> Added, ImmutableHashSet<Guid> Removed, ImmutableArray<FactChange> Facts)
{
    /// <summary>The latest transaction time in it; null: none.</summary>
    public DateTimeOffset? LastRecordedAt => SessionCommit.Latest(Added, Facts);
}
