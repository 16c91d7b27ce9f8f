using System.Collections.Immutable;
using System.Diagnostics;

namespace Actors.Embedded;

/// <summary>The result of a method that returns a plain Task or ValueTask.</summary>
internal readonly struct NoResult;

/// <summary>A grain call on its way: what to run, and the caller's task.</summary>
internal abstract class Call(GrainMethod method, object?[] arguments, ImmutableDictionary<string, object>? context) : Request
{
    private readonly ActivityContext _caller = CallTracing.CallerSpan;
    private Activity? _span;

    public GrainMethod Method { get; } = method;

    protected object?[] Arguments { get; } = arguments;

    public override ImmutableDictionary<string, object>? Context { get; } = context;

    public CallCancellation? Cancellation { get; set; }

    public override string Name => Method.Name;

    public override bool IsReadOnly => Method.IsReadOnly;

    public override bool IsAlwaysInterleave => Method.IsAlwaysInterleave;

    // Only where the caller is neither a turn of another grain, which must not last as long as what it calls, nor on a thread whose
    // owner expects to get it back at once.
    public override bool MayRunOnCallersThread =>
        !Method.IsOneWay
        && TaskScheduler.Current == TaskScheduler.Default
        && SynchronizationContext.Current is null
        && Thread.CurrentThread.IsThreadPoolThread;

    public abstract void Cancel(CancellationToken token);

    protected override Task? Invoke(object instance)
    {
        _span = CallTracing.Begin(Method.Name, _caller);
        return Method.Invoke(instance, Arguments);
    }

    protected void EndSpan() => CallTracing.End(_span, Failure);
}

internal sealed class Call<TResult>(GrainMethod method, object?[] arguments, ImmutableDictionary<string, object>? context)
    : Call(method, arguments, context)
{
    private readonly TaskCompletionSource<TResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TResult> Task => _answer.Task;

    public override bool IsAnswered => _answer.Task.IsCompleted;

    public override void Answer()
    {
        Cancellation?.Unlink();
        EndSpan();
        if (Outcome is not { } outcome)
        {
            // Never ran: its caller had given up before.
            return;
        }

        if (outcome.IsCompletedSuccessfully)
        {
            _answer.TrySetResult(typeof(TResult) == typeof(NoResult) ? default! : ((Task<TResult>)outcome).GetAwaiter().GetResult());
        }
        else if (outcome.IsFaulted)
        {
            _answer.TrySetException(outcome.Exception!.InnerExceptions);
            Method.ReportIfOneWay(outcome.Exception.InnerException!);
        }
        else
        {
            _answer.TrySetCanceled();
        }
    }

    public override void Fail(Exception exception)
    {
        Cancellation?.Unlink();
        _answer.TrySetException(exception);
        Method.ReportIfOneWay(exception);
    }

    /// <summary>The caller's own token, so that it can tell its cancellation from another's.</summary>
    public override void Cancel(CancellationToken token) => _answer.TrySetCanceled(token);
}
