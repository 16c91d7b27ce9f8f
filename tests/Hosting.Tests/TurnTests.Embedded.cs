namespace Actors.Hosting.Tests;

/// <summary>Orleans 10.4.2 keeps a write waiting until the last reader has ended, see TurnTests.Orleans.cs; other builds of it do as shown here. Grain code must stand both.</summary>
public sealed partial class TurnTests
{
    [Fact]
    public async Task a_write_enters_beside_a_second_reader_once_the_first_has_ended()
    {
        var first = Grain.HoldReadingAsync("first");
        await Stage.WhenAsync("first in");
        var second = Grain.HoldReadingAsync("second");
        await Stage.WhenAsync("second in");
        var write = Grain.HoldAsync("write");

        Stage.Open("first");
        await first;
        await Stage.WhenAsync("write in");
        Assert.Equal(0, Stage.Count("second out"));

        Stage.Open("second");
        Stage.Open("write");
        await Task.WhenAll(second, write);
    }
}
