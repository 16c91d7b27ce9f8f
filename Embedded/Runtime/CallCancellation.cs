namespace Actors.Embedded;

/// <summary>
/// Carries a caller's cancellation to the grain. The grain gets a token of its own, because the caller's token may outlive
/// the call, and because its callbacks must run as turns of the grain and not on the thread that cancels.
/// </summary>
internal sealed class CallCancellation : CancellationTokenSource
{
    private CancellationTokenRegistration _caller;

    /// <summary>Must precede the enqueueing of the call, whose lock then publishes the registration to the thread that answers.</summary>
    public static CallCancellation Link(Call call, CancellationToken callerToken)
    {
        var cancellation = new CallCancellation();
        call.Cancellation = cancellation;
        cancellation._caller = callerToken.UnsafeRegister(static (state, token) => OnCancelled((Call)state!, token), call);
        return cancellation;
    }

    public void Unlink() => _caller.Unregister();

    private static void OnCancelled(Call call, CancellationToken token)
    {
        call.Cancel(token);
        var queue = call.Queue;
        if (queue is null || queue.TryWithdraw(call))
        {
            // Not in a queue yet: the queue skips calls that are answered already.
            return;
        }

        queue.Post(static state => ((CancellationTokenSource)state!).Cancel(), call.Cancellation);
    }
}
