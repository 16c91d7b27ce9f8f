using System.Collections.Immutable;
using System.Data;
using Actors.Facts;
using Actors.Hosting;
using Actors.Retention;
using Actors.Storage;
using Npgsql;

namespace Actors.Sessions;

/// <summary>The SQL of <see cref="SessionGrain"/>.</summary>
internal sealed partial class SessionStore(Database database, LongWork longWork) : IDisposable
{
    private readonly SemaphoreSlim _loads = new(MostLoads);

    private const string SelectHead = $"select version, last_recorded_at, erase_epoch, {RetentionHorizon.Columns} from session_heads where client_id = $1";

    // At most one more than $3, however many there are.
    private const string CountChanges =
        """
        select count(*) from (
            (select from change_log where client_id = $1 and head_version > $2 and table_name in ('events', 'facts', 'fact_versions') limit $3 + 1)
            union all
            (select from change_log join events ended on ended.run_id = row_id and ended.memory_scope = 'run'
             where change_log.client_id = $1 and head_version > $2 and table_name = 'execution_runs' limit $3 + 1)) changed
        """;

    // A belief that retention deleted changes what was known of its fact.
    private const string SelectChangedFacts =
        $"""
        select changed.row_id, {FactRow.Columns}
        from (select distinct row_id from change_log
              where client_id = $1 and head_version > $2 and table_name in ('facts', 'fact_versions')) changed
        left join facts f on f.id = changed.row_id and f.client_id = $1
        order by f.created_at, f.id
        """;

    // A run that ended ends its memories: they have changed too.
    private const string SelectChangedEvents =
        $"""
        select changed.row_id, {EventRow.Columns}
        from (
            select row_id from change_log
            where client_id = $1 and head_version > $2 and table_name = 'events'
            union
            select ended.id from change_log join events ended on ended.run_id = row_id and ended.memory_scope = 'run'
            where change_log.client_id = $1 and head_version > $2 and table_name = 'execution_runs') changed
        left join ({EventRow.Source}) on e.id = changed.row_id and e.client_id = $1
        order by e.created_at, e.id
        """;

    // Waits for the end of a transaction of ours whose answer was lost: it holds the head's row until then.
    private const string AwaitWriters = "select 1 from session_heads where client_id = $1 for share";

    private const string LockHead = "select 1 from session_heads where client_id = $1 for update";

    // One row more than are looked through.
    private const string SelectUnchanged =
        """
        select erase_epoch = $3 and version >= $2 and log_pruned_to <= $2 and (
            select count(*) <= 1000 and bool_and(row_id not in ($4, $5)) is not false
            from (select row_id from change_log where client_id = $1 and head_version > $2 limit 1001) newer)
        from session_heads where client_id = $1
        """;

    private const string SelectEvent =
        $"select {EventRow.Columns} from {EventRow.Source} where e.client_id = $1 and e.id = $2";

    /// <summary>Where the client's history stands.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<SessionHead> ReadHeadAsync(string clientId, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => ReadHeadAsync(connection, clientId, cancellationToken), cancellationToken);

