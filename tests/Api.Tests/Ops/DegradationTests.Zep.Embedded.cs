using Actors.Support;

namespace Actors.Api.Tests.Ops;

/// <summary>While Zep does not do what it should.</summary>
public sealed partial class DegradationTests
{
    private const string Usual = "00:00:00.5";

    // Where Zep is well: a busy machine must not make it slow.
    private const string Patient = "00:00:10";

    [Fact]
    public async Task zep_is_down()
    {
        FakeZep? again = null;
        await HoldWithZepAsync(
            "Zep is down",
            zep => zep.DisposeAsync().AsTask(),
            async zep => again = await FakeZep.StartAsync(port: new Uri(zep).Port));
        await again!.DisposeAsync();
    }

    [Fact]
    public Task zep_is_slow() => HoldWithZepAsync("Zep is slow", zep => zep.Quirks.Latency = TimeSpan.FromSeconds(5), zep => zep.Quirks.Latency = TimeSpan.Zero);

    [Fact]
    public Task zep_says_429() => HoldWithZepAsync(
        "Zep says 429",
        zep =>
        {
            zep.Quirks.RetryAfter = "20";
            zep.Mood = ZepMood.Throttled;
        },
        zep => zep.Mood = ZepMood.Well);

    [Fact]
    public Task zep_is_in_penalty_mode() => HoldWithZepAsync("Zep is in penalty mode", zep => zep.Quirks.Quota = 0, zep => zep.Quirks.Quota = null, isKnown: false);

    [Fact]
    public Task zep_refuses_the_key() => HoldWithZepAsync("Zep refuses the key", zep => zep.Mood = ZepMood.WrongKey, zep => zep.Mood = ZepMood.Well, isRestarted: true);

    [Fact]
    public Task the_api_of_zep_is_removed() =>
        HoldWithZepAsync("Zep's API is removed", zep => zep.Mood = ZepMood.Removed, zep => zep.Mood = ZepMood.Well, isRestarted: true);

    [Fact]
    public Task the_second_version_of_zep_is_removed() =>
        HoldWithZepAsync(
            "Zep's v2 is removed", zep => zep.Quirks.HasSessions = false, zep => zep.Mood = ZepMood.Well, isKnown: false, searchBudget: Patient,
            before: zep => zep.Quirks.HasSessions = true);

    [Fact]
    public Task zep_takes_long_to_take_in() => HoldWithZepAsync(
        "Zep takes long to take in",
        zep => (zep.Quirks.IngestionDelay, zep.Quirks.SearchLag) = (TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5)),
        zep => zep.Quirks.IngestionDelay = TimeSpan.Zero,
        isKnown: false, searchBudget: Patient);

    private Task HoldWithZepAsync(
        string failure, Action<FakeZep> fail, Action<FakeZep> mend, bool isKnown = true, bool isRestarted = false, string searchBudget = Usual, Action<FakeZep>? before = null)
    {
        FakeZep failing = null!;
        return HoldWithZepAsync(
            failure,
            zep =>
            {
                failing = zep;
                fail(zep);
                return Task.CompletedTask;
            },
            _ =>
            {
                mend(failing);
                return Task.FromResult(failing);
            },
            isKnown, isRestarted, searchBudget, before);
    }

    // Of a Zep that has ended the address is left. Whether recall always asks it is not at stake here, so it always does.
    private async Task HoldWithZepAsync(
        string failure, Func<FakeZep, Task> fail, Func<string, Task<FakeZep>> mend, bool isKnown = true, bool isRestarted = false, string searchBudget = Usual,
        Action<FakeZep>? before = null)
    {
        await using var server = await OwnServer.StartAsync();
        await using var zep = await FakeZep.StartAsync();
        before?.Invoke(zep);
        string[] arguments =
            ["--postgres", server.ConnectionString, "--Zep:BaseUrl", zep.BaseUrl, "--Zep:ApiKey", FakeZep.Key, "--Zep:GoodEnough", "1", "--Zep:PollInterval", "00:00:00.5",
             "--Zep:SearchBudget", searchBudget];
        var address = zep.BaseUrl;
        DegradationScene scene;
        FakeZep well;
        await using (var service = await ServiceProcess.StartAsync(_data, arguments))
        {
            scene = new DegradationScene(service, server.ConnectionString);
            await scene.SetUpAsync();
            await scene.HotIsThereAsync(zep);
            await fail(zep);
            if (isKnown)
            {
                await scene.KnownAsync("zep");
            }

            await scene.AssertAsync(Table.While(failure), Rounds);
            well = await mend(address);
            await scene.AssertRowsAsync();
            if (!isRestarted)
            {
                await scene.AssertArrivedAsync(well);
            }
        }

        if (isRestarted)
        {
            await using var again = await ServiceProcess.StartAsync(_data, arguments);
            await scene.AssertArrivedAsync(well);
        }
    }
}
