namespace Actors.Embedded;

/// <summary>
/// Runs the turns of one activation, one thread at a time. It is the task scheduler of the grain's code, so that a plain
/// await comes back to the turn, <c>Task.Run</c> leaves it and <c>Task.Factory.StartNew</c> stays.
/// </summary>
internal sealed partial class TurnQueue(Activation owner) : TaskScheduler, IThreadPoolWorkItem
{
    private readonly Lock _lock = new();
    private Admission _admission = new(owner.Class.IsReentrant);
    private QueueState _state;
    private bool _hasThread;

    /// <summary>False if the activation is dead: ask the directory for the next one. A request over the limit fails at once.</summary>
    /// <param name="request">What is to be done.</param>
    /// <param name="here">Whether the caller's thread may run a turn of the grain, if nothing is in the way: this request, unless something comes in between.</param>
    public bool TryEnqueue(Request request, bool here = false)
    {
        var overLimit = 0;
        var (start, schedule, watch, report) = (false, false, false, false);
        lock (_lock)
        {
            if (_state == QueueState.Dead)
            {
                return false;
            }

            if (_admission.Count > owner.Runtime.MaxQueuedRequests && !request.IsLocal)
            {
                overLimit = _admission.Count;
                report = !_reportedOverLimit;
                _reportedOverLimit = true;
            }
            else
            {
                request.Queue = this;
                _admission.Add(request);
                start = _state == QueueState.Unborn;
                _state = start ? QueueState.Activating : _state;
                schedule = !_hasThread && _state == QueueState.Open && _admission.MayStart(request);
                here &= schedule;
                _hasThread |= schedule;
                watch = !_watched;
                _watched = true;
            }
        }

        if (overLimit > 0)
        {
            owner.Runtime.RejectOverLimit(request, owner.GrainId, overLimit, report);
            return true;
        }

        if (watch)
        {
            owner.Runtime.Sweeper.Watch(owner);
        }

        if (start)
        {
            owner.StartActivating();
        }

        if (here)
        {
            ExecutionContext.Run(_clean!, TurnHere, this);
        }
        else
        {
            Schedule(schedule);
        }

        return true;
    }

    /// <summary>Takes a request out that has not started. False if it runs or has ended.</summary>
    public bool TryWithdraw(Request request)
    {
        lock (_lock)
        {
            if (request.Place != RequestPlace.Waiting || request.Queue != this)
            {
                return false;
            }

            _admission.Withdraw(request);
            SignalQuiet();
            return true;
        }
    }

    /// <summary>Called where a turn with awaits ends, on whichever thread that is.</summary>
    public void Complete(Request request)
    {
        owner.OnTurnEnded(request);
        bool schedule, drained;
        lock (_lock)
        {
            drained = End(request);
            schedule = !_hasThread && _state == QueueState.Open && _admission.HasUnexamined;
            _hasThread |= schedule;
        }

        request.Answer();
        StartDeactivating(drained);
        Schedule(schedule);
    }

    /// <summary>Runs an action as a turn of its own between the steps of others, whatever requests are running.</summary>
    public Task Post(Action<object?> action, object? state)
    {
        using (FlowSuppression.Begin())
        {
            return Task.Factory.StartNew(action, state, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this);
        }
    }
}
