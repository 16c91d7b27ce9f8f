using Actors.Hosting;
using Actors.Storage;
using Microsoft.Extensions.Logging;

namespace Actors.Retention;

/// <summary>
/// The turns of a sweeper: each lasts a few seconds at most, and what is left is gone on with at once, in a turn of its own. Its members are
/// called on the activation's turns.
/// </summary>
/// <param name="grain">Whose turns.</param>
/// <param name="step">Does a little; tells whether there is more.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Is told of failures.</param>
internal sealed partial class SweeperTicks(Grain grain, Func<CancellationToken, Task<bool>> step, TimeProvider time, ILogger logger)
{
    public static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan TickLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(15);

    private IGrainTimer? _next;
    private bool _isBehind;

    /// <summary>For the reminder.</summary>
    public async Task TickAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!await RunAsync(TickLimit, cancellationToken))
            {
                GoOn();
            }

            _isBehind = false;
        }
        catch (Exception failure) when (failure is StorageUnavailableException or OutcomeUnknownException or WritesSuspendedException)
        {
            // Once for an outage, not at every tick.
            if (!_isBehind)
            {
                LogBehind(failure);
            }

            _isBehind = true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The activation goes; the next one looks for itself.
        }
    }

    /// <summary>For a caller, who hears of failures.</summary>
    /// <returns>Whether nothing is left.</returns>
    public async Task<bool> CallAsync(CancellationToken cancellationToken)
    {
        var isDone = await RunAsync(CallLimit, cancellationToken);
        if (!isDone)
        {
            GoOn();
        }

        return isDone;
    }

    private async Task<bool> RunAsync(TimeSpan limit, CancellationToken cancellationToken)
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
    }

    // After whoever waits for the activation.
    private void GoOn()
    {
        if (_next is null)
        {
            _next = grain.RegisterGrainTimer(TickAsync, new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
        }
        else
        {
            _next.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is due waits until Postgres takes it")]
    private partial void LogBehind(Exception failure);
}
