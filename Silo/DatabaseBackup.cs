using System.Runtime.InteropServices;
using Actors.Postgres;
using Microsoft.Extensions.Hosting;

namespace Actors.Hosting;

/// <summary>Backups of the database, instead of serving: of the private one also while a service runs on it.</summary>
internal static class DatabaseBackup
{
    /// <summary>Lines of <c>--help</c>.</summary>
    public const string Usage =
        """
          --backup FILE        write the database to a file and exit; a service may run meanwhile
          --restore FILE       fill a new data folder, or a database without tables, from a backup and exit
        """;

    private const string BackupKey = "Backup";
    private const string RestoreKey = "Restore";

    /// <summary>Its settings, which are their flags' values.</summary>
    public static IReadOnlyDictionary<string, string> Keys { get; } = new Dictionary<string, string> { ["--backup"] = BackupKey, ["--restore"] = RestoreKey };

    /// <summary>Writes or reads a backup if the configuration asks for it.</summary>
    /// <returns>Whether there was something to do, and the program is done.</returns>
    /// <exception cref="PrivatePostgresException">There is no database, or the backup failed.</exception>
    /// <exception cref="OperationCanceledException">SIGINT or SIGTERM came meanwhile.</exception>
    public static async Task<bool> BackUpAsync(this IHostApplicationBuilder builder)
    {
        var (backup, restore) = (builder.Configuration[BackupKey], builder.Configuration[RestoreKey]);
        if (string.IsNullOrEmpty(backup) && string.IsNullOrEmpty(restore))
        {
            return false;
        }

        if (!string.IsNullOrEmpty(backup) && !string.IsNullOrEmpty(restore))
        {
            throw new HostingSettingsException("--backup and --restore exclude each other.");
        }

        var running = string.IsNullOrEmpty(backup) ? null : await builder.FindRunningPostgresAsync();
        await using var started = running is null ? await builder.StartPostgresAsync() : null;
        var connectionString = running ?? builder.Configuration[PostgresStartup.ConnectionKey]!;
        using var interrupted = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        var dump = new DatabaseDump(await PostgresBinaries.FindAsync(await BinaryFolders.UsualAsync(interrupted.Token), dataMajor: null, interrupted.Token), connectionString);
        if (!string.IsNullOrEmpty(backup))
        {
            await dump.WriteAsync(backup, interrupted.Token);
            Console.WriteLine($"Wrote {new FileInfo(backup).Length} bytes to {Path.GetFullPath(backup)}.");
        }
        else
        {
            await dump.ReadAsync(restore!, interrupted.Token);
            Console.WriteLine($"Restored {Path.GetFullPath(restore!)}.");
        }

        return true;

        void Interrupt(PosixSignalContext signal)
        {
            signal.Cancel = true;
            interrupted.Cancel();
        }
    }
}
