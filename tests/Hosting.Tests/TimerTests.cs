using Actors.Hosting.Tests.Grains;

namespace Actors.Hosting.Tests;

public sealed partial class TimerTests(ActorHostFixture host) : IClassFixture<ActorHostFixture>
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly string _key = Stage.NewKey();

    private Stage Stage => Stage.Of(_key);

    private ILifeGrain Grain => host.Grains.GetGrain<ILifeGrain>(_key);

    [Fact]
    public async Task a_timer_never_overlaps_a_turn()
    {
        await Grain.StartTimerAsync(Period, interleave: false, keepAlive: false);
        var turn = Grain.HoldAsync("door");
        await Stage.WhenAsync("door in");

        await host.PassAsync(Period);
        Stage.Open("door");
        await turn;
        await Stage.WhenAsync("tick out");

        Assert.Equal(["activating", "activated", "door in", "door out", "tick in", "tick out"], Stage.History);
    }

    [Fact]
    public async Task a_turn_waits_for_a_tick_that_is_running()
    {
        Stage.Happened("hold ticks");
        await Grain.StartTimerAsync(Period, interleave: false, keepAlive: false);
        await host.PassAsync(Period);
        await Stage.WhenAsync("tick in");

        var call = Grain.HoldAsync("door");
        Stage.Open("door");
        Assert.Equal(0, Stage.Count("door in"));
        Stage.Open("tick");
        await call;

        Assert.Equal(["tick in", "tick out", "door in", "door out"], Stage.History.TakeLast(4));
    }

    [Fact]
    public async Task an_interleaving_timer_ticks_during_a_turn()
    {
        await Grain.StartTimerAsync(Period, interleave: true, keepAlive: false);
        var turn = Grain.HoldAsync("door");
        await Stage.WhenAsync("door in");

        await host.PassAsync(Period);
        await Stage.WhenAsync("tick out");

        Assert.Equal(0, Stage.Count("door out"));
        Stage.Open("door");
        await turn;
    }

    [Fact]
    public async Task ticks_do_not_overlap_and_the_period_counts_from_the_end_of_one()
    {
        Stage.Happened("hold ticks");
        await Grain.StartTimerAsync(Period, interleave: true, keepAlive: false);
        await host.PassAsync(Period);
        await Stage.WhenAsync("tick in");

        await host.PassAsync(Period * 5);
        Assert.Equal(1, Stage.Count("tick in"));

        Stage.Open("tick");
        await Stage.WhenAsync("tick out");
        await Grain.ActivationAsync();
        await host.PassAsync(Period);
        await Stage.WhenAsync("tick out", 2);
    }

    [Fact]
    public async Task a_failing_tick_is_followed_by_the_next()
    {
        Stage.Happened("faulty ticks");
        await Grain.StartTimerAsync(Period, interleave: false, keepAlive: false);

        for (var tick = 1; tick <= 3; tick++)
        {
            await host.PassAsync(Period);
            await Stage.WhenAsync("tick out", tick);
            await Grain.ActivationAsync();
        }
    }

    [Fact]
    public async Task a_timer_can_be_changed_and_stopped()
    {
        await Grain.StartTimerAsync(Period, interleave: false, keepAlive: false);
        await Grain.ChangeTimerAsync(Period * 3);
        await host.PassAsync(Period * 2);
        await Grain.ActivationAsync();
        Assert.Equal(0, Stage.Count("tick in"));

        await host.PassAsync(Period);
        await Stage.WhenAsync("tick out");
        await Grain.ChangeTimerAsync(Period);
        await Grain.StopTimerAsync();
        await host.PassAsync(Period * 2);
        await Grain.ActivationAsync();

        Assert.Equal(1, Stage.Count("tick in"));
    }

    [Fact]
    public async Task a_timer_ends_with_its_activation()
    {
        await Grain.StartTimerAsync(Period, interleave: false, keepAlive: true);
        await Grain.LeaveAsync();
        await Stage.WhenAsync("disposed");

        await host.PassAsync(Period * 3);
        await Grain.ActivationAsync();

        Assert.Equal(0, Stage.Count("tick in"));
    }
}
