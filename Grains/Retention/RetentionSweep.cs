namespace Actors.Retention;

/// <summary>Deletes what has been kept long enough, a batch at a time. Not thread safe.</summary>
internal sealed class RetentionSweep(RetentionStore store, RetentionMetrics metrics, RetentionOptions options, TimeProvider time)
{
    private readonly PurgeQueue<Guid> _events = new(store.FindEventsAsync, store.DeleteEventsAsync);
    private readonly PurgeQueue<(Guid, DateTimeOffset)> _versions = new(store.FindVersionsAsync, store.DeleteVersionsAsync);
    private readonly PurgeQueue<long> _log = new(store.FindLogRowsAsync, store.DeleteLogRowsAsync);

    /// <summary>How many expired memories were deleted so far.</summary>
    public long Events => _events.Deleted;

    /// <summary>How many beliefs that had ended were deleted so far.</summary>
    public long FactVersions => _versions.Deleted;

    /// <summary>How many rows of the change log were deleted so far.</summary>
    public long LogRows => _log.Deleted;

    /// <summary>Deletes one batch.</summary>
    /// <returns>Whether to go on at once.</returns>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; nothing is lost.</exception>
    /// <exception cref="Storage.OutcomeUnknownException">The connection broke; nothing is lost.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now; nothing is lost.</exception>
    public async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return await StepAsync(_events, RetentionOptions.Horizon(options.ExpiredEvents, now), metrics.EventsPurged, cancellationToken)
            || await StepAsync(_versions, RetentionOptions.Horizon(options.FactVersions, now), metrics.VersionsPurged, cancellationToken)
            || await StepAsync(
                _log, RetentionOptions.Horizon(options.ChangeLog, await store.ReadClockAsync(cancellationToken)), metrics.LogRowsPruned, cancellationToken);
    }

    private static async Task<bool> StepAsync<T>(PurgeQueue<T> queue, DateTimeOffset? horizon, Action<long> count, CancellationToken cancellationToken)
    {
        if (horizon is null)
        {
            return false;
        }

        var before = queue.Deleted;
        try
        {
            return await queue.StepAsync(horizon.Value, cancellationToken);
        }
        finally
        {
            count(queue.Deleted - before);
        }
    }
}
