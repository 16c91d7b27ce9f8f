namespace Actors.Hosting.Tests;

/// <summary>Orleans counts how long an activation is idle with the system's stopwatch, which no test can move.</summary>
public sealed partial class TimerTests
{
    [Fact(Timeout = 30_000)]
    public async Task a_timer_does_not_keep_its_activation_and_ends_with_it()
    {
        await Grain.StartTimerAsync(TimeSpan.FromMinutes(10), interleave: false, keepAlive: false);
        await host.PassAsync(TimeSpan.FromMinutes(10));
        await Stage.WhenAsync("tick out");
        await host.PassAsync(TimeSpan.FromMinutes(5));

        // The tick may still be ending when the collection age has come; the activation goes right after it then.
        var gone = Stage.WhenAsync("disposed");
        while (!gone.IsCompleted)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await host.PassAsync(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await gone;
        await host.PassAsync(TimeSpan.FromMinutes(30));
        Assert.Equal(1, Stage.Count("tick in"));
    }

    [Fact]
    public async Task a_timer_may_keep_its_activation()
    {
        await Grain.StartTimerAsync(TimeSpan.FromMinutes(10), interleave: false, keepAlive: true);
        await host.PassAsync(TimeSpan.FromMinutes(10));
        await Stage.WhenAsync("tick out");

        await host.PassAsync(TimeSpan.FromMinutes(9));
        await Grain.ActivationAsync();

        Assert.Equal(1, Stage.Count("activated"));
    }
}
