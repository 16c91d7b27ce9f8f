using Npgsql;

namespace Actors.Storage;

/// <summary>Makes the one data source of a process.</summary>
internal static class PostgresConnections
{
    /// <summary>How many connections a process has at most, unless the connection string says otherwise.</summary>
    public const int Most = 32;

    /// <param name="connectionString">Npgsql connection string; what it sets itself is kept.</param>
    /// <param name="host">The silo this is; null in the single-process host.</param>
    public static NpgsqlDataSource Create(string connectionString, HostIdentity? host = null)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString).Options;
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            // Triggers treat rows of other writers with more care: they fill what a grain always passes.
            // The loser of two activations must not hang, and a process that was suspended in a transaction must not hold on to its locks.
            Options = "-c actors.writer=grain -c lock_timeout=2000 -c idle_in_transaction_session_timeout=10000",
        };
        settings.Options += host is null ? "" : $" -c actors.silo={host.Silo}";
        settings.Options += given is { Length: > 0 } ? $" {given}" : "";
        SetUnlessGiven(settings, "Application Name", "planner-memory");
        SetUnlessGiven(settings, "Max Auto Prepare", 64);
        SetUnlessGiven(settings, "Auto Prepare Min Usages", 2);
        // Nobody leaves anything behind in a session but its settings at start: stores set what they set for one transaction.
        SetUnlessGiven(settings, "No Reset On Close", true);
        SetUnlessGiven(settings, "Command Timeout", 15);
        SetUnlessGiven(settings, "Timeout", 5);
        SetUnlessGiven(settings, "Maximum Pool Size", Most);
        // The name stands in metrics, where the connection string would otherwise.
        return new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = "planner-memory" }.Build();
    }

    private static void SetUnlessGiven(NpgsqlConnectionStringBuilder settings, string keyword, object value)
    {
        if (!settings.ContainsKey(keyword) || !settings.ShouldSerialize(keyword))
        {
            settings[keyword] = value;
        }
    }
}
