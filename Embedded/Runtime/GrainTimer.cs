namespace Actors.Embedded;

/// <summary>
/// Its ticks are requests to its own activation, so they overlap no turn (unless they interleave). The period counts from
/// the end of a tick, so ticks do not overlap each other.
/// </summary>
internal sealed class GrainTimer : IGrainTimer
{
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly GrainTimerCreationOptions _options;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private TimeSpan _dueTime;
    private TimeSpan _period;
    private bool _firing;
    private bool _changedWhileFiring;

    public GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        _activation = activation;
        _callback = callback;
        _options = options;
        using (FlowSuppression.Begin())
        {
            _timer = activation.Runtime.TimeProvider.CreateTimer(
                static state => ((GrainTimer)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Validate(dueTime, nameof(dueTime));
        Validate(period, nameof(period));
        lock (_lock)
        {
            _dueTime = dueTime;
            _period = period;
            if (_firing)
            {
                _changedWhileFiring = true;
            }
            else if (!_stopped.IsCancellationRequested)
            {
                _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_stopped.IsCancellationRequested)
            {
                return;
            }

            _timer.Dispose();
        }

        _stopped.Cancel();
        _activation.Timers.Forget(this);
    }

    private void Fire()
    {
        if (!_activation.Runtime.IsRunning)
        {
            // Ticks would keep a stopping host from ever coming to rest.
            return;
        }

        lock (_lock)
        {
            if (_firing || _stopped.IsCancellationRequested)
            {
                return;
            }

            _firing = true;
        }

        _activation.TryAccept(new Tick(this));
    }

    // Sets the next tick before the turn ends: whoever is served next finds the timer running again.
    private async Task TickAsync()
    {
        lock (_lock)
        {
            // A change from here on decides the next tick; one before has been followed by this tick.
            _changedWhileFiring = false;
        }

        try
        {
            if (!_stopped.IsCancellationRequested)
            {
                await _callback(_stopped.Token);
            }
        }
        catch (Exception exception)
        {
            // Nobody waits for a tick; still it fails, for the activation to see a lost state write.
            _activation.Runtime.Log.TimerFailed(_activation.Class.Name, exception);
            throw;
        }
        finally
        {
            lock (_lock)
            {
                _firing = false;
                if (!_stopped.IsCancellationRequested)
                {
                    _timer.Change(_changedWhileFiring ? _dueTime : _period, Timeout.InfiniteTimeSpan);
                }
            }
        }
    }

    private static void Validate(TimeSpan time, string name)
    {
        var milliseconds = (long)time.TotalMilliseconds;
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, -1, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(milliseconds, 0xfffffffe, name);
    }

    private sealed class Tick(GrainTimer timer) : Request
    {
        public override string Name => $"{timer._activation.Class.Name} timer";

        public override bool IsReadOnly => false;

        public override bool IsAlwaysInterleave => timer._options.Interleave;

        public override bool KeepsActivationAlive => timer._options.KeepAlive;

        public override bool IsLocal => true;

        public override void Answer()
        {
        }

        public override void Fail(Exception exception) => timer.Dispose();

        protected override Task? Invoke(object instance) => timer.TickAsync();
    }
}
