namespace Actors.Sessions;

/// <summary>The reading of a session into memory, which its requests wait for. Runs on the activation's turns.</summary>
internal sealed class SessionLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<CancellationToken, Task> _read;
    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private Task _reading;

    /// <summary>Starts reading.</summary>
    /// <param name="read">Reads.</param>
    /// <param name="limit">How long one request waits.</param>
    /// <param name="time">The clock.</param>
    public SessionLoad(Func<CancellationToken, Task> read, TimeSpan limit, TimeProvider time)
    {
        (_read, _limit, _time) = (read, limit, time);
        _reading = read(_stop.Token);
    }

    public bool IsDone => _reading.IsCompletedSuccessfully;

    public bool HasFailed => _reading.IsFaulted;

    /// <summary>Waits until the session is read, in the order of the calls.</summary>
    /// <exception cref="SessionLoadingException">That takes longer, or was given up.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        // It failed when nobody waited, or this call would have come to another activation.
        if (HasFailed)
        {
            _reading = _read(_stop.Token);
        }

        var reading = _reading;
        try
        {
            await reading.WaitAsync(_limit, _time, cancellationToken);
        }
        catch (TimeoutException) when (!reading.IsCompleted)
        {
            throw new SessionLoadingException("The client's memories are being read into memory, which takes longer than a request waits.");
        }
        catch (TimeoutException) when (reading.IsCompletedSuccessfully)
        {
            // Done at the last moment.
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new SessionLoadingException("The client's memories were being read into memory; the reading was given up to make room.");
        }
    }

    /// <summary>Gives the reading up, if it is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _stop.Dispose();
    }
}
