namespace Actors.Embedded;

/// <summary>
/// Runs the turns of one activation, one thread at a time. It is the task scheduler of the grain's code, so that a plain
/// await comes back to the turn, <c>Task.Run</c> leaves it and <c>Task.Factory.StartNew</c> stays.
/// </summary>
internal sealed partial class TurnQueue(Activation owner) : TaskScheduler, IThreadPoolWorkItem
{
    // After so many steps the thread goes back to the pool, lest one busy activation starve the others.
    private const int StepsPerShift = 128;

    private static readonly Action<object?> DrainAction = static state => ((TurnQueue)state!).Drain();

    [ThreadStatic]
    private static TurnQueue? _onThisThread;

    private readonly Lock _lock = new();
    private Admission _admission = new(owner.Class.IsReentrant);
    private Queue<Task>? _continuations;
    private QueueState _state;
    private bool _onPool;
    private bool _continuationLast;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>False if the activation is dead: ask the directory for the next one. A request over the limit fails at once.</summary>
    public bool TryEnqueue(Request request)
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
                schedule = !_onPool && _state == QueueState.Open && _admission.MayStart(request);
                _onPool |= schedule;
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

        Schedule(schedule);
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
            schedule = !_onPool && _state == QueueState.Open && _admission.HasUnexamined;
            _onPool |= schedule;
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

    void IThreadPoolWorkItem.Execute()
    {
        _onThisThread = this;
        try
        {
            // Created here and not by the caller: a task captures the execution context it is created in.
            new Task(DrainAction, this, TaskCreationOptions.DenyChildAttach).RunSynchronously(this);
        }
        finally
        {
            _onThisThread = null;
        }
    }

    protected override void QueueTask(Task task)
    {
        bool schedule;
        lock (_lock)
        {
            (_continuations ??= new Queue<Task>()).Enqueue(task);
            schedule = !_onPool;
            _onPool = true;
        }

        Schedule(schedule);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && _onThisThread == this && TryExecuteTask(task);

    protected override IEnumerable<Task>? GetScheduledTasks() => null;

    private void Schedule(bool schedule)
    {
        if (schedule)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        }
    }

    private void Drain()
    {
        var clean = ExecutionContext.Capture()!;
        Request? ended = null;
        for (var step = 0; ; step++)
        {
            Request? request = null;
            Task? continuation = null;
            var drained = false;
            var shiftOver = step >= StepsPerShift;
            lock (_lock)
            {
                if (ended is not null)
                {
                    drained = End(ended);
                }

                if (!shiftOver)
                {
                    TakeNext(out request, out continuation);
                    _onPool = request is not null || continuation is not null;
                }
            }

            // The turn has ended before its caller hears of it.
            ended?.Answer();
            ended = null;
            StartDeactivating(drained);
            if (request is not null)
            {
                ended = Run(request);

                // What the turn put into AsyncLocals must not reach the next one.
                ExecutionContext.Restore(clean);
            }
            else if (continuation is not null)
            {
                TryExecuteTask(continuation);
            }
            else
            {
                if (shiftOver)
                {
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                }

                return;
            }
        }
    }

    private Request? Run(Request request)
    {
        if (request.IsAnswered)
        {
            // Cancelled between its sending and its queueing.
            return request;
        }

        owner.OnTurnStarting(request);
        if (!request.Start(owner.GrainInstance!))
        {
            return null;
        }

        owner.OnTurnEnded(request);
        return request;
    }

    private void TakeNext(out Request? request, out Task? continuation)
    {
        request = null;
        continuation = null;

        // By turns, so that neither a grain that yields for ever nor a stream of calls starves the other.
        var hasContinuation = _continuations is { Count: > 0 };
        if (_state == QueueState.Open && (!hasContinuation || _continuationLast) && _admission.TryStartNext(out request))
        {
            _continuationLast = false;
        }
        else if (hasContinuation)
        {
            _continuationLast = true;
            continuation = _continuations!.Dequeue();
        }
    }
}
