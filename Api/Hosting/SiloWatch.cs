namespace Actors.Hosting;

/// <summary>
/// What an API process knows of its silos: whether any of them answers, and which calls have lost theirs. Silos that are gone
/// do not say so, and a call to one would wait for its whole time limit.
/// </summary>
internal sealed class SiloWatch(TimeProvider time) : IDisposable
{
    /// <summary>Without a sign of life for so long, no silo is there. Requests have their 503 within 5 s.</summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(4);

    /// <summary>When the connection to a silo breaks, calls under way have so long to be answered by another one.</summary>
    public static readonly TimeSpan LossGrace = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _firstAnswer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource _calls = new();
    private long _lastSign;
    private volatile bool _isAnswering;

    /// <summary>Whether some silo answered within <see cref="SilenceLimit"/>.</summary>
    public bool IsAnswering => _isAnswering;

    /// <summary>Completes when a silo has answered for the first time.</summary>
    public Task FirstAnswer => _firstAnswer.Task;

    /// <summary>For a call that starts now: cancelled when it cannot be expected to be answered any more.</summary>
    public CancellationToken Call
    {
        get
        {
            lock (_lock)
            {
                return _calls.Token;
            }
        }
    }

    /// <summary>A silo has answered.</summary>
    /// <returns>Whether none did before.</returns>
    public bool Answered()
    {
        lock (_lock)
        {
            _lastSign = time.GetTimestamp();
            var isNews = !_isAnswering;
            _isAnswering = true;
            _firstAnswer.TrySetResult();
            return isNews;
        }
    }

    /// <summary>
    /// The connection to one silo of several broke. Which calls were its is not known, so those of other silos that take longer
    /// than <see cref="LossGrace"/> end with them.
    /// </summary>
    public void LostOne()
    {
        lock (_lock)
        {
            _ = EndAsync(Renew());
        }
    }

    /// <summary>The connection to the last silo broke.</summary>
    public void LostAll()
    {
        CancellationTokenSource calls;
        lock (_lock)
        {
            _isAnswering = false;
            calls = Renew();
        }

        calls.Cancel();
    }

    /// <summary>To be called every now and then: ends the waiting for silos that are connected and silent.</summary>
    /// <returns>Whether they have just become so.</returns>
    public bool CheckSilence()
    {
        lock (_lock)
        {
            if (!_isAnswering || time.GetElapsedTime(_lastSign) < SilenceLimit)
            {
                return false;
            }
        }

        LostAll();
        return true;
    }

    public void Dispose() => _calls.Dispose();

    private async Task EndAsync(CancellationTokenSource calls)
    {
        await Task.Delay(LossGrace, time);
        await calls.CancelAsync();
    }

    // The source of the calls so far is left to them: it holds nothing that would have to be disposed of.
    private CancellationTokenSource Renew()
    {
        var soFar = _calls;
        _calls = new CancellationTokenSource();
        return soFar;
    }
}
