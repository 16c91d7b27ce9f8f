using System.Collections.Immutable;
using Actors.Facts;
using Actors.Sessions;

namespace Actors.Zep;

/// <summary>What a row of the outbox is about; as <c>table_name</c> writes it.</summary>
internal static class OutboxTables
{
    public const string Events = "events";
    public const string Facts = "facts";
    public const string Clients = "clients";
}

/// <summary>A row that waits.</summary>
/// <param name="Seq">Its place.</param>
/// <param name="Table">One of <see cref="OutboxTables"/>.</param>
/// <param name="RowId">Which memory; empty: the client as a whole.</param>
/// <param name="Attempts">How often it was refused.</param>
/// <param name="NextAttemptAt">Not before; null: at once.</param>
/// <param name="FirstFailedAt">Since when it has been tried in vain; null: it has not.</param>
internal sealed record OutboxRow(long Seq, string Table, Guid RowId, int Attempts, DateTimeOffset? NextAttemptAt, DateTimeOffset? FirstFailedAt);

/// <summary>What Zep has, or may have, of a memory.</summary>
/// <param name="RowId">Which.</param>
/// <param name="Part">Which part of it.</param>
/// <param name="ZepId">What Zep calls it.</param>
/// <param name="Hash">Tells what was sent.</param>
/// <param name="SentAt">When Zep took it; null: it is not known whether it did.</param>
/// <param name="RequestId">The request it went in the last time; null: it never went.</param>
/// <param name="IsShared">Whether Zep has given another memory the same id.</param>
/// <param name="Others">From when until when other facts hold that have the same id; null: there are none.</param>
/// <param name="ClaimedAt">Since when it may be there, though it is not known whether Zep took it; null: Zep has certainly not.</param>
internal sealed record ZepItem(
    Guid RowId, int Part, string ZepId, Guid Hash, DateTimeOffset? SentAt = null, Guid? RequestId = null, bool IsShared = false, ZepTimes? Others = null,
    DateTimeOffset? ClaimedAt = null)
{
    /// <summary>What it was called when it was read; null: nothing was written down of it.</summary>
    public string? KnownId { get; init; }

    /// <summary>Whether it is known to be there.</summary>
    public bool IsSent => SentAt is not null;
}

/// <summary>The valid time of facts that are one edge: from the first begin to the last end.</summary>
/// <param name="From">The begin.</param>
/// <param name="To">The end; null: one of them has none.</param>
internal sealed record ZepTimes(DateTimeOffset From, DateTimeOffset? To);

/// <summary>The first rows of a client's queue, and all that is needed to work on them.</summary>
/// <param name="EraseEpoch">How often the client was erased before they were read.</param>
/// <param name="IsEnsured">Whether its user and thread are known to be there.</param>
/// <param name="Rows">In their order.</param>
/// <param name="Events">Those of their events that there are.</param>
/// <param name="Facts">Those of their facts that there are.</param>
/// <param name="Items">What Zep has of their memories.</param>
internal sealed record OutboxWork(
    long EraseEpoch, bool IsEnsured, ImmutableArray<OutboxRow> Rows, IReadOnlyDictionary<Guid, EventRecord> Events, IReadOnlyDictionary<Guid, FactRecord> Facts,
    ILookup<Guid, ZepItem> Items)
{
    /// <summary>The rows of a memory: what it is now serves all of them.</summary>
    public ImmutableArray<long> SeqsOf(OutboxRow row) => [.. Rows.Where(other => (other.Table, other.RowId) == (row.Table, row.RowId)).Select(other => other.Seq)];
}

/// <summary>What was done, and is to be written down.</summary>
/// <param name="EraseEpoch">As of when what was sent was read.</param>
/// <param name="Seqs">Rows that are done.</param>
/// <param name="Sent">What Zep has now, in place of what it had of these parts.</param>
/// <param name="Removed">What it has no longer.</param>
/// <param name="FactId">The fact that Zep calls <paramref name="ZepFactId"/> now; null: none.</param>
/// <param name="ZepFactId">See there.</param>
internal sealed record OutboxNote(
    long EraseEpoch, ImmutableArray<long> Seqs, ImmutableArray<ZepItem> Sent, ImmutableArray<ZepItem> Removed, Guid? FactId = null, string? ZepFactId = null)
{
    /// <summary>A row that now sends what comes in the place of what was removed: tries so far have nothing to do with that; null: none does.</summary>
    public long? GoesOn { get; init; }
}
