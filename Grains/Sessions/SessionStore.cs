using System.Collections.Immutable;
using System.Data;
using Actors.Storage;
using Npgsql;

namespace Actors.Sessions;

/// <summary>The SQL of <see cref="SessionGrain"/>.</summary>
internal sealed class SessionStore(Database database)
{
    // Raised by claim_session (sql/004) when another writer was faster.
    private const string VersionConflict = "PM001";

    private const string SelectHead = "select version, last_recorded_at from session_heads where client_id = $1";

    private const string SelectNewestEvents =
        $"""
        select * from (
            select {EventRow.Columns} from {EventRow.Source}
            where e.client_id = $1 order by e.created_at desc, e.id desc limit $2) newest
        order by created_at, id
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

    private const string SelectEvent =
        $"select {EventRow.Columns} from {EventRow.Source} where e.client_id = $1 and e.id = $2";

    /// <summary>The head and the newest events, as of one moment.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<SessionSnapshot> LoadAsync(string clientId, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
                var head = await ReadHeadAsync(connection, clientId, cancellationToken);
                await using var select = Command(connection, SelectNewestEvents, clientId, limit + 1);
                await using var reader = await select.ExecuteReaderAsync(cancellationToken);
                var events = new List<EventRecord>();
                while (await reader.ReadAsync(cancellationToken))
                {
                    events.Add(EventRow.Read(reader));
                }

                var isComplete = events.Count <= limit;
                if (!isComplete)
                {
                    events.RemoveAt(0);
                }

                return new SessionSnapshot(head, events, isComplete);
            },
            cancellationToken);

    /// <summary>What was written after a version, as of one moment; a write that is still under way is waited for.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<SessionChanges> LoadChangesAsync(string clientId, long afterVersion, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                await using (var wait = Command(connection, AwaitWriters, clientId))
                {
                    await wait.ExecuteNonQueryAsync(cancellationToken);
                }

                await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
                var head = await ReadHeadAsync(connection, clientId, cancellationToken);
                await using var select = Command(connection, SelectChangedEvents, clientId, afterVersion);
                await using var reader = await select.ExecuteReaderAsync(cancellationToken);
                var written = ImmutableArray.CreateBuilder<EventRecord>();
                var removed = ImmutableArray.CreateBuilder<Guid>();
                while (await reader.ReadAsync(cancellationToken))
                {
                    if (reader.IsDBNull(1))
                    {
                        removed.Add(reader.GetGuid(0));
                    }
                    else
                    {
                        written.Add(EventRow.Read(reader, 1));
                    }
                }

                return new SessionChanges(head, written.ToImmutable(), removed.ToImmutable());
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

    /// <summary>Writes all of a commit or nothing, in one round trip, provided the session still has the expected version.</summary>
    /// <returns>Null when it has another version, and nothing was written.</returns>
    /// <exception cref="MemoryRefusedException">Postgres refuses a row; nothing was written.</exception>
    /// <exception cref="StorageUnavailableException">Nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke before the commit was confirmed.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    public async Task<SessionCommitted?> CommitAsync(string clientId, long expectedVersion, SessionCommit commit)
    {
        try
        {
            return await database.WriteAsync(connection => SessionCommitBatch.SendAsync(connection, clientId, expectedVersion, commit));
        }
        catch (PostgresException failure) when (failure.SqlState == VersionConflict)
        {
            return null;
        }
        catch (PostgresException failure)
        {
            if (SessionRefusals.Of(failure) is { } refusal)
            {
                throw refusal;
            }

            throw;
        }
    }

    private static async Task<SessionHead> ReadHeadAsync(NpgsqlConnection connection, string clientId, CancellationToken cancellationToken)
    {
        await using var select = Command(connection, SelectHead, clientId);
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new SessionHead(reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1))
            : new SessionHead(0, null);
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
