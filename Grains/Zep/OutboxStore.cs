using System.Collections.Immutable;
using Actors.Idempotency;
using Actors.Storage;
using Npgsql;

namespace Actors.Zep;

/// <summary>The SQL of the outbox across clients: for the sweeper, and for operators.</summary>
internal sealed class OutboxStore(Database database, TimeProvider time)
{
    private const string SetOn = "update outside_services set is_on = $1, changed_at = clock_timestamp() where name = 'zep' and is_on <> $1";

    /// <summary>Rows are counted up to this: the count is taken every few seconds, and the outbox has no bound.</summary>
    public const int MaxCounted = 10_000;

    // From client to client by the index, however many rows each has.
    private const string Heads =
        """
        with recursive heads (client_id, next_attempt_at, created_at) as (
            (select client_id, next_attempt_at, created_at from outbox where failed_at is null order by client_id, seq limit 1)
            union all
            select n.client_id, n.next_attempt_at, n.created_at from heads h cross join lateral (
                select client_id, next_attempt_at, created_at from outbox where failed_at is null and client_id > h.client_id order by client_id, seq limit 1) n)
        """;

    private const string SelectDue = $"{Heads} select client_id from heads where next_attempt_at is null or next_attempt_at <= $1";

    // A client's first row is its oldest.
    private const string SelectState =
        $"""
        {Heads}
        select (select count(*) from (select from outbox where failed_at is null limit $1) waiting), (select min(created_at) from heads),
               (select count(*) from (select from outbox where failed_at is not null limit $1) failed)
        """;

    private const string Columns = "id, client_id, table_name, row_id, attempts, next_attempt_at, last_error, failed_at, created_at";

    private const string SelectPage =
        $"""
        select {Columns} from outbox
         where ($1::boolean is null or (failed_at is not null) = $1) and ($2::text is null or client_id = $2) and ($3::uuid is null or id < $3)
         order by id desc limit $4
        """;

    // A delay is for what is set aside: others of the client wait behind what waits, and an erasure is not put off.
    private const string Retry =
        $"""
        update outbox
           set attempts = 0, next_attempt_at = case when failed_at is not null and table_name <> 'clients' then $2::timestamptz end, failed_at = null, first_failed_at = null
         where id = $1 returning {Columns}
        """;

    // The removal of what an erased client had there is not the operator's to call off.
    private const string Delete = "delete from outbox where id = $1 and table_name <> 'clients'";

    private const string SelectKind = "select table_name from outbox where id = $1";

    /// <summary>Writes down whether memories are queued for Zep from now on.</summary>
    /// <exception cref="StorageUnavailableException">Nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke; repeating is safe.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    public Task SetOnAsync(bool isOn) => database.WriteAsync(connection => connection.ExecuteAsync(SetOn, SqlValues.Boolean(isOn)));

    /// <summary>Clients whose first row may be sent now.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<ImmutableArray<string>> ListDueAsync(CancellationToken cancellationToken) =>
        database.SelectAsync(SelectDue, row => row.GetString(0), cancellationToken, SqlValues.Time(time.GetUtcNow()));

    /// <summary>How much waits, and how much is set aside, each up to <see cref="MaxCounted"/>.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task<OutboxState> ReadStateAsync(CancellationToken cancellationToken) =>
        (await database.SelectAsync(SelectState, row => new OutboxState(row.GetInt64(0), row.ValueOrNull<DateTimeOffset>(1), row.GetInt64(2)), cancellationToken,
            SqlValues.Integer(MaxCounted)))[0];

    /// <summary>One page, newest first.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task<OutboxPage> ListAsync(OutboxListRequest request, CancellationToken cancellationToken)
    {
        var rows = await database.SelectAsync(
            SelectPage, Read, cancellationToken, SqlValues.Boolean(request.IsFailed), SqlValues.Text(request.ClientId), SqlValues.Uuid(request.After),
            SqlValues.Integer(request.Limit + 1));
        return new OutboxPage([.. rows.Take(request.Limit)], rows.Length > request.Limit);
    }

    /// <returns>Null: there is no such row.</returns>
    /// <exception cref="AlreadyAnsweredException">A request with the same idempotency key was faster.</exception>
    /// <exception cref="StorageUnavailableException">Nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke; repeating is safe.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    public Task<OutboxRecord?> RetryAsync(Guid id, TimeSpan delay, IdempotencyKey? key) => database.WriteTransactionAsync(
        async connection =>
        {
            var now = time.GetUtcNow();
            if ((await connection.QueryAsync(Retry, Read, SqlValues.Uuid(id), SqlValues.Time(delay > TimeSpan.Zero ? now + delay : null))).SingleOrDefault() is not { } row)
            {
                return null;
            }

            await connection.KeepAnswerAsync(key, row.ClientId, row, KeptAnswerJson.Default.OutboxRecord, now);
            return row;
        },
        _ => null);

    /// <returns>False: there is no such row.</returns>
    /// <exception cref="OutboxRowKeptException">It is an erasure.</exception>
    /// <exception cref="StorageUnavailableException">Nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke; repeating is safe.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    public Task<bool> DeleteAsync(Guid id) => database.WriteAsync(async connection =>
        await connection.ExecuteAsync(Delete, SqlValues.Uuid(id)) > 0
        || ((await connection.QueryAsync(SelectKind, row => row.GetString(0), SqlValues.Uuid(id))).Contains(OutboxTables.Clients) ? throw new OutboxRowKeptException() : false));

    private static OutboxRecord Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), KindOf(row.GetString(2)), row.ValueOrNull<Guid>(3), row.GetInt32(4), row.ValueOrNull<DateTimeOffset>(5), row.TextOrNull(6),
        row.ValueOrNull<DateTimeOffset>(7), row.GetFieldValue<DateTimeOffset>(8));

    private static OutboxKind KindOf(string table) => table switch
    {
        OutboxTables.Events => OutboxKind.Event,
        OutboxTables.Facts => OutboxKind.Fact,
        _ => OutboxKind.Erasure,
    };
}
