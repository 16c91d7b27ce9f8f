using System.Collections.Immutable;
using Actors.Facts;
using Actors.Idempotency;

namespace Actors.Sessions;

/// <summary>Where a session stands in its history.</summary>
/// <param name="Version">Counts the write statements that ever touched the client's memory.</param>
/// <param name="LastRecordedAt">Latest transaction time; null: nothing was ever written.</param>
internal sealed record SessionHead(long Version, DateTimeOffset? LastRecordedAt);

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
}

/// <summary>What a commit did.</summary>
/// <param name="Version">The session's version after it.</param>
/// <param name="Added">The events as Postgres holds them, in the order of the commit.</param>
/// <param name="Removed">Which events it really deleted.</param>
/// <param name="Facts">The facts as Postgres holds them.</param>
internal sealed record SessionCommitted(
    long Version, ImmutableArray<EventRecord> Added, ImmutableHashSet<Guid> Removed, ImmutableArray<FactChange> Facts)
{
    /// <summary>The latest transaction time in it; null: none.</summary>
    public DateTimeOffset? LastRecordedAt =>
        Added.Select(e => (DateTimeOffset?)e.CreatedAt).Concat(Facts.Select(f => (DateTimeOffset?)f.Answer.Fact.RecordedAt)).Max();
}
