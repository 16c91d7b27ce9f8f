using System.Data;
using System.Diagnostics;
using System.Net.Sockets;
using Actors.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Actors.Migrations;

/// <summary>Brings the database to the schema of this build, from the files <c>sql/NNN_name.sql</c> built into this assembly.</summary>
internal sealed partial class MigrationRunner(NpgsqlDataSource dataSource, ILogger<MigrationRunner> logger, IReadOnlyList<MigrationScript> scripts)
{
    /// <summary>SQLSTATE our migrations raise when an extension cannot be had.</summary>
    private const string ExtensionMissing = "PM003";

    // The two-number form of advisory locks is a space of its own: no subject's or host's lock can meet this one.
    private const string TakeLock = "select pg_advisory_lock(20417, 1)";
    private const string ReleaseLock = "select pg_advisory_unlock(20417, 1)";

    // Limits meant for requests must not stop a migration that has to wait or to work long.
    private const string LiftLimits = """
        set lock_timeout = 0;
        set statement_timeout = 0;
        set idle_in_transaction_session_timeout = 0;
        set default_transaction_read_only = off;
        """;

    private const string RestoreLimits = """
        reset lock_timeout;
        reset statement_timeout;
        reset idle_in_transaction_session_timeout;
        reset default_transaction_read_only;
        """;

    public MigrationRunner(NpgsqlDataSource dataSource, ILogger<MigrationRunner> logger)
        : this(dataSource, logger, MigrationScript.LoadFrom(typeof(MigrationRunner).Assembly))
    {
    }

    /// <summary>
    /// Runs what has not run yet, in order, each script in one transaction. Processes that start together take turns under an
    /// advisory lock; the later ones find nothing to do.
    /// </summary>
    /// <exception cref="MigrationException">The database is newer, differs, lacks an extension, or a script failed.</exception>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached, or the connection was lost; a later call goes on where this one ended.</exception>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        try
        {
            await ApplyAsync(connection, cancellationToken);
        }
        catch (Exception failure) when (failure is NpgsqlException and not PostgresException || (failure is NpgsqlException or MigrationException && !IsOpen(connection)))
        {
            throw new StorageUnavailableException($"The connection to Postgres was lost during a migration: {failure.Message}", failure);
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
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

    private async Task ApplyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, LiftLimits, cancellationToken);
        await ExecuteAsync(connection, TakeLock, cancellationToken);
        try
        {
            await ApplyUnderLockAsync(connection, cancellationToken);
        }
        finally
        {
            // With the connection gone the server has let go of the lock itself.
            if (IsOpen(connection))
            {
                await ExecuteAsync(connection, ReleaseLock, CancellationToken.None);
                await ExecuteAsync(connection, RestoreLimits, CancellationToken.None);
            }
        }
    }

    private async Task ApplyUnderLockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var table = new AppliedMigrations(connection);
        var applied = await table.CountAsync(scripts, cancellationToken);
        if (applied == scripts.Count)
        {
            LogUpToDate(applied);
            return;
        }

        foreach (var script in scripts.Skip(applied))
        {
            LogStarting(script.Name, script.Number, scripts.Count);
            var started = Stopwatch.GetTimestamp();
            try
            {
                await table.ApplyAsync(script, cancellationToken);
            }
            catch (PostgresException error)
            {
                throw Translate(script, error);
            }

            var elapsed = Stopwatch.GetElapsedTime(started);
            LogApplied(script.Name, elapsed.TotalMilliseconds);
        }
    }

    private static bool IsOpen(NpgsqlConnection connection) => connection.FullState.HasFlag(ConnectionState.Open);

    private static MigrationException Translate(MigrationScript script, PostgresException error)
    {
        var hint = error.Hint is null ? "" : $" {error.Hint}";
        if (error.SqlState == ExtensionMissing)
        {
            return new MissingExtensionException($"{script.Name} cannot run: {error.MessageText}.{hint}", error);
        }

        return new FailedMigrationException(script.Name, $"{error.MessageText} (SQLSTATE {error.SqlState}).{hint}", error);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Migration {Name} starts ({Number} of {Count})")]
    private partial void LogStarting(string name, int number, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Migration {Name} applied in {ElapsedMilliseconds:F0} ms")]
    private partial void LogApplied(string name, double elapsedMilliseconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Schema is up to date with {Count} migrations")]
    private partial void LogUpToDate(int count);
}
