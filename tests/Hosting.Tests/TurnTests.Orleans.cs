namespace Actors.Hosting.Tests;

/// <summary>Orleans is stricter than the embedded host here; grain code must stand both.</summary>
public sealed partial class TurnTests
{
    [Fact]
    public async Task a_write_waits_for_the_last_running_read()
    {
        var first = Grain.HoldReadingAsync("first");
        await Stage.WhenAsync("first in");
        var second = Grain.HoldReadingAsync("second");
        await Stage.WhenAsync("second in");
        var write = Grain.HoldAsync("write");
        Stage.Open("write");

        Stage.Open("first");
        await first;
        await Grain.PeekAsync();
        Assert.Equal(0, Stage.Count("write in"));
        Stage.Open("second");
        await Task.WhenAll(second, write);

        Assert.Equal(["second out", "write in", "write out"], Stage.History.TakeLast(3));
    }
}
