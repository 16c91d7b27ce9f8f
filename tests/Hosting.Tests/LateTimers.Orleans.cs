namespace Actors.Hosting.Tests;

/// <summary>
/// A clock whose timers ring a millisecond late, as a system's may. Orleans' reminders wait for a moment in whole milliseconds,
/// rounded down, and spin until it has come: for ever, if the clock stands still meanwhile.
/// </summary>
internal sealed class LateTimers(TimeProvider clock) : TimeProvider
{
    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        clock.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime + TimeSpan.FromMilliseconds(1) : dueTime, period);
}
