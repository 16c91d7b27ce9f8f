namespace Actors.Idempotency;

/// <summary>See <see cref="IIdempotencySweeperGrain"/>.</summary>
[GrainType("idempotency-sweeper")]
internal sealed class IdempotencySweeperGrain(IdempotencyStore store, TimeProvider time) : Grain, IIdempotencySweeperGrain, IRemindable
{
    private const string Sweep = "sweep";
    private const int BatchSize = 5_000;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    public async Task StartAsync() => await this.RegisterOrUpdateReminder(Sweep, Period, Period);

    // In batches, so that no deletion is long.
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        while (await store.DeleteExpiredAsync(time.GetUtcNow(), BatchSize) == BatchSize)
        {
        }
    }
}
