using Actors.Hosting;
using Actors.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Zep;

/// <summary>See <see cref="IZepSweeperGrain"/>.</summary>
[GrainType("zep-sweeper")]
internal sealed partial class ZepSweeperGrain(
    OutboxStore store, ZepGate gate, ZepBudget budget, ZepMetrics metrics, IOptions<ZepQueueOptions> options, TimeProvider time, ILogger<ZepSweeperGrain> logger)
    : Grain, IZepSweeperGrain, IRemindable
{
    private const string Sweep = "sweep";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    // A tick that has much to do makes room for others now and then, and a caller gets its answer within its time.
    private static readonly TimeSpan TickLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(15);

    private Task _lastRun = Task.CompletedTask;
    private ZepSweep _sweep = null!;
    private bool _isBehind;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _sweep = new ZepSweep(GrainFactory, store, gate, budget, metrics, options.Value, time, logger);
        if (gate.IsOn)
        {
            // Interleaves, since Zep may take long.
            this.RegisterGrainTimer(TickAsync, new GrainTimerCreationOptions(options.Value.PollInterval, options.Value.PollInterval) { Interleave = true });
        }

        return Task.CompletedTask;
    }

    public async Task StartAsync()
    {
        await store.SetOnAsync(gate.IsOn);
        if (gate.IsOn)
        {
            await this.RegisterOrUpdateReminder(Sweep, ReminderPeriod, ReminderPeriod);
        }
    }

    // Keeps the activation, and so its timer, alive; Zep may have been turned off since it was registered.
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (!gate.IsOn && await this.GetReminder(reminderName) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    public async Task<bool> SweepAsync(CancellationToken cancellationToken) => !gate.IsOn || await RunAsync(CallLimit, cancellationToken);

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(TickLimit, cancellationToken);
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

    /// <returns>Whether nothing was left that could be sent.</returns>
    private async Task<bool> RunAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        // Ticks and calls interleave, and the sweep has one at a time.
        var before = _lastRun;
        var run = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _lastRun = run.Task;
        await before;
        try
        {
            var started = time.GetTimestamp();
            while (await _sweep.StepAsync(cancellationToken))
            {
                if (time.GetElapsedTime(started) > limit)
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            run.SetResult();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is to be sent to Zep waits until Postgres can be asked")]
    private partial void LogBehind(Exception failure);
}
