namespace Actors.Outside;

/// <summary>
/// Keeps callers away from what fails. After some failures in a row nobody passes for a while, twice as long each time; then one passes
/// to try, and the others when that one succeeded. Thread safe.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="failuresToOpen">How many failures in a row open it, at least 1.</param>
/// <param name="firstPause">How long nobody passes the first time.</param>
/// <param name="longestPause">How long at most, unless a failure asks for more.</param>
/// <param name="spread">Up to which part of a pause it lasts longer, as chance has it, so that processes that opened together do not try together; 0: all last as long.</param>
internal sealed class CircuitBreaker(TimeProvider time, int failuresToOpen, TimeSpan firstPause, TimeSpan longestPause, double spread = 0)
{
    private readonly Lock _lock = new();
    private int _failures;
    private long _openedAt;
    private TimeSpan _pause;
    private bool _isTrying;

    /// <summary>Asks to pass. Who may pass tells afterwards what came of it, by one of the other methods.</summary>
    public bool TryPass()
    {
        lock (_lock)
        {
            if (_failures < failuresToOpen)
            {
                return true;
            }

            if (_isTrying || time.GetElapsedTime(_openedAt) < _pause)
            {
                return false;
            }

            _isTrying = true;
            return true;
        }
    }

    /// <summary>Whether it keeps callers away, but for those that try.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_lock)
            {
                return _failures >= failuresToOpen;
            }
        }
    }

    /// <summary>Whether it would let nobody pass now. Asks for nothing.</summary>
    public bool IsPausing
    {
        get
        {
            lock (_lock)
            {
                return _failures >= failuresToOpen && (_isTrying || time.GetElapsedTime(_openedAt) < _pause);
            }
        }
    }

    /// <returns>Whether there were failures before.</returns>
    public bool Succeeded()
    {
        lock (_lock)
        {
            var recovered = _failures > 0;
            (_failures, _isTrying) = (0, false);
            return recovered;
        }
    }

    /// <summary>A failure that needs no others to be believed.</summary>
    /// <param name="pauseAtLeast">What the failure asks for.</param>
    /// <returns>How many failures there are in a row.</returns>
    public int FailedForSure(TimeSpan? pauseAtLeast = null)
    {
        lock (_lock)
        {
            _failures = Math.Max(_failures, failuresToOpen - 1);
            return Failed(pauseAtLeast);
        }
    }

    /// <param name="pauseAtLeast">What the failure asks for.</param>
    /// <returns>How many failures there are in a row.</returns>
    public int Failed(TimeSpan? pauseAtLeast = null)
    {
        lock (_lock)
        {
            _isTrying = false;
            // Those that passed together fail together: the pause grows only with a try after it.
            if (_failures < failuresToOpen || time.GetElapsedTime(_openedAt) >= _pause)
            {
                _failures++;
                var doublings = Math.Min(16, Math.Max(0, _failures - failuresToOpen));
                var pause = firstPause * Math.Pow(2, doublings);
                _pause = Spread(pause < longestPause ? pause : longestPause);
                _openedAt = time.GetTimestamp();
            }

            _pause = pauseAtLeast > _pause ? Spread(pauseAtLeast.Value) : _pause;
            return _failures;
        }
    }

    /// <summary>Neither: the caller gave up, or the failure was the caller's.</summary>
    public void Withdrew()
    {
        lock (_lock)
        {
            _isTrying = false;
        }
    }

#pragma warning disable CA5394 // Spreads load; nobody gains by guessing it.
    private TimeSpan Spread(TimeSpan pause) => spread == 0 ? pause : pause * (1 + (spread * Random.Shared.NextDouble()));
#pragma warning restore CA5394
}
