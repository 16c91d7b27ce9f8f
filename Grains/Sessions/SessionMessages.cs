using System.Collections.Immutable;

namespace Actors.Sessions;

/// <summary>Where a session stands in its history.</summary>
/// <param name="Version">Counts the write statements that ever touched the client's memory.</param>
/// <param name="LastRecordedAt">Latest transaction time; null: nothing was ever written.</param>
internal sealed record SessionHead(long Version, DateTimeOffset? LastRecordedAt);

/// <summary>What an activation starts from.</summary>
/// <param name="Head">The head the events belong to.</param>
/// <param name="Events">Oldest first.</param>
/// <param name="IsComplete">False: the client has more events than the limit, and these are the newest.</param>
internal sealed record SessionSnapshot(SessionHead Head, List<EventRecord> Events, bool IsComplete);

/// <summary>What others wrote since a version.</summary>
/// <param name="Head">The head after these changes.</param>
/// <param name="Written">Events as they are now.</param>
/// <param name="Removed">Events that are gone.</param>
internal sealed record SessionChanges(SessionHead Head, ImmutableArray<EventRecord> Written, ImmutableArray<Guid> Removed);

/// <summary>What to write in one transaction.</summary>
/// <param name="Added">Events to insert, in this order.</param>
/// <param name="Removed">Events to delete.</param>
internal sealed record SessionCommit(ImmutableArray<EventRecord> Added, ImmutableArray<Guid> Removed);

/// <summary>What a commit did.</summary>
/// <param name="Version">The session's version after it.</param>
/// <param name="Added">The events as Postgres holds them, in the order of the commit.</param>
/// <param name="Removed">Which events it really deleted.</param>
internal sealed record SessionCommitted(long Version, ImmutableArray<EventRecord> Added, ImmutableHashSet<Guid> Removed);
