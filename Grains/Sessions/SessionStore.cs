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

    private const string SelectHead = $"select version, last_recorded_at, {RetentionHorizon.Columns} from session_heads where client_id = $1";

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

    private const string SelectEvent =
        $"select {EventRow.Columns} from {EventRow.Source} where e.client_id = $1 and e.id = $2";

    /// <summary>What was written after a version, as of one moment; a write that is still under way is waited for.</summary>
    /// <exception cref="SessionLoadingException">The change log does not reach back to that version any more; nothing but reading anew helps.</exception>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<SessionChanges> LoadChangesAsync(string clientId, long afterVersion, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                await AwaitAsync(connection, AwaitWriters, clientId, cancellationToken);
                await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
                return await ReadChangesAsync(connection, clientId, afterVersion, cancellationToken);
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
    /// <param name="afterVersion">The version the session has.</param>
    /// <param name="draft">The commit before the changes were known; it tells which facts to lock.</param>
    /// <param name="decide">Makes the commit from the changes, which are committed whatever becomes of it.</param>
    /// <exception cref="MemoryRefusedException">Postgres refuses a row; nothing was written. Likewise the facts' errors.</exception>
    /// <exception cref="SessionLoadingException">As for <see cref="LoadChangesAsync"/>; nothing was written.</exception>
    /// <exception cref="StorageUnavailableException">Nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke before the commit was confirmed.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    public async Task<SessionCommitted> CommitAfterChangesAsync(
        string clientId, long afterVersion, SessionCommit draft, Func<SessionChanges, SessionCommit> decide)
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

                var changes = await ReadChangesAsync(connection, clientId, afterVersion, CancellationToken.None);
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

    private static async Task<SessionChanges> ReadChangesAsync(
        NpgsqlConnection connection, string clientId, long afterVersion, CancellationToken cancellationToken)
    {
        var head = await ReadHeadAsync(connection, clientId, cancellationToken);
        if (afterVersion < head.Horizon.LogVersion)
        {
            throw new SessionLoadingException("The client's memories have to be read anew: what changed meanwhile is no longer in the change log.");
        }

        var written = ImmutableArray.CreateBuilder<IMemory>();
        var removed = ImmutableArray.CreateBuilder<Guid>();
        var texts = new SharedTexts();
        await ReadAsync(connection, SelectChangedEvents, clientId, afterVersion, row => Take(row, EventRow.Read), cancellationToken);
        var events = written.Count + removed.Count;
        await ReadAsync(connection, SelectChangedFacts, clientId, afterVersion, row => Take(row, FactRow.Read), cancellationToken);
        return new SessionChanges(head, written.ToImmutable(), removed.ToImmutable(), HasFacts: written.Count + removed.Count > events);

        void Take(NpgsqlDataReader row, Func<NpgsqlDataReader, int, SharedTexts, IMemory> read)
        {
            if (row.IsDBNull(1))
            {
                removed.Add(row.GetGuid(0));
            }
            else
            {
                written.Add(read(row, 1, texts));
            }
        }
    }

    private static async Task ReadAsync(
        NpgsqlConnection connection, string sql, string clientId, object limit, Action<NpgsqlDataReader> take, CancellationToken cancellationToken)
    {
        await using var select = Command(connection, sql, clientId, limit);
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            take(reader);
        }
    }

    private static async Task<SessionHead> ReadHeadAsync(NpgsqlConnection connection, string clientId, CancellationToken cancellationToken)
    {
        await using var select = Command(connection, SelectHead, clientId);
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new SessionHead(reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1)) { Horizon = RetentionHorizon.Read(reader, 2) }
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
