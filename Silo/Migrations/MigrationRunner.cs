using System.Diagnostics;
using Actors.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Actors.Migrations;

/// <summary>Brings the database to the schema of this build, from the files <c>sql/NNN_name.sql</c> built into this assembly.</summary>
internal sealed partial class MigrationRunner(NpgsqlDataSource dataSource, ILogger<MigrationRunner> logger, IReadOnlyList<MigrationScript> scripts)
{
    /// <summary>SQLSTATE our migrations raise when an extension cannot be had.</summary>
    private const string ExtensionMissing = "PM003";

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
    public Task ApplyAsync(CancellationToken cancellationToken) =>
        SchemaTurn.RunAsync(dataSource, SchemaLock.Migrations, connection => ApplyUnderLockAsync(connection, cancellationToken), cancellationToken);

    /// <returns>How many ran.</returns>
    private async Task<int> ApplyUnderLockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var table = new AppliedMigrations(connection);
        var applied = await table.CountAsync(scripts, cancellationToken);
        if (applied == scripts.Count)
        {
            LogUpToDate(applied);
            return 0;
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

        return scripts.Count - applied;
    }

    private static MigrationException Translate(MigrationScript script, PostgresException error)
    {
        var hint = error.Hint is null ? "" : $" {error.Hint}";
        if (error.SqlState == ExtensionMissing)
        {
            return new MissingExtensionException($"{script.Name} cannot run: {error.MessageText}.{hint}", error);
        }

        return new FailedMigrationException(script.Name, $"{error.MessageText} (SQLSTATE {error.SqlState}).{hint}", error);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Migration {Name} starts ({Number} of {Count})")]
    private partial void LogStarting(string name, int number, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Migration {Name} applied in {ElapsedMilliseconds:F0} ms")]
    private partial void LogApplied(string name, double elapsedMilliseconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Schema is up to date with {Count} migrations")]
    private partial void LogUpToDate(int count);
}
