using System.Collections.Immutable;
using Actors.Storage;
using Npgsql;
using NpgsqlTypes;
using static Actors.Storage.SqlValues;

namespace Actors.Retention;

/// <summary>
/// The SQL of <see cref="RetentionSweep"/>. A transaction is about one client, whose head it locks first, as everybody does: so it
/// keeps nobody waiting but that client, and waits for nobody else.
/// </summary>
internal sealed class RetentionStore(Database database)
{
    private const string SelectEvents =
        """
        select coalesce(client_id, '-'), id from events
        where expired_at <= $1 and expired_at is not null and coalesce(client_id, '-') <> all ($3) order by expired_at limit $2
        """;

    private const string SelectVersions =
        """
        select coalesce(client_id, '-'), fact_id, recorded_at from fact_versions
        where retracted_at <= $1 and coalesce(client_id, '-') <> all ($3) order by retracted_at limit $2
        """;

    private const string LockHead = "select from session_heads where client_id = $1 for update";

    // Rows that an operator holds are passed over: he will want the head next. So is what has moved to another client, or lives again.
    private const string DeleteEvents =
        """
        with gone as (
            select id from events where id = any ($2) and coalesce(client_id, '-') = $1 and expired_at <= $3 for update skip locked
        )
        delete from events e using gone where e.id = gone.id returning e.expired_at
        """;

    private const string MoveHorizon =
        "update session_heads set purged_to = greatest(purged_to, $2) where client_id = $1";

    private const string DeleteVersions =
        """
        delete from fact_versions v using unnest($1, $2) as over (fact_id, recorded_at)
        where v.fact_id = over.fact_id and v.recorded_at = over.recorded_at and v.retracted_at <= $3
        returning v.fact_id, v.retracted_at
        """;

    // A fact of which nothing is left came from nowhere.
    private const string DeleteSources =
        """
        delete from fact_sources s where s.fact_id = any ($1)
        and not exists (select from facts where id = s.fact_id) and not exists (select from fact_versions where fact_id = s.fact_id)
        """;

    // Moves the head, so that sessions drop the past they hold. Feeds look for events and facts.
    private const string LogVersions = "select record_changes('fact_versions', $1, $2, '{delete}', null)";

    private const string MoveVersionsHorizon =
        "update session_heads set versions_purged_to = greatest(versions_purged_to, $2) where client_id = $1";

    // The log's times are of Postgres' clock.
    private const string SelectClock = "select clock_timestamp()";

    // From the oldest row on up to the first that is to stay, so that who follows the log misses nothing in between.
    private const string SelectLogRows =
        """
        with oldest as materialized (
            select client_id, seq, changed_at <= $1 as is_over
            from change_log where client_id <> all ($3) order by seq limit $2
        )
        select client_id, seq from oldest
        where is_over and seq < coalesce((select min(seq) from oldest where not is_over), 9223372036854775807)
        order by seq
        """;

    private const string DeleteLogRows =
        "delete from change_log where client_id = $1 and seq = any ($2) and changed_at <= $3 returning head_version";

    // Who looks through a client's memories by the log has to look through all of them.
    private const string MoveLogHorizon =
        """
        with moved as (
            update session_heads set log_pruned_to = greatest(log_pruned_to, $2) where client_id = $1 returning client_id, log_pruned_to
        )
        delete from embedding_progress p using moved where p.client_id = moved.client_id and p.version < moved.log_pruned_to
        """;

    // Cursors of the change feed before this have missed something (sql/020_change_feed.sql).
    private const string MoveFeed = "update change_feed set pruned_to_seq = greatest(pruned_to_seq, $1)";

    // Each process lets the session look that it has of the client.
    private const string Notify = "select pg_notify('actors_changes', $1)";

