using System.Collections.Concurrent;

namespace Actors.ClusterSchema;

/// <summary>A clock on which nobody waits: each timer fires at once, and the time it asked for is kept.</summary>
internal sealed class PauseRecorder : TimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _pauses = new();

    public IReadOnlyList<TimeSpan> Pauses => [.. _pauses];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _pauses.Enqueue(dueTime);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
