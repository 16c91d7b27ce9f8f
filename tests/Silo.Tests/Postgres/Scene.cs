using System.Diagnostics;
using Actors.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Actors.Postgres;

/// <summary>What the tests of the private server do again and again.</summary>
internal static class Scene
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task<PrivatePostgres> StartAsync(TestFolder folder, bool durable = false) =>
        PrivatePostgres.StartAsync(new PrivatePostgresOptions { DataFolder = folder.Path, Durable = durable }, NullLogger.Instance, TestContext.Current.CancellationToken);

    public static async Task<string?> AskAsync(string connectionString, string sql)
    {
        var target = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(target.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))?.ToString();
    }

    /// <summary>Asks until the server answers; for a server that is being started again.</summary>
    public static async Task<string?> AskUntilAnsweredAsync(string connectionString, string sql)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await AskAsync(connectionString, sql);
            }
            catch (NpgsqlException) when (Stopwatch.GetElapsedTime(started) < Limit)
            {
                await Task.Yield();
            }
        }
    }

    public static string ClusterOf(TestFolder folder) => new ClusterFolder(folder.Path).Data;

    public static int PostmasterPid(TestFolder folder) =>
        int.Parse(File.ReadLines(new ClusterFolder(folder.Path).PidFile).First(), System.Globalization.CultureInfo.InvariantCulture);

    public static async Task<string> OutputAsync(params string[] line)
    {
        var result = await Command.RunAsync(line, TestContext.Current.CancellationToken);
        Assert.True(result.Succeeded, result.Error);
        return result.Output.Trim();
    }

    /// <summary>True when no server process is left on the folder.</summary>
    public static Task<bool> NobodyLeftAsync(TestFolder folder) =>
        ServerProcesses.GoneAsync(ServerProcesses.Of(ClusterOf(folder)), ClusterOf(folder), Limit, TestContext.Current.CancellationToken);
}
