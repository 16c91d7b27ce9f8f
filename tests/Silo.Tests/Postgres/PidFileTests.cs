using System.Diagnostics;
using Actors.Support;

namespace Actors.Postgres;

public sealed class PidFileTests
{
    [Fact]
    public async Task a_stale_pid_file_that_names_a_program_of_the_same_user_is_removed_and_the_program_left_alone()
    {
        await using var folder = TestFolder.Create();
        await (await Scene.StartAsync(folder)).DisposeAsync();
        var user = await ServerUser.ResolveAsync(Scene.ClusterOf(folder), TestContext.Current.CancellationToken);
        using var stranger = Command.Start(user.Wrap("sleep", "600"));
        await WritePidFileAsync(folder, stranger.Id);

        await using var server = await Scene.StartAsync(folder);

        Assert.False(stranger.HasExited);
        Assert.Equal("1", await Scene.AskAsync(server.ConnectionString, "select 1"));
        stranger.Kill();
    }

    [Fact]
    public async Task a_stale_pid_file_that_names_the_server_of_another_folder_does_that_server_no_harm()
    {
        await using var otherFolder = TestFolder.Create();
        await using var other = await Scene.StartAsync(otherFolder);
        await using var folder = TestFolder.Create();
        await (await Scene.StartAsync(folder)).DisposeAsync();
        var pid = other.ServerPid!.Value;
        await WritePidFileAsync(folder, pid);

        await using var server = await Scene.StartAsync(folder);

        Assert.Equal(pid, other.ServerPid);
        Assert.Equal("1", await Scene.AskAsync(other.ConnectionString, "select 1"));
    }

    [Fact]
    public async Task a_stale_pid_file_that_names_a_dead_process_does_not_matter()
    {
        await using var folder = TestFolder.Create();
        await (await Scene.StartAsync(folder)).DisposeAsync();
        using var dead = Process.Start("true");
        await dead.WaitForExitAsync(TestContext.Current.CancellationToken);
        await WritePidFileAsync(folder, dead.Id);

        await using var server = await Scene.StartAsync(folder);

        Assert.Equal("1", await Scene.AskAsync(server.ConnectionString, "select 1"));
    }

    [Fact]
    public async Task an_operator_in_single_user_mode_is_not_disturbed()
    {
        await using var folder = TestFolder.Create();
        await (await Scene.StartAsync(folder)).DisposeAsync();
        var ct = TestContext.Current.CancellationToken;
        var user = await ServerUser.ResolveAsync(Scene.ClusterOf(folder), ct);
        var binaries = await PostgresBinaries.FindAsync(await BinaryFolders.UsualAsync(ct), new ClusterFolder(folder.Path).MajorVersion(), ct);
        using var single = Command.Start(user.Wrap(binaries.Postgres, "--single", "-D", Scene.ClusterOf(folder), "postgres"));
        // The prompt appears once it owns the folder.
        await single.StandardOutput.ReadAsync(new char[1], ct);

        var error = await Assert.ThrowsAsync<PostgresDataFolderException>(() => Scene.StartAsync(folder));

        Assert.Contains($"process {single.Id}", error.Message, StringComparison.Ordinal);
        Assert.False(single.HasExited);
        single.StandardInput.Close();
        await single.WaitForExitAsync(ct);
    }

    // The layout of postmaster.pid: process, data folder, start time, port, socket folder, address, shared memory, status.
    private static Task WritePidFileAsync(TestFolder folder, int pid) => File.WriteAllTextAsync(
        new ClusterFolder(folder.Path).PidFile,
        $"{pid}\n{Scene.ClusterOf(folder)}\n1700000000\n5432\n\n127.0.0.1\n        1         1\nready   \n",
        TestContext.Current.CancellationToken);
}
