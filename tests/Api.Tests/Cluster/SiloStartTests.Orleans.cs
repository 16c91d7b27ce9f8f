using Actors.Support;

namespace Actors.Api.Tests.Cluster;

/// <summary>A silo that cannot start says why, in one line.</summary>
public class SiloStartTests
{
    [Fact]
    public async Task help_lists_the_arguments_of_both_programs()
    {
        var silo = await ServiceProcess.RunProgramToEndAsync(SiloProcess.Program, "--help");
        Assert.Equal(0, silo.ExitCode);
        Assert.All(
            ["--postgres", "--address", "--silo-port", "--gateway-port", "--port", "--migrate-only", "--cluster-schema", "--probe"],
            name => Assert.Contains(name, silo.Output, StringComparison.Ordinal));
        Assert.Contains("--single", (await ServiceProcess.RunProgramToEndAsync(ServiceProcess.Api, "--help")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("needs a Postgres server that all its processes reach")]
    [InlineData("Cluster:ClusterId must be", "--Cluster:ClusterId", "two words")]
    [InlineData("Cluster:SiloPort must be", "--silo-port", "0")]
    [InlineData("times MissedProbes it must come to 5 s", "--Cluster:ProbeTimeout", "00:00:01.6")]
    [InlineData("Cluster:MissedProbes must be", "--Cluster:MissedProbes", "1")]
    [InlineData("has no IPv4 address", "--address", "no-such-host.invalid")]
    [InlineData("Actors: MaxQueuedRequests must be", "--Actors:MaxQueuedRequests", "0")]
    public async Task a_wrong_setting_ends_the_start_with_1_and_is_named(string message, params string[] arguments)
    {
        string[] database = arguments.Length == 0 ? [] : ["--postgres", "Host=127.0.0.1;Port=1;Username=nobody;Password=hidden-word;Database=none"];
        var (exitCode, output) = await ServiceProcess.RunProgramToEndAsync(SiloProcess.Program, [.. database, .. arguments]);
        Assert.Equal(1, exitCode);
        Assert.Contains(message, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-word", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_database_without_orleans_tables_ends_the_start_and_the_message_names_the_command_for_it()
    {
        await using var database = await TestPostgres.CreateAsync(migrate: false);
        var (exitCode, output) = await ServiceProcess.RunProgramToEndAsync(
            SiloProcess.Program, "--postgres", database.ConnectionString, "--silo-port", $"{HostArguments.Port()}", "--gateway-port", $"{HostArguments.Port()}", "--port", "0");
        Assert.Equal(1, exitCode);
        Assert.Contains("./cluster-schema", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task one_command_migrates_and_creates_orleans_tables_and_a_second_time_changes_nothing()
    {
        ProcessCluster.SkipWithoutTables();
        await using var database = await TestPostgres.CreateAsync(migrate: false);
        string[] upkeep = ["--postgres", database.ConnectionString, "--migrate-only", "--cluster-schema", "--ClusterSchema:Scripts", HostTables.Scripts!];
        const string Relations = "select count(*), sum(pg_relation_size(oid)) from pg_class where relnamespace = 'public'::regnamespace";
        foreach (var program in new[] { SiloProcess.Program, ServiceProcess.Api })
        {
            var before = await database.PsqlAsync(Relations);
            var (exitCode, output) = await ServiceProcess.RunProgramToEndAsync(program, upkeep);
            Assert.True(exitCode == 0, output);
            Assert.Equal(program == ServiceProcess.Api, before == await database.PsqlAsync(Relations));
        }

        Assert.Equal("0|0", await database.PsqlAsync("select (select count(*) from events), (select count(*) from orleansmembershiptable)"));
    }
}
