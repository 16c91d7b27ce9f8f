using Microsoft.Extensions.Logging;

namespace Actors.Retention;

/// <summary>See <see cref="IExpirySweeperGrain"/>.</summary>
[GrainType("expiry-sweeper")]
internal sealed class ExpirySweeperGrain(ExpiryStore store, RetentionMetrics metrics, TimeProvider time, ILogger<ExpirySweeperGrain> logger)
    : Grain, IExpirySweeperGrain, IRemindable
{
    private const string Sweep = "sweep";

    private readonly ExpirySweep _sweep = new(store, metrics, time);
    private SweeperTicks _ticks = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _ticks = new SweeperTicks(this, _sweep.StepAsync, time, logger);
        return Task.CompletedTask;
    }

    public async Task StartAsync() => await this.RegisterOrUpdateReminder(Sweep, SweeperTicks.ReminderPeriod, SweeperTicks.ReminderPeriod);

    public Task ReceiveReminder(string reminderName, TickStatus status) => _ticks.TickAsync(CancellationToken.None);

    public async Task<ExpiryProgress> SweepAsync(CancellationToken cancellationToken)
    {
        var before = _sweep.Marked;
        var isDone = await _ticks.CallAsync(cancellationToken);
        return new ExpiryProgress(_sweep.Marked - before, isDone);
    }
}
