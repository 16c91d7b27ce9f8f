using System.Collections.Concurrent;

namespace Actors.Embedded;

/// <summary>
/// One timer for all limits in time: callers that waited too long, turns that seem stuck, activations nobody calls.
/// It visits activations that have requests, and those whose collection age may have come, never all of them.
/// </summary>
internal sealed class Sweeper : IDisposable
{
    private readonly ActorRuntime _runtime;
    private readonly ConcurrentQueue<Activation> _busy = new();
    private readonly PriorityQueue<Activation, long> _idle = new();
    private readonly ITimer _timer;
    private int _sweeping;

    public Sweeper(ActorRuntime runtime)
    {
        _runtime = runtime;
        _timer = runtime.TimeProvider.CreateTimer(
            static state => ((Sweeper)state!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Requests that wait, over all activations.</summary>
    public int WaitingCount => _busy.Sum(activation => activation.Queue.WaitingCount);

    public void Start()
    {
        var interval = TimeSpan.FromMilliseconds(SweepClock.IntervalMs);
        _timer.Change(interval, interval);
    }

    /// <summary>Visits the activation until it is found without requests.</summary>
    public void Watch(Activation activation) => _busy.Enqueue(activation);

    public void WatchIdle(Activation activation, long due)
    {
        lock (_idle)
        {
            _idle.Enqueue(activation, due);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Sweep()
    {
        if (Interlocked.Exchange(ref _sweeping, 1) == 1)
        {
            return;
        }

        try
        {
            var now = _runtime.Clock.Advance();
            SweepBusy(now);
            CollectIdle(now);
        }
#pragma warning disable CA1031 // The timer's thread: nobody else would see it, and the next sweep must come.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _runtime.Log.ObservationFailed(exception);
        }
        finally
        {
            Volatile.Write(ref _sweeping, 0);
        }
    }

    private void SweepBusy(long now)
    {
        for (var count = _busy.Count; count > 0 && _busy.TryDequeue(out var activation); count--)
        {
            List<Request>? expired = null;
            if (activation.Queue.Sweep(now, ref expired, out var blocking))
            {
                _busy.Enqueue(activation);
            }

            foreach (var request in expired ?? [])
            {
                _runtime.Metrics.TimedOut();
                request.Fail(new TimeoutException($"{request.Name} of {activation.GrainId} did not answer in time."));
            }

            if (blocking is { ReportedStuck: false } && now - blocking.StartedAt > _runtime.StuckTurnWarningMs)
            {
                blocking.ReportedStuck = true;
                _runtime.Log.TurnStuck(blocking.Name, activation.GrainId, now - blocking.StartedAt, activation.Queue.WaitingCount);
            }
        }
    }

    private void CollectIdle(long now)
    {
        while (true)
        {
            Activation activation;
            lock (_idle)
            {
                if (!_idle.TryPeek(out activation!, out var due) || due > now)
                {
                    return;
                }

                _idle.Dequeue();
            }

            if (activation.CollectOrNextTime(now) is { } next)
            {
                WatchIdle(activation, next);
            }
        }
    }
}