    /// <summary>Whether an event is surely as it was known at a version: neither it nor its run has changed since.</summary>
    /// <param name="clientId">Whose.</param>
    /// <param name="eventId">The event.</param>
    /// <param name="runId">Its run, if any, whose end may end it.</param>
    /// <param name="version">The version.</param>
    /// <param name="eraseEpoch">The epoch then.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <returns>False also when too much has changed to look through: then the event's row is found sooner.</returns>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<bool> IsUnchangedAsync(string clientId, Guid eventId, Guid? runId, long version, long eraseEpoch, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                await using var select = Command(connection, SelectUnchanged, clientId, version, eraseEpoch, eventId, runId ?? eventId);
                return await select.ExecuteScalarAsync(cancellationToken) is true;
            },
            cancellationToken);

    /// <summary>What was written after a version, as of one moment.</summary>
    /// <param name="clientId">Whose.</param>
    /// <param name="known">The head up to which all is known.</param>
    /// <param name="limits">How much may be read.</param>
    /// <param name="awaitWriters">Whether a write that is still under way is waited for.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Null: it is more than <paramref name="limits"/> allow, or not to be told from the log; everything has to be read anew.</returns>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<SessionChanges?> LoadChangesAsync(
        string clientId, SessionHead known, SessionOptions limits, bool awaitWriters, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                if (awaitWriters)
                {
                    await AwaitAsync(connection, AwaitWriters, clientId, cancellationToken);
                }

                await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
                return await ReadChangesAsync(connection, clientId, known, limits, cancellationToken);
            },
            cancellationToken);

    /// <summary>One event of this client; null when there is none.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<EventRecord?> FindAsync(string clientId, Guid eventId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                await using var select = Command(connection, SelectEvent, clientId, eventId);
                await using var reader = await select.ExecuteReaderAsync(cancellationToken);
                return await reader.ReadAsync(cancellationToken) ? EventRow.Read(reader) : null;
            },
            cancellationToken);

    /// <summary>
    /// Locks the session, reads what others wrote after a version, and writes all of a commit or nothing, in one transaction
    /// which no other writer can overtake.
    /// </summary>
    /// <param name="clientId">Whose session.</param>
    /// <param name="known">The head the session has.</param>
    /// <param name="limits">How much may be read.</param>
    /// <param name="draft">The commit before the changes were known; it tells which facts to lock.</param>
    /// <param name="decide">Makes the commit from the changes, which are committed whatever becomes of it.</param>
    /// <returns>Null: the changes are more than may be read while others wait for the lock; nothing was written.</returns>
    /// <exception cref="MemoryRefusedException">Postgres refuses a row; nothing was written. Likewise the facts' errors.</exception>
    /// <exception cref="StorageUnavailableException">Nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke before the commit was confirmed.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    public async Task<SessionCommitted?> CommitAfterChangesAsync(
        string clientId, SessionHead known, SessionOptions limits, SessionCommit draft, Func<SessionChanges, SessionCommit> decide)
    {
        var commit = draft;
        try
        {
            return await database.WriteAsync(async connection =>
            {
                await using var transaction = await connection.BeginTransactionAsync();
                await SessionCommitBatch.LockFactsAsync(connection, draft.Facts);
                await using (var head = Command(connection, LockHead, clientId))
                {
                    await head.ExecuteNonQueryAsync();
                }

                if (await ReadChangesAsync(connection, clientId, known, limits, CancellationToken.None) is not { } changes)
                {
                    return null;
                }

                commit = decide(changes);
                SessionCommitted[] committed = commit.IsEmpty
                    ? [new SessionCommitted(changes.Head.Version, [], [], [])]
                    : await SessionCommitBatch.SendAsync(connection, [new SessionPart(clientId, changes.Head.Version, commit)]);
                await transaction.CommitAsync();
                return committed[0];
            });
        }
        catch (PostgresException failure) when (SessionRefusals.Of(failure, commit) is { } refusal)
        {
            throw refusal;
        }
    }

    private static async Task AwaitAsync(NpgsqlConnection connection, string sql, string clientId, CancellationToken cancellationToken)
    {
        await using var wait = Command(connection, sql, clientId);
        await wait.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<SessionChanges?> ReadChangesAsync(
        NpgsqlConnection connection, string clientId, SessionHead known, SessionOptions limits, CancellationToken cancellationToken)
    {
        var head = await ReadHeadAsync(connection, clientId, cancellationToken);
        if (head.Version == known.Version && head.EraseEpoch == known.EraseEpoch)
        {
            return new SessionChanges(head, [], [], HasFacts: false);
        }

        if (!IsInLog(head, known) || await CountChangesAsync(connection, clientId, known, limits, cancellationToken) > limits.MaxChangesToApply)
        {
            return null;
        }

        var written = ImmutableArray.CreateBuilder<IMemory>();
        var removed = ImmutableArray.CreateBuilder<Guid>();
        var texts = new SharedTexts();
        var room = limits.MaxCharactersToApply;
        await ReadAsync(connection, SelectChangedEvents, clientId, known.Version, row => Take(row, EventRow.Read), cancellationToken);
        var events = written.Count + removed.Count;
        await ReadAsync(connection, SelectChangedFacts, clientId, known.Version, row => Take(row, FactRow.Read), cancellationToken);
        return room < 0 ? null : new SessionChanges(head, written.ToImmutable(), removed.ToImmutable(), HasFacts: written.Count + removed.Count > events);

        bool Take(NpgsqlDataReader row, Func<NpgsqlDataReader, int, SharedTexts, IMemory> read)
        {
            if (row.IsDBNull(1))
            {
                removed.Add(row.GetGuid(0));
            }
            else
            {
                written.Add(read(row, 1, texts));
                room -= MemoryTexts.Characters(written[^1]);
            }

            return room >= 0;
        }
    }

    // An erasure takes the client's changes out of the log, and retention those that are old.
    private static bool IsInLog(SessionHead head, SessionHead known) => head.EraseEpoch == known.EraseEpoch && head.Horizon.LogVersion <= known.Version;

    private static async Task<long> CountChangesAsync(
        NpgsqlConnection connection, string clientId, SessionHead known, SessionOptions limits, CancellationToken cancellationToken)
    {
        await using var count = Command(connection, CountChanges, clientId, known.Version, limits.MaxChangesToApply);
        return (long)(await count.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task ReadAsync(
        NpgsqlConnection connection, string sql, string clientId, object limit, Func<NpgsqlDataReader, bool> take, CancellationToken cancellationToken)
    {
        await using var select = Command(connection, sql, clientId, limit);
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken) && take(reader))
        {
        }
    }

    private static async Task<SessionHead> ReadHeadAsync(NpgsqlConnection connection, string clientId, CancellationToken cancellationToken)
    {
        await using var select = Command(connection, SelectHead, clientId);
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new SessionHead(reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1), reader.GetInt64(2)) { Horizon = RetentionHorizon.Read(reader, 3) }
            : new SessionHead(0, null, 0);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }
}
