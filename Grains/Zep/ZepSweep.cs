using Actors.Hosting;
using Actors.Sessions;
using Actors.Storage;
using Microsoft.Extensions.Logging;

namespace Actors.Zep;

/// <summary>Goes through the clients whose turn it is, some at a time. Called on an activation's turns.</summary>
internal sealed partial class ZepSweep(
    IGrainFactory grains, OutboxStore store, ZepGate gate, ZepBudget budget, ZepMetrics metrics, ZepQueueOptions options, TimeProvider time, ILogger logger)
{
    // So that no client keeps the others waiting for long.
    private const int CallsAtOnce = 5;

    private static readonly TimeSpan CountPeriod = TimeSpan.FromSeconds(15);

    // Clients whose queue failed the last time: told once.
    private readonly HashSet<string> _failing = new(StringComparer.Ordinal);
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
            hasMore |= await DrainAsync(client, cancellationToken);
        }

        return hasMore;
    }

    // Whatever is wrong with one client's queue, the others have their turn. Without Postgres there is none for anybody.
    private async Task<bool> DrainAsync(string client, CancellationToken cancellationToken)
    {
        try
        {
            var drain = await grains.GetGrain<IZepQueueGrain>(SessionKey.Of(client)).DrainAsync(CallsAtOnce, cancellationToken);
            _failing.Remove(client);
            return drain is { IsDone: false, IsStopped: false };
        }
        catch (Exception failure) when (failure is not (StorageUnavailableException or OutcomeUnknownException or WritesSuspendedException)
                                        && !cancellationToken.IsCancellationRequested)
        {
            if (_failing.Add(client))
            {
                LogQueueFails(failure);
            }

            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A client's queue for Zep fails; it is tried again with the next sweep")]
    private partial void LogQueueFails(Exception failure);
}
