using System.Collections.Immutable;
using Actors.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Actors.Changes;

/// <summary>The SQL of the change feed: how one page of it is found. What a cursor is: <see cref="ChangeCursor"/>.</summary>
internal sealed partial class ChangeFeedStore(Database database)
{
    // The transaction id is taken when the snapshot of the statement has been; no row is written by it. See FeedSnapshot.
    private const string SelectNow =
        """
        select epoch, pruned_to_seq, pg_current_snapshot()::text, (select max(seq) from change_log), pg_current_xact_id()::text from change_feed
        """;

    // For cursors, which clients keep. Postgres gives transaction ids anew that it had not written down when it crashed, and such a one counts
    // as ended in a snapshot from before, so that what is written under it would be missed. Hence an empty message, for the sake of which the
    // commit waits until the log is on the disk up to there.
    private const string SelectNowOnDisk =
        """
        select epoch, pruned_to_seq, pg_current_snapshot()::text, (select max(seq) from change_log), pg_current_xact_id()::text,
               set_config('synchronous_commit', 'local', true), pg_logical_emit_message(true, '', '')
        from change_feed
        """;

    private const string SelectPruned = "select pruned_to_seq from change_feed";

    // In parentheses: read once, not for each row.
    private const string BecameVisible =
        "pg_visible_in_snapshot(transaction_id, (select $4::text::pg_snapshot)) and not pg_visible_in_snapshot(transaction_id, (select $3::text::pg_snapshot))";

    // By the primary key, in steps of so many numbers at most: what a step costs does not depend on what others write.
    private const string SelectStep =
        $"""
        select {ChangeRow.Columns} from change_log
        where seq > $1 and seq <= $2 and {ChangeRow.IsFed} and ($5::text[] is null or client_id = any ($5)) and {BecameVisible}
        order by seq limit $6
        """;

    // By change_log_by_client: all that is known of clients who have few changes among many. The condition on seq stands outside, or a plan
    // for any values would take the primary key and read the many.
    private const string SelectOfFew =
        $"""
        select {ChangeRow.Columns} from unnest($5::text[]) as wanted (id)
        cross join lateral (select * from change_log where client_id = wanted.id offset 0) l
        where seq > $1 and seq <= $2 and {ChangeRow.IsFed} and {BecameVisible}
        order by seq limit $6
        """;

    private const string CountOfFew =
        """
        select count(*) from (
            select from unnest($1::text[]) as wanted (id)
            cross join lateral (select from change_log where client_id = wanted.id limit $2) l
            limit $2) counted
        """;

    private const int Step = 20_000;

    /// <summary>Clients with fewer changes than this, all together, are read by client: less than a step.</summary>
    private const int Few = 1_000;

    /// <summary>Steps of one read, some 0.1 s; then the page ends, however much is on it, and the next goes on from there.</summary>
    private const int MaxSteps = 20;

    private volatile Known? _latest;

    /// <summary>One page.</summary>
    /// <param name="request">Which; its wait is for others.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="MalformedCursorException">The cursor is none.</exception>
    /// <exception cref="CursorExpiredException">What followed the cursor is not kept.</exception>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<ChangePage> ReadAsync(ChangeFeedRequest request, CancellationToken cancellationToken)
    {
        var after = request.After is null or ChangeFeedRequest.Now ? null : ChangeCursor.Parse(request.After) ?? throw new MalformedCursorException();
        return database.ReadAsync(
            async connection =>
            {
                while (true)
                {
                    var now = await SelectNowAsync(connection, SelectNowOnDisk, cancellationToken);
                    var start = StartOf(request, after, now);
                    var found = await FindAsync(connection, start, now, ClientsOf(request), request.Limit, cancellationToken);
                    // Each statement sees what is there then, so retention may have deleted what this page had to have.
                    if (IsKept(start, now, await SelectPrunedAsync(connection, cancellationToken)))
                    {
                        return await WithMemoriesAsync(connection, found, request.Visibility, cancellationToken);
                    }

                    // Who goes on after a cursor hears of it now; who begins begins after it.
                }
            },
            cancellationToken);
    }

    private static bool IsKept(ChangeCursor start, Now now, long prunedToSeq) => start.LastRead(now.SnapshotAfter(start.Since)) >= prunedToSeq;

