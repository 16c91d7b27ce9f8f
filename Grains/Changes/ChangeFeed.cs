using Actors.Storage;

namespace Actors.Changes;

/// <summary>The change feed of this process: pages, waited for.</summary>
internal sealed class ChangeFeed(ChangeFeedStore store, ChangeWatch watch, TimeProvider time)
{
    /// <summary>One page; when there is nothing on it, the first one with something, or the last one within the request's wait.</summary>
    /// <exception cref="MalformedCursorException">The cursor is none.</exception>
    /// <exception cref="CursorExpiredException">What followed the cursor is not kept.</exception>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task<ChangePage> ReadAsync(ChangeFeedRequest request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var left = request.Wait - time.GetElapsedTime(started);
            using var waiter = left > TimeSpan.Zero ? watch.Join(ChangeFeedStore.ClientsOf(request)) : null;
            var page = await store.ReadAsync(request, cancellationToken);
            if (page is { Changes.IsEmpty: false } or { HasMore: true } || waiter is null || !await waiter.WaitAsync(left, cancellationToken))
            {
                return page;
            }

            request = request with { After = page.Next };
        }
    }
}
