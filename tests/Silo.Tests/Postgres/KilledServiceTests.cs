using Actors.Support;

namespace Actors.Postgres;

public sealed class KilledServiceTests
{
    [Fact]
    public async Task the_server_of_a_killed_service_is_stopped_and_its_data_taken_over()
    {
        await using var folder = TestFolder.Create();
        using var service = ServiceToKill.Start(folder);
        var connectionString = await ServiceToKill.ReadyAsync(service);
        await Scene.AskAsync(connectionString, "create table kept (a int); insert into kept values (42)");
        var orphan = Scene.PostmasterPid(folder);

        await ServiceToKill.KillAsync(service);

        Assert.True(ServerProcesses.BelongsTo(orphan, Scene.ClusterOf(folder)));
        await using var next = await Scene.StartAsync(folder, durable: true);
        Assert.False(ServerProcesses.BelongsTo(orphan, Scene.ClusterOf(folder)));
        Assert.Equal("42", await Scene.AskAsync(next.ConnectionString, "select a from kept"));
    }

    [Fact]
    public async Task what_was_committed_survives_the_kill_of_service_and_server()
    {
        await using var folder = TestFolder.Create();
        using var service = ServiceToKill.Start(folder);
        var connectionString = await ServiceToKill.ReadyAsync(service);
        await Scene.AskAsync(connectionString, "create table kept (a int); insert into kept values (42)");

        await ServiceToKill.KillAsync(service);
        foreach (var pid in ServerProcesses.Of(Scene.ClusterOf(folder)))
        {
            ServerProcesses.Signal(pid, ServerSignal.Kill);
        }

        await using var next = await Scene.StartAsync(folder, durable: true);
        Assert.Equal("42", await Scene.AskAsync(next.ConnectionString, "select a from kept"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_kill_in_the_middle_of_initdb_leaves_nothing_half_made(bool initdbToo)
    {
        await using var folder = TestFolder.Create();
        var home = new ClusterFolder(folder.Path).Home;
        Directory.CreateDirectory(home);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(home, "initdb.*") { NotifyFilter = NotifyFilters.DirectoryName };
        watcher.Created += (_, _) => begun.TrySetResult();
        watcher.EnableRaisingEvents = true;

        using var service = ServiceToKill.Start(folder);
        await begun.Task.WaitAsync(Scene.Limit, TestContext.Current.CancellationToken);
        service.Kill(entireProcessTree: initdbToo);
        await service.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.False(Directory.Exists(Scene.ClusterOf(folder)));
        await using var next = await Scene.StartAsync(folder);
        Assert.Equal("1", await Scene.AskAsync(next.ConnectionString, "select 1"));
        if (initdbToo)
        {
            Assert.Empty(Directory.EnumerateFileSystemEntries(home, "initdb.*"));
        }
    }
}
