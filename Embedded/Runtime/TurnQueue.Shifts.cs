namespace Actors.Embedded;

/// <summary>
/// Whose thread runs the turns: one of the pool's for a shift of many steps, or that of a caller for the one turn it asks for.
/// </summary>
internal sealed partial class TurnQueue
{
    // After so many steps the thread goes back to the pool, lest one busy activation starve the others.
    private const int StepsPerShift = 128;

    private static readonly Action<object?> ShiftAction = static state => ((TurnQueue)state!).Drain(StepsPerShift);
    private static readonly Action<object?> TurnAction = static state => ((TurnQueue)state!).Drain(steps: 1);
    private static readonly ContextCallback TurnHere = static state => ((TurnQueue)state!).Execute(TurnAction);

    [ThreadStatic]
    private static TurnQueue? _onThisThread;

    // The context of a pool thread that carries nobody's AsyncLocals; known once the grain has been activated on one.
    private static ExecutionContext? _clean;

    private Queue<Task>? _continuations;
    private bool _continuationLast;

    public override int MaximumConcurrencyLevel => 1;

    void IThreadPoolWorkItem.Execute()
    {
        _clean ??= ExecutionContext.Capture();
        Execute(ShiftAction);
    }

    protected override void QueueTask(Task task)
    {
        bool schedule;
        lock (_lock)
        {
            (_continuations ??= new Queue<Task>()).Enqueue(task);
            schedule = !_hasThread;
            _hasThread = true;
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

    private void Execute(Action<object?> steps)
    {
        _onThisThread = this;
        try
        {
            // Created here and not by the caller: a task captures the execution context it is created in.
            new Task(steps, this, TaskCreationOptions.DenyChildAttach).RunSynchronously(this);
        }
        finally
        {
            _onThisThread = null;
        }
    }

    private void Drain(int steps)
    {
        var clean = ExecutionContext.Capture()!;
        Request? ended = null;
        for (var step = 0; ; step++)
        {
            Request? request = null;
            Task? continuation = null;
            var (drained, handOver) = (false, false);
            lock (_lock)
            {
                drained = ended is not null && End(ended);
                if (step < steps)
                {
                    TakeNext(out request, out continuation);
                    _hasThread = request is not null || continuation is not null;
                }
                else
                {
                    _hasThread = handOver = HasWork;
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
            else if (handOver)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                return;
            }
            else
            {
                return;
            }
        }
    }

    private bool HasWork => _continuations is { Count: > 0 } || (_state == QueueState.Open && _admission.HasUnexamined);

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
