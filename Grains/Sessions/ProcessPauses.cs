using Microsoft.Extensions.Options;

namespace Actors.Sessions;

/// <summary>
/// Notices that the whole process stood still: a signal, a debugger, a machine that slept. Meanwhile the cluster may have declared
/// this silo dead and let others write for its clients, so whatever it holds in memory may be old.
/// </summary>
internal sealed class ProcessPauses : IDisposable
{
    /// <summary>Default of <see cref="SessionOptions.PauseLimit"/>. Silos are not declared dead sooner: <c>Cluster:ProbeTimeout</c> and <c>Cluster:MissedProbes</c> see to it.</summary>
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(2);

    /// <summary>So long after a pause memory is not trusted: a silo that was declared dead has read of it, and ended, by then.</summary>
    public static readonly TimeSpan DoubtAfter = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private (long Timestamp, DateTimeOffset Clock) _lastSign;
    private long? _lastPause;
    private int _count;

    public ProcessPauses(TimeProvider time, IOptions<SessionOptions> options)
    {
        (_time, _limit) = (time, options.Value.PauseLimit);
        _lastSign = (time.GetTimestamp(), time.GetUtcNow());
        _timer = time.CreateTimer(_ => Look(), null, Period, Period);
    }

    /// <summary>How many pauses there were up to now, one that has just ended included.</summary>
    public int Count => Look().Count;

    /// <summary>Whether memory that was fresh when there were so many pauses may be old.</summary>
    /// <param name="count">To be set to what there are now.</param>
    public bool MayBeOld(ref int count)
    {
        var (now, isInDoubt) = Look();
        var isNews = now != count;
        count = now;
        return isNews || isInDoubt;
    }

    public void Dispose() => _timer.Dispose();

    private (int Count, bool IsInDoubt) Look()
    {
        lock (_lock)
        {
            var now = (Timestamp: _time.GetTimestamp(), Clock: _time.GetUtcNow());
            // The timestamp of a machine that slept has often slept too; its clock is set right again.
            if (_time.GetElapsedTime(_lastSign.Timestamp, now.Timestamp) > _limit || now.Clock - _lastSign.Clock > _limit)
            {
                _count++;
                _lastPause = now.Timestamp;
            }

            _lastSign = now;
            return (_count, _lastPause is { } pause && _time.GetElapsedTime(pause, now.Timestamp) < DoubtAfter);
        }
    }
}
