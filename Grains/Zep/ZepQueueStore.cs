using System.Collections.Immutable;
using Actors.Facts;
using Actors.Sessions;
using Actors.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Actors.Zep;

/// <summary>
/// The SQL of a client's queue. What goes out is written down twice: before it is sent, under the locks of its rows, so that an erasure either prevents
/// it or knows of it; and after it, with the rows that are done, provided the client was not erased meanwhile.
/// </summary>
internal sealed class ZepQueueStore(Database database, TimeProvider time)
{
    private const string SelectHead =
        """
        select coalesce((select erase_epoch from session_heads where client_id = $1), 0),
               exists (select from zep_clients where client_id = $1 and ensured_at is not null)
        """;

    private const string SelectRows =
        "select seq, table_name, row_id, attempts, next_attempt_at, first_failed_at from outbox where client_id = $1 and failed_at is null order by seq limit $2";

    private const string SelectEvents = $"select {EventRow.Columns} from {EventRow.Source} where e.client_id = $1 and e.id = any($2)";

    private const string SelectFacts = $"select {FactRow.Columns} from facts f where f.client_id = $1 and f.id = any($2)";

    private const string SelectItems =
        """
        select i.row_id, i.part, i.zep_id, i.sent_hash, i.sent_at, i.request_id,
               exists (select from zep_items o where o.client_id = $1 and o.zep_id = i.zep_id and o.row_id <> i.row_id),
               others.valid_from, case when not others.is_open then others.valid_to end, i.claimed_at
          from zep_items i cross join lateral (
            select min(f.valid_from) as valid_from, max(f.valid_to) as valid_to, bool_or(f.valid_to is null) as is_open
              from zep_items o join facts f on f.id = o.row_id where o.client_id = $1 and o.zep_id = i.zep_id and o.row_id <> i.row_id) others
         where i.client_id = $1 and i.row_id = any($2) order by i.row_id, i.part
        """;

    private const string LockRows = "select seq from outbox where seq = any($1) order by seq for update";

    private const string InsertClient = "insert into zep_clients (client_id) values ($1) on conflict do nothing";

    private const string InsertItems =
        """
        insert into zep_items (client_id, table_name, row_id, part, zep_id, sent_hash, request_id, claimed_at)
        select $1, $2, row_id, part, zep_id, sent_hash, $7, $8 from unnest($3, $4, $5, $6) as n (row_id, part, zep_id, sent_hash)
        on conflict (client_id, row_id, part) do update
           set zep_id = excluded.zep_id, sent_hash = excluded.sent_hash, request_id = excluded.request_id, sent_at = null,
               claimed_at = coalesce(zep_items.claimed_at, excluded.claimed_at)
        """;

    // What has another id than it had when it was read, another activation is sending.
    private const string SelectOtherClaims =
        """
        select exists (
            select from zep_items i join unnest($2, $3, $4) as n (row_id, part, known_id) on i.row_id = n.row_id and i.part = n.part
             where i.client_id = $1 and i.zep_id is distinct from n.known_id)
        """;

    private const string ReleaseItems =
        """
        update zep_items i set claimed_at = null from unnest($2, $3) as n (row_id, part)
         where i.client_id = $1 and i.row_id = n.row_id and i.part = n.part and i.sent_at is null
        """;

    private const string ConfirmItems =
        """
        update zep_items i set zep_id = n.zep_id, sent_hash = n.sent_hash, sent_at = $6
          from unnest($2, $3, $4, $5) as n (row_id, part, zep_id, sent_hash)
         where i.client_id = $1 and i.row_id = n.row_id and i.part = n.part
        """;

    private const string DeleteItems =
        """
        with gone as (
            delete from zep_items i using unnest($2, $3) as n (row_id, part) where i.client_id = $1 and i.row_id = n.row_id and i.part = n.part
            returning i.client_id, i.zep_id)
        insert into zep_removed (client_id, zep_id) select client_id, zep_id from gone on conflict do nothing
        """;

    // Zep gives a fact that it had before the id it had.
    private const string ForgetRemoval = "delete from zep_removed where client_id = $1 and zep_id = any($2)";

    // Against an erasure; writers of the session go on.
    private const string LockHead = "select erase_epoch from session_heads where client_id = $1 for key share";

    private const string NoteFact = "select note_zep_fact($1, $2, $3, $4)";

    // One of the same memory that is set aside has nothing left to do.
    private const string DeleteRows =
        """
        with done as (delete from outbox where seq = any($1) returning client_id, row_id)
        delete from outbox o using done d where o.client_id = d.client_id and o.row_id = d.row_id and o.failed_at is not null and o.seq <> all($1)
        """;

    private const string QueueRemoval =
        "insert into outbox (client_id, table_name) select $1, 'clients' where not exists (select from outbox where client_id = $1 and table_name = 'clients')";

