using Actors.Hosting.Tests.Grains;

namespace Actors.Hosting.Tests;

/// <summary>
/// Orleans counts the age of an idle activation by the system's clock, which no test moves. While its silos stop, calls between
/// grains may fail, new calls are not refused but sent to the silos that stay, and a stop that may not wait leaves the callers of
/// what it abandons waiting for their limit. Two calls, the first not awaited, may reach their grain one after the activation.
/// </summary>
public sealed partial class LifeTests
{
    private static readonly TimeSpan CollectionAge = TimeSpan.FromMinutes(15);

    [Fact]
    public async Task a_deactivation_that_was_put_off_comes_in_the_end()
    {
        await Grain.StayAsync(TimeSpan.FromHours(2));

        await host.PassAsync(TimeSpan.FromMinutes(100));
        Assert.Equal(0, Stage.Count("deactivated ActivationIdle"));

        await host.PassAsync(TimeSpan.FromMinutes(30));
        await Stage.WhenAsync("deactivated ActivationIdle");
    }

    [Fact]
    public async Task an_idle_activation_is_deactivated_after_the_collection_age()
    {
        var first = await Grain.ActivationAsync();
        await host.PassAsync(CollectionAge - TimeSpan.FromMinutes(1));
        Assert.Equal(first, await Grain.ActivationAsync());

        await host.PassAsync(CollectionAge + TimeSpan.FromMinutes(1));
        await Stage.WhenAsync("deactivated ActivationIdle");

        Assert.NotEqual(first, await Grain.ActivationAsync());
        Assert.Equal(2, Stage.Count("activated"));
    }

    [Fact]
    public async Task a_call_starts_the_collection_age_anew()
    {
        var first = await Grain.ActivationAsync();
        for (var i = 0; i < 4; i++)
        {
            await host.PassAsync(CollectionAge - TimeSpan.FromMinutes(1));
            Assert.Equal(first, await Grain.ActivationAsync());
        }

        Assert.Equal(1, Stage.Count("activated"));
    }

    [Fact]
    public async Task a_class_may_have_a_collection_age_of_its_own()
    {
        var grain = host.Grains.GetGrain<ILongLifeGrain>(_key);
        var first = await grain.ActivationAsync();

        await host.PassAsync(TimeSpan.FromMinutes(80));
        Assert.Equal(first, await grain.ActivationAsync());

        await host.PassAsync(TimeSpan.FromMinutes(91));
        await Stage.WhenAsync("deactivated ActivationIdle");
    }

    [Fact]
    public async Task a_shutdown_that_may_not_wait_abandons_the_turn_and_fails_what_is_queued()
    {
        await using var stopping = await ActorHostFixture.StartAsync(new ActorHostSettings());
        var grain = stopping.Grains.GetGrain<ILifeGrain>(_key);
        var running = grain.HoldAsync("door");
        await Stage.WhenAsync("door in");
        var queued = grain.ActivationAsync();
        var idle = Stage.NewKey();
        await stopping.Grains.GetGrain<ILifeGrain>(idle).ActivationAsync();

        await stopping.StopAsync(new CancellationToken(canceled: true));

        Assert.Equal(["activating", "activated", "deactivated ShuttingDown", "disposed"], Stage.Of(idle).History);
        await Assert.ThrowsAnyAsync<OrleansException>(() => queued);
        Stage.Open("door");
        await running;
    }

    [Fact]
    public async Task shutdown_finishes_running_turns_with_their_calls_and_then_deactivates_every_grain()
    {
        await using var stopping = await ActorHostFixture.StartAsync(new ActorHostSettings());
        var (other, idle) = (Stage.NewKey(), Stage.NewKey());
        await stopping.Grains.GetGrain<ILifeGrain>(idle).ActivationAsync();
        var relay = stopping.Grains.GetGrain<ILifeGrain>(_key).RelayAsync("door", other);
        await Stage.WhenAsync("door in");

        var stop = stopping.StopAsync(TestContext.Current.CancellationToken);
        Assert.False(stop.IsCompleted);
        Stage.Open("door");
        await relay;
        await stop;

        Assert.Equal(["activating", "activated", "door in", "door out", "relayed", "deactivated ShuttingDown", "disposed"], Stage.History);
        Assert.Equal(1, Stage.Of(other).Count("deactivated ShuttingDown"));
        Assert.Equal(1, Stage.Of(idle).Count("deactivated ShuttingDown"));
    }

    [Fact]
    public async Task a_stopping_host_finishes_the_calls_it_accepted_and_refuses_new_ones()
    {
        await using var stopping = await ActorHostFixture.StartAsync(new ActorHostSettings());
        var grain = stopping.Grains.GetGrain<ILifeGrain>(_key);
        var running = grain.HoldAsync("door");
        await Stage.WhenAsync("door in");
        var accepted = grain.ActivationAsync();
        var stop = stopping.StopAsync(TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<OrleansException>(() => grain.ActivationAsync());

        Stage.Open("door");
        await running;
        await accepted;
        await stop;
        await Assert.ThrowsAnyAsync<OrleansException>(() => grain.ActivationAsync());
    }

    [Fact]
    public async Task a_failed_activation_fails_every_call_that_waited_for_it()
    {
        Stage.Happened("faulty activation");
        Stage.Happened("slow activation");
        var first = Grain.ActivationAsync();
        var second = Grain.ActivationAsync();
        await Stage.WhenAsync("activating");
        Stage.Open("activation");

        Assert.Equal("activation", (await Assert.ThrowsAsync<RefusedException>(() => first)).Field);
        await Assert.ThrowsAsync<RefusedException>(() => second);

        Stage.Happened("repaired");
        await Grain.ActivationAsync();
        Assert.Equal(2, Stage.Count("activating"));
        Assert.Equal(1, Stage.Count("activated"));
        Assert.Equal(0, Stage.Count("deactivated ActivationFailed"));
    }
}
