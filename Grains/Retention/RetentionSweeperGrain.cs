using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Retention;

/// <summary>See <see cref="IRetentionSweeperGrain"/>. Not the grain of expiry: marks must not wait for deletions.</summary>
[GrainType("retention-sweeper")]
internal sealed class RetentionSweeperGrain(
    RetentionStore store, RetentionMetrics metrics, IOptions<RetentionOptions> options, TimeProvider time, ILogger<RetentionSweeperGrain> logger)
    : Grain, IRetentionSweeperGrain, IRemindable
{
    private const string Sweep = "sweep";

    private readonly RetentionSweep _sweep = new(store, metrics, options.Value, time);
    private SweeperTicks _ticks = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _ticks = new SweeperTicks(this, _sweep.StepAsync, time, logger);
        return Task.CompletedTask;
    }

    public async Task StartAsync() => await this.RegisterOrUpdateReminder(Sweep, SweeperTicks.ReminderPeriod, SweeperTicks.ReminderPeriod);

    public Task ReceiveReminder(string reminderName, TickStatus status) => _ticks.TickAsync(CancellationToken.None);

    public async Task<RetentionProgress> SweepAsync(CancellationToken cancellationToken)
    {
        var (events, versions, rows) = (_sweep.Events, _sweep.FactVersions, _sweep.LogRows);
        var isDone = await _ticks.CallAsync(cancellationToken);
        return new RetentionProgress(_sweep.Events - events, _sweep.FactVersions - versions, _sweep.LogRows - rows, isDone);
    }
}
