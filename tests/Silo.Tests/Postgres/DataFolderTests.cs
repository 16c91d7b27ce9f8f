using Actors.Support;

namespace Actors.Postgres;

public sealed class DataFolderTests
{
    [Theory]
    [InlineData("14", "was written by PostgreSQL 14; this service needs 15 or newer")]
    [InlineData("9.6", "was written by PostgreSQL 9.6; this service needs 15 or newer")]
    [InlineData("twelve", "is not a Postgres data folder")]
    public async Task data_of_an_unfit_version_is_refused(string version, string message)
    {
        await using var folder = TestFolder.Create();
        await MakeClusterAsync(folder, version);

        var error = await Assert.ThrowsAsync<PostgresDataFolderException>(() => Scene.StartAsync(folder));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(version, await File.ReadAllTextAsync(Path.Combine(Scene.ClusterOf(folder), "PG_VERSION"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task data_of_a_version_that_is_not_installed_names_the_package()
    {
        await using var folder = TestFolder.Create();
        await MakeClusterAsync(folder, "99");

        var error = await Assert.ThrowsAsync<PostgresBinariesMissingException>(() => Scene.StartAsync(folder));

        Assert.Contains("created by PostgreSQL 99", error.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install postgresql-99", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_folder_without_a_version_is_refused()
    {
        await using var folder = TestFolder.Create();
        Directory.CreateDirectory(Scene.ClusterOf(folder));

        var error = await Assert.ThrowsAsync<PostgresDataFolderException>(() => Scene.StartAsync(folder));

        Assert.Contains("PG_VERSION is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_lost_password_is_named_before_anything_is_started()
    {
        await using var folder = TestFolder.Create();
        await (await Scene.StartAsync(folder)).DisposeAsync();
        File.Delete(new ClusterFolder(folder.Path).PasswordFile);

        var error = await Assert.ThrowsAsync<PostgresDataFolderException>(() => Scene.StartAsync(folder));

        Assert.Contains("service.password is missing", error.Message, StringComparison.Ordinal);
        Assert.Empty(ServerProcesses.Of(Scene.ClusterOf(folder)));
    }

    [Fact]
    public async Task a_folder_below_one_that_only_root_may_enter_is_named_with_the_way_out()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        await using var folder = TestFolder.Create();
        var closed = Path.Combine(folder.Path, "closed");
        await Scene.OutputAsync("mkdir", "-m", "700", closed);

        var error = await Assert.ThrowsAsync<PostgresDataFolderException>(() => PrivatePostgres.StartAsync(
            new PrivatePostgresOptions { DataFolder = Path.Combine(closed, "data") },
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance,
            TestContext.Current.CancellationToken));

        Assert.Contains($"may not enter {closed}.", error.Message, StringComparison.Ordinal);
        Assert.Contains($"chmod o+x {closed}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_usual_folder_out_of_the_servers_reach_is_replaced_unless_one_was_given_or_data_is_there()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        await using var folder = TestFolder.Create();
        var closed = Path.Combine(folder.Path, "closed");
        await Scene.OutputAsync("mkdir", "-m", "700", closed);
        var usual = Path.Combine(closed, "clone", ".data");

        Assert.Equal("system", await ChooseAsync(null, usual));
        Assert.Equal("given", await ChooseAsync("given", usual));
        Assert.Equal(folder.Path, await ChooseAsync(null, folder.Path));
        Directory.CreateDirectory(new ClusterFolder(usual).Data);
        Assert.Equal(usual, await ChooseAsync(null, usual));

        static Task<string> ChooseAsync(string? given, string usual) => DataFolder.ChooseAsync(
            given, usual, "system", Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task new_data_folders_may_be_entered_by_everyone_and_existing_ones_stay_as_they_are()
    {
        await using var folder = TestFolder.Create();
        await Scene.OutputAsync("chmod", "711", folder.Path);
        var data = Path.Combine(folder.Path, "new", "data");

        DataFolder.Create(data);

        Assert.Equal("755", await Scene.OutputAsync("stat", "-c", "%a", data));
        Assert.Equal("755", await Scene.OutputAsync("stat", "-c", "%a", Path.GetDirectoryName(data)!));
        Assert.Equal("711", await Scene.OutputAsync("stat", "-c", "%a", folder.Path));
    }

    [Fact]
    public async Task a_umask_that_closes_new_folders_does_not_matter()
    {
        var run = ServiceToKill.TestRun("-method", $"{typeof(DataFolderTests).FullName}.{nameof(new_data_folders_may_be_entered_by_everyone_and_existing_ones_stay_as_they_are)}");

        var said = await Scene.OutputAsync(["sh", "-c", "umask 077; exec \"$@\"", "sh", .. run]);

        Assert.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task the_lock_leaves_the_file_its_name_leads_to_as_it_was()
    {
        await using var folder = TestFolder.Create();
        var target = Path.Combine(folder.Path, "target");
        await File.WriteAllTextAsync(target, "kept", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(Path.Combine(folder.Path, "service.lock"), target);

        await ServiceLock.Take(folder.Path).DisposeAsync();

        Assert.Equal("kept", await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task a_server_that_cannot_start_is_reported_with_the_end_of_its_log_and_frees_the_folder()
    {
        await using var folder = TestFolder.Create();
        await (await Scene.StartAsync(folder)).DisposeAsync();
        var settings = Path.Combine(Scene.ClusterOf(folder), "postgresql.conf");
        var before = await File.ReadAllTextAsync(settings, TestContext.Current.CancellationToken);
        await File.AppendAllTextAsync(settings, "no_such_setting = 1\n", TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<PostgresStartException>(() => Scene.StartAsync(folder));
        Assert.Contains("no_such_setting", error.Message, StringComparison.Ordinal);

        await File.WriteAllTextAsync(settings, before, TestContext.Current.CancellationToken);
        await using var mended = await Scene.StartAsync(folder);
        Assert.Equal("1", await Scene.AskAsync(mended.ConnectionString, "select 1"));
    }

    private static async Task MakeClusterAsync(TestFolder folder, string version)
    {
        Directory.CreateDirectory(Scene.ClusterOf(folder));
        await File.WriteAllTextAsync(Path.Combine(Scene.ClusterOf(folder), "PG_VERSION"), version, TestContext.Current.CancellationToken);
    }
}
