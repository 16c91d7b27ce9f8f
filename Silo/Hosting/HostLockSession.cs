using System.Net.Sockets;
using Actors.Storage;
using Npgsql;

namespace Actors.Hosting;

/// <summary>One database session that holds the host lock as long as it lives. It has a connection of its own, outside the pool.</summary>
internal sealed class HostLockSession : IAsyncDisposable
{
    /// <summary>The number of the lock: "planner" in ASCII. All hosts of a database must agree on it.</summary>
    public const long Key = 0x706C616E6E6572;

    // Long enough for the server to notice that a host killed a moment ago is gone.
    private const string Patience = "set lock_timeout = '3s'";
    private const string TakeExclusive = "select pg_advisory_lock($1)";
    private const string TakeShared = "select pg_advisory_lock_shared($1)";
    private const int CommandTimeoutSeconds = 5;

    private const string SelectHolders = """
        select coalesce(a.application_name, ''), l.pid, a.backend_start
        from pg_locks l left join pg_stat_activity a on a.pid = l.pid
        where l.locktype = 'advisory' and l.granted and l.objsubid = 1
          and l.database = (select oid from pg_database where datname = current_database())
          and (l.classid::bigint << 32) | l.objid::bigint = $1
        order by a.backend_start
        """;

    private readonly NpgsqlConnection _connection;

    private HostLockSession(NpgsqlConnection connection) => _connection = connection;

    /// <exception cref="HostLockHeldException">Another host holds it, and still did after 3 s.</exception>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public static async Task<HostLockSession> TakeAsync(string connectionString, HostLockMode mode, CancellationToken cancellationToken)
    {
        var connection = OwnConnection.Create(connectionString, "host", CommandTimeoutSeconds);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await TakeAsync(connection, mode, cancellationToken);
            return new HostLockSession(connection);
        }
        catch (Exception failure)
        {
            // It may hold the lock already, and there is no pool that would close it.
            await connection.DisposeAsync();
            if (failure is NpgsqlException or SocketException or TimeoutException or IOException)
            {
                throw new StorageUnavailableException($"Postgres cannot be reached: {failure.Message}", failure);
            }

            throw;
        }
    }

    /// <summary>Ends when the connection is lost, with the reason.</summary>
    public async Task<Exception> WhenLostAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                // Nothing is ever notified here: it is how to read from an idle connection, and so to learn of its end at once.
                await _connection.WaitAsync(cancellationToken);
            }
#pragma warning disable CA1031 // Whatever ends the wait: nobody knows any more whether the lock is held.
            catch (Exception loss) when (loss is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                return loss;
            }
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static async Task TakeAsync(NpgsqlConnection connection, HostLockMode mode, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(connection, Patience, cancellationToken);
            await using var take = new NpgsqlCommand(mode == HostLockMode.Exclusive ? TakeExclusive : TakeShared, connection);
            take.Parameters.Add(new NpgsqlParameter<long> { TypedValue = Key });
            await take.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new HostLockHeldException(mode, await HoldersAsync(connection, cancellationToken));
        }
    }

    private static async Task<IReadOnlyList<HostLockHolder>> HoldersAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var select = new NpgsqlCommand(SelectHolders, connection);
        select.Parameters.Add(new NpgsqlParameter<long> { TypedValue = Key });
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        var holders = new List<HostLockHolder>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var start = await reader.IsDBNullAsync(2, cancellationToken) ? (DateTime?)null : reader.GetDateTime(2);
            holders.Add(new HostLockHolder(reader.GetString(0), reader.GetInt32(1), start));
        }

        return holders;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
