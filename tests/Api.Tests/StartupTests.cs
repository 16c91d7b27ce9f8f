using Actors.Support;

namespace Actors.Api.Tests;

public sealed partial class StartupTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("startup-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task help_lists_the_arguments()
    {
        var (exitCode, output) = await ServiceProcess.RunToEndAsync("--help");
        Assert.Equal(0, exitCode);
        Assert.All(["--port", "--data", "--postgres", "--migrate-only", "--seed"], name => Assert.Contains(name, output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Unknown argument '--nonsense'", "--nonsense")]
    [InlineData("'--port' takes a number", "--port", "abc")]
    [InlineData("'--data' needs a value", "--data")]
    public async Task wrong_arguments_are_named_and_end_with_2(string message, params string[] arguments)
    {
        var (exitCode, output) = await ServiceProcess.RunToEndAsync(arguments);
        Assert.Equal(2, exitCode);
        Assert.Contains(message, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task an_unreachable_database_ends_the_start_with_1_and_one_clear_line()
    {
        var (exitCode, output) = await ServiceProcess.RunToEndAsync(
            "--data", _folder.FullName, "--port", "0", "--postgres", "Host=127.0.0.1;Port=1;Username=nobody;Password=hidden-word;Database=none");
        Assert.Equal(1, exitCode);
        Assert.Contains("Postgres", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-word", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sessions:MaxHotEvents", "0")]
    [InlineData("Planner:TimeZone", "Mars/Olympus")]
    [InlineData("Planner:BillableFloorPct", "101")]
    public async Task a_setting_out_of_range_ends_the_start_with_1(string setting, string value)
    {
        await using var database = await TestPostgres.CreateAsync();
        var (exitCode, output) = await ServiceProcess.RunToEndAsync(
            "--data", _folder.FullName, "--port", "0", "--postgres", database.ConnectionString, $"--{setting}", value);
        Assert.Equal(1, exitCode);
        Assert.Contains(setting, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task an_admin_key_that_could_be_guessed_ends_the_start_with_1_and_is_not_repeated()
    {
        await using var database = await TestPostgres.CreateAsync();
        var (exitCode, output) = await ServiceProcess.RunToEndAsync(
            "--data", _folder.FullName, "--port", "0", "--postgres", database.ConnectionString, "--Access:AdminKey", "pm_admin_hidden-word");
        Assert.Equal(1, exitCode);
        Assert.Contains("Access:AdminKey must be", output, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-word", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task an_admin_key_that_is_given_opens_everything_and_no_file_is_made()
    {
        const string Key = "pm_admin_0123456789abcdef0123456789abcdef";
        await using var database = await TestPostgres.CreateAsync();
        await using var service = await ServiceProcess.StartProgramAsync(
            ServiceProcess.Api,
            [.. HostArguments.All(), "--data", Path.Combine(_folder.FullName, "none"), "--postgres", database.ConnectionString],
            new Dictionary<string, string> { ["Access__AdminKey"] = Key });
        service.Client.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        using var answer = await service.Client.GetAsync("/api/v1/admin/keys", TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
        Assert.False(Directory.Exists(Path.Combine(_folder.FullName, "none")));
    }

    [Fact]
    public async Task migrate_only_brings_the_schema_up_to_date_and_ends()
    {
        await using var database = await TestPostgres.CreateAsync(migrate: false);
        var (exitCode, output) = await ServiceProcess.RunToEndAsync(
            "--data", _folder.FullName, "--postgres", database.ConnectionString, "--migrate-only");
        Assert.True(exitCode == 0, output);
        Assert.Equal("0", await database.PsqlAsync("select count(*) from events"));
    }

    [Fact]
    public async Task sigterm_lets_requests_finish_and_ends_with_0()
    {
        await using var database = await TestPostgres.CreateAsync();
        await using var service = await ServiceProcess.StartAsync(_folder.FullName, "--postgres", database.ConnectionString);
        var writer = new RememberLoop(service.Client, "1", TestContext.Current.CancellationToken);
        var writing = writer.RunAsync();
        await writer.AcknowledgedAsync(50);

        Assert.Equal(0, await service.StopAsync());

        await writing;
        var stored = (await database.PsqlAsync("select id from events")).Split('\n');
        Assert.Empty(writer.Acknowledged.Keys.Except(stored.Select(Guid.Parse)));
        Assert.Equal(writer.Acknowledged.Count, stored.Length);
    }
}
