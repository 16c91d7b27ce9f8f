using Actors.Facts;
using Actors.Sessions.Recall;

namespace Actors.Sessions;

/// <summary>The reading of a session into memory, which its requests wait for. Its members are called on the activation's turns.</summary>
internal sealed class SessionLoad : IAsyncDisposable
{
    private readonly string _clientId;
    private readonly SessionStore _store;
    private readonly HotShare _share;
    private readonly SessionOptions _options;
    private readonly RankingOptions _ranking;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private Task<HotSession> _reading;

    /// <summary>Starts reading.</summary>
    /// <param name="clientId">Whose session.</param>
    /// <param name="store">Where from.</param>
    /// <param name="share">Is told how much it becomes.</param>
    /// <param name="options">Limits.</param>
    /// <param name="ranking">How its index ranks.</param>
    /// <param name="time">The clock.</param>
    public SessionLoad(string clientId, SessionStore store, HotShare share, SessionOptions options, RankingOptions ranking, TimeProvider time)
    {
        (_clientId, _store, _share, _options, _ranking, _time) = (clientId, store, share, options, ranking, time);
        _reading = StartReading();
    }

    public bool HasFailed => _reading.IsFaulted;

    /// <summary>The session, once it is read; calls go on in their order.</summary>
    /// <exception cref="SessionLoadingException">That takes longer than <see cref="SessionOptions.LoadWait"/>, or was given up.</exception>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task<HotSession> WaitAsync(CancellationToken cancellationToken)
    {
        // It failed when nobody waited, or this call would have come to another activation.
        if (HasFailed)
        {
            _reading = StartReading();
        }

        var reading = _reading;
        try
        {
            return await reading.WaitAsync(_options.LoadWait, _time, cancellationToken);
        }
        catch (TimeoutException) when (!reading.IsCompleted)
        {
            throw new SessionLoadingException("The client's memories are being read into memory, which takes longer than a request waits.");
        }
        catch (TimeoutException) when (reading.IsCompletedSuccessfully)
        {
            return await reading;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new SessionLoadingException("The client's memories were being read into memory, which was given up; the next request starts it anew.");
        }
    }

    /// <summary>Gives the reading up, if it is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _stop.Dispose();
    }

    // Off the turns, which those who wait need to be told that it takes longer.
    private Task<HotSession> StartReading()
    {
        var stop = _stop.Token;
        return Task.Run(() => ReadAsync(stop), stop);
    }

    private async Task<HotSession> ReadAsync(CancellationToken cancellationToken)
    {
        var snapshot = await _store.LoadAsync(_clientId, _options, Progress, cancellationToken);
        var session = new HotSession(snapshot, _options, _ranking, isHouse: _clientId == FactSubjectKey.House, _time.GetUtcNow());
        _share.Resize(session.Bytes);
        return session;
    }

    // What is being read is in use, and counts as it grows.
    private void Progress(SessionSnapshot soFar)
    {
        _share.Use();
        _share.Resize(soFar.Bytes);
    }
}
