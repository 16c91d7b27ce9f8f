using Actors.Hosting.Tests.Grains;
using Actors.Support;
using Orleans.Storage;

namespace Actors.Hosting.Tests;

public sealed partial class GrainStateTests : IAsyncLifetime
{
    private readonly string _key = Stage.NewKey();
    private TestDatabase _database = null!;
    private ActorHostFixture _host = null!;

    private IStateGrain Grain => _host.Grains.GetGrain<IStateGrain>(_key);

    public async ValueTask InitializeAsync()
    {
        _database = await TestPostgres.CreateAsync();
        _host = await ActorHostFixture.StartAsync(new ActorHostSettings { Database = _database });
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task state_that_was_never_written_is_new()
    {
        Assert.Equal("nothing then nothing, stored False", await Grain.GetAsync());
    }

    [Fact]
    public async Task state_is_read_again_by_the_next_activation()
    {
        var first = await Grain.ActivationAsync();
        await Grain.SetAsync("one");
        await Grain.SetAsync("two");

        await _host.CollectIdleAsync(Stage.Of(_key).WhenAsync("deactivated ActivationIdle"));

        // The idle one may still be leaving: calls go to it or to the next, never to both.
        Assert.Equal("two then two, stored True", await Grain.GetAsync());
        Assert.NotEqual(first, await Grain.ActivationAsync());
    }

    [Fact]
    public async Task cleared_state_is_new_again_and_can_be_written_again()
    {
        await Grain.SetAsync("one");
        await Grain.ClearAsync();
        Assert.Equal("nothing then nothing, stored False", await Grain.GetAsync());

        await Grain.SetAsync("two");
        Assert.Equal("nothing then two, stored True", await Grain.GetAsync());
    }

    [Fact]
    public async Task a_write_with_a_stale_etag_throws_and_drops_the_activation()
    {
        await Grain.SetAsync("one");
        var first = await Grain.ActivationAsync();
        await WriteElsewhereAsync("from elsewhere");

        await Assert.ThrowsAsync<InconsistentStateException>(() => Grain.SetAsync("two"));

        Assert.NotEqual(first, await Grain.ActivationAsync());
        Assert.Equal("from elsewhere then from elsewhere, stored True", await Grain.GetAsync());
        await Grain.SetAsync("three");
    }

    [Fact]
    public async Task a_first_write_against_a_row_that_appeared_meanwhile_throws()
    {
        await Grain.ActivationAsync();
        await WriteElsewhereAsync("from elsewhere");

        await Assert.ThrowsAsync<InconsistentStateException>(() => Grain.SetAsync("two"));

        Assert.Equal("from elsewhere then from elsewhere, stored True", await Grain.GetAsync());
    }

    [Fact]
    public async Task a_clear_with_a_stale_etag_throws()
    {
        await Grain.SetAsync("one");
        await WriteElsewhereAsync("from elsewhere");

        await Assert.ThrowsAsync<InconsistentStateException>(() => Grain.ClearAsync());
    }

    [Fact]
    public async Task a_stale_etag_drops_the_grain_that_lost_and_not_its_caller()
    {
        var caller = _host.Grains.GetGrain<IStateGrain>(Stage.NewKey());
        var callersActivation = await caller.ActivationAsync();
        await Grain.SetAsync("one");
        await WriteElsewhereAsync("from elsewhere");

        await Assert.ThrowsAsync<InconsistentStateException>(() => caller.SetThereAsync(_key, "two"));

        Assert.Equal(callersActivation, await caller.ActivationAsync());
    }

    [Fact]
    public async Task a_stale_etag_in_a_tick_drops_the_activation_too()
    {
        await Grain.SetAsync("one");
        await Grain.SetByTimerAsync("two", TimeSpan.FromSeconds(10));
        await WriteElsewhereAsync("from elsewhere");

        await _host.PassAsync(TimeSpan.FromSeconds(10));
        await Stage.Of(_key).WhenAsync("deactivated ApplicationError");

        Assert.Equal("from elsewhere then from elsewhere, stored True", await Grain.GetAsync());
    }

    private Task WriteElsewhereAsync(string text) => _host.WriteNoteElsewhereAsync(_key, text);
}
