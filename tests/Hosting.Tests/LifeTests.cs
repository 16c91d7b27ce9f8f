using Actors.Hosting.Tests.Grains;

namespace Actors.Hosting.Tests;

public sealed class LifeTests(ActorHostFixture host) : IClassFixture<ActorHostFixture>
{
    private static readonly TimeSpan CollectionAge = TimeSpan.FromMinutes(15);

    private readonly string _key = Stage.NewKey();

    private Stage Stage => Stage.Of(_key);

    private ILifeGrain Grain => host.Grains.GetGrain<ILifeGrain>(_key);

    [Fact]
    public async Task a_failed_activation_fails_its_callers_and_the_next_call_tries_again()
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

    [Fact]
    public async Task an_activation_that_does_not_heed_its_limit_fails_and_the_next_one_starts()
    {
        Stage.Happened("slow activation");
        var first = Grain.ActivationAsync();
        await Stage.WhenAsync("activating");

        await host.PassAsync(TimeSpan.FromSeconds(31));
        await Assert.ThrowsAnyAsync<Exception>(() => first);
        await Stage.WhenAsync("disposed");
        var second = Grain.ActivationAsync();
        await Stage.WhenAsync("activating", 2);

        Stage.Open("activation");
        await second;
    }

    [Fact]
    public async Task a_deactivation_that_does_not_heed_its_limit_does_not_keep_the_next_activation_waiting()
    {
        var first = await Grain.ActivationAsync();
        Stage.Happened("slow deactivation");
        await Grain.LeaveAsync();
        await Stage.WhenAsync("deactivated ApplicationRequested");

        await host.PassAsync(TimeSpan.FromSeconds(31));

        await Stage.WhenAsync("disposed");
        Assert.NotEqual(first, await Grain.ActivationAsync());
        Stage.Open("deactivation");
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
    public async Task an_activation_in_a_turn_is_not_idle()
    {
        var turn = Grain.HoldAsync("door");
        await Stage.WhenAsync("door in");

        await host.PassAsync(CollectionAge * 3);
        Stage.Open("door");
        await Stage.WhenAsync("door out");
        await Assert.ThrowsAsync<TimeoutException>(() => turn);

        await Grain.ActivationAsync();
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
    public async Task a_grain_may_put_off_its_deactivation()
    {
        await Grain.StayAsync(TimeSpan.FromHours(2));

        await host.PassAsync(TimeSpan.FromMinutes(100));
        Assert.Equal(0, Stage.Count("deactivated ActivationIdle"));

        await host.PassAsync(TimeSpan.FromMinutes(30));
        await Stage.WhenAsync("deactivated ActivationIdle");
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
        var turn = Grain.HoldAsync("door");
        await Stage.WhenAsync("door in");
        var leave = Grain.LeaveAsync();
        var queued = Grain.ActivationAsync();

        Stage.Open("door");
        await turn;
        await leave;

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
}