    private static async Task<long> SelectPrunedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var select = new NpgsqlCommand(SelectPruned, connection);
        return (long)(await select.ExecuteScalarAsync(cancellationToken))!;
    }

    private static ChangeCursor StartOf(ChangeFeedRequest request, ChangeCursor? after, Now now)
    {
        var epoch = ChangeCursor.EpochOf(now.Epoch);
        if (after is null)
        {
            var oldest = FeedSnapshot.Oldest(now.PrunedToSeq);
            return new ChangeCursor(epoch, request.After is null ? oldest : now.SnapshotAfter(oldest), null, 0);
        }

        if (after.Epoch != epoch || (after.Until ?? after.Since).Next > now.Next)
        {
            throw new CursorExpiredException("The database was restored since, and is another one than that of the cursor.");
        }

        return IsKept(after, now, now.PrunedToSeq)
            ? after
            : throw new CursorExpiredException("Changes after the cursor are no longer kept.");
    }

    private static async Task<Found> FindAsync(
        NpgsqlConnection connection, ChangeCursor start, Now now, ImmutableArray<string> clients, int limit, CancellationToken cancellationToken)
    {
        var rows = new List<(ChangeRow Row, ChangeCursor Cursor)>(limit + 1);
        var isLastWindow = start.Until is null;
        var window = isLastWindow ? start with { Until = now.SnapshotAfter(start.Since), Seq = 0 } : start;
        var steps = 0;
        while (true)
        {
            var (low, high) = (window.LastRead(window.Until!), window.Until!.LastSeq);
            var isOfFew = !clients.IsDefault && high - low > Step && await AreFewAsync(connection, clients, cancellationToken);
            for (; low < high && rows.Count <= limit; steps++)
            {
                if (steps == MaxSteps)
                {
                    return new Found(rows, window with { Seq = low }, HasMore: true);
                }

                var end = isOfFew ? high : Math.Min(high, low + Step);
                var wanted = limit + 1 - rows.Count;
                var step = await SelectAsync(connection, isOfFew ? SelectOfFew : SelectStep, window, (low, end), clients, wanted, cancellationToken);
                rows.AddRange(step.Select(row => (row, window with { Seq = row.Seq })));
                low = step.Count == wanted ? step[^1].Seq : end;
            }

            if (rows.Count > limit)
            {
                rows.RemoveAt(limit);
                return new Found(rows, rows[^1].Cursor, HasMore: true);
            }

            var done = new ChangeCursor(window.Epoch, window.Until, null, 0);
            if (isLastWindow)
            {
                return new Found(rows, done, HasMore: false);
            }

            (isLastWindow, window) = (true, done with { Until = now.SnapshotAfter(done.Since) });
        }
    }

    /// <summary>Whose changes a request is about; default: all clients', and the house's.</summary>
    public static ImmutableArray<string> ClientsOf(ChangeFeedRequest request)
    {
        var visible = request.Visibility.ClientIds;
        return request.ClientId is not { } only ? visible : visible.IsDefault || visible.Contains(only) ? [only] : [];
    }

    private static async Task<bool> AreFewAsync(NpgsqlConnection connection, ImmutableArray<string> clients, CancellationToken cancellationToken)
    {
        await using var count = new NpgsqlCommand(CountOfFew, connection) { Parameters = { SqlValues.Texts(clients), SqlValues.Integer(Few) } };
        return (long)(await count.ExecuteScalarAsync(cancellationToken))! < Few;
    }

    private static async Task<List<ChangeRow>> SelectAsync(
        NpgsqlConnection connection, string sql, ChangeCursor window, (long After, long To) seqs, ImmutableArray<string> clients, int limit,
        CancellationToken cancellationToken)
    {
        await using var select = new NpgsqlCommand(sql, connection)
        {
            Parameters =
            {
                SqlValues.Value(NpgsqlDbType.Bigint, seqs.After), SqlValues.Value(NpgsqlDbType.Bigint, seqs.To), SqlValues.Text(window.Since.Text),
                SqlValues.Text(window.Until!.Text), SqlValues.Texts(clients), SqlValues.Integer(limit),
            },
        };
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        var rows = new List<ChangeRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(ChangeRow.Read(reader));
        }

        return rows;
    }

    // What this process saw last tells a reader who was away for long from where on open transactions can have written.
    private async Task<Now> SelectNowAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var latest = _latest;
        await using var select = new NpgsqlCommand(sql, connection);
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            throw new InvalidOperationException("change_feed has lost its row.");
        }

        var now = new Now(
            reader.GetGuid(0), reader.GetInt64(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetInt64(3),
            ulong.Parse(reader.GetString(4), System.Globalization.CultureInfo.InvariantCulture));
        var known = latest?.Epoch == now.Epoch && latest.Snapshot.Next < now.Next ? latest.Snapshot : FeedSnapshot.Oldest(now.PrunedToSeq);
        _latest = new Known(now.Epoch, now.SnapshotAfter(known));
        return now with { Known = known };
    }

    /// <summary>The feed at this moment.</summary>
    private sealed record Now(Guid Epoch, long PrunedToSeq, string Snapshot, long? LastSeq, ulong Next)
    {
        public FeedSnapshot? Known { get; init; }

        /// <summary>The present snapshot, with what follows from an earlier one.</summary>
        public FeedSnapshot SnapshotAfter(FeedSnapshot earlier) =>
            Known is null ? FeedSnapshot.Of(Snapshot, Next, LastSeq, earlier) : FeedSnapshot.Of(Snapshot, Next, LastSeq, earlier, Known);
    }

    private sealed record Known(Guid Epoch, FeedSnapshot Snapshot);

    /// <summary>What a page is made of.</summary>
    private sealed record Found(List<(ChangeRow Row, ChangeCursor Cursor)> Rows, ChangeCursor Next, bool HasMore);
}
