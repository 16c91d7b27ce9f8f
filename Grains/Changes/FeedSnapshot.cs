using System.Collections.Immutable;
using System.Globalization;

namespace Actors.Changes;

/// <summary>
/// A moment of the database: which transactions had ended then, as <c>pg_current_snapshot</c> says it, and from which <c>seq</c> of
/// <c>change_log</c> on the others can write. Postgres counts a transaction as begun in a snapshot only when a later one has ended, so
/// <paramref name="Xmax"/> does not tell which have begun: <paramref name="Next"/> does.
/// </summary>
/// <param name="Xmin">All transactions below had ended.</param>
/// <param name="Xmax">None from here on had ended.</param>
/// <param name="Open">Those in between that had not ended, in order.</param>
/// <param name="Next">A transaction that began just afterwards: none above had begun, nor written anything.</param>
/// <param name="LastSeq">The highest <c>seq</c> that was visible: a transaction above <paramref name="Next"/> has only higher ones, since a sequence does not go back.</param>
/// <param name="OpenAfter">The same for those from <paramref name="Xmax"/> to <paramref name="Next"/>, which may have begun before.</param>
internal sealed record FeedSnapshot(ulong Xmin, ulong Xmax, ImmutableArray<OpenTransaction> Open, ulong Next, long LastSeq, long OpenAfter)
{
    /// <summary>As Postgres writes a <c>pg_snapshot</c>: <c>xmin:xmax:those in between</c>.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Xmin}:{Xmax}:{string.Join(',', Open.Select(t => t.Id))}");

    /// <summary>Before everything that is kept: nothing is visible in it, not even rows that have transaction id 2 in a new epoch.</summary>
    /// <param name="prunedToSeq">
    /// What retention has deleted up to. Rows of a transaction that stays open for longer than the log is kept count as deleted, too.
    /// </param>
    public static FeedSnapshot Oldest(long prunedToSeq) => new(1, 1, [], 1, prunedToSeq, prunedToSeq);

    /// <param name="text">A <c>pg_snapshot</c> as Postgres writes it.</param>
    /// <param name="next">The transaction that asked for it, and began when the snapshot had been taken.</param>
    /// <param name="lastSeq">The highest <c>seq</c> visible in it; null: none is.</param>
    /// <param name="earlier">Earlier snapshots, from which follows where open transactions can have begun to write; at least one.</param>
    public static FeedSnapshot Of(string text, ulong next, long? lastSeq, params ReadOnlySpan<FeedSnapshot> earlier)
    {
        var parts = text.Split(':');
        var xmax = Number(parts[1]);
        var open = ImmutableArray.CreateBuilder<OpenTransaction>();
        foreach (var id in parts[2].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Number))
        {
            open.Add(new OpenTransaction(id, SeqBefore(id, earlier)));
        }

        // Rows that were visible once may be gone since: a client that was erased.
        var last = lastSeq ?? 0;
        foreach (var snapshot in earlier)
        {
            last = Math.Max(last, snapshot.LastSeq);
        }

        return new FeedSnapshot(Number(parts[0]), xmax, open.DrainToImmutable(), next, last, SeqBefore(xmax, earlier));
    }

    /// <summary>All that is visible in a later snapshot and was not in this one has a higher <c>seq</c> than this.</summary>
    public long LastSeenBy(FeedSnapshot later)
    {
        var after = later.Xmax > Xmax ? Math.Min(LastSeq, OpenAfter) : LastSeq;
        foreach (var transaction in Open)
        {
            if (transaction.After < after && later.HasEnded(transaction.Id))
            {
                after = transaction.After;
            }
        }

        return after;
    }

    private bool HasEnded(ulong id) => id < Xmin || (id < Xmax && Find(id) < 0);

    // The best that is known of any of them. Ids are given in the order of beginning, so what holds for one holds for all above it.
    private static long SeqBefore(ulong id, ReadOnlySpan<FeedSnapshot> earlier)
    {
        var after = 0L;
        foreach (var snapshot in earlier)
        {
            after = Math.Max(after, snapshot.SeqBefore(id));
        }

        return after;
    }

    private long SeqBefore(ulong id) =>
        id > Next ? LastSeq
        : id >= Xmax ? OpenAfter
        : Find(id) is >= 0 and var at ? Open[at].After
        : 0;

    private int Find(ulong id)
    {
        var (low, high) = (0, Open.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (Open[middle].Id == id)
            {
                return middle;
            }

            (low, high) = Open[middle].Id < id ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    private static ulong Number(string text) => ulong.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>A transaction that had not ended.</summary>
/// <param name="Id">Its id.</param>
/// <param name="After">What it writes, or has written, into <c>change_log</c> has a higher <c>seq</c>: it had not begun when that one was visible.</param>
internal readonly record struct OpenTransaction(ulong Id, long After);
