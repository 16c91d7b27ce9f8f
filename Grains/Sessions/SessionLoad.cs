using Actors.Facts;
using Actors.Hosting;
using Actors.Sessions.Recall;
using Microsoft.Extensions.Logging;

namespace Actors.Sessions;

/// <summary>The reading of a session into memory, which its requests wait for. Its members are called on the activation's turns.</summary>
internal sealed partial class SessionLoad : IAsyncDisposable
{
    private readonly string _clientId;
    private readonly SessionStore _store;
    private readonly LongWork _longWork;
    private readonly HotShare _share;
    private readonly SessionOptions _options;
    private readonly RankingOptions _ranking;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private Task<HotSession>? _reading;
    private long _heldBytes;

    /// <summary>Reads nothing yet.</summary>
    /// <param name="clientId">Whose session.</param>
    /// <param name="store">Where from.</param>
    /// <param name="longWork">Where the index of many memories is built.</param>
    /// <param name="share">Is told how much it becomes.</param>
    /// <param name="options">Limits.</param>
    /// <param name="ranking">How its index ranks.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Is told of failures, which nobody may be waiting for.</param>
    public SessionLoad(
        string clientId, SessionStore store, LongWork longWork, HotShare share, SessionOptions options, RankingOptions ranking, TimeProvider time,
        ILogger logger)
    {
        (_clientId, _store, _longWork, _share) = (clientId, store, longWork, share);
        (_options, _ranking, _time, _logger) = (options, ranking, time, logger);
    }

    /// <summary>Whether it has begun.</summary>
    public bool HasStarted => _reading is not null;

    public bool HasFailed => _reading is { IsFaulted: true };

    /// <summary>Begins to read, unless that is under way or done.</summary>
    public void Start()
    {
        if (_reading is null or { IsFaulted: true })
        {
            _reading = StartReading();
        }
    }

    /// <summary>The session, once it is read, which begins now if it has not; calls go on in their order.</summary>
    /// <exception cref="SessionLoadingException">That takes longer than <see cref="SessionOptions.LoadWait"/>, or was given up.</exception>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task<HotSession> WaitAsync(CancellationToken cancellationToken)
    {
        // If it failed, then when nobody waited, or this call would have come to another activation.
        Start();
        var reading = _reading!;
        await WaitAsync(reading, cancellationToken);
        return await reading;
    }

    /// <summary>Waits for a reading, the first one or a later one, as long as requests do.</summary>
    /// <exception cref="SessionLoadingException">It takes longer than <see cref="SessionOptions.LoadWait"/>, or was given up.</exception>
    public async Task WaitAsync(Task reading, CancellationToken cancellationToken)
    {
        try
        {
            await reading.WaitAsync(_options.LoadWait, _time, cancellationToken);
        }
        catch (TimeoutException) when (!reading.IsCompleted)
        {
            throw new SessionLoadingException("The client's memories are being read into memory, which takes longer than a request waits.");
        }
        catch (TimeoutException) when (reading.IsCompletedSuccessfully)
        {
            // It ended at the very moment.
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new SessionLoadingException("The client's memories were being read into memory, which was given up; the next request starts it anew.");
        }
    }

    /// <summary>Reads the session once more, beside the one there is.</summary>
    /// <param name="heldBytes">What that one takes until it is replaced.</param>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<HotSession> ReadAnewAsync(long heldBytes)
    {
        _heldBytes = heldBytes;
        return StartReading();
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
        var reading = Task.Run(() => ReadAsync(stop), stop);
        _ = LogFailureAsync(reading);
        return reading;
    }

    private async Task LogFailureAsync(Task reading)
    {
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (reading.Exception?.InnerException is { } failure)
        {
            LogFailure(failure);
        }
    }

    private async Task<HotSession> ReadAsync(CancellationToken cancellationToken)
    {
        var snapshot = await _store.LoadAsync(_clientId, _options, Progress, cancellationToken);
        var session = await _longWork.RunAsync(
            snapshot.Count,
            () => new HotSession(snapshot, _options, _ranking, isHouse: _clientId == FactSubjectKey.House, _time.GetUtcNow()),
            cancellationToken);
        _share.Resize(_heldBytes + session.Bytes);
        return session;
    }

    // What is being read is in use, and counts as it grows.
    private void Progress(SessionSnapshot soFar)
    {
        _share.Use();
        _share.Resize(_heldBytes + soFar.Bytes);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Session could not be read into memory")]
    private partial void LogFailure(Exception failure);
}
