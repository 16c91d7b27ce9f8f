using System.Data;
using System.Net.Sockets;
using Actors.Storage;
using Npgsql;

namespace Actors.Migrations;

/// <summary>What changes the schema; each has an advisory lock <c>(20417, number)</c>, under which processes take turns.</summary>
internal enum SchemaLock
{
    Migrations = 1,
    OrleansScripts = 2,
}

/// <summary>A connection for changes of the schema: alone under their lock, and free of the limits meant for requests.</summary>
internal static class SchemaTurn
{
    // The two-number form of advisory locks is a space of its own: no subject's or host's lock can meet these.
    private const string TakeLock = "select pg_advisory_lock(20417, $1)";
    private const string ReleaseLock = "select pg_advisory_unlock(20417, $1)";

    // A migration may have to wait or to work long, and a connection to stay idle while files are fetched.
    private const string LiftLimits = """
        set lock_timeout = 0;
        set statement_timeout = 0;
        set idle_in_transaction_session_timeout = 0;
        set idle_session_timeout = 0;
        set default_transaction_read_only = off;
        """;

    private const string RestoreLimits = """
        reset lock_timeout;
        reset statement_timeout;
        reset idle_in_transaction_session_timeout;
        reset idle_session_timeout;
        reset default_transaction_read_only;
        """;

    /// <summary>Waits for the lock, runs <paramref name="work"/> and lets go of the lock, however the work ends.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached, or the connection was lost; what was committed stays.</exception>
    public static async Task<T> RunAsync<T>(
        NpgsqlDataSource dataSource, SchemaLock turn, Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(dataSource, cancellationToken);
        try
        {
            return await RunAsync(connection, turn, work, cancellationToken);
        }
        catch (Exception failure) when (IsLoss(failure, connection))
        {
            throw new StorageUnavailableException($"The connection to Postgres was lost while the schema was changed: {failure.Message}", failure);
        }
    }

    private static async Task<T> RunAsync<T>(
        NpgsqlConnection connection, SchemaLock turn, Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, LiftLimits, null, cancellationToken);
        await ExecuteAsync(connection, TakeLock, turn, cancellationToken);
        try
        {
            return await work(connection);
        }
        finally
        {
            // With the connection gone the server has let go of the lock itself.
            if (IsOpen(connection))
            {
                await ExecuteAsync(connection, ReleaseLock, turn, CancellationToken.None);
                await ExecuteAsync(connection, RestoreLimits, null, CancellationToken.None);
            }
        }
    }

    private static async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        try
        {
            return await dataSource.OpenConnectionAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is NpgsqlException or SocketException or TimeoutException or IOException)
        {
            throw new StorageUnavailableException($"Postgres cannot be reached: {failure.Message}", failure);
        }
    }

    // A server that ends the connection answers the statement with an error first, which the work may have translated.
    private static bool IsLoss(Exception failure, NpgsqlConnection connection) =>
        (failure as NpgsqlException ?? failure.InnerException) is NpgsqlException cause && (cause is not PostgresException || !IsOpen(connection));

    private static bool IsOpen(NpgsqlConnection connection) => connection.FullState.HasFlag(ConnectionState.Open);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, SchemaLock? turn, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        if (turn is { } number)
        {
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = (int)number });
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
