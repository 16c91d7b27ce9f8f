using Actors.Outside;
using Actors.Support;

namespace Actors.Grains.Tests.Outside;

public sealed class CircuitBreakerTests
{
    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(null, 10)]
    [InlineData(100, 100)]
    public void processes_whose_pauses_are_spread_do_not_all_try_at_the_same_moment(int? asked, int pause)
    {
        var breakers = Enumerable.Range(0, 60).Select(_ => new CircuitBreaker(_time, 1, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), spread: 0.5)).ToArray();
        Array.ForEach(breakers, breaker => breaker.Failed(asked is { } seconds ? TimeSpan.FromSeconds(seconds) : null));

        _time.Advance(TimeSpan.FromSeconds(pause) - TimeSpan.FromTicks(1));
        Assert.All(breakers, breaker => Assert.True(breaker.IsPausing));
        _time.Advance(TimeSpan.FromSeconds(0.25 * pause));
        // One in two: that all 60 are on one side will not be seen.
        Assert.InRange(breakers.Count(breaker => breaker.IsPausing), 1, 59);
        _time.Advance(TimeSpan.FromSeconds(0.25 * pause));
        Assert.All(breakers, breaker => Assert.False(breaker.IsPausing));
    }

    [Fact]
    public void pauses_that_are_not_spread_double_exactly()
    {
        var breaker = new CircuitBreaker(_time, 1, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30));
        foreach (var seconds in new[] { 10, 20, 30, 30 })
        {
            Assert.True(breaker.TryPass());
            breaker.Failed();
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            Assert.False(breaker.TryPass());
            _time.Advance(TimeSpan.FromTicks(1));
        }

        Assert.True(breaker.TryPass());
    }
}