    private const string NoteRefusal = "update outbox set attempts = attempts + 1, last_error = $2, next_attempt_at = $3, failed_at = $4, first_failed_at = coalesce(first_failed_at, $5) where seq = $1";

    private const string StartOver = "update outbox set attempts = 0, first_failed_at = null, next_attempt_at = null, last_error = null where seq = $1 and attempts > 0";

    private const string NoteEnsured = "update zep_clients set ensured_at = $2 where client_id = $1";

    private const string NoteRemoved =
        """
        with gone as (delete from outbox where client_id = $1 and table_name = 'clients' and seq <= $2),
             items as (delete from zep_items where client_id = $1),
             known as (delete from zep_clients where client_id = $1)
        update erasures set zep = 'removed'
         where client_id = $1 and zep = 'pending' and not exists (select from outbox where client_id = $1 and table_name = 'clients' and seq > $2)
        """;

    /// <summary>
    /// The first rows, then what their memories are: later than the rows, so that no row stands for a state that was not seen. The epoch between them:
    /// rows of before an erasure are then known for gone, and what is stored after it is not taken for theirs.
    /// </summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<OutboxWork> ReadAsync(string clientId, int limit, CancellationToken cancellationToken) => database.ReadAsync(
        async connection =>
        {
            var rows = await connection.QueryAsync(
                SelectRows,
                row => new OutboxRow(
                    row.GetInt64(0), row.GetString(1), row.ValueOrNull<Guid>(2) ?? Guid.Empty, row.GetInt32(3), row.ValueOrNull<DateTimeOffset>(4), row.ValueOrNull<DateTimeOffset>(5)),
                SqlValues.Text(clientId), SqlValues.Integer(limit));
            var head = await connection.QueryAsync(SelectHead, row => (Epoch: row.GetInt64(0), IsEnsured: row.GetBoolean(1)), SqlValues.Text(clientId));
            var events = await OfAsync(OutboxTables.Events, SelectEvents, row => EventRow.Read(row));
            var facts = await OfAsync(OutboxTables.Facts, SelectFacts, row => FactRow.Read(row));
            var items = rows.Count == 0 ? [] : await connection.QueryAsync(
                SelectItems, row => new ZepItem(
                    row.GetGuid(0), row.GetInt32(1), row.GetString(2), row.GetGuid(3), row.ValueOrNull<DateTimeOffset>(4), row.ValueOrNull<Guid>(5), row.GetBoolean(6),
                    row.ValueOrNull<DateTimeOffset>(7) is { } from ? new ZepTimes(from, row.ValueOrNull<DateTimeOffset>(8)) : null, row.ValueOrNull<DateTimeOffset>(9))
                {
                    KnownId = row.GetString(2),
                },
                SqlValues.Text(clientId), SqlValues.Uuids([.. rows.Select(row => row.RowId)]));
            return new OutboxWork(
                head[0].Epoch, head[0].IsEnsured, [.. rows], events.ToDictionary(memory => memory.Id), facts.ToDictionary(fact => fact.Id), items.ToLookup(item => item.RowId));

            async Task<List<T>> OfAsync<T>(string table, string sql, Func<NpgsqlDataReader, T> read)
            {
                var ids = rows.Where(row => row.Table == table).Select(row => row.RowId).ToImmutableArray();
                return ids.IsEmpty ? [] : await connection.QueryAsync(sql, read, SqlValues.Text(clientId), SqlValues.Uuids(ids));
            }
        },
        cancellationToken);

    /// <summary>Writes down what is about to be sent in a request, for rows that are all still there, and of which nobody else sends anything.</summary>
    /// <returns>False: it is not so, and nothing may be sent.</returns>
    /// <exception cref="StorageUnavailableException">Nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke: it may have been written, which does no harm.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    public Task<bool> ClaimAsync(string clientId, string table, ImmutableArray<long> seqs, ImmutableArray<ZepItem> items) => database.WriteTransactionAsync(
        async connection =>
        {
            if ((await connection.QueryAsync(LockRows, row => row.GetInt64(0), Seqs(seqs))).Count != seqs.Length)
            {
                return false;
            }

            await connection.ExecuteAsync(InsertClient, SqlValues.Text(clientId));
            if (items.IsEmpty)
            {
                return true;
            }

            var known = SqlValues.Value(NpgsqlDbType.Array | NpgsqlDbType.Text, items.Select(item => item.KnownId).ToArray());
            if ((await connection.QueryAsync(SelectOtherClaims, row => row.GetBoolean(0), [SqlValues.Text(clientId), .. Columns(items)[..2], known]))[0])
            {
                return false;
            }

            await connection.ExecuteAsync(
                InsertItems,
                [SqlValues.Text(clientId), SqlValues.Text(table), .. Columns(items), SqlValues.Uuid(Guid.CreateVersion7()), SqlValues.Time(time.GetUtcNow())]);
            return true;
        },
        _ => null);

    /// <summary>Writes down that Zep has not taken what was claimed.</summary>
    /// <exception cref="StorageUnavailableException">Nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    public Task ReleaseAsync(string clientId, ImmutableArray<ZepItem> items) => database.WriteAsync(connection =>
        connection.ExecuteAsync(ReleaseItems, [SqlValues.Text(clientId), .. Columns(items)[..2]]));

    /// <summary>Writes down what was done. If the client was erased meanwhile, that Zep is to remove it again, instead.</summary>
    /// <exception cref="StorageUnavailableException">Nothing was written; repeating is safe.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke; repeating is safe.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    public Task NoteAsync(string clientId, OutboxNote note) => database.WriteTransactionAsync(
        async connection =>
        {
            // Facts before the head, as all writers have it.
            if (note.FactId is { } factId)
            {
                await connection.ExecuteAsync(
                    NoteFact, SqlValues.Text(clientId), SqlValues.Uuid(factId), SqlValues.Text(note.ZepFactId), SqlValues.Value(NpgsqlDbType.Bigint, note.EraseEpoch));
            }

            var epochs = await connection.QueryAsync(LockHead, row => row.GetInt64(0), SqlValues.Text(clientId));
            if (epochs.Count > 0 && epochs[0] != note.EraseEpoch)
            {
                // Of what was not sent nothing is there.
                return note.Sent.IsEmpty ? 0 : await connection.ExecuteAsync(QueueRemoval, SqlValues.Text(clientId));
            }

            if (!note.Sent.IsEmpty)
            {
                await connection.ExecuteAsync(ConfirmItems, [SqlValues.Text(clientId), .. Columns(note.Sent), SqlValues.Time(time.GetUtcNow())]);
                await connection.ExecuteAsync(ForgetRemoval, SqlValues.Text(clientId), SqlValues.Texts([.. note.Sent.Select(item => item.ZepId)]));
            }

            if (!note.Removed.IsEmpty)
            {
                await connection.ExecuteAsync(DeleteItems, [SqlValues.Text(clientId), .. Columns(note.Removed)[..2]]);
            }

            if (note.GoesOn is { } going)
            {
                await connection.ExecuteAsync(StartOver, SqlValues.Value(NpgsqlDbType.Bigint, going));
            }

            return await connection.ExecuteAsync(DeleteRows, Seqs(note.Seqs));
        },
        _ => null);

    /// <summary>Writes down that Zep refused a row.</summary>
    /// <param name="seq">Which.</param>
    /// <param name="error">What it said.</param>
    /// <param name="nextAttemptAt">When it is tried again; null: it is set aside.</param>
    /// <exception cref="StorageUnavailableException">Nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    public Task RefusedAsync(long seq, string error, DateTimeOffset? nextAttemptAt) => database.WriteAsync(connection => connection.ExecuteAsync(
        NoteRefusal, SqlValues.Value(NpgsqlDbType.Bigint, seq), SqlValues.Text(error), SqlValues.Time(nextAttemptAt),
        SqlValues.Time(nextAttemptAt is null ? time.GetUtcNow() : null), SqlValues.Time(time.GetUtcNow())));

    /// <summary>Writes down whether user and thread are there.</summary>
    /// <exception cref="StorageUnavailableException">Nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    public Task EnsuredAsync(string clientId, bool isEnsured) => database.WriteAsync(connection => connection.ExecuteAsync(
        NoteEnsured, SqlValues.Text(clientId), SqlValues.Time(isEnsured ? time.GetUtcNow() : null)));

    /// <summary>Writes down that nothing of a client is left there, and that it was erased, unless it was erased again meanwhile.</summary>
    /// <exception cref="StorageUnavailableException">Nothing was written; repeating is safe.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke; repeating is safe.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    public Task UserRemovedAsync(string clientId, long seq) => database.WriteAsync(connection =>
        connection.ExecuteAsync(NoteRemoved, SqlValues.Text(clientId), SqlValues.Value(NpgsqlDbType.Bigint, seq)));

    private static NpgsqlParameter Seqs(ImmutableArray<long> seqs) => SqlValues.Value(NpgsqlDbType.Array | NpgsqlDbType.Bigint, seqs.ToArray());

    private static NpgsqlParameter[] Columns(ImmutableArray<ZepItem> items) =>
    [
        SqlValues.Uuids([.. items.Select(item => item.RowId)]),
        SqlValues.Value(NpgsqlDbType.Array | NpgsqlDbType.Integer, items.Select(item => item.Part).ToArray()),
        SqlValues.Texts([.. items.Select(item => item.ZepId)]),
        SqlValues.Uuids([.. items.Select(item => item.Hash)]),
    ];
}
