using Actors.Hosting.Tests.Grains;

namespace Actors.Hosting.Tests;

public sealed partial class TurnTests(ActorHostFixture host) : IClassFixture<ActorHostFixture>
{
    private readonly string _key = Stage.NewKey();

    private Stage Stage => Stage.Of(_key);

    private ITurnGrain Grain => host.Grains.GetGrain<ITurnGrain>(_key);

    [Fact]
    public async Task a_thousand_concurrent_first_calls_make_one_activation()
    {
        var calls = Enumerable.Range(0, 1000).Select(_ => Task.Run(() => host.Grains.GetGrain<ITurnGrain>(_key).ActivationAsync()));
        var activations = await Task.WhenAll(calls);

        Assert.Single(activations.Distinct());
        Assert.Equal(1, Stage.Count("activated"));
    }

    [Fact]
    public async Task turns_of_one_activation_do_not_interleave()
    {
        var counts = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => Task.Run(() => Grain.CountInSixStepsAsync())));

        Assert.Equal(Enumerable.Range(1, 500), counts.Order());
    }

    [Fact]
    public async Task turns_of_two_activations_run_at_the_same_time()
    {
        var other = Stage.NewKey();
        var first = Grain.HoldAsync("door");
        var second = host.Grains.GetGrain<ITurnGrain>(other).HoldAsync("door");
        await Stage.WhenAsync("door in");
        await Stage.Of(other).WhenAsync("door in");

        Stage.Open("door");
        Stage.Of(other).Open("door");
        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task an_always_interleaving_call_is_answered_during_a_turn()
    {
        var turn = Grain.HoldAsync("turn");
        await Stage.WhenAsync("turn in");

        Assert.Equal(0, await Grain.PeekAsync());

        Stage.Open("turn");
        await turn;
    }

    [Fact]
    public async Task an_always_interleaving_call_does_not_keep_others_out()
    {
        var interleaving = Grain.HoldInterleavingAsync("interleaving");
        await Stage.WhenAsync("interleaving in");

        await Grain.ActivationAsync();

        Stage.Open("interleaving");
        await interleaving;
    }

    [Fact]
    public async Task two_read_only_calls_overlap()
    {
        var first = Grain.HoldReadingAsync("first");
        var second = Grain.HoldReadingAsync("second");
        await Stage.WhenAsync("first in");
        await Stage.WhenAsync("second in");

        Stage.Open("first");
        Stage.Open("second");
        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task a_write_waits_for_the_one_running_read()
    {
        var read = Grain.HoldReadingAsync("read");
        await Stage.WhenAsync("read in");
        var write = Grain.HoldAsync("write");
        Stage.Open("write");
        await Grain.PeekAsync();
        Assert.Equal(0, Stage.Count("write in"));

        Stage.Open("read");
        await Task.WhenAll(read, write);

        Assert.Equal(["activated", "read in", "read out", "write in", "write out"], Stage.History);
    }

    [Fact]
    public async Task a_later_read_overtakes_a_waiting_write()
    {
        var firstRead = Grain.HoldReadingAsync("first read");
        await Stage.WhenAsync("first read in");
        var write = Grain.HoldAsync("write");
        var laterRead = Grain.HoldReadingAsync("later read");
        await Stage.WhenAsync("later read in");
        Assert.Equal(0, Stage.Count("write in"));

        Stage.Open("first read");
        Stage.Open("later read");
        Stage.Open("write");
        await Task.WhenAll(firstRead, laterRead, write);
    }

    [Fact]
    public async Task a_read_waits_for_a_running_write()
    {
        var write = Grain.HoldAsync("write");
        await Stage.WhenAsync("write in");
        var read = Grain.HoldReadingAsync("read");
        Stage.Open("read");
        await Grain.PeekAsync();
        Assert.Equal(0, Stage.Count("read in"));

        Stage.Open("write");
        await Task.WhenAll(write, read);
    }

    [Fact]
    public async Task turns_of_a_reentrant_grain_interleave_at_their_awaits()
    {
        var grain = host.Grains.GetGrain<IReentrantTurnGrain>(_key);
        var first = grain.HoldAsync("first");
        var second = grain.HoldAsync("second");
        await Stage.WhenAsync("first in");
        await Stage.WhenAsync("second in");

        Stage.Open("second");
        await second;
        Stage.Open("first");
        await first;
    }

    [Fact]
    public async Task a_stateless_worker_has_as_many_activations_as_its_maximum_and_no_more()
    {
        var grain = host.Grains.GetGrain<IWorkerTurnGrain>(_key);
        var calls = Enumerable.Range(0, 6).Select(_ => grain.HoldAsync("door")).ToList();
        await Stage.WhenAsync("door in", 3);
        Assert.Equal(3, Stage.Count("activated"));
        Assert.Equal(3, Stage.Count("door in"));

        Stage.Open("door");
        await Task.WhenAll(calls);

        Assert.Equal(3, Stage.Count("activated"));
        Assert.Equal(6, Stage.Count("door out"));
    }

    [Fact]
    public async Task an_idle_stateless_worker_is_used_again()
    {
        var grain = host.Grains.GetGrain<IWorkerTurnGrain>(_key);

        var first = await grain.ActivationAsync();

        Assert.Equal(first, await grain.ActivationAsync());
    }

    [Fact]
    public async Task a_turn_that_yields_for_ever_does_not_starve_interleaving_calls()
    {
        var yielding = Grain.YieldForEverAsync();
        await Stage.WhenAsync("yielding");

        await Grain.PeekAsync();

        await yielding;
    }

    [Fact]
    public async Task grain_code_comes_back_to_its_turn_after_an_await_and_leaves_it_with_task_run() =>
        Assert.Equal("await True, Task.Run False, StartNew True", await Grain.WhereCodeRunsAsync());

    [Fact]
    public async Task a_reference_knows_its_grain_and_equals_another_to_the_same()
    {
        Assert.Equal(_key, Grain.GetPrimaryKeyString());
        Assert.Equal($"test-turn/{_key}", Grain.GetGrainId().ToString());
        Assert.Equal(Grain, Grain.AsReference<ITurnGrain>());
        Assert.NotEqual(Grain, host.Grains.GetGrain<ITurnGrain>(_key + "0"));
        Assert.Equal(await Grain.ActivationAsync(), await Grain.AsReference<ITurnGrain>().ActivationAsync());
    }
}
