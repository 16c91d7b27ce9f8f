namespace Actors.Support;

/// <summary>A clock that moves only when told. Timers fire during <see cref="Advance"/>, on its thread, in order of their time.</summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly DateTimeOffset _start;
    private readonly Lock _lock = new();
    private readonly PriorityQueue<ManualTimer, (DateTimeOffset Due, long Order)> _timers = new();
    private DateTimeOffset _now;
    private long _order;

    public ManualTimeProvider()
        : this(new DateTimeOffset(2031, 3, 9, 8, 0, 0, TimeSpan.Zero))
    {
    }

    public ManualTimeProvider(DateTimeOffset start) => _start = _now = start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => (GetUtcNow() - _start).Ticks;

    /// <summary>Moves on and fires every timer that falls due on the way, seeing its own time.</summary>
    public void Advance(TimeSpan time)
    {
        var end = GetUtcNow() + time;
        while (TakeDueOrArrive(end) is { } timer)
        {
            timer.Fire();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    // Arriving and finding nothing due are one step: a timer set in between would be left behind.
    private ManualTimer? TakeDueOrArrive(DateTimeOffset end)
    {
        lock (_lock)
        {
            while (_timers.TryPeek(out var timer, out var at) && at.Due <= end)
            {
                _timers.Dequeue();
                if (timer.Due != at.Due || timer.Order != at.Order)
                {
                    // Changed or stopped since; its new time, if any, has an entry of its own.
                    continue;
                }

                _now = at.Due > _now ? at.Due : _now;
                timer.Due = null;
                if (timer.Period > TimeSpan.Zero)
                {
                    Schedule(timer, timer.Period);
                }

                return timer;
            }

            _now = end;
            return null;
        }
    }

    private void Schedule(ManualTimer timer, TimeSpan dueTime)
    {
        timer.Due = _now + dueTime;
        timer.Order = _order++;
        _timers.Enqueue(timer, (timer.Due.Value, timer.Order));
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public long Order { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                Period = period;
                Due = null;
                if (dueTime >= TimeSpan.Zero)
                {
                    clock.Schedule(this, dueTime);
                }

                return true;
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
