using Actors.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.Support;

/// <summary>
/// Databases for tests, on one server per test process: that of <c>TEST_POSTGRES</c> (a connection string of a role that may create databases),
/// else a private one, without fsync, which starts with the first database asked for and goes with the process.
/// </summary>
public static class TestPostgres
{
    private static readonly Lazy<Task<TestCluster>> Cluster = new(StartAsync);

    /// <summary>A database of its own, dropped by disposal.</summary>
    /// <param name="migrate">True (default): with the schema of this build. False: empty.</param>
    public static async Task<TestDatabase> CreateAsync(bool migrate = true)
    {
        var cluster = await Cluster.Value;
        return await cluster.CreateDatabaseAsync(migrate);
    }

    private static async Task<TestCluster> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("TEST_POSTGRES") is { Length: > 0 } given)
        {
            var lent = new TestCluster(given);
            AppDomain.CurrentDomain.ProcessExit += (_, _) => lent.DropTemplateAsync().GetAwaiter().GetResult();
            return lent;
        }

        await TestFolder.RemoveAbandonedAsync();
        var folder = TestFolder.Create();
        var server = await PrivatePostgres.StartAsync(
            new PrivatePostgresOptions { DataFolder = folder.Path, Durable = false }, NullLogger.Instance, CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => StopAsync(server, folder).GetAwaiter().GetResult();
        return new TestCluster(server.ConnectionString);
    }

    private static async Task StopAsync(PrivatePostgres server, TestFolder folder)
    {
        await server.DisposeAsync();
        await folder.DisposeAsync();
    }
}
