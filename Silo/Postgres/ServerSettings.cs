using System.Globalization;
using Npgsql;

namespace Actors.Postgres;

/// <summary>Every setting of the private server, in one place. They are given on the command line, so they win over the files in the data folder.</summary>
internal static class ServerSettings
{
    /// <summary>The superuser of the private server, which is also the service's role.</summary>
    public const string Role = "planner_memory";

    public const string Database = "planner_memory";

    public static IReadOnlyList<string> Arguments(ClusterFolder cluster, int port, bool durable)
    {
        var onOff = durable ? "on" : "off";
        (string Name, string Value)[] settings =
        [
            // Reachable from this machine only, by password only (pg_hba.conf of initdb).
            ("listen_addresses", "127.0.0.1"),
            ("port", port.ToString(CultureInfo.InvariantCulture)),
            ("unix_socket_directories", ""),
            ("password_encryption", "scram-sha-256"),

            // Acknowledged means durable.
            ("fsync", onOff),
            ("synchronous_commit", onOff),
            ("full_page_writes", onOff),

            // Sized for two cores and 2 GiB, shared with the service.
            ("max_connections", "100"),
            ("shared_buffers", "128MB"),
            ("effective_cache_size", "512MB"),
            ("work_mem", "8MB"),
            ("maintenance_work_mem", "64MB"),
            // Nothing here gains from parallel plans on two cores, and they need more /dev/shm than containers give.
            ("max_parallel_workers_per_gather", "0"),
            // Compiling a plan costs more than the short queries here take.
            ("jit", "off"),
            // The disks this runs on are SSDs.
            ("random_page_cost", "1.1"),

            // The service speaks UTC; messages are matched, so they must not be translated.
            ("timezone", "UTC"),
            ("log_timezone", "UTC"),
            ("lc_messages", "C"),

            // The log tells what happens to the server. Errors of statements reach the client, which logs them; here they would carry clients' data.
            ("log_destination", "stderr"),
            ("logging_collector", "off"),
            ("log_min_messages", "log"),
            ("log_min_error_statement", "panic"),
            ("log_error_verbosity", "terse"),
            ("log_checkpoints", "off"),
        ];
        return ["-D", cluster.Data, .. settings.SelectMany(s => new[] { "-c", $"{s.Name}={s.Value}" })];
    }

    public static string ConnectionString(int port, string password, string database = Database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = Role,
            Password = password,
            Database = database,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
            // Leaves room below max_connections for the lock, the listener and operators.
            MaxPoolSize = 50,
            // Another program on the port must not get the password by asking for it in the clear.
            RequireAuth = "ScramSHA256",
        }.ConnectionString;
}
