using Actors.Storage;

namespace Actors.Hosting;

/// <summary>
/// The runs of a sweeper: one at a time, though its ticks and the calls to it interleave; and an outage of Postgres is told once, not at every tick.
/// Its members are called on the activation's turns.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="tellBehind">Is told of an outage; not again before a tick has succeeded.</param>
internal sealed class SweeperRuns(TimeProvider time, Action<Exception> tellBehind)
{
    private Task _lastRun = Task.CompletedTask;
    private bool _isBehind;

    /// <summary>A tick, of whose failures no caller hears.</summary>
    public async Task TickAsync(Func<Task> tick, CancellationToken cancellationToken)
    {
        try
        {
            await tick();
            _isBehind = false;
        }
        catch (Exception failure) when (failure is StorageUnavailableException or OutcomeUnknownException or WritesSuspendedException)
        {
            if (!_isBehind)
            {
                tellBehind(failure);
            }

            _isBehind = true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The activation goes; the next one looks for itself.
        }
    }

    /// <summary>Runs when all that were asked for before have ended.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> run)
    {
        var before = _lastRun;
        var current = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _lastRun = current.Task;
        await before;
        try
        {
            return await run();
        }
        finally
        {
            current.SetResult();
        }
    }

    /// <summary>A run step by step, until nothing is left or its time is over: at least one step.</summary>
    /// <param name="step">Does a little; tells whether there is more.</param>
    /// <param name="limit">How long.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Whether nothing is left.</returns>
    public Task<bool> StepAsync(Func<CancellationToken, Task<bool>> step, TimeSpan limit, CancellationToken cancellationToken) => RunAsync(async () =>
    {
        var started = time.GetTimestamp();
        while (await step(cancellationToken))
        {
            if (time.GetElapsedTime(started) > limit)
            {
                return false;
            }
        }

        return true;
    });
}
