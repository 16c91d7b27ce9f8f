using System.Diagnostics;
using Actors.Support;

namespace Actors.Postgres;

/// <summary>Containers usually give root no right to look at other accounts' processes, and Postgres runs as another account there.</summary>
public sealed class UnseenProcessTests
{
    [Theory]
    [InlineData(typeof(PrivatePostgresTests), nameof(PrivatePostgresTests.disposal_stops_the_server_in_order))]
    [InlineData(typeof(KilledServiceTests), nameof(KilledServiceTests.the_server_of_a_killed_service_is_stopped_and_its_data_taken_over))]
    [InlineData(typeof(KilledServerTests), nameof(KilledServerTests.a_backend_that_outlives_its_server_does_not_keep_the_next_one_from_starting))]
    [InlineData(typeof(PidFileTests), nameof(PidFileTests.a_stale_pid_file_that_names_the_server_of_another_folder_does_that_server_no_harm))]
    [InlineData(typeof(UnseenProcessTests), nameof(root_without_the_capability_sees_where_a_server_works))]
    public async Task without_the_capability_for_it_servers_are_recognised_all_the_same(Type tests, string test)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        var run = ServiceToKill.TestRun("-explicit", "on", "-method", $"{tests.FullName}.{test}");
        var info = new ProcessStartInfo("setpriv", ["--bounding-set", "-sys_ptrace", "--inh-caps", "-sys_ptrace", "--", .. run]) { RedirectStandardOutput = true };
        using var process = Process.Start(info)!;

        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0 && said.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0", StringComparison.Ordinal), said);
    }

    [Fact(Explicit = true)]
    public async Task root_without_the_capability_sees_where_a_server_works()
    {
        await using var folder = TestFolder.Create();
        await using var server = await Scene.StartAsync(folder);
        var pid = server.ServerPid!.Value;

        var plain = await Command.RunAsync(["readlink", $"/proc/{pid}/cwd"], TestContext.Current.CancellationToken);

        Assert.False(plain.Succeeded, "This run has the capability, and shows nothing.");
        Assert.True(ServerProcesses.BelongsTo(pid, Scene.ClusterOf(folder)));
        Assert.False(ServerProcesses.BelongsTo(pid, folder.Path));
        // The thread's own identity is back.
        Assert.Equal("0", await Scene.OutputAsync("id", "-u"));
        Assert.Equal("0\t0\t0\t0", File.ReadLines("/proc/thread-self/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal))[5..]);
    }
}
