namespace Actors.Promotion;

/// <summary>
/// Promotes the events whose turn it is, several clients at a time, the events of a client one after the other. Clients take turns, and the next run
/// begins after the client where this one has ended: however much one has, it keeps none of the others waiting. Not thread safe.
/// </summary>
internal sealed class PromotionSweep(PromotionStore store, EventPromotion promotion, PromotionMetrics metrics, PromotionOptions options, TimeProvider time)
{
    // The client whose turn was last.
    private string _last = "";

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
        metrics.OldestDue(await store.FindOldestDueAsync(cancellationToken));
        while (true)
        {
            var due = await store.FindDueAsync(_last, cancellationToken);
            if (due.IsEmpty && _last.Length > 0)
            {
                // From the first one again.
                _last = "";
                continue;
            }

            if (due.IsEmpty)
            {
                metrics.OldestDue(null);
                return true;
            }

            if (IsOver())
            {
                return false;
            }

            var clients = new Queue<Turns>(due.GroupBy(job => job.ClientId).Select((jobs, place) => new Turns(place, jobs.Key, new Queue<DuePromotion>(jobs))));
            var furthest = -1;
            await Task.WhenAll(Enumerable.Range(0, Math.Min(options.ClientsAtOnce, clients.Count)).Select(_ => WorkAsync()));

            // All of them on the activation's turns, so that they share the queue without a lock.
            async Task WorkAsync()
            {
                while (!IsOver() && clients.TryDequeue(out var turns))
                {
                    (furthest, _last) = turns.Place > furthest ? (turns.Place, turns.ClientId) : (furthest, _last);
                    var (isDone, facts) = await promotion.RunAsync(turns.Jobs.Dequeue(), cancellationToken);
                    Done += isDone ? 1 : 0;
                    Facts += facts;
                    if (turns.Jobs.Count > 0)
                    {
                        clients.Enqueue(turns);
                    }
                }
            }
        }

        bool IsOver() => time.GetElapsedTime(started) > limit;
    }

    private sealed record Turns(int Place, string ClientId, Queue<DuePromotion> Jobs);
}
