using System.Globalization;
using Actors.Support;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Actors.Api.Tests.Facts;

/// <summary>
/// Facts against an oracle, over random histories. FACT_HISTORIES (default 1,000) says how many, FACT_SEED which.
/// </summary>
[Collection(ServiceTests.Name)]
public class BitemporalTests(ServiceFixture service, ITestOutputHelper output)
{
    private const int Lanes = 8;

    [Fact]
    public async Task random_histories_read_the_same_as_a_list_that_only_grows_replayed()
    {
        var histories = Setting("FACT_HISTORIES", 1000);
        var seed = Setting("FACT_SEED", 20261122);
        output.WriteLine($"{histories} histories, FACT_SEED={seed}");

        // FsCheck waits for each history on its thread; the lanes are what runs in parallel.
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Factory.StartNew(
            () => Check.One(Settings(histories / Lanes, (ulong)(seed + lane)), Prop.ForAll(BitemporalGenerator.Histories, HappensAsync)),
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
    }

    [Fact]
    public async Task what_was_believed_reads_the_same_after_a_restart_and_decides_what_follows()
    {
        await using var database = await TestPostgres.CreateAsync();
        await using var folder = TestFolder.Create();
        var histories = BitemporalGenerator.Histories.Generator.Sample(64, new Rnd(20261123), 50).ToList();
        List<BitemporalRun> runs;
        await using (var before = await ServiceProcess.StartAsync(folder.Path, "--postgres", database.ConnectionString))
        {
            runs = [.. histories.Select((_, i) => new BitemporalRun(before.Client, database, $"r{i}"))];
            await EachAsync((run, history) => run.HappenAsync(history.Operations.Take(history.Operations.Length / 2)));
        }

        await using var after = await ServiceProcess.StartAsync(folder.Path, "--postgres", database.ConnectionString);
        await EachAsync(async (run, history) =>
        {
            run.Restarted(after.Client);
            await run.LookAsync(history.Seed);
            await run.HappenAsync(history.Operations.Skip(history.Operations.Length / 2));
            await run.LookAsync(history.Seed);
        });

        Task EachAsync(Func<BitemporalRun, BitemporalHistory, Task> act) => Parallel.ForEachAsync(
            runs.Zip(histories),
            new ParallelOptions { MaxDegreeOfParallelism = Lanes, CancellationToken = TestContext.Current.CancellationToken },
            async (pair, _) => await act(pair.First, pair.Second));
    }

    private async Task HappensAsync(BitemporalHistory history)
    {
        var run = new BitemporalRun(service.Client, service.Database, service.NewClient());
        await run.HappenAsync(history.Operations);
        await run.LookAsync(history.Seed);
    }

    private static Config Settings(int histories, ulong seed) => Config.QuickThrowOnFailure
        .WithMaxTest(histories)
        .WithQuietOnSuccess(true)
        .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(seed), FSharpOption<int>.None)));

    private static int Setting(string name, int usual) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
}
