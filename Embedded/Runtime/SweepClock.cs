namespace Actors.Embedded;

/// <summary>
/// A clock in ms that moves only when the sweep runs: reading it costs a field access, where a time stamp per call would
/// cost more than the rest of some calls. After a stall of the process it moves by two intervals at most, so that calls
/// sent during the stall are not all found too old.
/// </summary>
internal sealed class SweepClock(TimeProvider timeProvider)
{
    /// <summary>How often the sweep runs; so late, at worst, is a timeout noticed.</summary>
    public const int IntervalMs = 200;

    private long _last = timeProvider.GetTimestamp();
    private long _now;

    public long Now => Volatile.Read(ref _now);

    /// <summary>A time at which at least <paramref name="milliseconds"/> have passed, though the clock may be an interval behind.</summary>
    public long DeadlineIn(long milliseconds) => Now + milliseconds + IntervalMs;

    public long Advance()
    {
        var timestamp = timeProvider.GetTimestamp();
        var elapsed = (long)timeProvider.GetElapsedTime(_last, timestamp).TotalMilliseconds;
        if (elapsed > 0)
        {
            _last = timestamp;
            Volatile.Write(ref _now, _now + Math.Min(elapsed, 2 * IntervalMs));
        }

        return _now;
    }
}
