using Actors.Sessions;

namespace Actors.Zep;

/// <summary>Goes through the clients whose turn it is, some at a time. Called on an activation's turns.</summary>
internal sealed class ZepSweep(IGrainFactory grains, OutboxStore store, ZepGate gate, ZepBudget budget, ZepMetrics metrics, ZepQueueOptions options, TimeProvider time)
{
    // So that no client keeps the others waiting for long.
    private const int CallsAtOnce = 5;

    private static readonly TimeSpan CountPeriod = TimeSpan.FromSeconds(15);

    private long? _countedAt;

    /// <summary>Has every client with something to send send some of it.</summary>
    /// <returns>Whether there is more that could be sent now.</returns>
    public async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        if (_countedAt is not { } at || time.GetElapsedTime(at) >= CountPeriod)
        {
            _countedAt = time.GetTimestamp();
            metrics.Looked(await store.ReadStateAsync(cancellationToken), await budget.ReadAsync(cancellationToken));
        }

        if (gate.IsClosedFor(ZepUse.Write))
        {
            return false;
        }

        var due = new Queue<string>(await store.ListDueAsync(cancellationToken));
        var drains = await Task.WhenAll(Enumerable.Range(0, Math.Min(options.QueuesAtOnce, due.Count)).Select(_ => DrainAsync(due, cancellationToken)));
        return drains.Any(hasMore => hasMore);
    }

    private async Task<bool> DrainAsync(Queue<string> due, CancellationToken cancellationToken)
    {
        var hasMore = false;
        while (!gate.IsClosedFor(ZepUse.Write) && due.TryDequeue(out var client))
        {
            var drain = await grains.GetGrain<IZepQueueGrain>(SessionKey.Of(client)).DrainAsync(CallsAtOnce, cancellationToken);
            hasMore |= drain is { IsDone: false, IsStopped: false };
        }

        return hasMore;
    }
}
