using System.Collections.Immutable;
using Actors.Storage;
using Npgsql;
using static Actors.Storage.SqlValues;

namespace Actors.Retention;

/// <summary>The SQL of <see cref="ExpirySweep"/>. Rows that others hold are passed over, so it waits for nobody.</summary>
internal sealed class ExpiryStore(Database database)
{
    // The marks are logged by the statement that makes them.
    private const string LogsItself = "select set_config('actors.logged', 'on', true)";

    private const string MarkDue =
        $"""
        with due as (
            select id from events where expires_at <= $1 and expires_at is not null and expired_at is null
            order by expires_at limit $2 for update skip locked
        ), marked as (
            update events e
            set expired_at = least(e.expires_at, case when e.memory_scope = 'run' then (select ended_at from execution_runs where id = e.run_id) end)
            from due where e.id = due.id
            returning e.id, coalesce(e.client_id, '-') as client_id
        )
        {LogMarked}
        """;

    // A run's end cannot move while its memories are marked by it.
    private const string MarkOfRuns =
        $"""
        with ended as (
            select id, ended_at from execution_runs where id = any ($3) and ended_at <= $1 for share skip locked
        ), due as (
            select e.id, least(e.expires_at, ended.ended_at) as ends_at from ended join events e on e.run_id = ended.id
            where e.memory_scope = 'run' and e.run_id is not null and e.expired_at is null
            limit $2 for update of e skip locked
        ), marked as (
            update events e set expired_at = due.ends_at from due where e.id = due.id
            returning e.id, coalesce(e.client_id, '-') as client_id
        )
        {LogMarked}
        """;

    // Under the version the head has: it stays, since who has the memory hot knows when it ends. Nor is the head held: a batch is of many
    // clients, whose writes would wait for all of it. So a feed may have this seq after a higher one of the client; for one memory the lock
    // of its row keeps the order.
    private const string LogMarked =
        """
        insert into change_log (client_id, head_version, table_name, row_id, operation, writer)
        select m.client_id, coalesce(h.version, 0), 'events', m.id, 'expire', 'grain'
        from marked m left join session_heads h on h.client_id = m.client_id
        """;

    // From run to run along the index: there are few runs whose memories are not marked, and each may have many.
    private const string SelectEndedRuns =
        """
        with recursive unmarked (run_id) as (
            (select run_id from events where memory_scope = 'run' and run_id is not null and expired_at is null order by run_id limit 1)
            union all
            select (select e.run_id from events e
                    where e.memory_scope = 'run' and e.run_id is not null and e.expired_at is null and e.run_id > unmarked.run_id
                    order by e.run_id limit 1)
            from unmarked where unmarked.run_id is not null)
        select r.id, r.ended_at from unmarked join execution_runs r on r.id = unmarked.run_id where r.ended_at <= $1 limit $2
        """;

    private const string SelectOldestDue =
        """
        select expires_at from events where expires_at <= $1 and expires_at is not null and expired_at is null order by expires_at limit 1
        """;

    /// <summary>Marks and logs memories whose own end has come, the oldest first, in one transaction.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="StorageUnavailableException">Nothing was marked.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke; what was marked was logged, too.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    public Task<int> MarkDueAsync(DateTimeOffset now, int limit) => MarkAsync(MarkDue, Time(now), Integer(limit));

    /// <summary>Marks and logs memories of run scope whose runs have ended, in one transaction; otherwise like <see cref="MarkDueAsync"/>.</summary>
    public Task<int> MarkOfRunsAsync(ImmutableArray<Guid> runIds, DateTimeOffset now, int limit) =>
        MarkAsync(MarkOfRuns, Time(now), Integer(limit), Uuids(runIds));

    /// <summary>Runs that have ended and have memories of theirs which are not marked, with their ends.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<ImmutableArray<(Guid RunId, DateTimeOffset EndedAt)>> FindEndedRunsAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        database.SelectAsync(
            SelectEndedRuns, row => (row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1)), cancellationToken, Time(now), Integer(limit));

    /// <summary>The oldest end of a memory that is due by its own end; null: none is.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task<DateTimeOffset?> FindOldestDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        await database.SelectAsync(SelectOldestDue, row => row.GetFieldValue<DateTimeOffset>(0), cancellationToken, Time(now)) is [var oldest] ? oldest : null;

    private Task<int> MarkAsync(string mark, params NpgsqlParameter[] values) => database.WriteTransactionAsync(
        async connection =>
        {
            await connection.ExecuteAsync(LogsItself);
            return await connection.ExecuteAsync(mark, values);
        },
        _ => null);
}
