using Actors.Clients;
using Actors.Grains.Tests.Sessions;
using Actors.Sessions;
using Actors.Support;

namespace Actors.Grains.Tests.Clients;

/// <summary>What Valkey keeps of a client goes with it, at once or as soon as Valkey can be reached.</summary>
public sealed class ErasedValkeyTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private ValkeyServer _valkey = null!;
    private GrainHost _host = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestPostgres.CreateAsync();
        _valkey = await ValkeyServer.StartAsync();
        // A busy machine must not make Valkey slow.
        _host = await GrainHost.StartAsync(_database, time: null, ("ConnectionStrings:Valkey", _valkey.Address), ("Valkey:Budget", "00:00:10"));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _valkey.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task no_key_and_no_value_of_an_erased_client_is_left_and_others_are()
    {
        await FillAsync("a", "marker");
        await FillAsync("b", "bystander");
        Assert.Contains("marker", await DumpAsync(), StringComparison.Ordinal);

        var receipt = await Session("a").EraseAsync(Stop);

        Assert.Equal((ValkeyErasure.Removed, 2), (receipt.Valkey, receipt.ValkeyKeys));
        var left = await DumpAsync();
        Assert.DoesNotContain("marker", left, StringComparison.Ordinal);
        Assert.DoesNotContain(":a:", left, StringComparison.Ordinal);
        Assert.Contains("bystander", left, StringComparison.Ordinal);
    }

    [Fact]
    public async Task what_could_not_be_removed_is_pending_and_not_used_and_goes_with_a_later_sweep()
    {
        await FillAsync("a", "marker");
        var dump = await DumpAsync();
        await _valkey.KillAsync();

        Assert.Equal(ValkeyErasure.Pending, (await Session("a").EraseAsync(Stop)).Valkey);

        Assert.Empty(await Session("a").RecallAsync("marker"));
        Assert.Contains("marker", dump, StringComparison.Ordinal);
        var sweeper = _host.Grains.GetGrain<IErasureSweeperGrain>(IErasureSweeperGrain.Key);
        Assert.Equal(1, await sweeper.SweepAsync(Stop));
        await _valkey.StartAgainAsync();
        await SweptAsync(sweeper);
        var receipts = await _host.Grains.GetGrain<IErasureQueryGrain>(IErasureQueryGrain.Key).ListAsync("a", Stop);
        Assert.Equal(ValkeyErasure.Removed, receipts.Single().Valkey);
    }

    private ISessionGrain Session(string client) => _host.Grains.GetGrain<ISessionGrain>(SessionKey.Of(client));

    // An event, and an answer.
    private async Task FillAsync(string client, string word)
    {
        await Session(client).RememberAsync($"The {word} is red");
        Assert.Single(await Session(client).RecallAsync(word));
        await _valkey.HoldsAsync($"*:{client}:*", 2);
    }

    private async Task<string> DumpAsync()
    {
        var keys = await _valkey.CommandAsync("--raw", "keys", "*");
        var values = new List<string>();
        foreach (var key in keys)
        {
            values.AddRange(await _valkey.CommandAsync("--raw", "get", key));
        }

        return string.Join('\n', keys.Concat(values));
    }

    // The service finds out by itself, once a second, that Valkey is there again.
    private static async Task SweptAsync(IErasureSweeperGrain sweeper)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await sweeper.SweepAsync(limit.Token) > 0)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
