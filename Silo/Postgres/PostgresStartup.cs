using System.Runtime.InteropServices;
using Actors.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Actors.Postgres;

/// <summary>Gives the service a database before anything else is configured.</summary>
internal static class PostgresStartup
{
    /// <summary>The setting of the connection string.</summary>
    public const string ConnectionKey = "ConnectionStrings:Postgres";

    private const string DataKey = "Data";
    private const string DefaultDataFolder = ".data";
    private const string SystemDataFolder = "/var/lib/planner-memory";

    /// <summary>
    /// With <c>ConnectionStrings:Postgres</c> set, only checks its form. Else starts the private server below the folder <c>Data</c>
    /// (default <c>.data</c>; for root, where the server's account cannot reach that, <c>/var/lib/planner-memory</c>) and sets
    /// <c>ConnectionStrings:Postgres</c> and <c>Data</c>. Dispose the result after the host has stopped.
    /// </summary>
    /// <exception cref="OperationCanceledException">SIGINT or SIGTERM came meanwhile.</exception>
    /// <exception cref="ConnectionStringException">The given connection string does not parse, or names no host.</exception>
    /// <exception cref="PrivatePostgresException">The private server cannot run; the message says what to do.</exception>
    public static async Task<IAsyncDisposable> StartPostgresAsync(this IHostApplicationBuilder builder)
    {
        if (builder.Configuration[ConnectionKey] is { } given && !string.IsNullOrWhiteSpace(given))
        {
            Check(given);
            return new GivenServer();
        }

        // The host, and with it the service's own logging, does not exist yet.
        using var interrupted = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        var logging = LoggerFactory.Create(log => log.AddConfiguration(builder.Configuration.GetSection("Logging")).AddJsonLines());
        try
        {
            var logger = logging.CreateLogger<PrivatePostgres>();
            var dataFolder = await DataFolder.ChooseAsync(builder.Configuration[DataKey], DefaultDataFolder, SystemDataFolder, logger, interrupted.Token);
            // The service's other files go to the same place.
            builder.Configuration[DataKey] = dataFolder;
            var server = await PrivatePostgres.StartAsync(new PrivatePostgresOptions { DataFolder = dataFolder }, logger, interrupted.Token);
            builder.Configuration[ConnectionKey] = server.ConnectionString;
            return new StartedServer(server, logging);
        }
        catch
        {
            logging.Dispose();
            throw;
        }

        // Not the default, which would end the service and leave a half-started server behind.
        void Interrupt(PosixSignalContext signal)
        {
            signal.Cancel = true;
            interrupted.Cancel();
        }
    }

    /// <summary>The private server that another service runs on the data folder.</summary>
    /// <returns>Its connection string; null when a connection string is given, or no server runs there.</returns>
    /// <exception cref="DatabaseDumpException">There is no database in the folder.</exception>
    public static async Task<string?> FindRunningPostgresAsync(this IHostApplicationBuilder builder)
    {
        if (!string.IsNullOrWhiteSpace(builder.Configuration[ConnectionKey]))
        {
            return null;
        }

        using var logging = LoggerFactory.Create(log => log.AddConfiguration(builder.Configuration.GetSection("Logging")).AddJsonLines());
        var dataFolder = await DataFolder.ChooseAsync(
            builder.Configuration[DataKey], DefaultDataFolder, SystemDataFolder, logging.CreateLogger<PrivatePostgres>(), CancellationToken.None);
        var cluster = new ClusterFolder(Path.GetFullPath(dataFolder));
        if (!cluster.Exists)
        {
            throw new DatabaseDumpException($"There is no database in {Path.GetFullPath(dataFolder)}. Name its data folder (--data), or a server (--postgres).");
        }

        return cluster.ReadyPort() is { } port ? ServerSettings.ConnectionString(port, cluster.ReadPassword()) : null;
    }

    /// <summary>For hosts of several processes, which cannot have a private server.</summary>
    /// <exception cref="HostingSettingsException">No connection string is given.</exception>
    /// <exception cref="ConnectionStringException">It does not parse, or names no host.</exception>
    public static void EnsureGiven(IConfiguration configuration)
    {
        if (configuration[ConnectionKey] is not { } given || string.IsNullOrWhiteSpace(given))
        {
            throw new HostingSettingsException("The cluster build needs a Postgres server that all its processes reach: --postgres \"Host=...;Database=...;Username=...;Password=...\"");
        }

        Check(given);
    }

    private static void Check(string given)
    {
        try
        {
            if (!string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(given).Host))
            {
                return;
            }
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
        {
            // Not kept as the cause: it repeats parts of the text.
        }

        throw new ConnectionStringException();
    }

    private sealed class GivenServer : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class StartedServer : IAsyncDisposable
    {
        private readonly PrivatePostgres _server;
        private readonly ILoggerFactory _logging;

        public StartedServer(PrivatePostgres server, ILoggerFactory logging)
        {
            (_server, _logging) = (server, logging);
            // SIGTERM before the host listens to signals, or Environment.Exit: nobody unwinds to the disposal then.
            AppDomain.CurrentDomain.ProcessExit += StopAtExit;
        }

        public async ValueTask DisposeAsync()
        {
            AppDomain.CurrentDomain.ProcessExit -= StopAtExit;
            await _server.DisposeAsync();
            _logging.Dispose();
        }

        private void StopAtExit(object? sender, EventArgs e) => _server.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
