using System.Collections.Immutable;

namespace Actors.Embedded;

internal enum RequestPlace : byte
{
    Nowhere,
    Waiting,
    Running,
}

/// <summary>One thing an activation has to do in a turn: a call from outside, or the tick of a timer.</summary>
internal abstract class Request
{
    // Links, Place and Queue belong to the queue the request is in, under that queue's lock.
    public Request? Previous { get; set; }

    public Request? Next { get; set; }

    public RequestPlace Place { get; set; }

    public TurnQueue? Queue { get; set; }

    /// <summary>When the caller stops waiting, in ms of <see cref="SweepClock"/>.</summary>
    public long Deadline { get; set; } = long.MaxValue;

    /// <summary>When the turn started, in ms of <see cref="SweepClock"/>; later than any time until then.</summary>
    public long StartedAt { get; set; } = long.MaxValue;

    /// <summary>The same as a high-resolution time stamp; 0 unless turns are being measured.</summary>
    public long StartedTimestamp { get; set; }

    public bool ReportedStuck { get; set; }

    public virtual ImmutableDictionary<string, object>? Context => null;

    public abstract string Name { get; }

    public abstract bool IsReadOnly { get; }

    public abstract bool IsAlwaysInterleave { get; }

    public virtual bool KeepsActivationAlive => true;

    /// <summary>A request of this activation only: it dies with the activation instead of moving to the next one.</summary>
    public virtual bool IsLocal => false;

    /// <summary>Whether the thread that sends it may run its first part, rather than wake another for it.</summary>
    public virtual bool MayRunOnCallersThread => false;

    /// <summary>True once the caller has its answer, or has stopped waiting for it.</summary>
    public virtual bool IsAnswered => false;

    protected Task? Outcome { get; private set; }

    public Exception? Failure => Outcome is null || Outcome.IsCompletedSuccessfully ? null : Outcome.Exception?.InnerException;

    /// <summary>Runs the first part of the turn. True if that was all of it.</summary>
    public bool Start(object instance)
    {
        if (Context is { } context)
        {
            Orleans.Runtime.RequestContext.Current = context;
        }

        try
        {
            Outcome = Invoke(instance) ?? throw new InvalidOperationException($"{Name} returned null instead of a task.");
        }
#pragma warning disable CA1031 // Whatever the grain throws is the caller's to see.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Outcome = Task.FromException(exception);
        }

        if (Outcome.IsCompleted)
        {
            return true;
        }

        // Inline wherever the grain's task ends, so that neither a hop nor a second turn lies between end and answer.
        _ = Outcome.ContinueWith(
            static (_, state) => ((Request)state!).Queue!.Complete((Request)state!),
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return false;
    }

    protected abstract Task? Invoke(object instance);

    /// <summary>Passes the outcome of the turn on. The turn has ended by then.</summary>
    public abstract void Answer();

    /// <summary>Answers a request that will not run, or whose turn takes too long.</summary>
    public abstract void Fail(Exception exception);
}
