namespace Actors.Clients;

/// <summary>See <see cref="IErasureSweeperGrain"/>.</summary>
[GrainType("erasure-sweeper")]
internal sealed class ErasureSweeperGrain(ErasureStore store, ErasedAnswers answers, TimeProvider time) : Grain, IErasureSweeperGrain, IRemindable
{
    private const string Sweep = "sweep";
    private const int MostAtOnce = 100;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    // What a process was about to keep when a client was erased has long been kept by then.
    private static readonly TimeSpan LookedForAgain = TimeSpan.FromMinutes(2);

    public async Task StartAsync() => await this.RegisterOrUpdateReminder(Sweep, Period, Period);

    public Task ReceiveReminder(string reminderName, TickStatus status) => SweepAsync(CancellationToken.None);

    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var pending = 0;
        foreach (var erasure in await store.ToRemoveAsync(time.GetUtcNow() - LookedForAgain, MostAtOnce, cancellationToken))
        {
            var (state, keys) = await answers.RemoveAsync(erasure.ClientId, cancellationToken);
            if (state != erasure.Valkey || keys > 0)
            {
                await store.NoteValkeyAsync(erasure.Id, state, keys);
            }

            pending += state == ValkeyErasure.Pending ? 1 : 0;
        }

        return pending;
    }
}
