using Actors.Hosting;
using Microsoft.Extensions.Logging;

namespace Actors.Retention;

/// <summary>
/// The turns of a sweeper: each lasts a few seconds at most, and what is left is gone on with at once, in a turn of its own. Its members are
/// called on the activation's turns.
/// </summary>
internal sealed partial class SweeperTicks
{
    public static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan TickLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(15);

    private readonly Grain _grain;
    private readonly Func<CancellationToken, Task<bool>> _step;
    private readonly ILogger _logger;
    private readonly SweeperRuns _runs;
    private IGrainTimer? _next;

    /// <param name="grain">Whose turns.</param>
    /// <param name="step">Does a little; tells whether there is more.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Is told of failures.</param>
    public SweeperTicks(Grain grain, Func<CancellationToken, Task<bool>> step, TimeProvider time, ILogger logger)
    {
        (_grain, _step, _logger) = (grain, step, logger);
        _runs = new SweeperRuns(time, LogBehind);
    }

    /// <summary>For the reminder.</summary>
    public Task TickAsync(CancellationToken cancellationToken) => _runs.TickAsync(() => RunAsync(TickLimit, cancellationToken), cancellationToken);

    /// <summary>For a caller, who hears of failures.</summary>
    /// <returns>Whether nothing is left.</returns>
    public Task<bool> CallAsync(CancellationToken cancellationToken) => RunAsync(CallLimit, cancellationToken);

    private async Task<bool> RunAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var isDone = await _runs.StepAsync(_step, limit, cancellationToken);
        if (!isDone)
        {
            GoOn();
        }

        return isDone;
    }

    // After whoever waits for the activation.
    private void GoOn()
    {
        if (_next is null)
        {
            _next = _grain.RegisterGrainTimer(TickAsync, new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
        }
        else
        {
            _next.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is due waits until Postgres takes it")]
    private partial void LogBehind(Exception failure);
}
