namespace Actors.Retention;

/// <summary>Deletes what has been kept long enough, a batch at a time. Not thread safe.</summary>
internal sealed class RetentionSweep(RetentionStore store, RetentionMetrics metrics, RetentionOptions options, TimeProvider time)
{
    private readonly PurgeQueue<Guid> _events = new(store.FindEventsAsync, store.DeleteEventsAsync);
    private readonly PurgeQueue<(Guid, DateTimeOffset)> _versions = new(store.FindVersionsAsync, store.DeleteVersionsAsync);

    /// <summary>How many expired memories were deleted so far.</summary>
    public long Events => _events.Deleted;

    /// <summary>How many beliefs that had ended were deleted so far.</summary>
    public long FactVersions => _versions.Deleted;

    /// <summary>Deletes one batch.</summary>
    /// <returns>Whether to go on at once.</returns>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; nothing is lost.</exception>
    /// <exception cref="Storage.OutcomeUnknownException">The connection broke; nothing is lost.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now; nothing is lost.</exception>
    public async Task<bool> StepAsync(CancellationToken cancellationToken) =>
        await StepAsync(_events, options.ExpiredEvents, metrics.EventsPurged, cancellationToken)
        || await StepAsync(_versions, options.FactVersions, metrics.VersionsPurged, cancellationToken);

    private async Task<bool> StepAsync<T>(PurgeQueue<T> queue, string kept, Action<long> count, CancellationToken cancellationToken)
    {
        if (RetentionOptions.Horizon(kept, time.GetUtcNow()) is not { } horizon)
        {
            return false;
        }

        var before = queue.Deleted;
        try
        {
            return await queue.StepAsync(horizon, cancellationToken);
        }
        finally
        {
            count(queue.Deleted - before);
        }
    }
}
