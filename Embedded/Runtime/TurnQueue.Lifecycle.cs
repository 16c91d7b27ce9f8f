namespace Actors.Embedded;

internal enum QueueState : byte
{
    /// <summary>In the directory, but nobody has called yet.</summary>
    Unborn,

    /// <summary>Requests wait until the grain has been activated.</summary>
    Activating,

    Open,

    /// <summary>Running requests end, waiting ones go to the next activation.</summary>
    Closing,

    Dead,
}

/// <summary>When the queue admits requests, and what a sweep does to it.</summary>
internal sealed partial class TurnQueue
{
    private TaskCompletionSource? _quiet;
    private bool _closeWhenOpen;
    private bool _watched;
    private bool _reportedOverLimit;

    public QueueState State => _state;

    public DeactivationReason CloseReason { get; private set; }

    public int WaitingCount => _admission.WaitingCount;

    public int RunningCount => _admission.RunningCount;

    public int RequestCount => _admission.Count;

    /// <summary>The grain is activated: lets requests in, unless it was told to deactivate, or was abandoned, meanwhile.</summary>
    public void Open()
    {
        bool drained, schedule;
        lock (_lock)
        {
            if (_state == QueueState.Dead)
            {
                return;
            }

            drained = _closeWhenOpen;
            _state = drained ? QueueState.Closing : QueueState.Open;
            schedule = !drained && !_hasThread && _admission.HasUnexamined;
            _hasThread |= schedule;
        }

        StartDeactivating(drained);
        Schedule(schedule);
    }

    /// <summary>
    /// Admits nothing more; deactivation starts as soon as the running requests have ended. False if that was under way
    /// already, or if <paramref name="onlyIfIdle"/> and there are requests.
    /// </summary>
    public bool TryClose(DeactivationReason reason, bool onlyIfIdle = false)
    {
        bool drained;
        lock (_lock)
        {
            switch (_state)
            {
                case QueueState.Open when onlyIfIdle && _admission.Count > 0:
                    return false;
                case QueueState.Open:
                case QueueState.Unborn:
                    _state = QueueState.Closing;
                    CloseReason = reason;
                    drained = _admission.RunningCount == 0;
                    break;
                case QueueState.Activating when !onlyIfIdle && !_closeWhenOpen:
                    _closeWhenOpen = true;
                    CloseReason = reason;
                    return true;
                default:
                    return false;
            }
        }

        StartDeactivating(drained);
        return true;
    }

    /// <summary>Accepts nothing from now on and gives back what was waiting.</summary>
    public List<Request> Kill()
    {
        lock (_lock)
        {
            _state = QueueState.Dead;
            var waiting = _admission.TakeWaiting();
            SignalQuiet();
            return waiting;
        }
    }

    /// <summary>Ends when no request waits or runs.</summary>
    public Task WhenQuietAsync()
    {
        lock (_lock)
        {
            return _admission.Count == 0
                ? Task.CompletedTask
                : (_quiet ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Takes the requests past their deadline. False if there is nothing left to watch.</summary>
    public bool Sweep(long now, ref List<Request>? expired, out Request? blocking)
    {
        lock (_lock)
        {
            _admission.TakeExpired(now, ref expired);
            SignalQuiet();
            blocking = _admission.Blocking;
            return _watched = _admission.Count > 0;
        }
    }

    private bool End(Request request)
    {
        _admission.End(request);
        SignalQuiet();
        return _state == QueueState.Closing && _admission.RunningCount == 0;
    }

    private void StartDeactivating(bool drained)
    {
        if (drained)
        {
            owner.StartDeactivating();
        }
    }

    private void SignalQuiet()
    {
        if (_admission.Count > 0)
        {
            return;
        }

        _reportedOverLimit = false;
        _quiet?.TrySetResult();
        _quiet = null;
    }
}
