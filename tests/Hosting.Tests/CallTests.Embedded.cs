namespace Actors.Hosting.Tests;

/// <summary>
/// Calls given up while they wait. Orleans drops one once it is as old as its limit by the system's clock, which no test moves, and
/// hears of a cancellation by a message of its own, which the end of the turn before may overtake: then the call runs.
/// </summary>
public sealed partial class CallTests
{
    [Fact]
    public async Task a_call_that_timed_out_while_queued_never_runs()
    {
        var first = Grain.HoldAsync("first", CancellationToken.None);
        await Stage.WhenAsync("first in");
        var queued = Grain.HoldShortlyAsync("queued");

        await host.PassAsync(TimeSpan.FromSeconds(3));
        await Assert.ThrowsAsync<TimeoutException>(() => queued);
        Stage.Open("first");
        await first;

        await Grain.NumberAsync();
        Assert.Equal(0, Stage.Count("queued in"));
    }

    [Fact]
    public async Task a_call_cancelled_while_queued_never_runs()
    {
        using var cancellation = new CancellationTokenSource();
        var first = Grain.HoldAsync("first", CancellationToken.None);
        await Stage.WhenAsync("first in");
        var queued = Grain.HoldAsync("queued", cancellation.Token);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queued);
        Stage.Open("first");
        await first;

        await Grain.NumberAsync();
        Assert.Equal(0, Stage.Count("queued in"));
    }
}
