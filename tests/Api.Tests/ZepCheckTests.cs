using Actors.Support;

namespace Actors.Api.Tests;

/// <summary><c>--check zep</c> as an operator runs it.</summary>
public class ZepCheckTests
{
    private static readonly string[] Names =
        ["ping", "add user", "add thread", "add message", "add fact", "search", "change fact", "remove fact", "remove message", "remove user"];

    [Fact]
    public async Task a_check_makes_ten_calls_says_what_came_of_each_and_leaves_nothing_behind()
    {
        await using var zep = await FakeZep.StartAsync();

        var (exitCode, output) = await CheckAsync(zep);

        Assert.True(exitCode == 0, output);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal($"Zep at {zep.BaseUrl}", lines[0]);
        Assert.Equal(Names.Length, lines.Length - 1);
        Assert.All(Names.Zip(lines.Skip(1)), pair => Assert.Matches($@"^ *\d+  {pair.First} +\d+ ms  ok; \d+ of 6000 a minute left$", pair.Second));
        Assert.Equal(10, zep.Calls.Count);
        Assert.Empty(zep.Users);
        Assert.Empty(zep.Edges);
        Assert.DoesNotContain(FakeZep.Key, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task that_zep_has_what_it_took_only_later_is_no_failure()
    {
        await using var zep = await FakeZep.StartAsync();
        zep.Quirks.IngestionDelay = TimeSpan.FromHours(1);

        var (exitCode, output) = await CheckAsync(zep);

        Assert.True(exitCode == 0, output);
        Assert.Equal(3, output.Split("not there, or not yet").Length - 1);
    }

    [Fact]
    public async Task a_check_that_fails_ends_with_1_and_cleans_up()
    {
        await using var zep = await FakeZep.StartAsync();
        zep.Next(ZepMood.Well, ZepMood.Well, ZepMood.Well, ZepMood.Broken);

        var (exitCode, output) = await CheckAsync(zep);

        Assert.Equal(1, exitCode);
        Assert.Contains("add message", output, StringComparison.Ordinal);
        Assert.Contains("failed: HTTP 500: internal server error", output, StringComparison.Ordinal);
        Assert.Contains("remove message       0 ms  not made", output, StringComparison.Ordinal);
        Assert.Contains("2 of 10 calls failed.", output, StringComparison.Ordinal);
        Assert.Empty(zep.Users);
    }

    [Fact]
    public async Task a_wrong_key_is_told_and_a_missing_one_too()
    {
        await using var zep = await FakeZep.StartAsync();

        var (wrong, said) = await ServiceProcess.RunToEndAsync("--check", "zep", "--Zep:BaseUrl", zep.BaseUrl, "--Zep:ApiKey", "z_hidden-word");
        Assert.Equal(1, wrong);
        Assert.Contains("unauthorized: HTTP 401: unauthorized", said, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-word", said, StringComparison.Ordinal);

        foreach (var (arguments, expected) in ((string[], string)[])[(["--check", "zep"], "There is no key"), (["--check", "google"], "knows zep only")])
        {
            var (exitCode, output) = await ServiceProcess.RunToEndAsync(arguments);
            Assert.True(exitCode == 1 && output.Contains(expected, StringComparison.Ordinal), output);
            Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        }
    }

    private static Task<(int ExitCode, string Output)> CheckAsync(FakeZep zep) =>
        ServiceProcess.RunToEndAsync("--check", "zep", "--Zep:BaseUrl", zep.BaseUrl, "--Zep:ApiKey", FakeZep.Key);
}
