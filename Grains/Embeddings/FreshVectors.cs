using Actors.Storage;
using Microsoft.Extensions.Options;

namespace Actors.Embeddings;

/// <summary>
/// Brings new vectors to the hot sessions of this process. A session watches its client from before it loads vectors until it goes, and
/// takes what has come whenever it is at work: no call activates anything, and no recall waits for Postgres. A process looks for
/// vectors by one short query, whatever the number of its sessions.
/// </summary>
internal sealed class FreshVectors(VectorStore store, IOptions<EmbeddingsOptions> options)
{
    private const int VectorsPerRead = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<VectorInbox>> _watched = new(StringComparer.Ordinal);
    private long? _newest;

    /// <summary>From now on new vectors of the client come into the inbox, until it is disposed of. Load the others afterwards.</summary>
    /// <param name="clientId">Whose; <c>-</c> is the house.</param>
    public VectorInbox Watch(string clientId)
    {
        var inbox = new VectorInbox(ended => Forget(clientId, ended));
        lock (_lock)
        {
            if (!_watched.TryGetValue(clientId, out var inboxes))
            {
                _watched.Add(clientId, inboxes = []);
            }

            inboxes.Add(inbox);
        }

        return inbox;
    }

    /// <summary>Distributes what was stored since the last time. One call at a time.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached; nothing is lost.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var newest = await store.ReadNewestAsync(cancellationToken);
        // Only now: who begins to watch later loads later than the newest was read, and so finds it.
        string[] clientIds;
        lock (_lock)
        {
            clientIds = [.. _watched.Keys];
        }

        // Who watched before the first time may have loaded before anything.
        var after = _newest ?? (clientIds.Length > 0 ? 0 : newest);
        if (newest <= after)
        {
            _newest = after;
            return;
        }

        for (long? taken = after; clientIds.Length > 0 && taken is { } from;)
        {
            taken = await store.LoadNewAsync(options.Value.ModelKey, from, newest, clientIds, VectorsPerRead, Deliver, cancellationToken);
            _newest = taken ?? _newest;
        }

        _newest = newest;
    }

    private void Deliver(string clientId, Guid memoryId, QuantizedVector vector)
    {
        lock (_lock)
        {
            if (_watched.TryGetValue(clientId, out var inboxes))
            {
                inboxes.ForEach(inbox => inbox.Put(memoryId, vector));
            }
        }
    }

    private void Forget(string clientId, VectorInbox inbox)
    {
        lock (_lock)
        {
            if (_watched.TryGetValue(clientId, out var inboxes) && inboxes.Remove(inbox) && inboxes.Count == 0)
            {
                _watched.Remove(clientId);
            }
        }
    }
}
