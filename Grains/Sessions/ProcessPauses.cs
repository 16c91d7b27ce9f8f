namespace Actors.Sessions;

/// <summary>
/// Notices that the whole process stood still: a virtual machine that was moved, a debugger, a signal. Meanwhile the cluster may
/// have declared this silo dead and let others write for its clients, so whatever it holds in memory may be old.
/// </summary>
internal sealed class ProcessPauses : IDisposable
{
    /// <summary>Longer than that is a pause. Silos are not declared dead sooner: <c>Cluster:ProbeTimeout</c> and <c>Cluster:MissedProbes</c> see to it.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private long _lastSign;
    private int _count;

    public ProcessPauses(TimeProvider time)
    {
        _time = time;
        _lastSign = time.GetTimestamp();
        _timer = time.CreateTimer(_ => Look(), null, Period, Period);
    }

    /// <summary>How many pauses there were up to now, one that has just ended included.</summary>
    public int Count => Look();

    public void Dispose() => _timer.Dispose();

    private int Look()
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            _count += _time.GetElapsedTime(_lastSign, now) > Limit ? 1 : 0;
            _lastSign = now;
            return _count;
        }
    }
}