    /// <summary>Expired events that ended up to a time, but of some clients, the oldest first, with their clients ('-' is the house).</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<ImmutableArray<(string ClientId, Guid EventId)>> FindEventsAsync(
        DateTimeOffset horizon, ImmutableArray<string> butOf, int limit, CancellationToken cancellationToken) =>
        database.SelectAsync(SelectEvents, row => (row.GetString(0), row.GetGuid(1)), cancellationToken, Time(horizon), Integer(limit), Texts(butOf));

    /// <summary>Beliefs that ended up to a time, but of some clients, the oldest first, with their clients ('-' is the house).</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<ImmutableArray<(string ClientId, (Guid FactId, DateTimeOffset RecordedAt) Version)>> FindVersionsAsync(
        DateTimeOffset horizon, ImmutableArray<string> butOf, int limit, CancellationToken cancellationToken) =>
        database.SelectAsync(
            SelectVersions, row => (row.GetString(0), (row.GetGuid(1), row.GetFieldValue<DateTimeOffset>(2))), cancellationToken, Time(horizon), Integer(limit), Texts(butOf));

    /// <summary>
    /// Deletes those of a client's events that still ended up to a time, in one transaction: each deletion is logged, the client's head
    /// moves, and with it how far its past reaches.
    /// </summary>
    /// <returns>How many.</returns>
    /// <exception cref="StorageUnavailableException">Nothing was deleted.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke; repeating is safe.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    public Task<int> DeleteEventsAsync(string clientId, ImmutableArray<Guid> eventIds, DateTimeOffset horizon) => WriteAsync(clientId, async connection =>
    {
        var ends = await connection.QueryAsync(
            DeleteEvents, row => row.GetFieldValue<DateTimeOffset>(0), Text(clientId), Uuids(eventIds), Time(horizon));
        if (ends.Count > 0)
        {
            await connection.ExecuteAsync(MoveHorizon, Text(clientId), Time(ends.Max()));
        }

        return ends.Count;
    });

    /// <summary>Deletes beliefs of a client that ended up to a time; otherwise like <see cref="DeleteEventsAsync"/>.</summary>
    public Task<int> DeleteVersionsAsync(string clientId, ImmutableArray<(Guid FactId, DateTimeOffset RecordedAt)> versions, DateTimeOffset horizon) =>
        WriteAsync(clientId, async connection =>
        {
            var deleted = await connection.QueryAsync(
                DeleteVersions, row => (FactId: row.GetGuid(0), RetractedAt: row.GetFieldValue<DateTimeOffset>(1)),
                Uuids([.. versions.Select(version => version.FactId)]),
                Value(NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, versions.Select(version => version.RecordedAt.ToUniversalTime()).ToArray()),
                Time(horizon));
            if (deleted.Count > 0)
            {
                var facts = Uuids([.. deleted.Select(version => version.FactId).Distinct()]);
                await connection.ExecuteAsync(DeleteSources, facts);
                await connection.ExecuteAsync(LogVersions, Text(clientId), facts.Clone());
                await connection.ExecuteAsync(MoveVersionsHorizon, Text(clientId), Time(deleted.Max(version => version.RetractedAt)));
            }

            return deleted.Count;
        });

    /// <summary>What Postgres' clock shows.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task<DateTimeOffset> ReadClockAsync(CancellationToken cancellationToken) =>
        (await database.SelectAsync(SelectClock, row => row.GetFieldValue<DateTimeOffset>(0), cancellationToken))[0];

    /// <summary>Of the oldest rows of the change log those from before a time, in their order, with their clients ('-' is the house).</summary>
    /// <param name="horizon">By Postgres' clock.</param>
    /// <param name="butOf">Clients whose rows are not looked at.</param>
    /// <param name="limit">How many rows it looks at.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<ImmutableArray<(string ClientId, long Seq)>> FindLogRowsAsync(
        DateTimeOffset horizon, ImmutableArray<string> butOf, int limit, CancellationToken cancellationToken) =>
        database.SelectAsync(SelectLogRows, row => (row.GetString(0), row.GetInt64(1)), cancellationToken, Time(horizon), Integer(limit), Texts(butOf));

    /// <summary>
    /// Deletes rows of the change log of a client from before a time, in one transaction; its head then tells from which version on the log
    /// is whole. Otherwise like <see cref="DeleteEventsAsync"/>.
    /// </summary>
    public Task<int> DeleteLogRowsAsync(string clientId, ImmutableArray<long> rows, DateTimeOffset horizon) => WriteAsync(
        clientId,
        async connection =>
        {
            var versions = await connection.QueryAsync(
                DeleteLogRows, row => row.GetInt64(0), Text(clientId), Value(NpgsqlDbType.Array | NpgsqlDbType.Bigint, rows.ToArray()), Time(horizon));
            if (versions.Count > 0)
            {
                await connection.ExecuteAsync(MoveLogHorizon, Text(clientId), Value(NpgsqlDbType.Bigint, versions.Max()));
                await connection.ExecuteAsync(MoveFeed, Value(NpgsqlDbType.Bigint, rows.Max()));
            }

            return versions.Count;
        },
        notifies: false);

    private Task<int> WriteAsync(string clientId, Func<NpgsqlConnection, Task<int>> delete, bool notifies = true) => database.WriteTransactionAsync(
        async connection =>
        {
            await connection.ExecuteAsync(LockHead, Text(clientId));
            var deleted = await delete(connection);
            if (deleted > 0 && notifies)
            {
                await connection.ExecuteAsync(Notify, Text(clientId));
            }

            return deleted;
        },
        _ => null);
}
