using System.Globalization;
using Npgsql;

namespace Actors.Postgres;

/// <summary>Copies of a whole database, by PostgreSQL's own <c>pg_dump</c> and <c>pg_restore</c>: what one version wrote, newer ones read.</summary>
/// <param name="binaries">Where the two are; not older than the server.</param>
/// <param name="connectionString">Of the database. The programs get its password by a file that only this account reads.</param>
internal sealed class DatabaseDump(PostgresBinaries binaries, string connectionString)
{
    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const string HasTables =
        "select exists (select from pg_tables where schemaname not in ('pg_catalog', 'information_schema'))";

    /// <summary>Writes the database as it is at one instant, while others read and write it. The file is there whole or not at all, and its owner's alone.</summary>
    /// <param name="file">Where to; one that is there is replaced.</param>
    /// <param name="cancellationToken">Gives up; nothing is left.</param>
    /// <exception cref="DatabaseDumpException">The program failed.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public async Task WriteAsync(string file, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(file);
        var partial = $"{path}.partial";
        try
        {
            // Before the program opens it: a backup holds what all clients remember.
            await Create(partial).DisposeAsync();
            await RunAsync("pg_dump", ["--format=custom", $"--file={partial}"], cancellationToken);
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>Fills a database that has no tables yet, in one transaction.</summary>
    /// <param name="file">What <see cref="WriteAsync"/> wrote.</param>
    /// <param name="cancellationToken">Gives up; nothing is changed.</param>
    /// <exception cref="DatabaseDumpException">The database has tables, there is no such file, or the program failed.</exception>
    public async Task ReadAsync(string file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
        {
            throw new DatabaseDumpException($"There is no file {Path.GetFullPath(file)}.");
        }

        await using (var connection = new NpgsqlConnection(connectionString))
        {
            await connection.OpenAsync(cancellationToken);
            await using var ask = new NpgsqlCommand(HasTables, connection);
            if ((bool)(await ask.ExecuteScalarAsync(cancellationToken))!)
            {
                throw new DatabaseDumpException("The database has tables already. A backup is restored into one that has none: choose a new data folder (--data), or another database.");
            }
        }

        await RunAsync("pg_restore", ["--single-transaction", "--exit-on-error", Path.GetFullPath(file)], cancellationToken);
    }

    private async Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var target = new NpgsqlConnectionStringBuilder(connectionString);
        var passwords = Path.Combine(Path.GetTempPath(), $"planner-memory-{Guid.NewGuid():N}");
        try
        {
            await using (var writer = new StreamWriter(Create(passwords)))
            {
                await writer.WriteLineAsync($"*:*:*:*:{(target.Password ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal)}");
            }

            var result = await Command.RunAsync(
                [Path.Combine(binaries.Folder, program), $"--dbname={ConnectionInfo(target, passwords)}", "--no-password", "--no-owner", "--no-privileges", .. arguments], cancellationToken);
            if (!result.Succeeded)
            {
                throw new DatabaseDumpException($"{program} of PostgreSQL {binaries.Major} failed: {result.Error.Trim()}");
            }
        }
        finally
        {
            File.Delete(passwords);
        }
    }

    // As libpq reads it.
    private static string ConnectionInfo(NpgsqlConnectionStringBuilder target, string passwords)
    {
        (string Name, string? Value)[] settings =
        [
            ("host", target.Host), ("port", target.Port.ToString(CultureInfo.InvariantCulture)), ("user", target.Username), ("dbname", target.Database),
            ("sslmode", target.SslMode switch { SslMode.VerifyCA => "verify-ca", SslMode.VerifyFull => "verify-full", var mode => mode.ToString().ToLowerInvariant() }),
            ("sslrootcert", target.RootCertificate), ("passfile", passwords),
        ];
        return string.Join(' ', settings.Where(setting => !string.IsNullOrEmpty(setting.Value)).Select(setting =>
            $"{setting.Name}='{setting.Value!.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'"));
    }

    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnersAlone;
        }

        return new FileStream(path, options);
    }
}

/// <summary>A backup could not be made or read. The message says what to do.</summary>
internal sealed class DatabaseDumpException(string message) : PrivatePostgresException(message);
