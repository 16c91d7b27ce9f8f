using System.Threading.Channels;
using Actors.Support;

namespace Actors.Grains.Tests.Sessions;

/// <summary>A clock that tells when requests have begun to wait for their session.</summary>
/// <param name="loadWait">How long they wait, which tells their timers from others.</param>
internal sealed class WaitingClock(TimeSpan loadWait) : TimeProvider
{
    private readonly ManualTimeProvider _clock = new();
    private readonly Channel<TimeSpan> _waiting = Channel.CreateUnbounded<TimeSpan>();

    public override long TimestampFrequency => _clock.TimestampFrequency;

    public override long GetTimestamp() => _clock.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => _clock.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = _clock.CreateTimer(callback, state, dueTime, period);
        if (dueTime == loadWait)
        {
            _waiting.Writer.TryWrite(dueTime);
        }

        return timer;
    }

    public void Advance(TimeSpan time) => _clock.Advance(time);

    /// <summary>Counts none of those that have begun up to now.</summary>
    public void Forget()
    {
        while (_waiting.Reader.TryRead(out _))
        {
        }
    }

    public async Task WaitedForAsync(int requests)
    {
        for (; requests > 0; requests--)
        {
            // One that does not come is a failure, and no test that never ends.
            await _waiting.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        }
    }
}
