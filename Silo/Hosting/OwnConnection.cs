using Npgsql;

namespace Actors.Hosting;

/// <summary>Connections outside the pool, each for one purpose as long as the process lives.</summary>
internal static class OwnConnection
{
    private const int ConnectTimeoutSeconds = 5;

    // A connection may die without a sign (a cable, a firewall). The driver asks the server so often while it waits, by the
    // system's clock, since it is the network that is timed.
    private const int ProbePeriodSeconds = 15;

    /// <param name="connectionString">Of the pool's connections; what it says of probes is kept.</param>
    /// <param name="role">What the process is by this connection, as operators see it among Postgres' activities.</param>
    /// <param name="commandTimeoutSeconds">How long a statement may take.</param>
    public static NpgsqlConnection Create(string connectionString, string role, int commandTimeoutSeconds)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            Timeout = ConnectTimeoutSeconds,
            CommandTimeout = commandTimeoutSeconds,
        };
        settings.KeepAlive = settings.KeepAlive > 0 ? settings.KeepAlive : ProbePeriodSeconds;

        // The server cuts it at 63 bytes: what tells the process comes first.
        settings.ApplicationName = $"process {Environment.ProcessId} on {Environment.MachineName}, {role} of {settings.ApplicationName ?? "planner-memory"}";
        return new NpgsqlConnection(settings.ConnectionString);
    }
}
