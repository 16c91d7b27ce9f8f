namespace Actors.Embedded;

/// <summary>The timers of one activation; they end with it.</summary>
internal sealed class GrainTimers(Activation activation) : IDisposable
{
    private readonly HashSet<GrainTimer> _timers = [];
    private bool _disposed;

    public GrainTimer Register(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        var timer = new GrainTimer(activation, callback, options);
        lock (_timers)
        {
            ObjectDisposedException.ThrowIf(_disposed, activation);
            _timers.Add(timer);
        }

        timer.Change(options.DueTime, options.Period);
        return timer;
    }

    public void Forget(GrainTimer timer)
    {
        lock (_timers)
        {
            _timers.Remove(timer);
        }
    }

    public void Dispose()
    {
        GrainTimer[] timers;
        lock (_timers)
        {
            _disposed = true;
            timers = [.. _timers];
        }

        foreach (var timer in timers)
        {
            timer.Dispose();
        }
    }
}
