namespace Actors.Promotion;

/// <summary>Promotes the events whose turn it is, several clients at a time, the events of a client one after the other. Not thread safe.</summary>
internal sealed class PromotionSweep(PromotionStore store, EventPromotion promotion, PromotionMetrics metrics, PromotionOptions options, TimeProvider time)
{
    /// <summary>Events of which nothing is left to do, so far.</summary>
    public long Done { get; private set; }

    /// <summary>Facts that were recorded, changed or confirmed, so far.</summary>
    public long Facts { get; private set; }

    /// <summary>Takes events until none is due, or the time is over.</summary>
    /// <returns>Whether none is due.</returns>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; nothing is lost.</exception>
    /// <exception cref="Storage.OutcomeUnknownException">The connection broke; nothing is lost.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now; nothing is lost.</exception>
    public async Task<bool> RunAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var due = await store.FindDueAsync(cancellationToken);
            metrics.OldestDue(due.IsEmpty ? null : due.Min(job => job.Since));
            if (due.IsEmpty)
            {
                return true;
            }

            if (IsOver())
            {
                return false;
            }

            var clients = new Queue<DuePromotion[]>(due.GroupBy(job => job.ClientId).Select(jobs => jobs.ToArray()));
            await Task.WhenAll(Enumerable.Range(0, Math.Min(options.ClientsAtOnce, clients.Count)).Select(_ => WorkAsync(clients)));
        }

        bool IsOver() => time.GetElapsedTime(started) > limit;

        // All of them on the activation's turns, so that they share the queue without a lock.
        async Task WorkAsync(Queue<DuePromotion[]> clients)
        {
            while (clients.TryDequeue(out var jobs))
            {
                foreach (var job in jobs)
                {
                    if (IsOver())
                    {
                        return;
                    }

                    var (isDone, facts) = await promotion.RunAsync(job.EventId, cancellationToken);
                    Done += isDone ? 1 : 0;
                    Facts += facts;
                }
            }
        }
    }
}
