using Actors.Clients;

namespace Actors.Api.Tests.Clients;

public class ErasureSignalTests
{
    private readonly ErasureSignal _signal = new();
    private int _told;

    public ErasureSignalTests() => _signal.Erased += () => _told++;

    [Theory]
    // What was kept before the keys were read for the first time.
    [InlineData(new long[] { 0 }, 1)]
    // What a session still answered while it was being erased.
    [InlineData(new long[] { 0, -1 }, 2)]
    [InlineData(new long[] { 0, -1, -1, -1 }, 2)]
    [InlineData(new long[] { 0, -1, -1, 1, -1, -1 }, 4)]
    [InlineData(new long[] { 0, -1, -1, 1, 2, -1, -1 }, 5)]
    public void an_erasure_is_told_when_it_is_heard_of_and_with_the_next_look(long[] looks, int told)
    {
        foreach (var count in looks)
        {
            _signal.Heard(count < 0 ? null : count);
        }

        Assert.Equal(told, _told);
    }
}
