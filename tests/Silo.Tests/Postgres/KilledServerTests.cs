using System.Diagnostics;
using Actors.Support;
using Npgsql;

namespace Actors.Postgres;

public sealed class KilledServerTests
{
    [Fact]
    public async Task a_server_that_dies_is_started_again_behind_the_same_connection_string()
    {
        await using var folder = TestFolder.Create();
        await using var server = await Scene.StartAsync(folder, durable: true);
        await Scene.AskAsync(server.ConnectionString, "create table kept (a int); insert into kept values (42)");

        var before = server.ServerPid!.Value;
        await KillAsync(before);

        Assert.Equal("42", await Scene.AskUntilAnsweredAsync(server.ConnectionString, "select a from kept"));
        Assert.NotEqual(before, server.ServerPid);
    }

    [Fact]
    public async Task a_pooled_data_source_works_again_after_the_server_died()
    {
        await using var own = await OwnServer.StartAsync();
        await using var source = NpgsqlDataSource.Create(own.ConnectionString);
        await using (var command = source.CreateCommand("select 1"))
        {
            await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        }

        await own.KillAsync();
        await Scene.AskUntilAnsweredAsync(own.ConnectionString, "select 1");

        // One pooled connection was open; the pool may notice its death only when it is used.
        await using var again = source.CreateCommand("select 2");
        var first = await Record.ExceptionAsync(() => again.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        Assert.True(first is null or NpgsqlException, first?.ToString());
        Assert.Equal(2, await again.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task a_backend_that_outlives_its_server_does_not_keep_the_next_one_from_starting()
    {
        await using var folder = TestFolder.Create();
        await using var server = await Scene.StartAsync(folder);
        var busy = await BusyBackendAsync(server.ConnectionString);

        await KillAsync(server.ServerPid!.Value);

        Assert.Equal("1", await Scene.AskUntilAnsweredAsync(server.ConnectionString, "select 1"));
        Assert.False(ServerProcesses.BelongsTo(busy, Scene.ClusterOf(folder)));
    }

    [Fact]
    public async Task a_log_that_cannot_be_read_does_not_end_the_supervision()
    {
        await using var folder = TestFolder.Create();
        await using var server = await Scene.StartAsync(folder);
        var log = new ClusterFolder(folder.Path).Log;
        File.Delete(log);
        // Opening it fails: too many links.
        File.CreateSymbolicLink(log, log);

        await KillAsync(server.ServerPid!.Value);

        Assert.Equal("1", await Scene.AskUntilAnsweredAsync(server.ConnectionString, "select 1"));
    }

    [Fact]
    public async Task a_server_that_dies_again_and_again_comes_back_each_time()
    {
        await using var folder = TestFolder.Create();
        await using var server = await Scene.StartAsync(folder);

        for (var round = 0; round < 3; round++)
        {
            await KillAsync(Scene.PostmasterPid(folder));
            Assert.Equal("1", await Scene.AskUntilAnsweredAsync(server.ConnectionString, "select 1"));
        }
    }

    [Fact]
    public async Task disposal_while_the_server_is_down_leaves_nothing_running()
    {
        await using var folder = TestFolder.Create();
        var server = await Scene.StartAsync(folder);
        await KillAsync(server.ServerPid!.Value);

        await server.DisposeAsync();

        Assert.True(await Scene.NobodyLeftAsync(folder));
    }

    /// <summary>A backend that computes and so does not look whether its server is alive.</summary>
    private static async Task<int> BusyBackendAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var command = new NpgsqlCommand("select count(*) from generate_series(1, 1000000) a, generate_series(1, 1000000) b", connection);
        _ = command.ExecuteScalarAsync(TestContext.Current.CancellationToken).ContinueWith(
            async _ => await connection.DisposeAsync(), TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);
        var active = $"select count(*) from pg_stat_activity where pid = {connection.ProcessID} and state = 'active'";
        while (await Scene.AskAsync(connectionString, active) != "1")
        {
            await Task.Yield();
        }

        return connection.ProcessID;
    }

    private static async Task KillAsync(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
