using Actors.Hosting.Tests.Grains;

namespace Actors.Hosting.Tests;

public sealed partial class LifeTests(ActorHostFixture host) : IClassFixture<ActorHostFixture>
{
    private readonly string _key = Stage.NewKey();

    private Stage Stage => Stage.Of(_key);

    private ILifeGrain Grain => host.Grains.GetGrain<ILifeGrain>(_key);

    [Fact]
    public async Task a_failed_activation_fails_its_caller_and_the_next_call_tries_again()
    {
        Stage.Happened("faulty activation");

        Assert.Equal("activation", (await Assert.ThrowsAsync<RefusedException>(() => Grain.ActivationAsync())).Field);

        Stage.Happened("repaired");
        await Grain.ActivationAsync();
        Assert.Equal(2, Stage.Count("activating"));
        Assert.Equal(1, Stage.Count("activated"));
        Assert.Equal(0, Stage.Count("deactivated ActivationFailed"));
    }

    [Fact]
    public async Task an_activation_that_does_not_heed_its_limit_fails_and_the_next_one_starts()
    {
        await using var hasty = await ActorHostFixture.StartAsync(new ActorHostSettings { ActivationTimeout = TimeSpan.FromSeconds(1) });
        var grain = hasty.Grains.GetGrain<ILifeGrain>(_key);
        Stage.Happened("slow activation");
        var first = grain.ActivationAsync();
        await Stage.WhenAsync("activating");

        await hasty.PassAsync(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAnyAsync<Exception>(() => first);
        await Stage.WhenAsync("disposed");
        var second = grain.ActivationAsync();
        await Stage.WhenAsync("activating", 2);

        Stage.Open("activation");
        await second;
    }

    [Fact]
    public async Task a_deactivation_that_does_not_heed_its_limit_does_not_keep_the_next_activation_waiting()
    {
        await using var hasty = await ActorHostFixture.StartAsync(new ActorHostSettings { ActivationTimeout = TimeSpan.FromSeconds(1) });
        var grain = hasty.Grains.GetGrain<ILifeGrain>(_key);
        var first = await grain.ActivationAsync();
        Stage.Happened("slow deactivation");
        await grain.LeaveAsync();
        await Stage.WhenAsync("deactivated ApplicationRequested");

        await hasty.PassAsync(TimeSpan.FromSeconds(2));

        await Stage.WhenAsync("disposed");
        Assert.NotEqual(first, await grain.ActivationAsync());
        Stage.Open("deactivation");
    }

    [Fact]
    public async Task an_idle_activation_is_deactivated_and_the_next_call_makes_another()
    {
        var first = await Grain.ActivationAsync();

        await host.CollectIdleAsync(Stage.WhenAsync("deactivated ActivationIdle"));

        Assert.NotEqual(first, await Grain.ActivationAsync());
        Assert.Equal(2, Stage.Count("activated"));
    }

    [Fact]
    public async Task an_activation_in_a_turn_is_not_idle()
    {
        var turn = Grain.HoldAsync("door");
        await Stage.WhenAsync("door in");

        await CollectAnotherAsync();
        Stage.Open("door");
        await Stage.WhenAsync("door out");
        await Task.WhenAny(turn);

        await Grain.ActivationAsync();
        Assert.Equal(1, Stage.Count("activated"));
    }

    [Fact]
    public async Task a_grain_may_put_off_its_deactivation()
    {
        var first = await Grain.ActivationAsync();
        await Grain.StayAsync(TimeSpan.FromHours(2));

        await CollectAnotherAsync();

        Assert.Equal(first, await Grain.ActivationAsync());
    }

    [Fact]
    public async Task a_deactivated_activation_is_disposed_of()
    {
        await Grain.LeaveAsync();

        await Stage.WhenAsync("disposed");

        Assert.Equal(["activating", "activated", "deactivated ApplicationRequested", "disposed"], Stage.History);
    }

    [Fact]
    public async Task deactivate_on_idle_lets_the_running_turn_end_first_and_the_queued_call_go_to_the_next_activation()
    {
        var first = await Grain.ActivationAsync();
        var turn = Grain.LeaveAtDoorAsync("door");
        await Stage.WhenAsync("door in");
        var queued = Grain.ActivationAsync();

        Stage.Open("door");
        await turn;

        Assert.NotEqual(first, await queued);
        Assert.Equal(1, Stage.Count("door out"));
        Assert.Equal(1, Stage.Count("deactivated ApplicationRequested"));
    }

    [Fact]
    public async Task deactivate_on_idle_among_many_calls_loses_none()
    {
        // Each next call of a caller waits for its last; the other callers' calls are forwarded as activations go.
        await Task.WhenAll(Enumerable.Range(0, 20).Select(caller => Task.Run(async () =>
        {
            for (var call = 0; call < 20; call++)
            {
                if (call == caller)
                {
                    await Grain.LeaveAsync();
                }
                else
                {
                    await Grain.ActivationAsync();
                }
            }
        })));

        await Stage.WhenAsync("deactivated ApplicationRequested");
        Assert.InRange(Stage.Count("activated"), 2, 21);
    }

    [Fact]
    public async Task shutdown_finishes_running_turns_and_then_deactivates_every_grain()
    {
        await using var stopping = await ActorHostFixture.StartAsync(new ActorHostSettings());
        var idle = Stage.NewKey();
        await stopping.Grains.GetGrain<ILifeGrain>(idle).ActivationAsync();
        var running = stopping.Grains.GetGrain<ILifeGrain>(_key).HoldAsync("door");
        await Stage.WhenAsync("door in");

        var stop = stopping.StopAsync(TestContext.Current.CancellationToken);
        Assert.False(stop.IsCompleted);
        Stage.Open("door");
        await running;
        await stop;

        Assert.Equal(["activating", "activated", "door in", "door out", "deactivated ShuttingDown", "disposed"], Stage.History);
        Assert.Equal(1, Stage.Of(idle).Count("deactivated ShuttingDown"));
    }

    /// <summary>Another grain is used, and then deactivated because it is idle, which shows that a grain that stays does not owe it to chance.</summary>
    private async Task CollectAnotherAsync()
    {
        var other = Stage.NewKey();
        await host.Grains.GetGrain<ILifeGrain>(other).ActivationAsync();
        await host.CollectIdleAsync(Stage.Of(other).WhenAsync("deactivated ActivationIdle"));
    }
}
