using Npgsql;

namespace Actors.Bench.Http;

/// <summary>What the grains' host brings into the measuring: here the service is one process.</summary>
internal static class BenchHost
{
    public const string Name = "Embedded";

    /// <summary>The processes whose processor time is the service's.</summary>
    public const string Servers = "service";

    /// <summary>Throughput of repeated recalls, as a share of the endpoint's.</summary>
    public const double RepeatedRecallBar = 0.5;

    /// <summary>Throughput of distinct recalls, as a share of the endpoint's.</summary>
    public const double DistinctRecallBar = 0.25;

    private const string EndpointDatabase = "bench_endpoint";

    /// <summary>Parts that cannot be measured of this host: none.</summary>
    public static readonly string[] Lacks = [];

    /// <summary>What can be measured of this host alone.</summary>
    public static Task<int>? RunProgram(string[] args) => args is ["grains", .. var rest] ? GrainBench.RunAsync(rest) : null;

    /// <summary>Servers that have to be there before the service: none.</summary>
    public static Task<ServerProcess[]> StartAsync(NpgsqlDataSource database, string connectionString, string dataFolder) => Task.FromResult<ServerProcess[]>([]);

    /// <summary>The endpoint's database: one of its own, since two hosts cannot share one.</summary>
    public static async Task<string> EndpointDatabaseAsync(NpgsqlDataSource database, string connectionString)
    {
        await using var create = database.CreateCommand($"create database {EndpointDatabase}");
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(connectionString) { Database = EndpointDatabase }.ConnectionString;
    }

    /// <summary>What the endpoint does for an answer: nothing.</summary>
    public static Task CallAsync(IGrainFactory grains, CancellationToken cancellationToken) => Task.CompletedTask;
}
