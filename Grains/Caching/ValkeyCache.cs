using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Actors.Caching;

/// <summary>The cache in Valkey, which all silos share.</summary>
internal sealed class ValkeyCache(ValkeyConnection connection, ValkeyQueue queue, IOptions<ValkeyOptions> options, TimeProvider time, CacheMetrics metrics)
    : ISharedCache
{
    /// <summary>What stores of memories are called in answers.</summary>
    public const string Name = "valkey";

    private const int KeysPerPage = 1_000;

    public string Tier => Name;

    public bool IsFailing => connection.IsFailing;

    public async ValueTask<T?> FindAsync<T>(CacheKind<T> kind, string clientId, string name, CancellationToken cancellationToken)
        where T : class
    {
        var (isAnswered, value) = await connection.TryAskAsync(db => db.StringGetAsync(kind.KeyOf(clientId, name)), cancellationToken);
        var found = isAnswered && !value.IsNull ? kind.Read((byte[])value!) : null;
        metrics.Looked(found is not null ? "found" : isAnswered ? "absent" : "unanswered");
        return found;
    }

    public void Keep<T>(CacheKind<T> kind, string clientId, string name, T entry)
        where T : class => queue.Add(kind, clientId, name, entry);

    public async ValueTask<ImmutableArray<bool>> StoreAsync<T>(CacheKind<T> kind, string clientId, IReadOnlyList<(string Name, T Entry)> entries)
        where T : class
    {
        if (!connection.MayStore)
        {
            metrics.Dropped("failing", entries.Count);
            return [];
        }

        try
        {
            // Off the caller's turn: a batch may be a megabyte of text.
            return await Task.Run(() => SendAsync(kind, clientId, entries)).WaitAsync(options.Value.Budget, time);
        }
        catch (TimeoutException)
        {
            // It took long to be written; nobody knows what will be stored.
            return [];
        }
    }

    // What of all clients waits was put there within the second, and is looked for again by who erases.
    public void Forget(string? clientId)
    {
        if (clientId is not null)
        {
            queue.Forget(clientId);
        }
    }

    public async Task<long> RemoveClientAsync(string clientId, CancellationToken cancellationToken)
    {
        await queue.ForgetAsync(clientId, cancellationToken);
        try
        {
            // Listing is done page by page, by a thread that waits.
            return await Task.Run(() => RemoveAsync(connection.Connection, clientId, cancellationToken), cancellationToken);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException or ObjectDisposedException)
        {
            throw new CacheUnavailableException("Valkey could not remove a client's entries.", failure);
        }
    }

    private async Task<ImmutableArray<bool>> SendAsync<T>(CacheKind<T> kind, string clientId, IReadOnlyList<(string Name, T Entry)> entries)
        where T : class
    {
        var sent = entries.Select(e => kind.BytesOf(e.Entry) <= options.Value.MaxEntryBytes ? CacheEntry.Of(kind, clientId, e.Name, e.Entry) : null).ToList();
        return await queue.SendAsync(sent, options.Value.Budget);
    }

    private async Task<long> RemoveAsync(ConnectionMultiplexer valkey, string clientId, CancellationToken cancellationToken)
    {
        var db = valkey.GetDatabase();
        // Several nodes may name the same key: a replica has its master's.
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var endpoint in valkey.GetEndPoints())
        {
            var server = valkey.GetServer(endpoint);
            if (!server.IsConnected)
            {
                throw new CacheUnavailableException("A node of Valkey cannot be reached.");
            }

            foreach (var pattern in CacheKeys.PatternsOf(clientId))
            {
                foreach (var key in server.Keys(database: db.Database, pattern: pattern, pageSize: KeysPerPage))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    keys.Add(key!);
                }
            }
        }

        var removed = 0L;
        foreach (var page in keys.Chunk(KeysPerPage))
        {
            // One by one, in one round trip: keys of a cluster's node cannot be removed together unless they share a slot.
            var answers = await Task.WhenAll(page.Select(key => db.KeyDeleteAsync(key))).WaitAsync(TimeSpan.FromSeconds(10), time, cancellationToken);
            removed += answers.Count(isRemoved => isRemoved);
        }

        return removed;
    }
}
