using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Actors.Postgres;

/// <summary>
/// The Postgres server the service starts for itself: below the data folder, loopback only, with a password, on a port that stays the same until it is disposed.
/// Started again when it dies; stopped with the service. One service per data folder.
/// </summary>
internal sealed class PrivatePostgres : IAsyncDisposable
{
    private const int PortAttempts = 10;

    private readonly ServerStart _start;
    private readonly FileStream _lock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Supervision _supervision;
    private readonly Task _running;

    private PrivatePostgres(ServerStart start, FileStream heldLock, Postmaster server, string dataFolder, ILogger logger)
    {
        (_start, _lock, _logger, DataFolder) = (start, heldLock, logger, dataFolder);
        ConnectionString = ServerSettings.ConnectionString(server.Port, start.Cluster.ReadPassword());
        _supervision = new Supervision(start, server, logger);
        _running = _supervision.RunAsync(_stopping.Token);
    }

    /// <summary>To the database <c>planner_memory</c>, as the superuser of this server. Valid until disposal, restarts of the server included.</summary>
    public string ConnectionString { get; }

    /// <summary>The service's data folder, as a full path without links.</summary>
    public string DataFolder { get; }

    /// <summary>Process id of the server; null while it is down.</summary>
    public int? ServerPid => _supervision.Pid;

    /// <summary>Takes the folder over from whoever was killed on it, creates what is missing, and returns when the server answers.</summary>
    /// <exception cref="PostgresBinariesMissingException">No PostgreSQL of a fitting version is installed.</exception>
    /// <exception cref="PostgresDataFolderException">The folder is in use, out of reach, or not usable.</exception>
    /// <exception cref="PostgresStartException">The server does not start; carries the end of its log.</exception>
    public static async Task<PrivatePostgres> StartAsync(PrivatePostgresOptions options, ILogger logger, CancellationToken ct)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PrivatePostgresException("The private server runs on Linux only. Use a server of your own: --postgres \"Host=...;Database=...;Username=...;Password=...\".");
        }

        var started = Stopwatch.GetTimestamp();
        var heldLock = ServiceLock.Take(Path.GetFullPath(options.DataFolder));
        try
        {
            var dataFolder = await RealPathAsync(options.DataFolder, ct);
            var start = await PrepareAsync(new ClusterFolder(dataFolder), options, logger, ct);
            var server = await StartOnFreePortAsync(start, logger, ct);
            try
            {
                await CreateDatabaseAsync(server.Port, start.Cluster, ct);
            }
            catch
            {
                await server.StopAsync(options.StopLimit);
                throw;
            }

            var elapsed = Stopwatch.GetElapsedTime(started);
            PostgresLog.Ready(logger, start.Binaries.Major, server.Port, server.Pid, start.Cluster.Data, elapsed.TotalMilliseconds);
            return new PrivatePostgres(start, heldLock, server, dataFolder, logger);
        }
        catch
        {
            await heldLock.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        var started = Stopwatch.GetTimestamp();
        await _stopping.CancelAsync();
        try
        {
            await _running;
        }
        finally
        {
            await _lock.DisposeAsync();
            _stopping.Dispose();
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        PostgresLog.Stopped(_logger, _start.Cluster.Data, elapsed.TotalMilliseconds);
    }

    private static async Task<ServerStart> PrepareAsync(ClusterFolder cluster, PrivatePostgresOptions options, ILogger logger, CancellationToken ct)
    {
        var user = await ServerUser.ResolveAsync(cluster.Data, ct);
        await user.PrepareFolderAsync(cluster.Home, ct);
        var binaries = await PostgresBinaries.FindAsync(options.Binaries ?? await BinaryFolders.UsualAsync(ct), cluster.MajorVersion(), ct);
        if (cluster.Exists)
        {
            _ = cluster.ReadPassword();
            await LeftoverServer.RemoveAsync(cluster, options.StopLimit, logger, ct);
        }
        else
        {
            await ClusterCreation.CreateAsync(cluster, binaries, user, options.Durable, logger, ct);
        }

        return new ServerStart(cluster, binaries, user, options);
    }

    private static async Task<Postmaster> StartOnFreePortAsync(ServerStart start, ILogger logger, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = start.Options.ChoosePort();
            try
            {
                return await Postmaster.StartAsync(start, port, logger, ct);
            }
            catch (PostgresStartException e) when (e.AddressInUse && attempt < PortAttempts)
            {
                // Somebody was faster between the choice and the server's bind.
                PostgresLog.PortTaken(logger, port);
            }
        }
    }

    private static async Task CreateDatabaseAsync(int port, ClusterFolder cluster, CancellationToken ct)
    {
        var builder = new NpgsqlConnectionStringBuilder(ServerSettings.ConnectionString(port, cluster.ReadPassword(), "postgres")) { Pooling = false };
        await using var connection = new NpgsqlConnection(builder.ConnectionString);
        await connection.OpenAsync(ct);
        await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection) { Parameters = { new() { Value = ServerSettings.Database } } };
        if (await exists.ExecuteScalarAsync(ct) is null)
        {
            await using var create = new NpgsqlCommand($"create database {ServerSettings.Database}", connection);
            await create.ExecuteNonQueryAsync(ct);
        }
    }

    private static async Task<string> RealPathAsync(string folder, CancellationToken ct)
    {
        // Servers are recognised by their working folder, which the kernel names without links.
        var answer = await Command.RunAsync(["realpath", Path.GetFullPath(folder)], ct);
        return answer.Succeeded
            ? answer.Output.TrimEnd('\n')
            : throw new PostgresDataFolderException($"The data folder {folder} cannot be resolved: {answer.Error.Trim()}");
    }
}
