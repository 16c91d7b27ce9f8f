using Actors.Hosting;
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

    private ZepSweep _sweep = null!;
    private SweeperRuns _runs = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _runs = new SweeperRuns(time, LogBehind);
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

    public async Task<bool> SweepAsync(CancellationToken cancellationToken) => !gate.IsOn || await _runs.StepAsync(_sweep.StepAsync, CallLimit, cancellationToken);

    private Task TickAsync(CancellationToken cancellationToken) =>
        _runs.TickAsync(() => _runs.StepAsync(_sweep.StepAsync, TickLimit, cancellationToken), cancellationToken);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is to be sent to Zep waits until Postgres can be asked")]
    private partial void LogBehind(Exception failure);
}
